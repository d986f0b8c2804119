/**
 * The host's signed answers to a knock (protocol.md §2, §4): the Welcome, the refusal, that an admission failed, that the room is locked. They name the key package and
 * the nonce of the knock, so that no one else can give them and no other knock can use them.
 */
import { sha384 } from '../../e2ee/bytes.ts';
import { signHost } from '../../e2ee/admission/host-key.ts';
import { admitFields } from '../../e2ee/admission/admit-signature.ts';
import type { HostHello } from '../../e2ee/admission/hello.ts';
import { toBase64Url } from '../../util/base64url.ts';
import { BoundedMap } from '../../util/bounded-map.ts';
import { Throttle } from '../../util/throttle.ts';
import type { SealedMessage } from '../messages/messages.ts';
import type { SealedTransport } from '../messages/sealed-transport.ts';
import type { Waiting } from './waiting-list.ts';
import { REJECTIONS } from './lobby.ts';

/** Answers kept: more than a room has places, and a Welcome is long. */
const ANSWERS_KEPT = 32;
/** Milliseconds between two copies of one answer: anyone with the link can request them endlessly. */
const ANSWER_EVERY = 2_000;

export interface SignedAnswersOptions {
  readonly hostKey: CryptoKey;
  readonly roomId: Uint8Array;
  readonly hello: HostHello;
  readonly transport: Pick<SealedTransport, 'send'>;
}

export class SignedAnswers {
  readonly #o: SignedAnswersOptions;
  /** Seal session and key package → what decided the knock, for a guest whose connection was lost just then. */
  readonly #decided = new BoundedMap<string, SealedMessage>(ANSWERS_KEPT);
  readonly #throttle = new Throttle(ANSWER_EVERY);

  constructor(o: SignedAnswersOptions) {
    this.#o = o;
  }

  async welcome({ session, knock }: Waiting, welcome: Uint8Array, epoch: bigint): Promise<void> {
    const { roomId, hello, hostKey, transport } = this.#o;
    const { hostSession, groupId } = hello;
    const { guestNonce, info } = knock;
    const welcomeHash = await sha384(welcome);
    const fields = admitFields({ roomId, hostSession, groupId, epoch, ref: info.ref, guestNonce, welcomeHash });
    const message: SealedMessage = {
      type: 'welcome',
      welcome: toBase64Url(welcome),
      epoch: Number(epoch),
      ref: toBase64Url(info.ref),
      signature: toBase64Url(await signHost(hostKey, 'admit', fields)),
    };
    this.#decided.set(keyOf(session, info.ref), message);
    await transport.send(session, message);
  }

  refuse(waiting: Waiting): Promise<void> {
    return this.#reject(waiting, 'refused');
  }

  /** The group could not take the key package. */
  fail(waiting: Waiting): Promise<void> {
    return this.#reject(waiting, 'failed');
  }

  /** The room is locked. The same knock counts again once it is not. */
  async lock(waiting: Waiting): Promise<void> {
    const { session, knock } = waiting;
    this.#throttle.run(keyOf(session, knock.info.ref), () => void this.#reject(waiting, 'locked'));
  }

  async #reject({ session, knock }: Waiting, type: keyof typeof REJECTIONS): Promise<void> {
    const { roomId, hello, hostKey, transport } = this.#o;
    const { guestNonce, info } = knock;
    const purpose = REJECTIONS[type];
    const signature = await signHost(hostKey, purpose, [roomId, hello.hostSession, info.ref, guestNonce]);
    const message: SealedMessage = { type, ref: toBase64Url(info.ref), signature: toBase64Url(signature) };
    // A locked room decides nothing: the same knock counts later.
    if (type !== 'locked') this.#decided.set(keyOf(session, info.ref), message);
    await transport.send(session, message);
  }

  /**
   * A knock that was decided already is repeated when its answer was lost.
   *
   * @returns whether there is an answer to it, which is then sent again
   */
  resend(session: string, ref: Uint8Array): boolean {
    const key = keyOf(session, ref);
    const message = this.#decided.get(key);
    if (message) this.#throttle.run(key, () => void this.#o.transport.send(session, message));
    return message !== undefined;
  }

  close(): void {
    this.#throttle.close();
  }
}

const keyOf = (session: string, ref: Uint8Array): string => `${session} ${toBase64Url(ref)}`;
