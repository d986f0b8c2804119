/**
 * One run of the exchange behind a spoken code (protocol.md §14): CPace between the guest, who typed the code, and the host's page, which
 * shows it; then the guest proves its key, and only then the host hands the invite over. So the host knows of each wrong guess, and a run
 * that ends before the proof tells nobody anything.
 */
import { ConsultError } from '../../errors.ts';
import { decryptGcm, encryptGcm, importGcmKey } from '../aes-gcm.ts';
import { concat, equal, hkdfExpand, hkdfExtract, label, lp, random, utf8, type Bytes } from '../bytes.ts';
import { CPACE_MESSAGE, cpaceShare, sessionKey, type CpaceContext, type CpaceShare } from './cpace.ts';
import type { SpokenCode } from './spoken-code.ts';

/** First byte of each message. */
const KIND = { hello: 1, answer: 2, proof: 3, invite: 4, wrong: 5, usedUp: 6, busy: 7 } as const;
const SESSION = 16;
const PROOF = 48;
/** The key serves once. */
const NONCE = new Uint8Array(12);

/** Why the host hands nothing over; `left`: wrong codes until this one is void. */
export type CodeRefusal = { readonly reason: 'wrong'; readonly left: number } | { readonly reason: 'used-up' | 'busy' };

/** What both sides know of the code before a run. */
export interface CodeFacts {
  readonly code: SpokenCode;
  /** Of the page: a run that another site relays gives another key. */
  readonly origin: string;
}

interface Keys {
  readonly proof: Bytes;
  readonly invite: CryptoKey;
  readonly session: Bytes;
}

const about = (role: 'guest' | 'host', { code }: CodeFacts): Bytes =>
  concat(label(`code ${role}`), lp(utf8(code.locator)));

const contextOf = ({ code, origin }: CodeFacts, session: Bytes): CpaceContext => ({
  secret: utf8(code.secret),
  channel: concat(label('code'), lp(utf8(origin))),
  session,
});

const invalid = (detail: string): ConsultError => new ConsultError('message-invalid', { detail });

/** @returns what follows the first byte, where the message is of this kind and length */
function read(message: Uint8Array, kind: number, length: number): Uint8Array {
  if (message[0] !== kind || message.length !== 1 + length) throw invalid('code');
  return message.subarray(1);
}

async function keysOf(
  facts: CodeFacts,
  { context, share, theirs }: { context: CpaceContext; share: CpaceShare; theirs: Uint8Array },
  points: { readonly guest: Uint8Array; readonly host: Uint8Array },
): Promise<Keys> {
  const isk = await sessionKey(context, share, theirs, {
    initiator: { point: points.guest, about: about('guest', facts) },
    responder: { point: points.host, about: about('host', facts) },
  });
  const prk = await hkdfExtract(utf8('consult-room v1'), isk);
  const proof = await hkdfExpand(prk, label('code proof'), PROOF);
  const invite = await importGcmKey(await hkdfExpand(prk, label('code invite'), 32));
  return { proof, invite, session: context.session as Bytes };
}

const sealing = (session: Bytes) => ({ iv: NONCE, additionalData: concat(label('code invite'), session) });

/** The guest's side of one run. */
export class GuestRun {
  readonly #facts: CodeFacts;
  readonly #context: CpaceContext;
  readonly #share: CpaceShare;
  #keys: Keys | null = null;
  /** The first message. */
  readonly hello: Bytes;

  private constructor(facts: CodeFacts, context: CpaceContext, share: CpaceShare) {
    this.#facts = facts;
    this.#context = context;
    this.#share = share;
    this.hello = concat(Uint8Array.of(KIND.hello), context.session, share.point);
  }

  static async begin(facts: CodeFacts): Promise<GuestRun> {
    const context = contextOf(facts, random(SESSION));
    return new GuestRun(facts, context, await cpaceShare(context));
  }

  /**
   * @param answer to the hello
   * @returns the proof, to be sent
   * @throws {ConsultError} `message-invalid`, or the code of a refusal
   */
  async prove(answer: Uint8Array): Promise<Bytes> {
    refuse(answer);
    const host = read(answer, KIND.answer, CPACE_MESSAGE);
    if (this.#keys) throw invalid('second answer');
    const run = { context: this.#context, share: this.#share, theirs: host };
    this.#keys = await keysOf(this.#facts, run, { guest: this.#share.point, host });
    return concat(Uint8Array.of(KIND.proof), this.#keys.proof);
  }

  /**
   * @param answer to the proof
   * @returns the invite, as text
   * @throws {ConsultError} `code-wrong`, `code-used-up`, `code-busy`, `message-invalid`
   */
  async open(answer: Uint8Array): Promise<string> {
    refuse(answer);
    if (answer[0] !== KIND.invite || !this.#keys) throw invalid('code');
    const { invite, session } = this.#keys;
    const plain = await decryptGcm(invite, sealing(session), new Uint8Array(answer.subarray(1)));
    // Another than the host's page: it does not know the code either.
    if (!plain) throw new ConsultError('code-wrong');
    return new TextDecoder().decode(plain);
  }
}

/** Throws where the message is a refusal. */
function refuse(message: Uint8Array): void {
  if (message[0] === KIND.wrong) throw new ConsultError('code-wrong', { detail: `${String(message[1] ?? 0)} left` });
  if (message[0] === KIND.usedUp) throw new ConsultError('code-used-up');
  if (message[0] === KIND.busy) throw new ConsultError('code-busy');
}

/** The host's side of one run. */
export class HostRun {
  readonly #keys: Keys;
  /** The answer to the guest's hello. */
  readonly answer: Bytes;
  #state: 'open' | 'proved' | 'over' = 'open';

  private constructor(keys: Keys, point: Bytes) {
    this.#keys = keys;
    this.answer = concat(Uint8Array.of(KIND.answer), point);
  }

  /** @throws {ConsultError} `message-invalid` */
  static async begin(facts: CodeFacts, hello: Uint8Array): Promise<HostRun> {
    const content = read(hello, KIND.hello, SESSION + CPACE_MESSAGE);
    const [session, guest] = [new Uint8Array(content.subarray(0, SESSION)), content.subarray(SESSION)];
    const context = contextOf(facts, session);
    const share = await cpaceShare(context);
    const { point } = share;
    return new HostRun(await keysOf(facts, { context, share, theirs: guest }, { guest, host: point }), point);
  }

  /**
   * Whether the guest knows the code. Each run takes one proof.
   *
   * @throws {ConsultError} `message-invalid` for what is no proof, or a second one
   */
  verify(message: Uint8Array): boolean {
    const proof = read(message, KIND.proof, PROOF);
    if (this.#state !== 'open') throw invalid('second proof');
    const right = equal(proof, this.#keys.proof);
    this.#state = right ? 'proved' : 'over';
    return right;
  }

  /** @param invite as text. @throws {ConsultError} `message-invalid` before a right proof, or a second time */
  async seal(invite: string): Promise<Bytes> {
    if (this.#state !== 'proved') throw invalid('no proof');
    this.#state = 'over';
    const sealed = await encryptGcm(this.#keys.invite, sealing(this.#keys.session), utf8(invite));
    return concat(Uint8Array.of(KIND.invite), new Uint8Array(sealed));
  }
}

/** Whether a guest's message begins a run. */
export const isHello = (message: Uint8Array): boolean => message[0] === KIND.hello;

export function encodeRefusal(refusal: CodeRefusal): Bytes {
  if (refusal.reason === 'wrong') return Uint8Array.of(KIND.wrong, refusal.left);
  return Uint8Array.of(refusal.reason === 'used-up' ? KIND.usedUp : KIND.busy);
}
