/**
 * The relay gate between two hosts that may or may not reach each other, with a real coturn and a capture at its ports.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it, type TestContext } from 'node:test';
import type { Person } from '../e2e/stage.ts';
import type { SessionState } from '../../src/room/state/state.ts';
import { readCapture } from './capture.ts';
import { acknowledgeBoth, agree, both, framesOn, Lab, other, silence, timed, until, withdraw } from './lab.ts';

const CHROMIUM = ['chromium', 'chromium'] as const;
const MIXED = ['chromium', 'firefox'] as const;
const MIXED_TOO = ['firefox', 'chromium'] as const;
const named = ([host, guest]: readonly [string, string]): string => `host in ${host}, guest in ${guest}`;

type Asking = Pick<SessionState, 'participants'>;

/**
 * In the page, so that no driver's time is in it: milliseconds from the first attempt to the question. While the machine lets the page stand
 * still no time is counted: it would be the machine's.
 */
const untilAsked = ({ page }: Person): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const { room } = document.querySelector('consult-room') as unknown as { room: { state: Partial<Asking> } };
        let waited: number | null = null;
        let before = performance.now();
        const looking = setInterval(() => {
          const other = room.state.participants?.[0];
          const now = performance.now();
          if (waited !== null) waited += Math.min(now - before, 100);
          else if (other?.connection === 'connecting') waited = 0;
          before = now;
          if (waited === null || other?.relay.step !== 'asked') return;
          clearInterval(looking);
          resolve(waited);
        }, 10);
      }),
  );

/** Shown to both within six seconds from the first attempt. */
async function seeDialogs(t: TestContext, people: readonly Person[]): Promise<void> {
  const [times] = await Promise.all([Promise.all(people.map(untilAsked)), both(people, { relay: { step: 'asked' } })]);
  const waited = Math.max(...times);
  t.diagnostic(`both asked ${waited.toFixed(0)} ms after the first attempt`);
  assert.ok(waited < 6_000, `${String(waited)} ms`);
  await Promise.all(people.map((person) => person.find('accept-button')));
}

describe('[R7] [R8] [R9] the relay gate in a network', () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.empty());
  after(() => lab.close());

  for (const browsers of [CHROMIUM, MIXED])
    it(`[R7] sends no packet to the relay when a direct path exists: ${named(browsers)}`, async () => {
      lab.network.forward('yes');
      const capture = await lab.network.capture();
      const people = await lab.meet({ browsers });
      await acknowledgeBoth(people);
      await framesOn(people);
      await both(people, { path: 'direct', relay: { step: 'none' } });
      assert.equal(capture.packets(), 0);
    });

  for (const [decliner, browsers] of [
    ['host', CHROMIUM],
    ['guest', MIXED],
  ] as const)
    it(`[R9] sends no packet to the relay when the ${decliner} declines: ${named(browsers)}`, async (t) => {
      lab.network.forward('no');
      const capture = await lab.network.capture();
      const people = await lab.meet({ browsers });
      await seeDialogs(t, people);
      const [host, guest] = people;
      const [declining, accepting] = decliner === 'host' ? [host, guest] : [guest, host];
      await accepting.click('accept-button');
      await until(declining, { relay: { step: 'asked', theirs: 'yes' } });
      await declining.click('decline-button');
      await both(people, { relay: { step: 'declined' } });
      // Also what was under way is over: the browsers have given up.
      await both(people, { connection: 'failed' });
      assert.equal(capture.packets(), 0);
    });

  it('[R8] sends no packet to the relay when one accepts and the other does not answer', async () => {
    lab.network.forward('no');
    const capture = await lab.network.capture();
    const people = await lab.meet();
    const [host, guest] = people;
    await both(people, { relay: { step: 'asked' } });
    await host.click('accept-button');
    await until(guest, { relay: { step: 'asked', ours: 'open', theirs: 'yes' } });
    // Long enough for the direct attempt to fail and to be retried.
    await until(host, { connection: 'failed' });
    await until(host, { connection: 'connecting' });
    assert.deepEqual((await other(guest))?.relay, { step: 'asked', ours: 'open', theirs: 'yes' });
    assert.equal(capture.packets(), 0);
  });

  for (const browsers of [CHROMIUM, MIXED, MIXED_TOO])
    it(`[R8] [R10] relays ciphertext only, until one withdraws, when both accept: ${named(browsers)}`, async (t) => {
      lab.network.forward('no');
      const capture = await lab.network.capture();
      const people = await lab.meet({ browsers });
      await acknowledgeBoth(people);
      await both(people, { relay: { step: 'asked' } });
      assert.equal(capture.packets(), 0);
      await agree(people);
      const connected = await timed(() => both(people, { connection: 'connected', path: 'relay' }));
      const seen = await timed(() => framesOn(people, 1));
      t.diagnostic(`connected ${String(connected)} ms after both said yes, pictures ${String(connected + seen)} ms`);
      await framesOn(people);
      await people[0].page.evaluate(() =>
        (document.querySelector('consult-room') as unknown as { room: { sendChat(text: string): void } }).room.sendChat(
          'Sonnenblumenkernbrot',
        ),
      );
      await people[1].see(() =>
        (
          document.querySelector('consult-room') as unknown as {
            room: { state: { chat: readonly { text: string }[] } };
          }
        ).room.state.chat.some(({ text }) => text === 'Sonnenblumenkernbrot'),
      );

      const [host] = people;
      await withdraw(host);
      const withdrawn = Date.now() / 1000;
      await both(people, { relay: { step: 'withdrawn' }, path: 'none' });
      // From when both say so: how long the other one takes to hear of it is the machine's affair.
      await silence(capture, Date.now() / 1000 + 1, 3);
      t.diagnostic(
        `the relay's last packet came ${((capture.last() - withdrawn) * 1000).toFixed(0)} ms after withdrawing`,
      );

      const read = readCapture(capture.file);
      t.diagnostic(`at the relay: ${JSON.stringify(read.kinds)}, ${read.entropy.toFixed(4)} bits per byte of media`);
      assert.ok(read.kinds.media > 100);
      assert.equal(read.kinds.other, 0);
      // The envelope of a key frame, as it stands before encryption by the transport: not even that.
      const words = ['Sonnenschein', 'Frau Berger', 'Sonnenblumenkernbrot', 'v=0\r\n', 'fingerprint', 'declaration'];
      for (const word of [...words, Buffer.from('100000009d012a', 'hex')])
        assert.ok(!read.has(word), `the relay saw "${String(word)}"`);
      assert.ok(read.entropy > 7.99, `${String(read.entropy)} bits per byte`);
    });
});
