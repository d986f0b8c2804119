/**
 * Handles errors that the signalling server reports. Before a call runs they end the session. A running call needs no server (protocol.md
 * §9), and a hostile server must not end it by claiming that the room is full or the invite has expired: then the error is shown
 * beside the call, and takes effect only once nobody is connected any more.
 */
import { ERROR_CODES, type ErrorCode } from '../../errors.ts';
import type { RoomInput } from '../state/actions.ts';
import type { Participant } from '../state/state.ts';

export interface ServerErrorsOptions {
  state(): { readonly participants: readonly Pick<Participant, 'connection'>[] } | null;
  report(input: Extract<RoomInput, { type: 'failed' | 'problem' }>): void;
  /** Whether a host that has lost its seat becomes a guest once the others have followed the next host. */
  mayFollow(): boolean;
}

/** Milliseconds between two checks whether anybody is still connected. */
const CHECK_INTERVAL = 1_000;
/** Checks after which a host that nobody has left for another is told that the server gave its seat away. */
const FOLLOWS_WITHIN = 10;

export class ServerErrors {
  readonly #o: ServerErrorsOptions;
  /** The fatal error that waits for the end of the call. */
  #pending: { readonly code: ErrorCode; readonly detail?: string } | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(o: ServerErrorsOptions) {
    this.#o = o;
  }

  onServerError(code: ErrorCode, detail?: string): void {
    const error = { code, ...(detail === undefined ? {} : { detail }) };
    if (!ERROR_CODES[code].fatal) return this.#o.report({ type: 'problem', ...error });
    this.#pending = error;
    if (!this.#isCallRunning()) return this.check();
    // The room's own clock knows when the invite expires; only a host on another device is news.
    const shown = code === 'host-elsewhere' ? code : 'signaling-unreachable';
    let quiet = code === 'host-elsewhere' && this.#o.mayFollow() ? FOLLOWS_WITHIN : 0;
    if (quiet === 0) this.#o.report({ type: 'problem', code: shown });
    this.#timer ??= setInterval(() => {
      this.check();
      if (quiet > 0 && --quiet === 0) this.#o.report({ type: 'problem', code: shown });
    }, CHECK_INTERVAL);
  }

  /** Lets a pending error take effect if nobody is connected any more. */
  check(): void {
    if (this.#pending !== null && !this.#isCallRunning()) this.#o.report({ type: 'failed', ...this.#pending });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #isCallRunning(): boolean {
    const { participants = [] } = this.#o.state() ?? {};
    return participants.some(({ connection }) => connection === 'connected' || connection === 'interrupted');
  }
}
