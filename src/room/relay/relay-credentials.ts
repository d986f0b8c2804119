/**
 * Obtains credentials for a relay that two participants consented to (protocol.md §10). The server issues them for two
 * signatures over both participants' nonces and one of its own: one side fetches, the other signs. They expire after
 * minutes and are renewed while the consent lasts, because a restarted relay requires valid ones.
 */
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import { concat, equal, type Bytes } from '../../e2ee/bytes.ts';
import { signLeaf, verifyLeaf, type LeafKey } from '../../e2ee/mls/leaf-key.ts';
import type { ErrorCode } from '../../errors.ts';
import type { RelayServer } from '../../configuration.ts';
import type { UsableRelay } from '../../peer/connection.ts';
import type { RelayBroker } from '../../signaling/channel.ts';
import { CREDENTIAL_LIFETIME } from '../../wire/wire-parts.ts';
import type { KnownMember } from '../group/members.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import type { GroupContent, GroupMessage } from '../messages/messages.ts';

export interface RelayCredentialExchangeOptions {
  readonly roomId: Uint8Array;
  /** Hash of the terms that both consented to, 48 bytes. */
  readonly terms: Bytes;
  readonly relays: readonly RelayServer[];
  readonly broker: RelayBroker | null;
  /** Milliseconds from receipt until credentials are renewed; default four fifths of their lifetime. */
  readonly renewAfter?: number;
  leafKey(): LeafKey | null;
  /** The nonces of a valid consent; null without one. */
  consent(id: string): ConsentNonces | null;
  send(content: GroupContent, leaf: number): void;
  allow(id: string, relays: readonly UsableRelay[]): void;
  onProblem(code: ErrorCode): void;
  /** No credentials came: the relay cannot be used now. */
  onMissing(id: string): void;
}

/** Each side's nonce, as named in the other's answer. */
export interface ConsentNonces {
  readonly ourNonce: Bytes;
  readonly theirNonce: Bytes;
}

type Body<T extends GroupMessage['type']> = Extract<GroupMessage, { type: T }>['body'];

/**
 * Milliseconds from receipt until credentials are renewed. Their own end is a time of the server's clock, which this
 * device's clock may not match.
 */
const RENEW_AFTER = CREDENTIAL_LIFETIME * 0.8;
/** Milliseconds until the next attempt, when the server or the other side did not answer. */
const RETRY_AFTER = 20_000;

/** `retry`: something that was sent has no answer; `renew`: the credentials become old. */
type Purpose = 'retry' | 'renew';

interface Timer {
  readonly purpose: Purpose;
  readonly act: () => void;
  readonly id: ReturnType<typeof setTimeout>;
  /** When it was set and how long it waits, in milliseconds; one of the clocks may stop while the device sleeps. */
  readonly set: { readonly wall: number; readonly steady: number };
  readonly wait: number;
}

export class RelayCredentialExchange {
  readonly #o: RelayCredentialExchangeOptions;
  readonly #timers = new Map<string, Timer>();
  /** The server's nonce that this side fetched, by participant id. */
  readonly #serverNonces = new Map<string, Bytes>();
  /** What this side obtained last, and for which nonce, by participant id: the message that carries it may be lost. */
  readonly #obtained = new Map<string, { readonly serverNonce: Bytes; readonly body: Body<'relay-credentials'> }>();

  constructor(o: RelayCredentialExchangeOptions) {
    this.#o = o;
  }

  /** Both consented: the side with the lower key fetches for both. */
  begin(member: KnownMember): void {
    if (!this.#isFirst(member)) return;
    void this.#fetch(member).catch((error: unknown) => {
      this.#o.onProblem(codeOfHandlerError(error));
      this.#o.onMissing(member.id);
      this.#schedule(member, 'retry');
    });
  }

  async receive(member: KnownMember, message: GroupMessage): Promise<void> {
    if (message.type === 'relay-signature') await this.#onSignature(member, message.body);
    if (message.type !== 'relay-credentials') return;
    // Only the other side renews them.
    if (!this.#isFirst(member)) this.#endTimer(member.id);
    this.#allow(member, message.body);
  }

  /**
   * Signalling is back, perhaps after sleep: repeats what may have been lost, and renews what is due by either clock,
   * where a timer may have stopped.
   */
  onOnline(): void {
    const due = [...this.#timers.values()].filter(
      ({ purpose, set, wait }) =>
        purpose === 'retry' || Math.max(Date.now() - set.wall, performance.now() - set.steady) >= wait,
    );
    for (const { act } of due) act();
  }

  /** The other side has missed something: repeats what has no answer yet. */
  hurry(id: string): void {
    const timer = this.#timers.get(id);
    if (timer?.purpose === 'retry') timer.act();
  }

  /** The consent is no longer valid. */
  forget(id: string): void {
    this.#endTimer(id);
    this.#serverNonces.delete(id);
    this.#obtained.delete(id);
  }

  clear(): void {
    for (const all of [this.#timers, this.#serverNonces, this.#obtained]) for (const id of all.keys()) this.forget(id);
  }

  #endTimer(id: string): void {
    clearTimeout(this.#timers.get(id)?.id);
    this.#timers.delete(id);
  }

  #schedule(member: KnownMember, purpose: Purpose, act = (): void => this.begin(member)): void {
    this.#endTimer(member.id);
    if (!this.#o.consent(member.id)) return;
    const wait = purpose === 'retry' ? RETRY_AFTER : (this.#o.renewAfter ?? RENEW_AFTER);
    const set = { wall: Date.now(), steady: performance.now() };
    this.#timers.set(member.id, { purpose, act, id: setTimeout(act, wait), wait, set });
  }

  async #fetch(member: KnownMember): Promise<void> {
    const { broker } = this.#o;
    if (!broker) return this.#o.onProblem('relay-credentials-refused');
    const serverNonce = new Uint8Array(await broker.relayNonce());
    this.#serverNonces.set(member.id, serverNonce);
    await this.#sendSignature(member, serverNonce);
    // The other side may not answer.
    this.#schedule(member, 'retry');
  }

  async #onSignature(member: KnownMember, body: Body<'relay-signature'>): Promise<void> {
    const serverNonce = fromBase64Url(body.serverNonce);
    const signature = fromBase64Url(body.signature);
    const fields = this.#fields(member, serverNonce);
    if (!fields) return;
    if (!(await verifyLeaf(member.signatureKey, 'relay', fields, signature)))
      return this.#o.onProblem('message-invalid');
    // The other side signs the nonce that the first one fetched; the first one submits both signatures.
    if (!this.#isFirst(member)) return this.#sign(member, serverNonce);
    const obtained = this.#obtained.get(member.id);
    if (obtained && equal(serverNonce, obtained.serverNonce))
      return this.#o.send({ type: 'relay-credentials', body: obtained.body }, member.leaf);
    const asked = this.#serverNonces.get(member.id);
    if (!asked || !equal(serverNonce, asked)) return;
    this.#serverNonces.delete(member.id);
    await this.#redeem(member, { fields, signature, serverNonce });
  }

  async #redeem(
    member: KnownMember,
    o: { readonly fields: readonly Uint8Array[]; readonly signature: Bytes; readonly serverNonce: Bytes },
  ): Promise<void> {
    const own = this.#o.leafKey();
    const consent = this.#o.consent(member.id);
    if (!own || !this.#o.broker || !consent) return;
    const { username, credential, expires } = await this.#o.broker.relayCredentials({
      keys: [own.publicKey, member.signatureKey],
      nonces: [consent.ourNonce, consent.theirNonce],
      text: this.#o.terms,
      serverNonce: o.serverNonce,
      signatures: [await signLeaf(own, 'relay', o.fields), o.signature],
    });
    const body = { username, credential, expires };
    this.#obtained.set(member.id, { serverNonce: o.serverNonce, body });
    this.#o.send({ type: 'relay-credentials', body }, member.leaf);
    this.#allow(member, body);
    this.#schedule(member, 'renew');
  }

  /** Allows the relays that the configuration declares, and no other, whatever the server or the other side sends. */
  #allow({ id }: KnownMember, { username, credential }: { username: string; credential: string }): void {
    if (!this.#o.consent(id)) return;
    this.#o.allow(
      id,
      this.#o.relays.map(({ urls }) => ({ urls, username, credential })),
    );
  }

  /** Signs the nonce that the other side fetched, again as long as no credentials come. */
  async #sign(member: KnownMember, serverNonce: Bytes): Promise<void> {
    this.#schedule(member, 'retry', () => {
      void this.#sign(member, serverNonce).catch((error: unknown) => this.#o.onProblem(codeOfHandlerError(error)));
    });
    await this.#sendSignature(member, serverNonce);
  }

  async #sendSignature(member: KnownMember, serverNonce: Bytes): Promise<void> {
    const own = this.#o.leafKey();
    const fields = this.#fields(member, serverNonce);
    if (!own || !fields) return;
    const signature = toBase64Url(await signLeaf(own, 'relay', fields));
    const body = { serverNonce: toBase64Url(serverNonce), signature };
    this.#o.send({ type: 'relay-signature', body }, member.leaf);
  }

  /**
   * The signed fields as the server checks them: roomId, both keys in ascending order, their nonces in that order,
   * terms, server nonce.
   */
  #fields(member: KnownMember, serverNonce: Bytes): readonly Uint8Array[] | null {
    const own = this.#o.leafKey()?.publicKey;
    const consent = this.#o.consent(member.id);
    if (!own || !consent) return null;
    const { ourNonce, theirNonce } = consent;
    const their = member.signatureKey;
    const ordered = this.#isFirst(member) ? [own, their, ourNonce, theirNonce] : [their, own, theirNonce, ourNonce];
    return [this.#o.roomId, ...ordered, this.#o.terms, serverNonce];
  }

  #isFirst({ signatureKey }: KnownMember): boolean {
    const own = this.#o.leafKey()?.publicKey;
    return !!own && toHex(own) < toHex(signatureKey);
  }
}

function toHex(bytes: Uint8Array): string {
  return [...concat(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
