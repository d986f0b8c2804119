/**
 * The question whether a relay may carry one pair (protocol.md §10) [R7] [R8] [R9]. Each side asks the other with a nonce of its
 * own and answers the other's; a relay is configured only after the own yes and the other's yes, by each client for itself.
 * The server's signature check keeps strangers from the relay; it decides nothing for the people.
 */
import { concat, equal, fromBase64Url, random, toBase64Url, type Bytes } from '../e2ee/bytes.ts';
import { signLeaf, verifyLeaf, type LeafKey } from '../e2ee/leaf-key.ts';
import { asConsultError, type ErrorCode } from '../errors.ts';
import type { RelayServer } from '../configuration.ts';
import type { RelayBroker } from '../signaling/channel.ts';
import type { RoomInput } from './inputs.ts';
import type { KnownMember } from './members.ts';
import type { Pair } from './pair.ts';
import type { Answer, RelayQuestion } from './state.ts';
import type { GroupContent, GroupMessage } from './wire.ts';

export interface RelayConsentOptions {
  readonly roomId: Uint8Array;
  /** Hash of the terms that both agree to, 48 bytes. */
  readonly terms: Bytes;
  readonly relays: readonly RelayServer[];
  readonly broker: RelayBroker | null;
  leafKey(): LeafKey | null;
  member(id: string): KnownMember | null;
  pair(id: string): Pair | null;
  tell(content: GroupContent, leaf: number): void;
  report(input: RoomInput): void;
  onProblem(code: ErrorCode): void;
}

interface Question {
  readonly ourNonce: Bytes;
  theirNonce: Bytes | null;
  ours: Answer;
  theirs: Answer;
  step: RelayQuestion['step'];
  /** The server's nonce that this side asked for and signs over. */
  serverNonce: Bytes | null;
}

export class RelayConsent {
  readonly #o: RelayConsentOptions;
  readonly #questions = new Map<string, Question>();

  constructor(o: RelayConsentOptions) {
    this.#o = o;
  }

  /** No direct path came up in time: this person is asked. The direct way is tried on behind the question. */
  needed(id: string): void {
    // Asked once: the other side may have noticed first, and an answer given is not asked for again.
    if (!this.#questions.has(id) && this.#o.relays.length > 0) this.#ask(id);
  }

  /** A direct path came up: there is nothing to ask any more. A granted relay stays until somebody withdraws it. */
  notNeeded(id: string): void {
    if (this.#questions.get(id)?.step !== 'asked') return;
    this.forget(id);
    this.#o.report({ type: 'relay', id, relay: { step: 'none' } });
  }

  answer(answer: Exclude<Answer, 'open'>, id?: string): void {
    for (const [other, question] of this.#questions) {
      if (question.step !== 'asked' || question.ours !== 'open' || (id !== undefined && id !== other)) continue;
      question.ours = answer;
      this.#tellAnswer(other, question);
      this.#settle(other, question);
    }
  }

  /** Closes every relayed path of ours at once, waiting for nobody. */
  async withdraw(): Promise<void> {
    for (const [id, question] of this.#questions) {
      if (question.step !== 'granted') continue;
      this.#end(id, question, 'withdrawn');
      const leaf = this.#o.member(id)?.leaf;
      if (leaf !== undefined) this.#o.tell({ type: 'relay-withdrawn', body: {} }, leaf);
      await this.#o.pair(id)?.withdrawRelay();
    }
  }

  /** Voids what is open with somebody who left, or who is somebody else now (§6). */
  forget(id: string): void {
    this.#questions.delete(id);
  }

  clear(): void {
    this.#questions.clear();
  }

  async receive(member: KnownMember, message: GroupMessage): Promise<void> {
    try {
      await this.#receive(member, message);
    } catch (error: unknown) {
      this.#o.onProblem(asConsultError(error, 'relay-credentials-refused').code);
    }
  }

  async #receive(member: KnownMember, message: GroupMessage): Promise<void> {
    const question = this.#questions.get(member.id);
    switch (message.type) {
      case 'relay-question':
        return this.#onQuestion(member.id, fromBase64Url(message.body.nonce), fromBase64Url(message.body.text));
      case 'relay-answer':
        if (question) this.#onAnswer(member.id, question, message.body);
        return;
      case 'relay-signature':
        if (question) await this.#onSignature(member, question, message.body);
        return;
      case 'relay-credentials':
        if (question?.step === 'granted') await this.#allow(member.id, message.body);
        return;
      case 'relay-withdrawn':
        if (question) this.#end(member.id, question, 'withdrawn');
        await this.#o.pair(member.id)?.withdrawRelay();
        return;
      default:
      // Not about a relay.
    }
  }

  #ask(id: string): Question {
    const question: Question = {
      ourNonce: random(32),
      theirNonce: null,
      ours: 'open',
      theirs: 'open',
      step: 'asked',
      serverNonce: null,
    };
    this.#questions.set(id, question);
    this.#tell(id, {
      type: 'relay-question',
      body: { nonce: toBase64Url(question.ourNonce), text: toBase64Url(this.#o.terms) },
    });
    this.#report(id, question);
    return question;
  }

  #onQuestion(id: string, nonce: Bytes, terms: Bytes): void {
    // People who were shown different relays cannot agree on one.
    if (!equal(terms, this.#o.terms)) return this.#o.onProblem('configuration-mismatch');
    const question = this.#questions.get(id) ?? this.#ask(id);
    // What both answered is not asked anew with another nonce.
    if (question.step === 'granted' || question.step === 'withdrawn') return;
    question.theirNonce = nonce;
    if (question.ours !== 'open') this.#tellAnswer(id, question);
  }

  #onAnswer(
    id: string,
    question: Question,
    { nonce, text, accept }: { nonce: string; text: string; accept: boolean },
  ): void {
    // An answer to no open question, or to another text, is no answer.
    if (
      question.step !== 'asked' ||
      !equal(fromBase64Url(nonce), question.ourNonce) ||
      !equal(fromBase64Url(text), this.#o.terms)
    )
      return;
    question.theirs = accept ? 'yes' : 'no';
    this.#settle(id, question);
  }

  #settle(id: string, question: Question): void {
    if (question.ours === 'no' || question.theirs === 'no') return this.#end(id, question, 'declined');
    if (question.ours !== 'yes' || question.theirs !== 'yes' || !question.theirNonce) return this.#report(id, question);
    question.step = 'granted';
    this.#report(id, question);
    // One of the two fetches for both: the one whose key comes first.
    if (this.#isFirst(id))
      void this.#fetch(id, question).catch((error: unknown) =>
        this.#o.onProblem(asConsultError(error, 'relay-credentials-refused').code),
      );
  }

  async #fetch(id: string, question: Question): Promise<void> {
    const { broker } = this.#o;
    if (!broker) return this.#o.onProblem('relay-credentials-refused');
    question.serverNonce = new Uint8Array(await broker.relayNonce());
    await this.#tellSignature(id, question, question.serverNonce);
  }

  async #onSignature(
    member: KnownMember,
    question: Question,
    body: { serverNonce: string; signature: string },
  ): Promise<void> {
    if (question.step !== 'granted') return;
    const serverNonce = fromBase64Url(body.serverNonce);
    const signature = fromBase64Url(body.signature);
    const fields = this.#fields(member.id, question, serverNonce);
    if (!fields || !(await verifyLeaf(member.signatureKey, 'relay', fields, signature)))
      return this.#o.onProblem('message-invalid');
    // The second signs what the first proposes; the first takes both to the server.
    if (!this.#isFirst(member.id)) return this.#tellSignature(member.id, question, serverNonce);
    if (!question.serverNonce || !equal(serverNonce, question.serverNonce)) return;
    await this.#redeem(member, question, { fields, signature, serverNonce });
  }

  async #redeem(
    member: KnownMember,
    question: Question,
    o: { readonly fields: readonly Uint8Array[]; readonly signature: Bytes; readonly serverNonce: Bytes },
  ): Promise<void> {
    const own = this.#o.leafKey();
    if (!own || !this.#o.broker || !question.theirNonce) return;
    const credentials = await this.#o.broker.relayCredentials({
      keys: [own.publicKey, member.signatureKey],
      nonces: [question.ourNonce, question.theirNonce],
      text: this.#o.terms,
      serverNonce: o.serverNonce,
      signatures: [await signLeaf(own, 'relay', o.fields), o.signature],
    });
    const { username, credential, expires } = credentials;
    this.#tell(member.id, { type: 'relay-credentials', body: { username, credential, expires } });
    await this.#allow(member.id, { username, credential });
  }

  /** Only the relays that the configuration declares, whatever anybody sends. */
  async #allow(id: string, { username, credential }: { username: string; credential: string }): Promise<void> {
    if (this.#questions.get(id)?.step !== 'granted') return;
    await this.#o.pair(id)?.allowRelay(this.#o.relays.map(({ urls }) => ({ urls, username, credential })));
  }

  #tellAnswer(id: string, { theirNonce, ours }: Question): void {
    if (!theirNonce) return;
    const body = { nonce: toBase64Url(theirNonce), text: toBase64Url(this.#o.terms), accept: ours === 'yes' };
    this.#tell(id, { type: 'relay-answer', body });
  }

  async #tellSignature(id: string, question: Question, serverNonce: Bytes): Promise<void> {
    const own = this.#o.leafKey();
    const fields = this.#fields(id, question, serverNonce);
    if (!own || !fields) return;
    const signature = toBase64Url(await signLeaf(own, 'relay', fields));
    this.#tell(id, { type: 'relay-signature', body: { serverNonce: toBase64Url(serverNonce), signature } });
  }

  /** roomId, both keys in ascending order, their nonces in the same order, terms, server nonce: as the server checks them. */
  #fields(id: string, { ourNonce, theirNonce }: Question, serverNonce: Bytes): readonly Uint8Array[] | null {
    const own = this.#o.leafKey()?.publicKey;
    const their = this.#o.member(id)?.signatureKey;
    if (!own || !their || !theirNonce) return null;
    const ordered = this.#isFirst(id) ? [own, their, ourNonce, theirNonce] : [their, own, theirNonce, ourNonce];
    return [this.#o.roomId, ...ordered, this.#o.terms, serverNonce];
  }

  #isFirst(id: string): boolean {
    const own = this.#o.leafKey()?.publicKey;
    const their = this.#o.member(id)?.signatureKey;
    return !!own && !!their && toHex(own) < toHex(their);
  }

  #tell(id: string, content: GroupContent): void {
    const leaf = this.#o.member(id)?.leaf;
    if (leaf !== undefined) this.#o.tell(content, leaf);
  }

  #end(id: string, question: Question, step: 'declined' | 'withdrawn'): void {
    question.step = step;
    this.#report(id, question);
  }

  #report(id: string, { step, ours, theirs }: Question): void {
    this.#o.report({ type: 'relay', id, relay: step === 'asked' ? { step, ours, theirs } : { step } });
  }
}

function toHex(bytes: Uint8Array): string {
  return [...concat(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
