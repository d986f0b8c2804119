/**
 * Captures packets on the loopback with tshark and parses them as far as an observer can (pcap, IP, UDP,
 * TCP, WebSocket, RTP).
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.ts';

export interface Datagram {
  readonly from: number;
  readonly to: number;
  readonly payload: Buffer;
}

interface Segment extends Datagram {
  readonly seq: number;
}

export interface Captured {
  readonly datagrams: readonly Datagram[];
  /** Everything in one direction of one TCP connection, in order. */
  readonly streams: readonly Buffer[];
}

export interface Capture {
  stop(): Promise<Captured>;
}

/**
 * @param t of the test, with which it ends at the latest
 * @param filter as pcap-filter(7) has it
 */
export async function startCapture(t: TestContext, filter: string): Promise<Capture> {
  const file = join(temporaryFolder('wire'), 'wire.pcap');
  const tshark = spawn('tshark', ['-i', 'lo', '-B', '64', '-f', filter, '-F', 'pcap', '-w', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => tshark.kill('SIGKILL'));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    tshark.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (/Capture started/u.test(said)) resolve();
    });
    tshark.once('exit', () => reject(new Error(`no capture: ${said}`)));
  });
  return {
    stop: async () => {
      // Once the marker is in the file, everything sent before it is.
      await marked(file);
      tshark.removeAllListeners('exit');
      tshark.kill('SIGINT');
      await once(tshark, 'exit');
      return readPcap(await readFile(file));
    },
  };
}

/** Says a word of its own on the wire until the capture has written it down. */
async function marked(file: string): Promise<void> {
  const word = randomBytes(16);
  const socket = createSocket('udp4');
  try {
    // The discard port (RFC 863).
    while (!(await readFile(file)).includes(word)) {
      await new Promise((resolve) => socket.send(word, 9, '127.0.0.1', resolve));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    socket.close();
  }
}

/** pcap with Ethernet frames, as the loopback gives them. */
function readPcap(file: Buffer): Captured {
  if (file.readUInt32LE(0) !== 0xa1b2c3d4 || file.readUInt32LE(20) !== 1)
    throw new Error('not a pcap of Ethernet frames');
  const datagrams: Datagram[] = [];
  const segments: Segment[] = [];
  for (let at = 24; at + 16 <= file.length;) {
    const length = file.readUInt32LE(at + 8);
    readPacket(file.subarray(at + 16, at + 16 + length), datagrams, segments);
    at += 16 + length;
  }
  return { datagrams, streams: assemble(segments) };
}

function readPacket(frame: Buffer, datagrams: Datagram[], segments: Segment[]): void {
  const type = frame.readUInt16BE(12);
  if (type !== 0x0800 && type !== 0x86dd) return;
  const ip = frame.subarray(14);
  const [protocol, start, end] =
    type === 0x0800
      ? [ip.readUInt8(9), (ip.readUInt8(0) & 0x0f) * 4, ip.readUInt16BE(2)]
      : [ip.readUInt8(6), 40, 40 + ip.readUInt16BE(4)];
  // A segment larger than IP can say is written with length zero (offloading).
  const rest = ip.subarray(start, end === 0 ? ip.length : end);
  if (protocol === 17)
    datagrams.push({ from: rest.readUInt16BE(0), to: rest.readUInt16BE(2), payload: rest.subarray(8) });
  if (protocol === 6) {
    const payload = rest.subarray((rest.readUInt8(12) >> 4) * 4);
    const seq = rest.readUInt32BE(4);
    if (payload.length > 0) segments.push({ from: rest.readUInt16BE(0), to: rest.readUInt16BE(2), seq, payload });
  }
}

function assemble(segments: readonly Segment[]): readonly Buffer[] {
  const directions = groupBy(segments);
  return [...directions.values()].map((all) => {
    const bySeq = new Map(all.map((segment) => [segment.seq, segment.payload]));
    const order = [...bySeq].sort(([a], [b]) => a - b);
    return Buffer.concat(order.map(([, payload]) => payload));
  });
}

function groupBy(segments: readonly Segment[]): Map<string, Segment[]> {
  const groups = new Map<string, Segment[]>();
  for (const segment of segments) {
    const key = `${String(segment.from)} ${String(segment.to)}`;
    groups.set(key, [...(groups.get(key) ?? []), segment]);
  }
  return groups;
}

/** The messages of a WebSocket (RFC 6455 §5.2) in one direction, unmasked; none where it is another protocol. */
export function webSocketMessages(stream: Buffer): readonly Buffer[] {
  const head = stream.indexOf('\r\n\r\n');
  if (head < 0 || !/upgrade: websocket/iu.test(stream.toString('latin1', 0, head))) return [];
  const messages: Buffer[] = [];
  for (let at = head + 4; at + 2 <= stream.length;) {
    const masked = (stream.readUInt8(at + 1) & 0x80) !== 0;
    let length = stream.readUInt8(at + 1) & 0x7f;
    at += 2;
    if (length === 126) {
      length = stream.readUInt16BE(at);
      at += 2;
    } else if (length === 127) {
      length = Number(stream.readBigUInt64BE(at));
      at += 8;
    }
    const key = masked ? stream.subarray(at, at + 4) : Buffer.alloc(4);
    if (masked) at += 4;
    messages.push(Buffer.from(stream.subarray(at, at + length).map((byte, index) => byte ^ (key[index % 4] ?? 0))));
    at += length;
  }
  return messages;
}

export interface Rtp {
  readonly type: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly ssrc: number;
  /** Ids of one-byte header extensions (RFC 8285 §4.2). */
  readonly extensions: readonly number[];
  readonly payload: Buffer;
  /** Bytes of the whole packet. */
  readonly length: number;
}

/** RFC 3550 §5.1; null for STUN, DTLS and RTCP (RFC 7983, RFC 5761). */
export function readRtp(packet: Buffer): Rtp | null {
  if (packet.length < 12 || packet.readUInt8(0) >> 6 !== 2) return null;
  const type = packet.readUInt8(1) & 0x7f;
  if (type >= 64 && type < 96) return null;
  let at = 12 + (packet.readUInt8(0) & 0x0f) * 4;
  const extensions: number[] = [];
  if ((packet.readUInt8(0) & 0x10) !== 0) {
    const end = at + 4 + packet.readUInt16BE(at + 2) * 4;
    for (at += 4; at < end;) {
      const byte = packet.readUInt8(at);
      if (byte === 0) at++;
      else {
        extensions.push(byte >> 4);
        at += 2 + (byte & 0x0f);
      }
    }
    at = end;
  }
  return {
    type,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    marker: (packet.readUInt8(1) & 0x80) !== 0,
    ssrc: packet.readUInt32BE(8),
    extensions,
    payload: packet.subarray(at),
    length: packet.length,
  };
}

/** Bits per byte: 8 for what looks random. */
export function entropy(bytes: Buffer): number {
  const counts = Array.from({ length: 256 }, () => 0);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  return counts.reduce(
    (sum, count) => (count === 0 ? sum : sum - (count / bytes.length) * Math.log2(count / bytes.length)),
    0,
  );
}
