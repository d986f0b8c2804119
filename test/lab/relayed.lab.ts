/** A relayed call on its way: exchanged for a direct one, and the relay itself dying under it. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { PATIENCE, type Person, type Seen } from '../e2e/stage.ts';
import { acknowledgeBoth, agree, both, flowing, framesOn, Lab, silence, timed, until } from './lab.ts';

/** In the page: no pair of candidates is being checked any more. */
async function checksAreOver(): Promise<boolean> {
  const peer = (window as unknown as { seen: Seen }).seen.peers.at(-1);
  if (!peer) return false;
  let open = 0;
  (await peer.getStats()).forEach(({ type, state }: { type: string; state?: string }) => {
    if (type === 'candidate-pair' && (state === 'in-progress' || state === 'waiting')) open++;
  });
  return open === 0;
}

/** What a person is offered goes with the path that it has now, as its own room tells it. */
async function offerFits(person: Person): Promise<string> {
  const button = await person.find('direct-button');
  const words = await person.page.waitForFunction(
    (element) => {
      const { room } = document.querySelector('consult-room') as unknown as {
        room: { state: { participants: readonly { path: string }[] } };
      };
      const words = element?.textContent?.trim() ?? '';
      const fitting = room.state.participants[0]?.path === 'direct' ? 'Weiterleitung beenden' : 'Direkt verbinden';
      return words === fitting && words;
    },
    { timeout: PATIENCE, polling: 100 },
    button,
  );
  return String(await words.jsonValue());
}

describe('[R7] [R8] a relayed call', () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.empty());
  after(() => lab.close());

  it('continues with the same consent when the relay stops and restarts', async (t) => {
    lab.network.forward('no');
    const people = await lab.meet();
    await acknowledgeBoth(people);
    await agree(people);
    await framesOn(people);
    await lab.killRelay();
    const noticed = await timed(() => both(people, { connection: 'interrupted' }));
    await lab.startRelay();
    const back = await timed(() => flowing(people));
    t.diagnostic(`noticed after ${String(noticed)} ms; pictures ${String(back)} ms after the relay was back`);
    await both(people, { connection: 'connected', path: 'relay', relay: { step: 'granted' } });
  });

  it('[R7] is offered the direct path when there is one, and leaves the relay by taking it', async (t) => {
    lab.network.forward('no');
    const capture = await lab.network.capture();
    const people = await lab.meet({ host: { width: 1280, height: 800 }, guest: { width: 390, height: 844 } });
    const [host, guest] = people;
    await acknowledgeBoth(people);
    await agree(people);
    await framesOn(people);
    // The candidates of the call itself must have been given up, or the browser finds the way by itself.
    await Promise.all(people.map((person) => person.see(checksAreOver)));
    lab.network.forward('yes');
    // Found, and offered to both: people decide. Where a browser went there by itself, only the end of the relay is
    // offered.
    const found = await timed(() => Promise.all(people.map((person) => person.find('direct-button'))));
    for (const [name, person] of Object.entries({ host, guest })) {
      await person.picture(`direct-offer-${name}`);
      t.diagnostic(`the ${name} is offered: ${await offerFits(person)}`);
    }
    await guest.click('direct-button');
    const moved = await timed(async () => {
      await both(people, { path: 'direct', relay: { step: 'none' } });
      await flowing(people);
    });
    t.diagnostic(`found after ${String(found)} ms; moved within ${String(moved)} ms, pictures included`);
    // From when both say so: how long the new connection takes is the machine's affair.
    await silence(capture, Date.now() / 1000 + 1, 3);
    await framesOn(people);
  });

  it('asks for consent again when the direct path breaks, because the consent ended with the relay', async () => {
    lab.network.forward('yes');
    const people = await lab.meet();
    await acknowledgeBoth(people);
    await framesOn(people);
    const capture = await lab.network.capture();
    lab.network.forward('no');
    await both(people, { relay: { step: 'asked' } });
    assert.equal(capture.packets(), 0);
    await agree(people);
    await both(people, { connection: 'connected', path: 'relay' });
    await until(people[0], { relay: { step: 'granted' } });
    await flowing(people);
  });
});
