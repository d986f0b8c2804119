/**
 * Where a guest who typed a spoken code meets the host's page (protocol.md §14): a room whose id is the code's locator. The server relays
 * opaque messages between the host and each guest, and guests do not see one another.
 */
import { randomBytes } from 'node:crypto';
import { BoundedMap } from '../util/bounded-map.ts';
import { TokenBucket } from '../util/token-bucket.ts';
import type { ServerErrorCode, ServerMessage } from '../wire/wire.ts';
import type { CodeAttempt } from './backplane/process-messages.ts';
import type { Hub } from './hub.ts';
import type { Limits } from './limits.ts';
import { codeRoomOf, type RoomEntry, type Seat } from './room-entry.ts';
import { textOf } from './text-frame.ts';

/** All locators, so that none is forgotten for another. */
const LOCATORS = 32_768;
const NETWORKS = 16_384;

/** Bounds the attempts with codes, by locator and by client network, so that nobody voids codes in bulk, or looks where hosts are. */
export class CodeAttempts {
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #onTaken: (attempt: CodeAttempt) => void;
  readonly #locators = new BoundedMap<string, Used>(LOCATORS);
  readonly #networks = new BoundedMap<string, Used>(NETWORKS);

  /** @param onTaken for several processes: tells the others, which {@link learn} of it */
  constructor(limits: Limits, now: () => number, onTaken: (attempt: CodeAttempt) => void = () => undefined) {
    this.#limits = limits;
    this.#now = now;
    this.#onTaken = onTaken;
  }

  /** Forgets what has no effect any more: a bucket that was not used for as long as it takes to fill [R12]. */
  sweep(): void {
    const { codeBurst, codePerSecond, codeBurstPerNetwork, codePerSecondPerNetwork } = this.#limits;
    const now = this.#now();
    forget(this.#locators, now - (codeBurst / codePerSecond) * 1000);
    forget(this.#networks, now - (codeBurstPerNetwork / codePerSecondPerNetwork) * 1000);
  }

  /** Locators and networks that it remembers. */
  get size(): number {
    return this.#locators.size + this.#networks.size;
  }

  /** Call for the join and each message of a guest; a try has one and two. @returns whether it may pass */
  take(room: string, network: string | null): boolean {
    const passes = this.#take(room, network);
    // One that is refused takes nothing, here or elsewhere.
    if (passes) this.#onTaken({ room, network });
    return passes;
  }

  /** An attempt at another process. */
  learn({ room, network }: CodeAttempt): void {
    this.#take(room, network);
  }

  #take(room: string, network: string | null): boolean {
    const { codeBurst, codePerSecond, codeBurstPerNetwork, codePerSecondPerNetwork } = this.#limits;
    const now = this.#now();
    if (network !== null) {
      const own =
        this.#networks.get(network)?.bucket ?? new TokenBucket(codeBurstPerNetwork, codePerSecondPerNetwork, now);
      this.#networks.set(network, { bucket: own, at: now });
      if (!own.take(1, now)) return false;
    }
    const bucket = this.#locators.get(room)?.bucket ?? new TokenBucket(codeBurst, codePerSecond, now);
    this.#locators.set(room, { bucket, at: now });
    return bucket.take(1, now);
  }
}

interface Used {
  readonly bucket: TokenBucket;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

function forget(entries: Map<string, Used>, before: number): void {
  for (const [key, { at }] of entries) if (at < before) entries.delete(key);
}

interface CodeSeat {
  readonly seat: Seat;
  /** Null while it is being asked for. */
  room: RoomEntry | null;
}

export interface HostCodeOptions {
  readonly hub: Hub;
  /** @param message to the host's client */
  post(message: ServerMessage): void;
  /** The host's seat in its room. */
  readonly seat: Seat;
  /** Its room, proven. */
  readonly room: RoomEntry;
}

/** The host's second seat: in the room of its code, on the same connection as the one in its own room. */
export class HostCode {
  readonly #o: HostCodeOptions;
  #current: CodeSeat | null = null;

  constructor(o: HostCodeOptions) {
    this.#o = o;
  }

  /** Takes the seat, in place of one at another locator; the client reads `joined`, or why not. */
  async open(locator: string): Promise<void> {
    this.close();
    const { hub, room } = this.#o;
    const current: CodeSeat = { seat: this.#seat(), room: null };
    this.#current = current;
    const id = codeRoomOf(locator);
    await hub.arrive(id, current.seat);
    // Another message, or the end of the connection, came meanwhile.
    if (this.#current !== current || !room.proof) return hub.depart(id);
    const taken = await hub.joinHost(id, current.seat, {
      proof: { ...room.proof, since: 0, leads: 'host-key' },
      takeover: 'ask',
    });
    if (typeof taken === 'string') {
      hub.depart(id);
      if (this.#current === current) this.#lose(taken);
      return;
    }
    if (this.#current !== current) return hub.leave(id, current.seat);
    current.room = taken;
    room.code = locator;
  }

  /** @returns the number of receivers */
  send(to: string, data: string): number {
    const { seat, room } = this.#current ?? {};
    return seat && room ? this.#o.hub.relay(room, seat, to, data) : 0;
  }

  close(): void {
    const current = this.#current;
    this.#current = null;
    this.#o.room.code = null;
    if (current?.room) this.#o.hub.leave(current.room.id, current.seat);
  }

  #lose(code: ServerErrorCode): void {
    this.#current = null;
    this.#o.room.code = null;
    this.#o.post({ type: 'code', message: { type: 'error', code } });
  }

  #seat(): Seat {
    const { seat: own, post } = this.#o;
    const seat: Seat = {
      id: randomBytes(16).toString('base64url'),
      role: 'host',
      since: own.since,
      network: own.network,
      stamp: 0,
      deliver: (frame) => {
        // The seats of a code room get these alone.
        const message = JSON.parse(textOf(frame)) as Extract<ServerMessage, { type: 'joined' | 'peer' | 'message' }>;
        post({ type: 'code', message });
      },
      dismiss: (code) => (this.#current?.seat === seat ? this.#lose(code ?? 'host-elsewhere') : undefined),
      responds: () => own.responds(),
      get gone() {
        return own.gone;
      },
    };
    return seat;
  }
}
