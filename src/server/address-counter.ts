/** Counts connections per client network without keeping addresses [R12]. */
import { createHmac, randomBytes } from 'node:crypto';
import { isLoopback, networksOf } from './addresses.ts';

export interface Place {
  /**
   * Keyed hash of the client's network; null for loopback, which stands for everyone behind a proxy on this machine.
   */
  readonly network: string | null;
  /** Gives the place back. */
  leave(): void;
}

/** Keeps keyed hashes of networks; the key is made at start and never leaves the process. */
export class AddressCounter {
  readonly #key = randomBytes(32);
  readonly #counts = new Map<string, number>();
  readonly #maximum: number;

  /** @param maximum connections of one client network */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Hashes in use; each goes with the last connection of its network. */
  get size(): number {
    return this.#counts.size;
  }

  /**
   * Takes a place for one connection. Loopback is not counted: a proxy on this machine connects for everyone.
   *
   * @returns null where none is left
   */
  enter(address: string): Place | null {
    if (isLoopback(address)) return { network: null, leave: () => undefined };
    const networks = networksOf(address).map(({ name, share }) => ({ hash: this.#hash(name), share }));
    if (networks.some(({ hash, share }) => (this.#counts.get(hash) ?? 0) >= this.#maximum * share)) return null;
    for (const { hash } of networks) this.#counts.set(hash, (this.#counts.get(hash) ?? 0) + 1);
    const leave = (): void => {
      for (const { hash } of networks) this.#release(hash);
    };
    return { network: networks[0]?.hash ?? null, leave };
  }

  #hash(network: string): string {
    return createHmac('sha256', this.#key).update(network).digest('base64');
  }

  #release(hash: string): void {
    const left = (this.#counts.get(hash) ?? 1) - 1;
    if (left > 0) this.#counts.set(hash, left);
    else this.#counts.delete(hash);
  }
}
