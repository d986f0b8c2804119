/**
 * The consent of two participants to a relay between them (protocol.md §10) [R7] [R8] [R9]. Each side sends a question
 * with a nonce of its own and answers the other side's question. Each client counts for itself, and configures a relay
 * only after both its own yes and the other's. The signatures that the server checks (`relay-credentials.ts`) keep
 * strangers from the relay; they do not replace this decision.
 *
 * There is no link while the question is open, so its messages take signalling alone, and each of them can be lost: a
 * side that lacks something asks again under the same nonce, and every repeated question is answered again.
 */
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import { equal, random, type Bytes } from '../../e2ee/bytes.ts';
import type { UsableRelay } from '../../peer/connection.ts';
import type { RoomInput } from '../state/actions.ts';
import type { KnownMember } from '../group/members.ts';
import { RelayCredentialExchange, type RelayCredentialExchangeOptions } from './relay-credentials.ts';
import type { Answer, RelayQuestion } from '../state/state.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import type { GroupContent, GroupMessage } from '../messages/messages.ts';

/** What the consent decides about: the links of the mesh, by participant id. */
export interface RelayLinks {
  allowRelay(id: string, relays: readonly UsableRelay[]): void;
  withdrawRelay(id: string): void;
  stopRetrying(id: string): void;
  goDirect(id: string): void;
}

/** Milliseconds between two copies of a question that the other side has not answered. */
const REPEAT_EVERY = 10_000;

export interface RelayConsentOptions extends Omit<RelayCredentialExchangeOptions, 'consent' | 'allow' | 'onMissing'> {
  /** Milliseconds between two copies of an unanswered question; default 10,000. */
  readonly repeatEvery?: number;
  member(id: string): KnownMember | null;
  links(): RelayLinks;
  /** Whether a direct path to this participant is in use. */
  isDirect(id: string): boolean;
  report(input: RoomInput): void;
}

/** The state of the question between us and one participant. */
interface Question {
  readonly ourNonce: Bytes;
  theirNonce: Bytes | null;
  ours: Answer;
  theirs: Answer;
  step: RelayQuestion['step'];
  direct: 'unknown' | 'found' | 'used';
}

export class RelayConsent {
  readonly #o: RelayConsentOptions;
  readonly #questions = new Map<string, Question>();
  readonly #credentials: RelayCredentialExchange;
  /** Runs while there are unanswered questions. */
  #repeating: ReturnType<typeof setInterval> | undefined;

  constructor(o: RelayConsentOptions) {
    this.#o = o;
    this.#credentials = new RelayCredentialExchange({
      ...o,
      consent: (id) => {
        const { step, ourNonce, theirNonce } = this.#questions.get(id) ?? {};
        return step === 'granted' && ourNonce && theirNonce ? { ourNonce, theirNonce } : null;
      },
      allow: (id, relays) => o.links().allowRelay(id, relays),
      onMissing: (id) => o.report({ type: 'attempt-failed', id, attempts: 1 }),
    });
  }

  /** No direct path was found in time, so the participants are asked. The link keeps trying meanwhile. */
  needed(id: string): void {
    // Only one question at a time: the other side may have asked first, and an answer stays an answer.
    if (!this.#questions.has(id) && this.#o.relays.length > 0) this.#ask(id);
  }

  /** A direct path was found, so an open question is void. A granted relay stays until a participant withdraws it. */
  notNeeded(id: string): void {
    if (this.#questions.get(id)?.step === 'asked') this.#reset(id);
  }

  isGranted(id: string): boolean {
    return this.#questions.get(id)?.step === 'granted';
  }

  /** @param id answers this participant's question; without it, every open one */
  answer(answer: Exclude<Answer, 'open'>, id?: string): void {
    for (const [other, question] of this.#questions) {
      if (question.step !== 'asked' || question.ours !== 'open' || (id !== undefined && id !== other)) continue;
      question.ours = answer;
      this.#sendAnswer(other, question);
      this.#settle(other, question);
    }
  }

  /** Withdraws every consent: closes our relayed links immediately, before any participant is informed. */
  async withdraw(): Promise<void> {
    for (const [id, question] of this.#questions) {
      if (question.step !== 'granted') continue;
      this.#end(id, question, 'withdrawn');
      this.#send(id, { type: 'relay-withdrawn', body: {} });
    }
  }

  /** What is known about a direct path beside the relay. */
  noteDirect(id: string, direct: Question['direct']): void {
    const question = this.#questions.get(id);
    if (question?.step !== 'granted' || question.direct === direct) return;
    question.direct = direct;
    this.#report(id, question);
  }

  /** Switches to the direct paths that were found beside relays; the consents end with the relays. */
  goDirect(): void {
    for (const [id, question] of this.#questions) {
      if (question.step !== 'granted' || question.direct === 'unknown') continue;
      this.#send(id, { type: 'relay-released', body: {} });
      this.#release(id);
    }
  }

  /** Signalling is back: either side may have missed the other's messages, and credentials may be due. */
  onOnline(): void {
    for (const id of this.#questions.keys()) this.repeat(id);
    this.#credentials.onOnline();
  }

  /** This participant may have missed what we said last. */
  repeat(id: string): void {
    const question = this.#questions.get(id);
    if (!question) return;
    if (question.step === 'withdrawn') return this.#send(id, { type: 'relay-withdrawn', body: {} });
    if (question.step === 'asked') this.#sendQuestion(id, question);
    if (question.ours !== 'open') this.#sendAnswer(id, question);
  }

  /** The link did not come up. With a relay it should have: the other side may no longer consent, and we missed it. */
  onAttemptFailed(id: string): void {
    const question = this.#questions.get(id);
    if (question?.step === 'granted') this.#sendQuestion(id, question);
  }

  /** Drops the question with a participant who left, or whose key is another one now (§6). */
  forget(id: string): void {
    this.#questions.delete(id);
    this.#credentials.forget(id);
  }

  clear(): void {
    this.#endRepeating();
    this.#questions.clear();
    this.#credentials.clear();
  }

  async receive(member: KnownMember, message: GroupMessage): Promise<void> {
    try {
      await this.#receive(member, message);
    } catch (error: unknown) {
      this.#o.onProblem(codeOfHandlerError(error));
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
      case 'relay-credentials':
        // The other side counts on a consent that has ended here: it missed that.
        if (!question) return this.#send(member.id, { type: 'relay-released', body: {} });
        if (question.step === 'withdrawn') return this.repeat(member.id);
        return this.#credentials.receive(member, message);
      case 'relay-withdrawn':
        if (question) this.#end(member.id, question, 'withdrawn');
        return;
      case 'relay-released':
        if (question?.step === 'granted') this.#release(member.id);
        return;
      default:
      // Every other message concerns another part of the session.
    }
  }

  #ask(id: string): Question {
    const question: Question = {
      ourNonce: random(32),
      theirNonce: null,
      ours: 'open',
      theirs: 'open',
      step: 'asked',
      direct: 'unknown',
    };
    this.#questions.set(id, question);
    this.#sendQuestion(id, question);
    this.#repeating ??= setInterval(() => this.#repeatUnanswered(), this.#o.repeatEvery ?? REPEAT_EVERY);
    this.#report(id, question);
    return question;
  }

  #repeatUnanswered(): void {
    const unanswered = [...this.#questions].filter(([, { step, theirs }]) => step === 'asked' && theirs === 'open');
    if (unanswered.length === 0) this.#endRepeating();
    for (const [id, question] of unanswered) this.#sendQuestion(id, question);
  }

  #endRepeating(): void {
    clearInterval(this.#repeating);
    this.#repeating = undefined;
  }

  #onQuestion(id: string, nonce: Bytes, terms: Bytes): void {
    // Participants who were shown different relays cannot consent to the same one.
    if (!equal(terms, this.#o.terms)) return this.#o.onProblem('configuration-mismatch');
    const known = this.#questions.get(id);
    if (known?.step === 'withdrawn') return this.repeat(id);
    const isRepeated = !!known?.theirNonce && equal(nonce, known.theirNonce);
    // Who asks anew has ended the consent, and the message that says so was lost: ours ends too.
    if (known?.step === 'granted' && !isRepeated) this.#release(id);
    // It was asked before the direct path was there, and has come after: it is void, and who asked finds that path as well.
    if (!this.#questions.has(id) && this.#o.isDirect(id)) return;
    const question = this.#questions.get(id) ?? this.#ask(id);
    // An answered question is not repeated with another nonce: the earlier yes would count as an answer to the new
    // question. A no may.
    if (question.step === 'declined' && !isRepeated && question.ours !== 'no') return;
    question.theirNonce = nonce;
    if (question.ours === 'open') return;
    this.#sendAnswer(id, question);
    // Their answer may have come before their question did.
    if (question.step === 'asked') this.#settle(id, question);
    else if (question.step === 'granted') this.#credentials.hurry(id);
  }

  #onAnswer(
    id: string,
    question: Question,
    { nonce, text, accept }: { nonce: string; text: string; accept: boolean },
  ): void {
    // Only an answer to our open question and to the same terms counts.
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
    const member = this.#o.member(id);
    if (member) this.#credentials.begin(member);
  }

  #release(id: string): void {
    this.#reset(id);
    this.#o.links().goDirect(id);
  }

  #reset(id: string): void {
    this.forget(id);
    this.#o.report({ type: 'relay', id, relay: { step: 'none' } });
  }

  #sendQuestion(id: string, { ourNonce }: Question): void {
    const body = { nonce: toBase64Url(ourNonce), text: toBase64Url(this.#o.terms) };
    this.#send(id, { type: 'relay-question', body });
  }

  #sendAnswer(id: string, { theirNonce, ours }: Question): void {
    if (!theirNonce) return;
    const body = { nonce: toBase64Url(theirNonce), text: toBase64Url(this.#o.terms), accept: ours === 'yes' };
    this.#send(id, { type: 'relay-answer', body });
  }

  #send(id: string, content: GroupContent): void {
    const leaf = this.#o.member(id)?.leaf;
    if (leaf !== undefined) this.#o.send(content, leaf);
  }

  #end(id: string, question: Question, step: 'declined' | 'withdrawn'): void {
    question.step = step;
    this.#credentials.forget(id);
    // Our own link ends first, whether or not the other side gets the message.
    if (step === 'withdrawn') this.#o.links().withdrawRelay(id);
    else this.#o.links().stopRetrying(id);
    this.#report(id, question);
  }

  #report(id: string, question: Question): void {
    this.#o.report({ type: 'relay', id, relay: stateOf(question) });
  }
}

function stateOf({ step, ours, theirs, direct }: Question): RelayQuestion {
  if (step === 'asked') return { step, ours, theirs };
  return step === 'granted' && direct !== 'unknown' ? { step, direct } : { step };
}
