/**
 * Presence by Web Locks: each window holds a lock named after itself, which the browser releases even when the window
 * crashes. A crashed window could send no message.
 */
import type { ChannelPeer } from './channel.ts';

/** Milliseconds for the last messages of a peer that left: releases of locks overtake messages. */
const LAST_MESSAGES = 250;

export class PresenceLocks {
  readonly #room: string;
  /** Aborted at the end: releases held locks and drops pending requests. */
  readonly #end = new AbortController();

  /** @param room a name that reveals nothing about the room */
  constructor(room: string) {
    this.#room = room;
  }

  /** Makes `self` visible to the other windows until {@link end}. */
  async show(self: ChannelPeer): Promise<void> {
    await this.#hold(`${this.#room} ${self.host ? 'host' : 'guest'} ${self.id}`, {});
  }

  /**
   * Takes the one seat of the host.
   *
   * @param how `steal` takes it from another window
   * @param lost called when another window has taken it
   * @returns whether it was free
   */
  takeSeat(how: 'ask' | 'steal', lost: () => void): Promise<boolean> {
    return this.#hold(`${this.#room} seat`, how === 'steal' ? { steal: true } : { ifAvailable: true }, lost);
  }

  /** All present peers, including ourselves. */
  async others(): Promise<readonly ChannelPeer[]> {
    const { held = [] } = await navigator.locks.query();
    return held.flatMap(({ name = '' }) => {
      const rest = name.startsWith(`${this.#room} `) ? name.slice(this.#room.length + 1) : '';
      const [role, id] = rest.split(' ');
      return id !== undefined && (role === 'host' || role === 'guest') ? [{ id, host: role === 'host' }] : [];
    });
  }

  /** Calls `left` once the peer's window is gone. */
  watch(peer: ChannelPeer, left: () => void): void {
    const name = `${this.#room} ${peer.host ? 'host' : 'guest'} ${peer.id}`;
    navigator.locks
      .request(name, { signal: this.#end.signal }, () => {
        setTimeout(() => this.#end.signal.aborted || left(), LAST_MESSAGES);
      })
      .catch((error: unknown) => this.#ended(error));
  }

  end(): void {
    this.#end.abort();
  }

  #hold(name: string, options: LockOptions, lost: () => void = () => undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      navigator.locks
        .request(name, options, (lock) => {
          resolve(lock !== null);
          if (lock && !this.#end.signal.aborted)
            return new Promise<void>((release) => this.#end.signal.addEventListener('abort', () => release()));
          return undefined;
        })
        // A stolen lock rejects (Web Locks §4.4).
        .catch((error: unknown) => (isAbort(error) ? lost() : reject(error as Error)));
    });
  }

  #ended(error: unknown): void {
    if (!isAbort(error)) throw error;
  }
}

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
