/**
 * One participant's line becomes narrow in a call of three: what the others have of each other stays as it was.
 * `PEOPLE=9 npm run test:lab -- test/lab/weather.lab.ts` tries it with nine, of whom the counsellor alone speaks: more
 * voices and pictures at once are more than one machine carries.
 */
import assert from 'node:assert/strict';
import process from 'node:process';
import { after as afterAll, before, describe, it } from 'node:test';
import { comeInSilent, gather } from '../e2e/gather.ts';
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
const PEOPLE = Number(process.env['PEOPLE'] ?? 3);
/** With more the counsellor alone speaks. */
const ALL_SPEAK = PEOPLE === 3;
/** The size that a tile asks for; a call begins with another. */
const LINES = ALL_SPEAK ? 360 : 180;
/** Pictures after which a rate is one: of the first two it may be a hundred a second. */
const STEADY = 30;
/** Each link with a voice carries both voices' 55 kbit/s then, and few pictures. */
const NARROW = (ALL_SPEAK ? 2 : 1) * 100;

/** What arrives from someone on the line with this address: of several, from the one who sends pictures. */
const arriving = (person: Person, address: string): Promise<Arriving | null> =>
  person.page.evaluate(async (from) => {
    let found: Arriving | null = null;
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
      const now = {
        rate: total('video', 'framesPerSecond'),
        lines: total('video', 'frameHeight'),
        frames: total('video', 'framesDecoded'),
        freezes: total('video', 'freezeCount'),
        sound: total('audio', 'packetsReceived'),
      };
      if (found === null || now.frames > found.frames) found = now;
    }
    return found;
  }, address);

const NAMES = ['Jana', 'Stern', 'Anders', 'Momo', 'Kim', 'Robin', 'Wolke'];
/** Packets of 60 ms that arrive in two seconds, of 33: fewer than one in ten is lost or late. */
const WHOLE_VOICE = 30;

/** Reads how many packets of sound came from the strong in two seconds. */
const voicesOf = (person: Person) => async (): Promise<number> => {
  const before = await arriving(person, STRONG);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const after = await arriving(person, STRONG);
  return (after?.sound ?? 0) - (before?.sound ?? Number.POSITIVE_INFINITY);
};

describe(`a call of ${String(PEOPLE)} in which one line is narrow`, () => {
  let lab: Lab;
  let host: Person;
  const strong: Person[] = [];
  let weak: Person;

  before(async () => {
    lab = await Lab.open('gruppe');
    lab.network.forward('yes');
    const { hostLink, guestLink } = await lab.invite();
    host = await lab.enter('a', 'chromium', hostLink);
    while (strong.length < PEOPLE - 2) strong.push(await lab.enter('a', 'chromium', guestLink));
    weak = await lab.enter('b', 'chromium', guestLink);
    if (!ALL_SPEAK) await comeInSilent([...strong, weak]);
    await gather(host, [...strong.map((person, index) => [NAMES[index] ?? '', person] as const), ['Mia', weak]]);
  });
  afterAll(() => lab.close());

  it('sends it less, its sound first, and leaves the links of the others as they were', async (t) => {
    const full = (now: Arriving | null): boolean =>
      now !== null && now.frames >= STEADY && now.rate >= 8 && now.lines === LINES && now.sound > 0;
    const allFull = (what: string) =>
      until(
        () => Promise.all(strong.map((person) => arriving(person, STRONG))),
        (now) => now.every(full),
        what,
      );
    await allFull('full pictures between the strong');
    const whole = await until(() => arriving(weak, STRONG), full, 'full pictures on the line that will be narrow');
    assert.ok(whole);

    lab.network.narrow('b', NARROW);
    const fewer = await until(
      () => arriving(weak, STRONG),
      (now) => now !== null && (now.rate <= whole.rate / 2 || now.lines < whole.lines),
      'fewer or smaller pictures on the narrow line',
    );
    t.diagnostic(`narrow line: ${JSON.stringify(fewer)}, before ${JSON.stringify(whole)}`);

    const start = await Promise.all(strong.map((person) => arriving(person, STRONG)));
    const begun = Date.now();
    const voices = voicesOf(weak);
    await until(voices, (packets) => packets >= WHOLE_VOICE, 'a whole voice on the narrow line');
    t.diagnostic(
      `a whole voice after ${String(Date.now() - begun)} ms: ${JSON.stringify(await arriving(weak, STRONG))}`,
    );
    const later = await allFull('pictures of the same size and rate between the strong');
    const seconds = (Date.now() - begun) / 1_000;
    const rates = later.map((now, index) => ((now?.frames ?? 0) - (start[index]?.frames ?? Infinity)) / seconds);
    // Pictures that were halved on the way would be five a second.
    assert.ok(Math.min(...rates) >= 6, `the strong keep their pictures meanwhile: ${rates.join(' ')} a second`);
    t.diagnostic(`pictures a second between the strong meanwhile: ${rates.join(' ')}`);
    const freezes = later.map((now, index) => (now?.freezes ?? 0) - (start[index]?.freezes ?? 0));
    t.diagnostic(`freezes between the strong: ${freezes.join(' ')}`);

    lab.network.narrow('b', 'free');
    await until(() => arriving(weak, STRONG), full, 'full pictures when the line is wide again');
  });
});
