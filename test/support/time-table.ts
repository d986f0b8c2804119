/** The table at the end of `npm test`: the time of each step, and the slowest test files. */
import type { TestRecord } from './results.ts';

export interface TimeRow {
  readonly step: string;
  readonly seconds: number;
  readonly records: readonly TestRecord[];
}

const SLOWEST = 12;

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60)).padStart(3)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Seconds by environment and file; tests of one file add up. */
function secondsByFile(records: readonly TestRecord[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { environment, file, seconds } of records) {
    if (file === '') continue;
    const key = `${environment} ${file}`;
    sums.set(key, (sums.get(key) ?? 0) + seconds);
  }
  return sums;
}

/**
 * @param total seconds of all steps, some of which ran at the same time
 * @returns minutes and seconds by step with their share, then the slowest files
 */
export function timeTable(rows: readonly TimeRow[], total: number): string {
  const share = (seconds: number): string => `${String(Math.round((100 * seconds) / (total || 1))).padStart(3)} %`;
  const files = [...secondsByFile(rows.flatMap(({ records }) => records))].sort(([, one], [, other]) => other - one);
  return [
    'time by step',
    ...rows.map(({ step, seconds }) => `${clock(seconds)} ${share(seconds)}  ${step}`),
    `${clock(total)} 100 %  all steps`,
    ...(files.length === 0 ? [] : ['slowest files']),
    ...files.slice(0, SLOWEST).map(([name, seconds]) => `${clock(seconds)} ${share(seconds)}  ${name}`),
  ].join('\n');
}
