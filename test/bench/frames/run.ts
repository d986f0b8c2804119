/**
 * Frames per second through this library's worker, against bare WebCrypto, the usual `TransformStream`, and
 * livekit-client's FrameCryptor. One Chromium, one worker each, one at a time, in rounds that go through all of them,
 * so that a busy moment of the machine affects all alike; medians over the rounds.
 */
import { median, printTable, range, round, writeReport, type Reach } from '../support/report.ts';
import { stand } from '../support/stand.ts';
import type { Task } from './drive.ts';

const contenders = ['own', 'webcrypto', 'transform-stream', 'livekit-256', 'livekit-128'] as const;
type Contender = (typeof contenders)[number];
const directions = ['encode', 'decode'] as const;
/**
 * Sizes in bytes, how many frames make a round of some tens of milliseconds, and what to reach against FrameCryptor.
 */
const sizes = [
  { size: 120, count: 3000, reach: 1.5 },
  { size: 1_200, count: 3000, reach: 1.5 },
  { size: 8_000, count: 1500, reach: 1.5 },
  { size: 60_000, count: 300, reach: 1.3 },
] as const;
const WARM_UP = 3;
const ROUNDS = 15;

const place = await stand(['page', 'own-worker', 'livekit-worker', 'plain-worker'].map((name) => `frames/${name}.ts`));
try {
  const page = await place.open('frames/page');
  await page.evaluate(() => window.ready);
  const samples = new Map<string, number[]>();
  for (let index = 0; index < WARM_UP + ROUNDS; index++) {
    for (const { size, count } of sizes) {
      // Each round starts with another one, so that none always pays for the same predecessor's garbage.
      const first = index % contenders.length;
      for (const name of [...contenders.slice(first), ...contenders.slice(0, first)]) {
        for (const direction of directions) {
          const task: Task = { direction, size, count };
          const microseconds = await page.evaluate((who, what) => window.measure(who, what), name, task);
          const key = `${name} ${direction} ${size}`;
          if (index >= WARM_UP) samples.set(key, [...(samples.get(key) ?? []), 1e6 / microseconds]);
        }
      }
    }
  }
  const of = (name: Contender, direction: string, size: number): readonly number[] =>
    samples.get(`${name} ${direction} ${size}`) ?? [];
  const results = directions.flatMap((direction) =>
    sizes.map(({ size, reach }) => {
      const framesPerSecond = Object.fromEntries(
        contenders.map((name) => {
          const all = of(name, direction, size);
          return [name, { median: Math.round(median(all)), range: range(all).map(Math.round) }];
        }),
      ) as Record<Contender, { median: number; range: number[] }>;
      const ratio = (other: Contender): number => round(framesPerSecond.own.median / framesPerSecond[other].median, 2);
      const ratios = {
        webcrypto: ratio('webcrypto'),
        'transform-stream': ratio('transform-stream'),
        'livekit-256': ratio('livekit-256'),
        'livekit-128': ratio('livekit-128'),
      };
      return { direction, size, reach, framesPerSecond, ratios };
    }),
  );
  const reach: Reach[] = results.map(({ direction, size, reach: least, ratios }) => ({
    text: `${direction} ${size} B at least ${least} times FrameCryptor with a 256-bit key, is ${ratios['livekit-256']}`,
    met: ratios['livekit-256'] >= least,
  }));
  for (const direction of directions) {
    printTable(
      `${direction}: frames per second, median of ${ROUNDS} rounds`,
      [
        ['bytes', ...contenders, '× webcrypto', '× transform', '× livekit-256', '× livekit-128'],
        ...results
          .filter((row) => row.direction === direction)
          .map(({ size, framesPerSecond, ratios }) => [
            size,
            ...contenders.map((name) => framesPerSecond[name].median),
            ...Object.values(ratios),
          ]),
      ],
      reach.filter(({ text }) => text.startsWith(direction)),
    );
  }
  await writeReport('frames', { browser: place.browser, peers: ['livekit-client'], reach, results });
} finally {
  await place.close();
}
