/**
 * Which way media goes (protocol.md §10). What a candidate says of itself comes last: a relayed path can look like `prflx`, so the
 * relay's protocol, the server that gave the candidate, and the declared relays' addresses are asked first.
 */
export type Path = 'direct' | 'relay' | 'none';

/**
 * `untold`: the other side sends from an address that nobody told us. Browsers keep such an address to themselves (webrtc-stats,
 * RTCIceCandidateStats.address), so it may be a relay's as well as a NAT's; who is honest tells it (`ownMapping`).
 */
export type Reading = Path | 'untold';

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

export function pathOf(stats: readonly Stat[], isRelayAddress: (address: string) => boolean): Reading {
  const pair = selectedPair(stats);
  if (!pair) return 'none';
  const local = endOf(stats, pair, 'localCandidateId');
  const remote = endOf(stats, pair, 'remoteCandidateId');
  if ([local, remote].some((end) => end && isRelayed(end, isRelayAddress))) return 'relay';
  return remote && text(remote, 'candidateType') === 'prflx' && addressOf(remote) === '' ? 'untold' : 'direct';
}

/**
 * The address under which the other side sees us where no candidate of ours says it: a NAT's, found by the checks themselves
 * (RFC 8445 §7.2.5.3.1). As a candidate line, for telling it.
 */
export function ownMapping(stats: readonly Stat[]): string | null {
  const pair = selectedPair(stats);
  const local = pair && endOf(stats, pair, 'localCandidateId');
  if (!local || text(local, 'candidateType') !== 'prflx' || text(local, 'protocol') !== 'udp') return null;
  const [address, port] = [addressOf(local), number(local, 'port')];
  if (address === '' || port === 0) return null;
  const foundation = '1';
  return `candidate:${foundation} 1 udp ${String(number(local, 'priority'))} ${address} ${String(port)} typ srflx raddr 0.0.0.0 rport 0`;
}

/**
 * Whether our end of the path is an address of our own device. Towards a server beyond a NAT it would be the NAT's, learnt from the
 * checks themselves (RFC 8445 §7.2.5.3.1). Not whether it is a private one: there are networks that give everybody a public address.
 */
export function isWithoutNat(stats: readonly Stat[]): boolean {
  const pair = selectedPair(stats);
  const local = pair && endOf(stats, pair, 'localCandidateId');
  return local !== undefined && text(local, 'candidateType') === 'host';
}

const endOf = (stats: readonly Stat[], pair: Stat, end: 'localCandidateId' | 'remoteCandidateId'): Stat | undefined =>
  stats.find(({ id }) => id === pair[end]);

const text = (stat: Stat, name: string): string => (typeof stat[name] === 'string' ? stat[name] : '');

export function number(stat: Stat | undefined, name: string): number {
  const value = stat?.[name];
  return typeof value === 'number' ? value : 0;
}

/** Older browsers call it `ip`. Where it is kept from us, Chromium says nothing and Firefox `(redacted)`. */
function addressOf(candidate: Stat): string {
  const address = text(candidate, 'address') || text(candidate, 'ip');
  return address.startsWith('(') ? '' : address;
}

function isRelayed(candidate: Stat, isRelayAddress: (address: string) => boolean): boolean {
  if (text(candidate, 'relayProtocol') !== '' || /^turns?:/u.test(text(candidate, 'url'))) return true;
  return isRelayAddress(addressOf(candidate)) || text(candidate, 'candidateType') === 'relay';
}
