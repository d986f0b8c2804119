/**
 * Stands for the consent to a relay (protocol.md §10) until its code is there, which is loaded while nothing else is to be done, or else when a
 * direct path is missing: most pairs never need it. Nothing here allows a relay, so without that code there is none.
 */
import type { ErrorCode } from '../../errors.ts';
import { part } from '../../util/part.ts';
import { untilLoaded } from '../../util/until-loaded.ts';
import type { KnownMember } from '../group/members.ts';
import type { GroupMessage } from '../messages/messages.ts';
import type { Relaying, RelayingParts } from './relaying.ts';
import type { SessionOptions } from './session-options.ts';

/** @throws {ConsultError} `part-unavailable` */
export const loadRelaying = part(() => import('./relaying.ts'));

/** Messages of others kept until the code is there. Questions are repeated, so the last ones are enough. */
const RECEIVED_KEPT = 64;

export interface LateRelayingOptions {
  /** Rejects where the code cannot be loaded; it is tried again. */
  load(): Promise<Relaying>;
  onProblem(code: ErrorCode): void;
}

export class LateRelaying {
  readonly #o: LateRelayingOptions;
  /** Null before it is there: then there is no question to answer, and no relay to leave. */
  whole: Relaying | null = null;
  #loading = false;
  /** Participants without a direct path. */
  readonly #needed = new Set<string>();
  #received: (readonly [member: KnownMember, message: GroupMessage])[] = [];

  constructor(o: LateRelayingOptions) {
    this.#o = o;
  }

  /** No direct path was found in time. */
  needed(id: string): void {
    if (this.whole) return this.whole.consent.needed(id);
    this.#needed.add(id);
    void this.#load();
  }

  notNeeded(id: string): void {
    this.#needed.delete(id);
    this.whole?.consent.notNeeded(id);
  }

  /** @param member the verified sender */
  receive(member: KnownMember, message: GroupMessage): void {
    if (this.whole) return void this.whole.consent.receive(member, message);
    this.#received = [...this.#received, [member, message] as const].slice(-RECEIVED_KEPT);
    void this.#load();
  }

  /** Drops the question with a participant who left, or whose key is another one now (protocol.md §6). */
  forget(id: string): void {
    this.#needed.delete(id);
    this.#received = this.#received.filter(([member]) => member.id !== id);
    this.whole?.consent.forget(id);
  }

  clear(): void {
    this.#needed.clear();
    this.#received = [];
    this.whole?.consent.clear();
  }

  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    const whole = await untilLoaded(
      () => this.#o.load(),
      () => this.#o.onProblem('part-unavailable'),
    );
    this.whole = whole;
    // A question that has come is answered; asking on our own would be a second one.
    for (const [member, message] of this.#received.splice(0)) void whole.consent.receive(member, message);
    for (const id of this.#needed) whole.consent.needed(id);
    this.#needed.clear();
  }
}

export function lateRelayingOf(o: SessionOptions, parts: RelayingParts): LateRelaying {
  return new LateRelaying({
    load: async () => (await loadRelaying()).relayingOf(o, parts),
    onProblem: (code) => parts.onProblem(code),
  });
}
