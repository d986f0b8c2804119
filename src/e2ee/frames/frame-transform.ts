/**
 * Encrypts and decrypts single frames (protocol.md §7), and fails closed in both directions. Independent of workers and streams, so that
 * it can be tested and measured alone.
 */
import { codecHeader, codecHeaderLength, STREAM_METADATA, type FrameStream } from './envelope.ts';
import type { FrameKeys, FrameLink } from './frame-keys.ts';
import type { StreamCounters } from './worker-messages.ts';
import { AudioPadding, padMessage, unpad } from '../padding.ts';
import { decryptFrame, encryptFrame, readHeader, type Purpose, type SframeHeader } from './sframe.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** How long a frame of a newer epoch waits for the key, in milliseconds. */
export const EPOCH_PATIENCE = 300;

/** Encrypts the frames of one encoder. The result does not depend on the receiver, so one encrypted frame can go to all. */
export class FrameSealer {
  readonly #keys: FrameKeys;
  readonly #stream: FrameStream;
  readonly #counters: StreamCounters;
  readonly #padding = new AudioPadding();

  constructor(o: { readonly keys: FrameKeys; readonly stream: FrameStream; readonly counters: StreamCounters }) {
    this.#keys = o.keys;
    this.#stream = o.stream;
    this.#counters = o.counters;
  }

  /** @returns null where there is no key: the frame must be dropped */
  async seal(frame: ArrayBuffer, kind: 'key' | 'delta'): Promise<Bytes | null> {
    const taken = this.#keys.take('SFrame 1.0');
    if (!taken) {
      this.#counters.dropped.noKey++;
      return null;
    }
    const bytes = new Uint8Array(frame);
    const plaintext = this.#stream === 'audio' ? this.#padding.pad(bytes) : bytes;
    const prefix = codecHeader(this.#stream, kind);
    const metadata = STREAM_METADATA[this.#stream];
    const sealed = await encryptFrame(taken.key, { ctr: taken.ctr, metadata, plaintext, prefix });
    // Audio was copied for padding; the copy is not needed any more.
    if (plaintext !== bytes) plaintext.fill(0);
    this.#counters.encrypted++;
    return sealed;
  }
}

export type OpenedFrame =
  | { readonly kind: 'frame'; readonly frame: ArrayBuffer }
  /** Empty, or a repetition: the decoder misses nothing. */
  | { readonly kind: 'nothing' }
  /** Dropped: a video decoder needs a key frame now. */
  | { readonly kind: 'lost' };

/** Decrypts the frames of one receiver on one link. */
export class FrameOpener {
  readonly #keys: FrameKeys;
  readonly #link: FrameLink;
  readonly #stream: FrameStream;
  readonly #counters: StreamCounters;

  constructor(o: {
    readonly keys: FrameKeys;
    readonly link: FrameLink;
    readonly stream: FrameStream;
    readonly counters: StreamCounters;
  }) {
    this.#keys = o.keys;
    this.#link = o.link;
    this.#stream = o.stream;
    this.#counters = o.counters;
  }

  async open(frame: ArrayBuffer): Promise<OpenedFrame> {
    if (frame.byteLength === 0) return { kind: 'nothing' };
    const envelope = new Uint8Array(frame);
    const sframe = envelope.subarray(codecHeaderLength(this.#stream, envelope));
    const result = await openSframe(this.#keys, this.#link, {
      sframe,
      metadata: STREAM_METADATA[this.#stream],
      purpose: 'SFrame 1.0',
    });
    if (result.kind === 'repeated') {
      this.#counters.repeated++;
      return { kind: 'nothing' };
    }
    const plaintext =
      result.kind === 'opened' && this.#stream === 'audio' ? unpad(new Uint8Array(result.plaintext)) : null;
    if (result.kind !== 'opened' || (this.#stream === 'audio' && !plaintext)) {
      this.#counters.dropped[result.kind === 'opened' ? 'unauthenticated' : result.kind]++;
      return { kind: 'lost' };
    }
    this.#counters.decrypted++;
    return { kind: 'frame', frame: plaintext?.buffer ?? result.plaintext };
  }
}

type SframeResult =
  | { readonly kind: 'opened'; readonly plaintext: ArrayBuffer }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'malformed' | 'unknownKey' | 'waitedTooLong' | 'unauthenticated' };

async function openSframe(
  keys: FrameKeys,
  link: FrameLink,
  o: { readonly sframe: Bytes; readonly metadata: Bytes; readonly purpose: Purpose },
): Promise<SframeResult> {
  const header = readHeader(o.sframe);
  if (!header) return { kind: 'malformed' };
  const found = await find(keys, link, { header, purpose: o.purpose });
  if (found.kind !== 'key') return { kind: found.kind === 'refused' ? 'unknownKey' : 'waitedTooLong' };
  if (!found.replay.isFresh(header.ctr)) return { kind: 'repeated' };
  const plaintext = await decryptFrame(found.key, { header, metadata: o.metadata, frame: o.sframe });
  if (!plaintext) return { kind: 'unauthenticated' };
  // Checked again: a copy of the frame may have been decrypted in the meantime on another stream.
  if (!found.replay.isFresh(header.ctr)) return { kind: 'repeated' };
  found.replay.mark(header.ctr);
  found.proven = true;
  return { kind: 'opened', plaintext };
}

/** A frame of a newer epoch waits for its key, for a limited time. */
async function find(
  keys: FrameKeys,
  link: FrameLink,
  { header, purpose }: { readonly header: SframeHeader; readonly purpose: Purpose },
) {
  const found = await keys.lookup(link, header.kid, purpose, performance.now());
  if (found.kind !== 'unknown-newer') return found;
  await keys.nextEpoch(link, EPOCH_PATIENCE, performance.now());
  return keys.lookup(link, header.kid, purpose, performance.now());
}

/**
 * Encrypts a data channel message: the same construction with its own keys and counter, and padded, so that a relay does not learn the
 * length of a chat line.
 */
export async function sealData(keys: FrameKeys, data: Bytes): Promise<Bytes | null> {
  const plaintext = padMessage(data);
  const taken = plaintext && keys.take('consult-room v1 data');
  return taken && encryptFrame(taken.key, { ctr: taken.ctr, metadata: STREAM_METADATA.data, plaintext });
}

export async function openData(keys: FrameKeys, link: FrameLink, sframe: Bytes): Promise<Bytes | null> {
  const result = await openSframe(keys, link, {
    sframe,
    metadata: STREAM_METADATA.data,
    purpose: 'consult-room v1 data',
  });
  return result.kind === 'opened' ? unpad(new Uint8Array(result.plaintext)) : null;
}
