/**
 * Glass to glass: from drawing a picture to its being shown at the other end of a call on one page, encrypted and
 * without any transform, in turn. What counts is the difference of the medians; the delay itself is mostly the
 * machine's.
 */
import { median, printTable, range, round, writeReport, type Reach } from '../support/report.ts';
import { stand } from '../support/stand.ts';

const ROUNDS = 7;
const PICTURES = 150;
const WITHIN = 3;
const kinds = ['encrypted', 'plain'] as const;

const place = await stand(['glass/page.ts', 'support/frame-worker.ts']);
try {
  const page = await place.open('glass/page');
  const medians = { encrypted: [] as number[], plain: [] as number[] };
  const all = { encrypted: [] as number[], plain: [] as number[] };
  for (let index = 0; index < ROUNDS; index++) {
    // The order alternates, so that a machine that gets slower or faster favours none.
    for (const kind of index % 2 === 0 ? kinds : kinds.toReversed()) {
      const delays = await page.evaluate((which, count) => window.glass(which, count), kind, PICTURES);
      if (delays.length < PICTURES / 2)
        throw new Error(`${kind}: only ${delays.length} of ${PICTURES} pictures were seen`);
      medians[kind].push(median(delays));
      all[kind].push(...delays);
    }
  }
  const differences = medians.encrypted.map((value, index) => value - (medians.plain[index] ?? NaN));
  const difference = round(median(all.encrypted) - median(all.plain), 2);
  const row = (kind: (typeof kinds)[number]) => ({
    median: round(median(all[kind]), 2),
    rounds: medians[kind].map((value) => round(value, 2)),
    pictures: all[kind].length,
  });
  const results = {
    encrypted: row('encrypted'),
    plain: row('plain'),
    difference,
    differenceOfRounds: range(differences).map((value) => round(value, 2)),
  };
  const reach: Reach[] = [
    {
      text: `the median within ${WITHIN} ms of no transform, is ${difference} ms`,
      met: Math.abs(difference) <= WITHIN,
    },
  ];
  printTable(
    `glass to glass, 640×480 at some 30 pictures per second, milliseconds (${ROUNDS} calls of each kind)`,
    [
      ['', 'median', 'medians of the calls', 'pictures'],
      ...kinds.map((kind) => [kind, results[kind].median, results[kind].rounds.join(' '), results[kind].pictures]),
    ],
    reach,
  );
  await writeReport('glass', { browser: place.browser, peers: [], reach, results });
} finally {
  await place.close();
}
