/** Sums up the frame worker's counters of one link over its streams, for `connection-report`. */
import type { LinkCounters } from '../../e2ee/frames/frame-worker-client.ts';
import type { DropReason, FrameCounts } from './link-report.ts';

const REASONS: readonly DropReason[] = ['unauthenticated', 'unknownKey', 'waitedTooLong', 'malformed', 'noKey'];

export function countFrames(streams: readonly LinkCounters[keyof LinkCounters][]): FrameCounts {
  const sum = (read: (stream: LinkCounters[keyof LinkCounters]) => number): number =>
    streams.reduce((total, stream) => total + read(stream), 0);
  const entries = REASONS.map((reason) => [reason, sum(({ dropped }) => dropped[reason])] as const);
  return {
    encrypted: sum(({ encrypted }) => encrypted),
    decrypted: sum(({ decrypted }) => decrypted),
    repeated: sum(({ repeated }) => repeated),
    dropped: entries.reduce((total, [, count]) => total + count, 0),
    reasons: Object.fromEntries(entries) as Record<DropReason, number>,
  };
}
