/**
 * One session, one tab. A tab that the browser duplicates takes the reload record along; it must not take the session
 * over from the tab that holds it, unasked and with the same keys. A Web Lock, which the browser frees with its tab,
 * tells the two apart.
 */
import { random } from '../../e2ee/bytes.ts';
import { toBase64Url } from '../../util/base64url.ts';

/** Milliseconds that a tab which is being reloaded may need to let go. */
const LETTING_GO = 2_000;

/** Locks of this tab by name: a room that is replaced by another one in the same page leaves it the lock. */
const held = new Map<string, () => void>();

/** Other pages of the origin see the name; it says nothing. */
export const lockName = (tab: string): string => `consult-room ${tab}`;

export class TabLock {
  /** Stands for this tab and its session, in the reload record too: a duplicate shares it, a second opening of a link does not. */
  readonly tab: string;
  #released = false;

  /** @param tab of the reload record; empty for a new session */
  constructor(tab = '') {
    this.tab = tab === '' ? toBase64Url(random(16)) : tab;
  }

  /**
   * @returns whether no other tab holds the session; true also where the browser has no locks, or none for this page
   */
  async acquire(): Promise<boolean> {
    const name = lockName(this.tab);
    const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
    if (!locks || held.has(name) || this.#released) return true;
    return new Promise((resolve) => {
      const granted = (): Promise<void> =>
        new Promise((release) => {
          held.set(name, release);
          if (this.#released) this.release();
          resolve(true);
        });
      locks.request(name, { signal: AbortSignal.timeout(LETTING_GO) }, granted).catch((error: unknown) => {
        const waitedInVain = error instanceof DOMException && /^(?:Timeout|Abort)Error$/u.test(error.name);
        resolve(!waitedInVain);
      });
    });
  }

  release(): void {
    this.#released = true;
    const name = lockName(this.tab);
    held.get(name)?.();
    held.delete(name);
  }
}
