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

/** Loopback is not counted. */
const UNCOUNTED: Place = { network: null, leave: () => undefined };

/** Keeps keyed hashes of networks; the key never leaves the process, or the processes that share it. */
export class AddressCounter {
  readonly #key: Uint8Array;
  readonly #counts = new Map<string, number>();
  readonly #maximum: number;
  readonly #elsewhere: (hash: string) => number;

  /**
   * @param maximum connections of one client network
   * @param shared for several processes: the key that all use, and the connections that a network has elsewhere
   */
  constructor(
    maximum: number,
    { key, elsewhere }: { readonly key?: Uint8Array | null; elsewhere?(hash: string): number } = {},
  ) {
    this.#maximum = maximum;
    this.#key = key ?? randomBytes(32);
    this.#elsewhere = elsewhere ?? (() => 0);
  }

  /** Hashes in use; each goes with the last connection of its network. */
  get size(): number {
    return this.#counts.size;
  }

  /** The networks with the most connections, by their hashes. */
  busiest(most: number): readonly (readonly [hash: string, connections: number])[] {
    return [...this.#counts].sort(([, one], [, other]) => other - one).slice(0, most);
  }

  /** Whether {@link enter} would find no place now. */
  isFull(address: string): boolean {
    return (
      !isLoopback(address) &&
      networksOf(address).some(({ name, share }) => this.#of(this.#hash(name)) >= this.#maximum * share)
    );
  }

  /**
   * Takes a place for one connection. Loopback is not counted: a proxy on this machine connects for everyone.
   *
   * @returns null where none is left
   */
  enter(address: string): Place | null {
    if (isLoopback(address)) return UNCOUNTED;
    const networks = networksOf(address).map(({ name, share }) => ({ hash: this.#hash(name), share }));
    if (networks.some(({ hash, share }) => this.#of(hash) >= this.#maximum * share)) return null;
    for (const { hash } of networks) this.#counts.set(hash, (this.#counts.get(hash) ?? 0) + 1);
    const leave = (): void => {
      for (const { hash } of networks) this.#release(hash);
    };
    return { network: networks[0]?.hash ?? null, leave };
  }

  #of(hash: string): number {
    return (this.#counts.get(hash) ?? 0) + this.#elsewhere(hash);
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
