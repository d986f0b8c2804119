/**
 * Which way media goes (protocol.md §10). What a candidate says of itself comes last: a relayed path can look like `prflx`, so the
 * relay's protocol, the server that gave the candidate, and the declared relays' addresses are asked first.
 */
export type Path = 'direct' | 'relay' | 'none';

/** The part of `RTCStatsReport` in use, as W3C webrtc-stats names it; what a browser leaves out is undefined. */
export interface Stat {
  readonly id: string;
  readonly type: string;
  readonly [member: string]: unknown;
}

export function statsOf(report: RTCStatsReport): readonly Stat[] {
  const list: Stat[] = [];
  // `forEach` is what every browser has; values are plain dictionaries.
  report.forEach((value: Stat) => list.push(value));
  return list;
}

/** The candidate pair that carries media now. */
export function selectedPair(stats: readonly Stat[]): Stat | undefined {
  const transport = stats.find(
    ({ type, selectedCandidatePairId }) => type === 'transport' && typeof selectedCandidatePairId === 'string',
  );
  const byTransport = stats.find(({ id }) => id === transport?.['selectedCandidatePairId']);
  // Firefox marks the pair itself.
  return (
    byTransport ??
    stats.find(({ type, selected, state }) => type === 'candidate-pair' && selected === true && state === 'succeeded')
  );
}

export function pathOf(stats: readonly Stat[], isRelayAddress: (address: string) => boolean): Path {
  const pair = selectedPair(stats);
  if (!pair) return 'none';
  const ends = [pair['localCandidateId'], pair['remoteCandidateId']].map((id) => stats.find((stat) => stat.id === id));
  return ends.some((end) => end && isRelayed(end, isRelayAddress)) ? 'relay' : 'direct';
}

function isRelayed(candidate: Stat, isRelayAddress: (address: string) => boolean): boolean {
  const text = (name: string): string => (typeof candidate[name] === 'string' ? candidate[name] : '');
  if (text('relayProtocol') !== '' || /^turns?:/u.test(text('url'))) return true;
  if ([text('address'), text('ip')].some((address) => address !== '' && isRelayAddress(address))) return true;
  return text('candidateType') === 'relay';
}
