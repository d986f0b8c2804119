/** The technical report of a connection: protocols and numbers, no addresses. */
import { number, selectedPair, type Path, type Stat } from './path.ts';

export interface PeerReport {
  readonly path: Path;
  readonly dtls: { readonly version: string; readonly cipher: string } | null;
  readonly srtp: string | null;
  readonly codecs: readonly string[];
  /** Milliseconds. */
  readonly roundTrip: number | null;
}

export function reportOf(stats: readonly Stat[], path: Path): PeerReport {
  const transport = stats.find(({ type }) => type === 'transport');
  const text = (stat: Stat | undefined, name: string): string => (typeof stat?.[name] === 'string' ? stat[name] : '');
  const version = text(transport, 'tlsVersion');
  const roundTrip = number(selectedPair(stats), 'currentRoundTripTime');
  const codecs = stats.filter(({ type }) => type === 'codec').map((stat) => text(stat, 'mimeType'));
  return {
    path,
    dtls: version === '' ? null : { version, cipher: text(transport, 'dtlsCipher') },
    srtp: text(transport, 'srtpCipher') || null,
    codecs: [...new Set(codecs)],
    roundTrip: roundTrip > 0 ? Math.round(roundTrip * 1000) : null,
  };
}
