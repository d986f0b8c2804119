/**
 * Sealed signalling (protocol.md §8): hides from the server who sends what outside the group, and grants no trust.
 *
 * Envelope: version (1) ‖ type (1) ‖ senderSession (32) ‖ recipientSession (32, zeros for everyone) ‖ counter (12) ‖
 * AES-256-GCM ciphertext. All before the ciphertext, with the room id, is additional authenticated data; the counter is the
 * nonce. A session is 32 random bytes per page load, and gives its own key: no key and nonce can meet twice.
 */
import { ConsultError } from '../errors.ts';
import { decryptGcm, encryptGcm, importGcmKey } from './aes-gcm.ts';
import { toBase64Url } from '../util/base64url.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { concat, equal, hkdfExpand, label, lp, random, utf8, type Bytes } from './bytes.ts';
import type { RoomKeys } from './admission/invite-token.ts';
import { padMessage, unpad } from './padding.ts';

/** 2: the suite of draft-ietf-hpke-pq, whose keys have other lengths. */
const VERSION = 2;
const HEADER = 1 + 1 + 32 + 32 + 12;
const TAG = 16;
/** Seal sessions whose counters are kept. A room sees more only in a flood. */
const SESSIONS_LIMIT = 1024;
const EVERYONE: Bytes = new Uint8Array(32);

export type OpenedSeal =
  | { readonly kind: 'opened'; readonly type: number; readonly sender: Bytes; readonly plaintext: Bytes }
  /**
   * For another recipient, our own, or not after what its sender sent before. Not an error: what was still under way on a connection when
   * its sender replaced it may come after what went over the next one, back to the sender too.
   */
  | { readonly kind: 'other' };

export class Seal {
  /** 32 bytes. */
  readonly session: Bytes = random(32);
  readonly #keys: RoomKeys;
  readonly #own: Promise<CryptoKey>;
  readonly #senders = new Map<string, { readonly key: CryptoKey; last: bigint }>();
  readonly #opening = new SerialQueue();
  #counter = 0n;

  constructor(keys: RoomKeys) {
    this.#keys = keys;
    this.#own = sessionKey(keys.sealRoot, this.session);
  }

  /**
   * @param type 1 to 255
   * @param recipient a seal session of 32 bytes, or everyone
   * @throws {ConsultError} `argument-invalid` where the plaintext exceeds the largest class
   */
  async seal(type: number, recipient: Uint8Array | 'everyone', plaintext: Uint8Array): Promise<Bytes> {
    const counter = ++this.#counter;
    const to = recipient === 'everyone' ? EVERYONE : recipient;
    const header = concat(Uint8Array.of(VERSION, type), this.session, to, nonceOf(counter));
    const key = await this.#own;
    const data = padMessage(plaintext);
    if (!data) throw new ConsultError('argument-invalid', { detail: 'too long for a seal' });
    const parameters = { iv: nonceOf(counter), additionalData: this.#authenticated(header) };
    return concat(header, new Uint8Array(await encryptGcm(key, parameters, data)));
  }

  /**
   * Opens envelopes one after another, in the order of the calls: WebCrypto may finish a later one first, and those before it would
   * count as old.
   *
   * @throws {ConsultError} `message-invalid` for what is damaged or not of this room
   */
  open(envelope: Uint8Array): Promise<OpenedSeal> {
    return this.#opening.run(() => this.#open(envelope));
  }

  async #open(envelope: Uint8Array): Promise<OpenedSeal> {
    if (envelope.length < HEADER + TAG + 1 || envelope[0] !== VERSION) throw invalid('envelope');
    const header = envelope.slice(0, HEADER);
    const to = header.subarray(34, 66);
    const sender = header.slice(2, 34);
    const isForUs = equal(to, EVERYONE) || equal(to, this.session);
    if (!isForUs || equal(sender, this.session)) return { kind: 'other' };
    const iv = header.slice(66, HEADER);
    const counter = counterOf(iv);
    const name = toBase64Url(sender);
    const known = this.#senders.get(name) ?? { key: await sessionKey(this.#keys.sealRoot, sender), last: 0n };
    if (counter <= known.last) return { kind: 'other' };
    const plaintext = await this.#decrypt(known.key, { iv, header, ciphertext: envelope.slice(HEADER) });
    known.last = counter;
    this.#remember(name, known);
    const unpadded = unpad(plaintext);
    if (!unpadded) throw invalid('padding');
    return { kind: 'opened', type: header[1] ?? 0, sender, plaintext: unpadded };
  }

  async #decrypt(
    key: CryptoKey,
    o: { readonly iv: Bytes; readonly header: Bytes; readonly ciphertext: Bytes },
  ): Promise<Bytes> {
    const parameters = { iv: o.iv, additionalData: this.#authenticated(o.header) };
    const opened = await decryptGcm(key, parameters, o.ciphertext);
    if (!opened) throw invalid('seal');
    return new Uint8Array(opened);
  }

  /**
   * Keeps a session only after an authentic envelope, and never drops one: its old envelopes would pass as new. At the limit, further
   * sessions are refused.
   */
  #remember(name: string, known: { readonly key: CryptoKey; last: bigint }): void {
    if (!this.#senders.has(name) && this.#senders.size >= SESSIONS_LIMIT) throw invalid('too many sessions');
    this.#senders.set(name, known);
  }

  #authenticated(header: Uint8Array): Bytes {
    return concat(label('seal'), lp(this.#keys.roomId), header);
  }
}

async function sessionKey(sealRoot: Uint8Array, session: Uint8Array): Promise<CryptoKey> {
  const raw = await hkdfExpand(sealRoot, concat(utf8('consult-room v1 seal'), session), 32);
  return importGcmKey(raw);
}

function nonceOf(counter: bigint): Bytes {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setBigUint64(4, counter);
  return bytes;
}

function counterOf(nonce: Uint8Array): bigint {
  const view = new DataView(nonce.buffer, nonce.byteOffset, nonce.byteLength);
  return (BigInt(view.getUint32(0)) << 64n) | view.getBigUint64(4);
}

const invalid = (detail: string): ConsultError => new ConsultError('message-invalid', { detail });
