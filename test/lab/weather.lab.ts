/** One participant's line becomes narrow in a call of three: what the others have of each other stays as it was. */
import assert from 'node:assert/strict';
import { after as afterAll, before, describe, it } from 'node:test';
import { gather } from '../e2e/gather.ts';
import type { Person, Seen } from '../e2e/stage.ts';
import { until } from '../support/until.ts';
import { Lab } from './lab.ts';

/** Of one connection: what arrives. */
interface Arriving {
  readonly rate: number;
  readonly lines: number;
  readonly frames: number;
  readonly freezes: number;
  readonly sound: number;
}

const STRONG = '10.77.1.2';
/** The size that a tile of three asks for; a call begins with another. */
const LINES = 360;
/** Each of its two links carries both voices' 55 kbit/s then, and few pictures. */
const NARROW = 2 * 100;

/** What arrives from the person whose line has this address. */
const arriving = (person: Person, address: string): Promise<Arriving | null> =>
  person.page.evaluate(async (from) => {
    for (const peer of (window as unknown as { seen: Seen }).seen.peers) {
      if (peer.connectionState !== 'connected') continue;
      const stats = [...((await peer.getStats()) as unknown as Map<string, Record<string, unknown>>).values()];
      const pair = stats.find(
        ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
      );
      const remote = stats.find(({ id }) => id === pair?.['remoteCandidateId']);
      if (remote?.['address'] !== from) continue;
      const total = (kind: string, name: string): number =>
        stats
          .filter((stat) => stat['type'] === 'inbound-rtp' && stat['kind'] === kind)
          .reduce((sum, stat) => sum + Number(stat[name] ?? 0), 0);
      return {
        rate: total('video', 'framesPerSecond'),
        lines: total('video', 'frameHeight'),
        frames: total('video', 'framesDecoded'),
        freezes: total('video', 'freezeCount'),
        sound: total('audio', 'packetsReceived'),
      };
    }
    return null;
  }, address);

/** Packets of 60 ms that arrive in two seconds, of 33: fewer than one in ten is lost or late. */
const WHOLE_VOICE = 30;

/** Reads how many packets of sound came from the strong in two seconds. */
const voicesOf = (person: Person) => async (): Promise<number> => {
  const before = await arriving(person, STRONG);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const after = await arriving(person, STRONG);
  return (after?.sound ?? 0) - (before?.sound ?? Number.POSITIVE_INFINITY);
};

describe('a call of three in which one line is narrow', () => {
  let lab: Lab;
  let host: Person;
  let strong: Person;
  let weak: Person;

  before(async () => {
    lab = await Lab.open('gruppe');
    lab.network.forward('yes');
    const { hostLink, guestLink } = await lab.invite();
    host = await lab.enter('a', 'chromium', hostLink);
    strong = await lab.enter('a', 'chromium', guestLink);
    weak = await lab.enter('b', 'chromium', guestLink);
    await gather(host, [
      ['Jana', strong],
      ['Mia', weak],
    ]);
  });
  afterAll(() => lab.close());

  it('sends it less, its sound first, and leaves the link of the two others as it was', async (t) => {
    const full = (now: Arriving | null): boolean =>
      now !== null && now.rate >= 8 && now.lines === LINES && now.sound > 0;
    await until(() => arriving(strong, STRONG), full, 'full pictures between the strong');
    const whole = await until(() => arriving(weak, STRONG), full, 'full pictures on the line that will be narrow');
    assert.ok(whole);

    lab.network.narrow('b', NARROW);
    const fewer = await until(
      () => arriving(weak, STRONG),
      (now) => now !== null && (now.rate <= whole.rate / 2 || now.lines < whole.lines),
      'fewer or smaller pictures on the narrow line',
    );
    t.diagnostic(`narrow line: ${JSON.stringify(fewer)}, before ${JSON.stringify(whole)}`);

    const start = await arriving(strong, STRONG);
    assert.ok(start);
    const begun = Date.now();
    const voices = voicesOf(weak);
    await until(voices, (packets) => packets >= WHOLE_VOICE, 'a whole voice on the narrow line');
    t.diagnostic(
      `a whole voice after ${String(Date.now() - begun)} ms: ${JSON.stringify(await arriving(weak, STRONG))}`,
    );
    const later = await until(
      () => arriving(strong, STRONG),
      full,
      'pictures of the same size and rate between the strong',
    );
    assert.ok(later);
    // Pictures that were halved on the way would be five a second.
    const average = (later.frames - start.frames) / ((Date.now() - begun) / 1_000);
    assert.ok(average >= 6, `the strong keep their pictures meanwhile: ${String(average)} a second`);
    t.diagnostic(`${String(average)} pictures a second between the strong meanwhile`);
    t.diagnostic(`freezes between the strong: ${String(later.freezes - start.freezes)}`);

    lab.network.narrow('b', 'free');
    await until(() => arriving(weak, STRONG), full, 'full pictures when the line is wide again');
  });
});
