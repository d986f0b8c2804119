/**
 * What networks do to a direct call, and how long it takes to come back. Delay is not among it: it needs netem
 * (tc-netem(8)), which not every kernel has.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Person, Seen } from '../e2e/stage.ts';
import { acknowledgeBoth, both, flowing, framesOn, Lab, stuck, timed } from './lab.ts';

describe('a call in a bad network', () => {
  let lab: Lab;
  let people: readonly [Person, Person];

  before(async () => {
    lab = await Lab.open();
    lab.network.forward('yes');
    people = await lab.meet();
    await acknowledgeBoth(people);
    await framesOn(people);
  });
  after(() => lab.close());

  it('continues through an ICE restart', async (t) => {
    await people[0].page.evaluate(() => (window as unknown as { seen: Seen }).seen.peers.at(-1)?.restartIce());
    await people[0].see(() => (window as unknown as { seen: Seen }).seen.peers.at(-1)?.signalingState === 'stable');
    t.diagnostic(`pictures after ${String(await timed(() => flowing(people)))} ms`);
    await both(people, { connection: 'connected', path: 'direct' });
  });

  it('[R18] stays connected, reports a weak link and leaves the choice to the participants when 10 % of packets are lost', async (t) => {
    lab.network.lose(10);
    const told = await timed(() => both(people, { quality: 'weak' }));
    t.diagnostic(`told after ${String(told)} ms`);
    await Promise.all(people.map((person) => person.find('audio-only-button')));
    await flowing(people);
    await both(people, { connection: 'connected', path: 'direct', media: { camera: true } });
    lab.network.lose(0);
    const better = await timed(() => both(people, { quality: 'good' }));
    t.diagnostic(`good again ${String(better)} ms after the network was`);
  });

  it('recovers when a link was down for three seconds', async (t) => {
    lab.network.link('a', 'down');
    await stuck(people);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    lab.network.link('a', 'up');
    t.diagnostic(`pictures ${String(await timed(() => flowing(people)))} ms after the link was back`);
    await both(people, { connection: 'connected', path: 'direct' });
  });

  it('recovers when a link was down until ICE failed', async (t) => {
    lab.network.link('a', 'down');
    // Each is asked on its own side then; neither hears of the other's question, and it goes when the direct way is
    // back.
    const gone = await timed(() => both(people, { relay: { step: 'asked' } }));
    lab.network.link('a', 'up');
    const back = await timed(() => flowing(people));
    t.diagnostic(`given up after ${String(gone)} ms; pictures ${String(back)} ms after the link was back`);
    await both(people, { connection: 'connected', path: 'direct', relay: { step: 'none' } });
    assert.deepEqual(await Promise.all(people.map((person) => person.phase())), ['active', 'active']);
  });

  it('recovers when a participant changes the network', async (t) => {
    lab.network.move('a');
    await stuck(people);
    t.diagnostic(`pictures ${String(await timed(() => flowing(people)))} ms after they stopped`);
    await both(people, { connection: 'connected', path: 'direct' });
  });
});
