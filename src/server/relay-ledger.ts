/**
 * What a room remembers about its relay (protocol.md §10): the leaf keys its host admitted, and the nonces it gave
 * out and did not see again yet.
 */
import { randomBytes } from 'node:crypto';

/** Milliseconds between the nonce and its use: two browsers sign it in between, no person is asked any more. */
const NONCE_LIFETIME = 60_000;
/** Nonces that one seat may hold open: one for each other person of the largest room. */
const NONCES_PER_SEAT = 8;

interface OpenNonce {
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Id of the seat that asked for it. */
  readonly seat: string;
}

// Most rooms never use the relay: what is empty is shared.
const NO_KEYS: ReadonlySet<string> = new Set();
const NO_NONCES: ReadonlyMap<string, OpenNonce> = new Map();

export class RelayLedger {
  #keys = NO_KEYS;
  #stamp = 0;
  #nonces: Map<string, OpenNonce> | null = null;

  get keys(): ReadonlySet<string> {
    return this.#keys;
  }

  /** Reading of the room's logical clock when the keys were registered. */
  get stamp(): number {
    return this.#stamp;
  }

  get nonces(): ReadonlyMap<string, OpenNonce> {
    return this.#nonces ?? NO_NONCES;
  }

  /**
   * @param keys base64url, as on the wire
   * @param stamp of the room's logical clock: an older registration that comes late changes nothing
   */
  register(keys: readonly string[], stamp: number): void {
    if (stamp < this.#stamp) return;
    this.#stamp = stamp;
    this.#keys = new Set(keys);
  }

  admits(key: string): boolean {
    return this.#keys.has(key);
  }

  /** @returns 32 bytes in base64url, or null when the seat holds too many open */
  issue(seat: string, now: number): string | null {
    this.sweep(now);
    this.#nonces ??= new Map();
    const held = [...this.#nonces.values()].filter((open) => open.seat === seat).length;
    if (held >= NONCES_PER_SEAT) return null;
    const nonce = randomBytes(32).toString('base64url');
    this.#nonces.set(nonce, { until: now + NONCE_LIFETIME, seat });
    return nonce;
  }

  /** A seat that is left takes its open nonces along, so that rejoining cannot pile them up. */
  forget(seat: string): void {
    for (const [nonce, open] of this.nonces) if (open.seat === seat) this.#nonces?.delete(nonce);
  }

  /**
   * Each nonce is good once, whatever comes of it, and for the seat that asked for it: others in the group read it
   * too.
   */
  spend(nonce: string, seat: string, now: number): boolean {
    const open = this.nonces.get(nonce);
    if (open?.seat !== seat) return false;
    this.#nonces?.delete(nonce);
    return open.until > now;
  }

  sweep(now: number): void {
    for (const [nonce, { until }] of this.nonces) if (until <= now) this.#nonces?.delete(nonce);
  }
}
