/**
 * The path of media (protocol.md §10). A candidate's own type is checked last: a relayed path can look like `prflx`,
 * so the relay protocol, the server that gave the candidate, and the addresses of the declared relays come first.
 */
export type Path = 'direct' | 'relay' | 'none';

/**
 * `untold`: the other side sends from an address that it did not send us. Browsers hide such an address (webrtc-stats,
 * RTCIceCandidateStats.address), so it may be a relay's or a NAT's; an honest side sends it (`ownMapping`).
 */
export type Reading = Path | 'untold';

/**
 * The part of `RTCStatsReport` in use, named as in W3C webrtc-stats; a member that a browser leaves out is undefined.
 */
export interface Stat {
  readonly id: string;
  readonly type: string;
  readonly [member: string]: unknown;
}

export function statsOf(report: RTCStatsReport): readonly Stat[] {
  const list: Stat[] = [];
  // `forEach` exists in every browser; values are plain dictionaries.
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
 * The address under which the other side sees us where none of our candidates has it: a NAT's, found by the
 * connectivity checks (RFC 8445 §7.2.5.3.1). As a candidate line, to be sent.
 */
export function ownMapping(stats: readonly Stat[]): string | null {
  const pair = selectedPair(stats);
  const local = pair && endOf(stats, pair, 'localCandidateId');
  if (!local || text(local, 'candidateType') !== 'prflx' || text(local, 'protocol') !== 'udp') return null;
  const [address, port] = [addressOf(local), number(local, 'port')];
  if (address === '' || port === 0) return null;
  const place = ['1 1 udp', number(local, 'priority'), address, port].join(' ');
  return `candidate:${place} typ srflx raddr 0.0.0.0 rport 0`;
}

/**
 * Whether our end of the path is an address of this device. Behind a NAT it would be the NAT's, learnt from the
 * connectivity checks (RFC 8445 §7.2.5.3.1). Whether it is private does not matter: some networks give every device a
 * public address.
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

/** Older browsers call it `ip`. A hidden address is absent in Chromium and `(redacted)` in Firefox. */
function addressOf(candidate: Stat): string {
  const address = text(candidate, 'address') || text(candidate, 'ip');
  return address.startsWith('(') ? '' : address;
}

function isRelayed(candidate: Stat, isRelayAddress: (address: string) => boolean): boolean {
  if (text(candidate, 'relayProtocol') !== '' || /^turns?:/u.test(text(candidate, 'url'))) return true;
  return isRelayAddress(addressOf(candidate)) || text(candidate, 'candidateType') === 'relay';
}
