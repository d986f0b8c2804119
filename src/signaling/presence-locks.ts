/**
 * Who is there, told by Web Locks: each window holds a lock named after itself, and the browser lets it go even when the
 * window dies. Better than messages, which a dead window cannot send.
 */
import type { ChannelPeer } from './channel.ts';

/** Milliseconds in which what a peer sent before it left may still arrive: locks overtake messages. */
const LAST_WORDS = 250;

export class PresenceLocks {
  readonly #room: string;
  /** Aborted at the end: gives back what is held and forgets what is waited for. */
  readonly #end = new AbortController();

  /** @param room a name for the room that tells nothing about it */
  constructor(room: string) {
    this.#room = room;
  }

  /** Shows `self` to all who ask, until {@link end}. */
  async show(self: ChannelPeer): Promise<void> {
    await this.#hold(`${this.#room} ${self.host ? 'host' : 'guest'} ${self.id}`, {});
  }

  /**
   * Takes the one seat of the host.
   *
   * @param how `steal` takes it from another window
   * @param lost called when another window has taken it
   * @returns whether it was to be had
   */
  takeSeat(how: 'ask' | 'steal', lost: () => void): Promise<boolean> {
    return this.#hold(`${this.#room} seat`, how === 'steal' ? { steal: true } : { ifAvailable: true }, lost);
  }

  /** Everyone who is there, oneself included. */
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
        setTimeout(() => this.#end.signal.aborted || left(), LAST_WORDS);
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
