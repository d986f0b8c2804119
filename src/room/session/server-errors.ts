/**
 * What the signalling server says against us. To somebody who waits it is the end. A running call needs no server (protocol.md §9),
 * and a hostile one must not end it by claiming that the time is over or the room full: there it is told beside the call, and
 * holds only once nobody is left to talk to.
 */
import { ERROR_CODES, type ErrorCode } from '../../errors.ts';
import type { RoomInput } from '../state/actions.ts';
import type { Participant } from '../state/state.ts';

export interface ServerErrorsOptions {
  state(): { readonly participants: readonly Pick<Participant, 'connection'>[] } | null;
  report(input: Extract<RoomInput, { type: 'failed' | 'problem' }>): void;
}

/** How often it is looked whether somebody is still there, in milliseconds. */
const LOOK_EVERY = 1_000;

export class ServerErrors {
  readonly #o: ServerErrorsOptions;
  #said: ErrorCode | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(o: ServerErrorsOptions) {
    this.#o = o;
  }

  hear(code: ErrorCode): void {
    if (!ERROR_CODES[code].fatal) return this.#o.report({ type: 'problem', code });
    this.#said = code;
    if (!this.#isTalking()) return this.look();
    // The true end of an invite is known here by its own clock; only the other device of the host is news.
    this.#o.report({ type: 'problem', code: code === 'host-elsewhere' ? code : 'signaling-unreachable' });
    this.#timer ??= setInterval(() => this.look(), LOOK_EVERY);
  }

  /** Looks again whether somebody is there to talk to. */
  look(): void {
    if (this.#said !== null && !this.#isTalking()) this.#o.report({ type: 'failed', code: this.#said });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #isTalking(): boolean {
    const { participants = [] } = this.#o.state() ?? {};
    return participants.some(({ connection }) => connection === 'connected' || connection === 'interrupted');
  }
}
