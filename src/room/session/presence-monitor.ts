/**
 * Detects lost participants: neither connected directly nor present on the signalling channel for the policy's grace time. A reload or
 * a short loss of network is shorter than that; a closed laptop is not (protocol.md §9).
 */
import type { Participant, Role } from '../state/state.ts';

export interface PresenceMonitorOptions {
  readonly graceSeconds: number;
  readonly role: Role;
  participants(): readonly Pick<Participant, 'id' | 'host' | 'connection'>[];
  /** Whether a participant is on the signalling channel now. */
  isPresent(id: string): boolean;
  onLost(id: string): void;
  /** A participant that was lost is present again. */
  onBack(id: string): void;
}

/** Milliseconds between two checks. */
const CHECK_INTERVAL = 1_000;

export class PresenceMonitor {
  readonly #o: PresenceMonitorOptions;
  readonly #lastSeen = new Map<string, number>();
  readonly #lost = new Set<string>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(o: PresenceMonitorOptions) {
    this.#o = o;
    this.#timer = setInterval(() => this.check(performance.now()), CHECK_INTERVAL);
  }

  /** @param now milliseconds of `performance.now()` */
  check(now: number): void {
    const monitored = this.#monitored();
    for (const known of [this.#lastSeen, this.#lost])
      for (const id of known.keys()) if (!monitored.some((one) => one.id === id)) known.delete(id);
    for (const { id, present } of monitored) {
      if (present && this.#lost.delete(id)) this.#o.onBack(id);
      if (present || !this.#lastSeen.has(id)) this.#lastSeen.set(id, now);
      else if (now - (this.#lastSeen.get(id) ?? now) > this.#o.graceSeconds * 1000) {
        this.#lastSeen.delete(id);
        this.#lost.add(id);
        this.#o.onLost(id);
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** The host monitors everyone; a guest monitors the host only. */
  #monitored(): readonly { readonly id: string; readonly present: boolean }[] {
    const { role, participants, isPresent } = this.#o;
    return participants()
      .filter(({ host }) => role === 'host' || host)
      .map(({ id, connection }) => ({ id, present: connection === 'connected' || isPresent(id) }));
  }
}
