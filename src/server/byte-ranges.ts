/** Requests for a part of a file (RFC 9110 §14), as far as `send` reads them otherwise than the standard. */
import type { IncomingMessage } from 'node:http';

export interface Representation {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** The last so many bytes (§14.1.2). */
const SUFFIX = /(?<=[=,])[ \t]*-(\d+)(?=[ \t]*(?:,|$))/gu;

/** Leaves in the request only a `Range` that `send` answers as the standard has it; without one the whole file is the answer. */
export function prepareRange(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  of: Representation,
): void {
  const { range, 'if-range': condition } = headers;
  if (range === undefined) return;
  // Ranges are for GET only (§14.2), and none can be taken of nothing.
  if (method !== 'GET' || of.size === 0 || (condition !== undefined && !isOf(of, String(condition))))
    delete headers.range;
  // More than there is means all of it.
  else headers.range = range.replaceAll(SUFFIX, (one, length: string) => (Number(length) > of.size ? '0-' : one));
}

/** `If-Range` (§13.1.5). Our entity tags are weak, so that none ever fits; a time fits where it is the same, a later one may be of another file. */
const isOf = ({ changed }: Representation, condition: string): boolean =>
  !condition.includes('"') && Date.parse(condition) === Math.floor(changed / 1000) * 1000;
