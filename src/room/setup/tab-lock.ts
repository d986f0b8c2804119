/**
 * One session, one tab. A tab that the browser duplicates takes the reload record along; it must not take the session
 * over from the tab that holds it, unasked and with the same keys. A Web Lock, which the browser frees with its tab,
 * tells the two apart.
 */
import { concat, label, sha384, utf8 } from '../../e2ee/bytes.ts';
import { toBase64Url } from '../../util/base64url.ts';

/** Milliseconds that a tab which is being reloaded may need to let go. */
const LETTING_GO = 2_000;

/** Locks of this tab by name: a room that is replaced by another one in the same page leaves it the lock. */
const held = new Map<string, () => void>();

/** Only a hash of the invite is seen by other pages of the origin. */
export async function lockName(token: string): Promise<string> {
  const hash = await sha384(concat(label('tab'), utf8(token)));
  return `consult-room ${toBase64Url(hash.slice(0, 16))}`;
}

export class TabLock {
  readonly #token: string;
  #released = false;

  /** @param token the invite */
  constructor(token: string) {
    this.#token = token;
  }

  /**
   * @returns whether no other tab holds the session; true also where the browser has no locks, or none for this page
   */
  async acquire(): Promise<boolean> {
    const name = await lockName(this.#token);
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
    void lockName(this.#token).then((name) => {
      held.get(name)?.();
      held.delete(name);
    });
  }
}
