/**
 * What a room remembers about its relay (protocol.md §10): the leaf keys its host admitted, and the nonces it gave out and
 * did not see again yet.
 */
import { randomBytes } from 'node:crypto';

/** Milliseconds between the nonce and its use: two browsers sign it in between, no person is asked any more. */
const NONCE_LIFETIME = 60_000;
/** Nonces open at a time: more than all pairs of nine people. */
const NONCES = 64;

export class RelayLedger {
  #keys: ReadonlySet<string> = new Set();
  /** Nonce → until when it is good, in milliseconds since the epoch. */
  readonly #nonces = new Map<string, number>();

  get keys(): number {
    return this.#keys.size;
  }

  get nonces(): ReadonlyMap<string, number> {
    return this.#nonces;
  }

  /** @param keys base64url, as on the wire */
  register(keys: readonly string[]): void {
    this.#keys = new Set(keys);
  }

  admits(key: string): boolean {
    return this.#keys.has(key);
  }

  /** @returns 32 bytes in base64url, or null when too many are open */
  issue(now: number): string | null {
    this.sweep(now);
    if (this.#nonces.size >= NONCES) return null;
    const nonce = randomBytes(32).toString('base64url');
    this.#nonces.set(nonce, now + NONCE_LIFETIME);
    return nonce;
  }

  /** Each nonce is good once, whatever comes of it. */
  spend(nonce: string, now: number): boolean {
    const until = this.#nonces.get(nonce);
    this.#nonces.delete(nonce);
    return until !== undefined && until > now;
  }

  sweep(now: number): void {
    for (const [nonce, until] of this.#nonces) if (until <= now) this.#nonces.delete(nonce);
  }
}
