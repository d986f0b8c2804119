/**
 * Groups of 2 to 9 people, all sending to all in one Chromium, encryption and tiles included: this library against an
 * encoder for each link, which is what this build does where a browser has no carriers. And one sender to eight
 * receivers, its browser counted alone. A model of nine people on ordinary lines follows from the figures.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer-core';
import type { GroupMessage } from '../../../src/room/messages/messages.ts';
import { processorSeconds } from '../support/processor.ts';
import { median, printTable, round, writeReport, type Reach } from '../support/report.ts';
import { stand } from '../support/stand.ts';
import type { Setup, Totals } from './page.ts';

const WAYS = ['ours', 'naive'] as const;
type Way = (typeof WAYS)[number];
type Shape = Pick<Setup, 'people' | 'size' | 'rate' | 'sound'>;

const GROUPS: readonly Shape[] = [
  { people: 2, size: 'large', rate: 30, sound: 'on' },
  { people: 3, size: 'large', rate: 30, sound: 'on' },
  { people: 4, size: 'large', rate: 30, sound: 'on' },
  { people: 6, size: 'small', rate: 20, sound: 'on' },
  { people: 6, size: 'small', rate: 20, sound: 'off' },
  { people: 9, size: 'small', rate: 15, sound: 'on' },
  { people: 9, size: 'small', rate: 15, sound: 'off' },
];
const SETTLE = 8_000;
const MEASURE = 8_000;
/** Milliseconds until all tiles of a group show something. */
const UP_WITHIN = 60_000;

interface Result {
  readonly cores: number;
  /** Pictures a second of the streams: the fewest, and half of them. */
  readonly least: number;
  readonly typical: number;
  readonly streams: number;
  readonly heard: number;
  readonly lines: number;
  readonly freezes: number;
  /** Milliseconds of encoding on the links for each added receiver and second of pictures at full rate. */
  readonly encoding: number;
  readonly up: number;
  /** Sent by each person. */
  readonly kilobits: number;
}

const place = await stand(['mesh/page.ts', 'support/frame-worker.ts'], ['--use-fake-device-for-media-stream=fps=30']);

/** @param where the browser of each person */
async function gather(shape: Shape, way: Way, where: readonly Browser[]): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (const [leaf, browser] of where.entries()) {
    const page = await place.open('mesh/page', browser);
    await page.exposeFunction('signal', (from: number, to: number, message: GroupMessage) =>
      pages[to]?.evaluate((...heard) => window.hear(...heard), from, message),
    );
    pages.push(page);
    const camera = where.every((one) => one === where[0]) || leaf === 0 ? 'on' : 'off';
    await page.evaluate((setup) => window.enterGroup(setup), { ...shape, leaf, way, camera } satisfies Setup);
  }
  return pages;
}

const totalsOf = (pages: readonly Page[]): Promise<readonly Totals[]> =>
  Promise.all(pages.map((page) => page.evaluate(() => window.totals())));

async function untilUp(pages: readonly Page[], streams: number, since: number): Promise<number> {
  while (Date.now() - since < UP_WITHIN) {
    const shown = await Promise.all(pages.map((page) => page.evaluate(() => window.shown())));
    if (shown.reduce((sum, tiles) => sum + tiles, 0) >= streams) break;
    await pause(50);
  }
  return Date.now() - since;
}

async function measure(shape: Shape, way: Way, counted: Browser, where: readonly Browser[]): Promise<Result> {
  const pages = await gather(shape, way, where);
  const senders = where.every((one) => one === counted) ? shape.people : 1;
  const streams = senders * (shape.people - 1);
  const begun = Date.now();
  // All at once, as after an epoch change.
  await Promise.all(pages.map((page) => page.evaluate(() => window.meet())));
  const up = await untilUp(pages, streams, begun);
  await pause(SETTLE);
  const [before, used, start] = [await totalsOf(pages), processorSeconds(counted), Date.now()];
  await pause(MEASURE);
  const cores = (processorSeconds(counted) - used) / ((Date.now() - start) / 1_000);
  const after = await totalsOf(pages);
  const seconds = (Date.now() - start) / 1_000;
  await Promise.all(pages.map((page) => page.close()));
  const sum = (read: (totals: Totals) => number): number =>
    after.reduce((total, now, index) => total + read(now) - (before[index] ? read(before[index]) : 0), 0);
  const rates = after.flatMap(({ decoded }, index) =>
    decoded.map((now, stream) => (now - (before[index]?.decoded[stream] ?? 0)) / seconds),
  );
  return {
    cores,
    least: rates.length < streams ? 0 : Math.min(...rates),
    typical: median(rates),
    streams: rates.length,
    heard: after.reduce((total, { heard }) => total + heard, 0),
    lines: Math.max(...after.flatMap(({ heights }) => heights)),
    freezes: sum(({ freezes }) => freezes),
    encoding:
      sum(({ encoding }) => encoding) /
      Math.max(
        1,
        sum(({ encoded }) => encoded),
      ),
    up,
    kilobits: (sum(({ bytesSent }) => bytesSent) * 8) / 1_000 / seconds / senders,
  };
}

const nameOf = ({ people, size, rate, sound }: Shape): string =>
  `${String(people)} × ${size === 'small' ? '320×180' : '640×360'}@${String(rate)}${sound === 'on' ? '' : ', no sound'}`;

const HEAD = ['', 'way', 'cores', 'pictures', 'least', 'freezes', 'encode ms', 'up ms', 'kbit/s', 'heard', 'lines'];
const rowOf = (name: string, way: Way, r: Result): (string | number)[] => [
  name,
  way,
  round(r.cores, 2),
  round(r.typical, 1),
  round(r.least, 1),
  r.freezes,
  round(r.encoding, 2),
  r.up,
  Math.round(r.kilobits),
  r.heard,
  r.lines,
];

/** Kilobits a second of a voice in packets of 60 ms, with what encryption and transport add. */
const SOUND = 50;

/** What nine people get on 2 Mbit/s up and 16 Mbit/s down, from what one stream of each rung needs here. */
function model(low: number, high: number): (string | number)[][] {
  const [up, down, sound, others] = [2_000, 16_000, SOUND, 8];
  const left = up - others * sound;
  const largeTo = Math.max(0, Math.min(others, Math.floor((left - others * low) / (high - low))));
  const lowTo = Math.min(others, Math.floor(left / low));
  return [
    ['sound to all, kbit/s up', others * sound],
    ['left for pictures, kbit/s up', left],
    ['participants who get the low rung at least', lowTo],
    ['of them, who may get the high rung', lowTo < others ? 0 : largeTo],
    ['one large and seven small arriving, kbit/s of 16,000', Math.round(high + 7 * low + others * sound)],
    ['all eight large arriving, kbit/s of 16,000', Math.round(others * (high + sound))],
    ['fits', others * (high + sound) < down ? 'yes' : 'no'],
  ];
}

try {
  const groups = new Map<string, Record<Way, Result>>();
  const rows: (string | number)[][] = [];
  for (const shape of GROUPS) {
    const result = {} as Record<Way, Result>;
    for (const way of WAYS) {
      const where = Array.from({ length: shape.people }, () => place.browser);
      result[way] = await measure(shape, way, place.browser, where);
      rows.push(rowOf(nameOf(shape), way, result[way]));
      console.log(rows.at(-1)?.join('  '));
    }
    groups.set(nameOf(shape), result);
  }
  const sinks = await place.launch();
  const sender = {} as Record<Way, Result>;
  for (const way of WAYS) {
    const where = [place.browser, ...Array.from({ length: 8 }, () => sinks)];
    sender[way] = await measure({ people: 9, size: 'large', rate: 30, sound: 'on' }, way, place.browser, where);
    rows.push(rowOf('1 to 8 × 640×360@30, sender alone', way, sender[way]));
    console.log(rows.at(-1)?.join('  '));
  }
  const at = (people: number, sound: Shape['sound']): Record<Way, Result> => {
    const shape = GROUPS.find((group) => group.people === people && group.sound === sound);
    const found = shape && groups.get(nameOf(shape));
    if (!found) throw new Error(`no group of ${String(people)} was measured`);
    return found;
  };
  const [two, six, sixMute] = [at(2, 'on'), at(6, 'on'), at(6, 'off')];
  const [nine, nineMute] = [at(9, 'on'), at(9, 'off')];
  const reach: Reach[] = [
    { text: 'nine people at 320×180@15: 13 pictures everywhere', met: nine.ours.least >= 13 },
    { text: 'the same without sound', met: nineMute.ours.least >= 13 },
    {
      text: 'nine people: all 72 streams of sound heard, all pictures shown',
      met: nine.ours.heard === 72 && nine.ours.streams === 72,
    },
    { text: 'six people at 320×180@20: 0.75 × the cores of naive', met: six.ours.cores <= 0.75 * six.naive.cores },
    { text: 'the same without sound', met: sixMute.ours.cores <= 0.75 * sixMute.naive.cores },
    { text: 'a sender to eight: 0.45 × the cores of naive', met: sender.ours.cores <= 0.45 * sender.naive.cores },
    { text: '0.3 ms of encoding for each added receiver', met: nine.ours.encoding <= 0.3 },
    { text: 'full mesh of six in twice the time of two', met: six.ours.up <= 2 * two.ours.up },
  ];
  printTable('groups in one Chromium: cores of the whole browser, per picture and person', [HEAD, ...rows], reach);
  const figures = model(nineMute.ours.kilobits / 8, sender.ours.kilobits / 8 - SOUND);
  printTable('model: nine people, 2 Mbit/s up and 16 down', [['', ''], ...figures], []);
  await writeReport('mesh', {
    browser: place.browser,
    peers: [],
    reach,
    results: { groups: Object.fromEntries(groups), sender, model: Object.fromEntries(figures) },
  });
} finally {
  await place.close();
}
