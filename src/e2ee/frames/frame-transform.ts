/**
 * Encrypts and decrypts single frames (protocol.md §7), and fails closed in both directions. Independent of workers and streams, so that
 * it can be tested and measured alone.
 */
import { codecHeader, codecHeaderLength, STREAM_METADATA, type FrameStream } from './envelope.ts';
import { splitKid, type FrameKeys, type FrameLink } from './frame-keys.ts';
import type { StreamCounters } from './worker-messages.ts';
import { AudioPadding, padMessage, unpad } from '../padding.ts';
import { decryptFrame, encryptFrame, readHeader, type Purpose, type SframeHeader } from './sframe.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * How long what is of a newer epoch waits for the key, in milliseconds: a frame is worth nothing later, a message would come again after
 * as long (`room/mesh/outbox.ts`).
 */
export const EPOCH_PATIENCE: Readonly<Record<Purpose, number>> = { 'SFrame 1.0': 300, 'consult-room v1 data': 5_000 };

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
    const taken = this.#keys.takeMedia();
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

/** What is of a newer epoch waits for its key, for a limited time. */
async function find(
  keys: FrameKeys,
  link: FrameLink,
  { header, purpose }: { readonly header: SframeHeader; readonly purpose: Purpose },
) {
  const limit = EPOCH_PATIENCE[purpose];
  for (;;) {
    const found = await keys.lookup(link, header.kid, purpose, performance.now());
    // Of an epoch that is two ahead, the next one is not enough.
    if (found.kind !== 'unknown-newer' || !(await keys.nextEpoch(link, { purpose, limit, now: performance.now() })))
      return found;
  }
}

/**
 * Encrypts a data channel message: the same construction with its own keys and counter, and padded, so that a relay does not learn the
 * length of a chat line.
 */
export async function sealData(keys: FrameKeys, data: Bytes): Promise<Bytes | null> {
  const plaintext = padMessage(data);
  const taken = plaintext && (await keys.takeData());
  return taken && encryptFrame(taken.key, { ctr: taken.ctr, metadata: STREAM_METADATA.data, plaintext });
}

/**
 * @returns `unreadable` where the key is gone, or did not come in time: nobody's fault, and the message comes again. `refused` for what no
 *   member sends by right
 */
export async function openData(
  keys: FrameKeys,
  link: FrameLink,
  sframe: Bytes,
): Promise<Bytes | 'unreadable' | 'refused'> {
  const result = await openSframe(keys, link, {
    sframe,
    metadata: STREAM_METADATA.data,
    purpose: 'consult-room v1 data',
  });
  switch (result.kind) {
    case 'opened':
      return unpad(new Uint8Array(result.plaintext)) ?? 'refused';
    case 'unknownKey':
    case 'waitedTooLong':
      return isOfLeaf(sframe, link.leaf) ? 'unreadable' : 'refused';
    default:
      return 'refused';
  }
}

function isOfLeaf(sframe: Bytes, leaf: number): boolean {
  const header = readHeader(sframe);
  return header !== null && splitKid(header.kid).leaf === leaf;
}
