/**
 * One session, one tab. A tab that the browser duplicates takes the reload record along; it must not take the session
 * over from the tab that holds it, unasked and with the same keys. A Web Lock, which the browser frees with its tab,
 * tells the two apart.
 */
import { random } from '../../e2ee/bytes.ts';
import { toBase64Url } from '../../util/base64url.ts';
import { patience } from '../../util/patience.ts';

/**
 * Milliseconds that a tab which is being reloaded may need to let go: the page before ends in its own time, on a busy device seconds after this
 * one began. Only a duplicate waits as long.
 */
const LETTING_GO = 6_000;

/** Gives a lock back. */
type Release = () => void;

/**
 * Locks of this tab by name, asked for or held; null where another tab holds it. A room that is replaced by another one
 * in the same page leaves it the lock: also where the browser has not answered yet, or the second one would wait for the
 * first.
 */
const held = new Map<string, Promise<Release | null>>();

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
   * @param within milliseconds that another tab has to let go
   * @returns whether no other tab holds the session; true also where the browser has no locks, or none for this page
   */
  async acquire(within = LETTING_GO): Promise<boolean> {
    const name = lockName(this.tab);
    const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
    if (!locks || this.#released) return true;
    let asked = held.get(name);
    if (!asked) {
      asked = ask(locks, name, within);
      held.set(name, asked);
    }
    const release = await asked;
    // Asked again next time: the other tab may be closed by then.
    if (!release && held.get(name) === asked) held.delete(name);
    return release !== null;
  }

  release(): void {
    this.#released = true;
    const name = lockName(this.tab);
    const asked = held.get(name);
    held.delete(name);
    void asked?.then((release) => release?.());
  }
}

/** @returns null where another tab did not let go in time */
async function ask(locks: LockManager, name: string, within: number): Promise<Release | null> {
  return new Promise((resolve) => {
    const waiting = new AbortController();
    const stop = patience(within, () => waiting.abort());
    const answer = (release: Release | null): void => {
      stop();
      resolve(release);
    };
    const granted = (): Promise<void> => new Promise((release) => answer(release));
    locks.request(name, { signal: waiting.signal }, granted).catch(() => {
      // Unless it waited in vain it was refused altogether, as in a page without an origin: nothing to give back.
      answer(waiting.signal.aborted ? null : () => undefined);
    });
  });
}
