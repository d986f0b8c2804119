/** What one connection, room or address may use, so that nobody can take the others' share. */
import { createHmac, randomBytes } from 'node:crypto';
import { MESSAGE_LIMIT } from '../wire/wire-parts.ts';

/** Where the limit per address looks; behind a proxy of one's own, its `X-Forwarded-For`. */
export type AddressSource = 'connection' | 'x-forwarded-for';

export interface Limits {
  /** Connections over all rooms. */
  readonly connections: number;
  readonly rooms: number;
  /** Guests of one room; the host has a seat of its own beside them. */
  readonly guests: number;
  /** Connections from one address; loopback is not counted, since a proxy on this machine speaks for everybody. */
  readonly connectionsPerAddress: number;
  /** Messages in one burst, and then per second. */
  readonly messageBurst: number;
  readonly messagesPerSecond: number;
  /** Bytes in one burst, and then per second; a message to everyone counts once for each receiver. */
  readonly byteBurst: number;
  readonly bytesPerSecond: number;
  /** Bytes of one message. */
  readonly messageBytes: number;
  /** Bytes waiting for a receiver before it is given up as too slow. */
  readonly bufferedBytes: number;
  /** Milliseconds from the connection to a seat. */
  readonly joinWithin: number;
  /** Milliseconds between two WebSocket pings; who answers none of two is gone. */
  readonly pingEvery: number;
  /** Milliseconds that an old host connection has to answer when a new one asks for its seat. */
  readonly probeWithin: number;
  /** Milliseconds between two looks at the deletion clock. */
  readonly sweepEvery: number;
}

export const DEFAULT_LIMITS: Limits = {
  connections: 4000,
  rooms: 1000,
  guests: 32,
  connectionsPerAddress: 128,
  messageBurst: 400,
  messagesPerSecond: 100,
  byteBurst: 8 * 1024 * 1024,
  bytesPerSecond: 2 * 1024 * 1024,
  messageBytes: MESSAGE_LIMIT,
  bufferedBytes: 4 * 1024 * 1024,
  joinWithin: 10_000,
  pingEvery: 30_000,
  probeWithin: 2_000,
  sweepEvery: 10_000,
};

/** Counts connections per address without keeping addresses: keyed hashes, the key is made at start and never leaves [R12]. */
export class AddressCounter {
  readonly #key = randomBytes(32);
  readonly #counts = new Map<string, number>();
  readonly #maximum: number;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Hashes in use; gone with the last connection of each address. */
  get size(): number {
    return this.#counts.size;
  }

  /** @returns gives the place back, or null where there is none left */
  enter(address: string): (() => void) | null {
    if (isLoopback(address)) return () => undefined;
    const hash = createHmac('sha256', this.#key).update(networkOf(address)).digest('base64');
    const count = this.#counts.get(hash) ?? 0;
    if (count >= this.#maximum) return null;
    this.#counts.set(hash, count + 1);
    return () => {
      const left = (this.#counts.get(hash) ?? 1) - 1;
      if (left > 0) this.#counts.set(hash, left);
      else this.#counts.delete(hash);
    };
  }
}

export const isLoopback = (address: string): boolean => /^(?:::ffff:)?127\.|^::1$/u.test(address);

/** An IPv6 customer has a whole /64: counting single addresses would count nothing. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const filled = [...groups, ...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest];
  return filled
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}
