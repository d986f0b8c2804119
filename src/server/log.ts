/**
 * What the server may write about itself, one JSON object a line. The type is closed: it has no field for an address, a
 * name, a room or a message [R12].
 */
import type { ServerErrorCode } from '../wire/wire.ts';

/** Why something was refused, in the log and in the metrics. */
export type RefusalLabel =
  ServerErrorCode | 'slow-consumer' | 'origin' | 'address-limit' | 'connection-limit' | 'request-displaced';

/** What the operator should change. */
export type AdviceCode =
  | 'host-unknown'
  | 'origin-refused'
  | 'upgrade-dropped'
  | 'proxy-addresses'
  | 'relay-unreachable'
  | 'relay-refuses'
  | 'relay-open'
  | 'relay-address'
  | 'webhook-failed';

export type LogEntry =
  | { readonly event: 'start' | 'moving' | 'stop' | 'relays-checked' | 'backplane-cut' | 'backplane-back' }
  /** `count`: since the last entry of this code; at most one a minute. */
  | { readonly event: 'refused'; readonly code: RefusalLabel; readonly count: number }
  /** Something that the operator should change, once per cause. `words` name sites and servers, never people. */
  | { readonly event: 'advice'; readonly code: AdviceCode; readonly words: string }
  | { readonly event: 'fault'; readonly where: 'http' | 'signal'; readonly count: number };

export type Log = (entry: LogEntry) => void;

/** @param write gets one line without its end */
export function lineLog(write: (line: string) => void, now: () => number = Date.now): Log {
  return (entry) => write(JSON.stringify({ time: new Date(now()).toISOString(), ...entry }));
}
