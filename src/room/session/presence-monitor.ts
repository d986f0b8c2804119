/**
 * Who is lost: neither connected directly nor seen on the signalling channel for the policy's grace time. A reload or a dead
 * spot is shorter than that; a closed laptop is not (protocol.md §9).
 */

import type { Participant, Role } from '../state/state.ts';

export interface PresenceMonitorOptions {
  readonly graceSeconds: number;
  readonly role: Role;
  participants(): readonly Participant[];
  /** Whether somebody is on the signalling channel now. */
  isPresent(id: string): boolean;
  onLost(id: string): void;
}

/** How often it is looked, in milliseconds. */
const LOOK_EVERY = 1_000;

export class PresenceMonitor {
  readonly #o: PresenceMonitorOptions;
  readonly #lastSeen = new Map<string, number>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(o: PresenceMonitorOptions) {
    this.#o = o;
    this.#timer = setInterval(() => this.#look(performance.now()), LOOK_EVERY);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(now: number): void {
    const watched = this.#watched();
    for (const id of this.#lastSeen.keys()) if (!watched.some((one) => one.id === id)) this.#lastSeen.delete(id);
    for (const { id, present } of watched) {
      if (present || !this.#lastSeen.has(id)) this.#lastSeen.set(id, now);
      else if (now - (this.#lastSeen.get(id) ?? now) > this.#o.graceSeconds * 1000) {
        this.#lastSeen.delete(id);
        this.#o.onLost(id);
      }
    }
  }

  /** The host looks after everyone; a guest only after the host. */
  #watched(): readonly { readonly id: string; readonly present: boolean }[] {
    const { role, participants, isPresent } = this.#o;
    return participants()
      .filter(({ host }) => role === 'host' || host)
      .map(({ id, connection }) => ({ id, present: connection === 'connected' || isPresent(id) }));
  }
}
