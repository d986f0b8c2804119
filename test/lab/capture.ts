/**
 * What a relay could read: the UDP payloads of a capture, and what stands inside the TURN channels. Enough of pcap,
 * IPv4 and TURN for that, and no more.
 */
import { readFileSync } from 'node:fs';

const HEADER = { 113: 16, 276: 20 } as const;

/** IPv4 packets with UDP inside. */
function* datagrams(file: string): Generator<Buffer> {
  const all = readFileSync(file);
  const link = all.readUInt32LE(20);
  if (link !== 113 && link !== 276) throw new Error(`unknown link type ${String(link)}`);
  for (let at = 24; at + 16 <= all.length;) {
    const length = all.readUInt32LE(at + 8);
    const packet = all.subarray(at + 16 + HEADER[link], at + 16 + length);
    at += 16 + length;
    if ((packet[0] ?? 0) >> 4 === 4 && packet[9] === 17) yield packet;
  }
}

const payloadOf = (packet: Buffer): Buffer => packet.subarray(((packet[0] ?? 0) & 15) * 4 + 8);

/** Audio and video packets that an address sent, directly or forwarded; RTCP is not counted (RFC 5761 §4). */
export function rtpFrom(file: string, address: string): number {
  let count = 0;
  for (const packet of datagrams(file)) {
    const inner = packet.subarray(12, 16).join('.') === address ? inChannel(payloadOf(packet)) : null;
    const second = inner?.[1] ?? 0;
    if (inner && kindOf(inner) === 'media' && (second < 192 || second > 223)) count++;
  }
  return count;
}

export interface Seen {
  readonly packets: number;
  /** Kinds of what the relay passed on, by the first byte (RFC 7983 §7), counted. */
  readonly kinds: Readonly<Record<'stun' | 'dtls' | 'media' | 'other', number>>;
  /** Bits per byte of the media after their RTP headers: 8 is noise. */
  readonly entropy: number;
  has(words: string | Buffer): boolean;
}

export function readCapture(file: string): Seen {
  const kinds = { stun: 0, dtls: 0, media: 0, other: 0 };
  const counts = new Float64Array(256);
  const all: Buffer[] = [];
  for (const packet of datagrams(file)) {
    const payload = payloadOf(packet);
    all.push(payload);
    const inner = inChannel(payload);
    if (!inner) continue;
    const kind = kindOf(inner);
    kinds[kind]++;
    // After the RTP header, its extension and the first bytes, in which lengths and headers may stand.
    if (kind === 'media' && inner.length > 200)
      for (const byte of inner.subarray(40)) counts[byte] = (counts[byte] ?? 0) + 1;
  }
  return {
    packets: all.length,
    kinds,
    entropy: entropy(counts),
    has: (words) => all.some((one) => one.includes(words)),
  };
}

/** ChannelData (RFC 8656 §12.4), or plain packets between the relay's port and the far side. */
function inChannel(payload: Buffer): Buffer | null {
  const first = payload[0] ?? 0;
  if (first >= 64 && first < 80) return payload.subarray(4, 4 + payload.readUInt16BE(2));
  return first >= 20 ? payload : null;
}

function kindOf(payload: Buffer): keyof Seen['kinds'] {
  const first = payload[0] ?? 0;
  if (first < 4) return 'stun';
  if (first >= 20 && first < 64) return 'dtls';
  return first >= 128 && first < 192 ? 'media' : 'other';
}

function entropy(counts: Float64Array): number {
  const total = counts.reduce((sum, n) => sum + n, 0);
  return counts.reduce((sum, n) => (n === 0 ? sum : sum - (n / total) * Math.log2(n / total)), 0);
}
