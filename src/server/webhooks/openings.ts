/**
 * Which rooms are open, over all processes: a room is opened when a proven host takes its seat, and has ended when
 * nobody has been in it for a while, or with its invite. Each process keeps the same list, so that one of them tells it
 * to the webhooks, and another one where that process has ended. No names, no counts of people [R4] [R12].
 */
import { createHmac, randomBytes } from 'node:crypto';
import { RETENTION_CAP } from '../../configuration.ts';
import type { Backplane } from '../backplane/backplane.ts';
import type { OpeningState } from '../backplane/process-messages.ts';
import type { Limits } from '../limits.ts';
import type { Delivery, WebhookType } from './delivery.ts';
import { webhookRoomName } from './signature.ts';

/** What a process says of a room when its own clients come or leave. */
export interface Presence {
  /** Whether a client here has the seat of the proven host. */
  readonly leads: boolean;
  /** Whether any client here has a seat. */
  readonly held: boolean;
  /** End of the invite, in milliseconds since the epoch; null where no host has proved the room. */
  readonly expires: number | null;
}

interface Opening {
  readonly visit: string;
  readonly names: Readonly<Record<string, string>>;
  readonly opened: number;
  readonly expires: number;
  /** Processes with people in the room. */
  readonly holders: Set<string>;
  /** On the clock of `performance.now`, as the last `tick` found it; null while people are there. */
  emptySince: number | null;
  /** The same; null while the room is open. */
  endedAt: number | null;
}

export interface OpeningsParts {
  readonly deliveries: readonly Delivery[];
  readonly backplane: Pick<Backplane, 'announce' | 'process' | 'processes' | 'networkKey' | 'status'>;
  readonly limits: Pick<Limits, 'endedAfter'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Milliseconds before the first attempt where several processes share the list: two may open a room at once. */
const SETTLE = 500;
/** Milliseconds that the next process waits for the one before it to tell the end. */
const TURN = 3_000;
/** Milliseconds that an ended opening is remembered, so that late messages do not open it again. */
const REMEMBERED = 10 * 60_000;
/** Openings in memory, of all processes together; hosts could invent more. */
const MOST = 20_000;
/** Rooms in one message between processes. */
const AT_ONCE = 256;

export class Openings {
  readonly #o: OpeningsParts;
  readonly #key: Uint8Array;
  readonly #rooms = new Map<string, Opening>();
  readonly #settle: number;

  constructor(parts: OpeningsParts) {
    this.#o = parts;
    const { networkKey, process } = parts.backplane;
    this.#key = networkKey ?? randomBytes(32);
    this.#settle = process === null ? 0 : SETTLE;
  }

  /** What is held of a room, and told about it. */
  find(roomId: string): { readonly opened: number; readonly told: readonly string[]; readonly deleted: number } | null {
    const opening = this.#rooms.get(this.#hash(roomId));
    if (!opening) return null;
    const told = [...new Set(this.#o.deliveries.map(({ endpoint }) => endpoint.operator))];
    return { opened: opening.opened, told, deleted: opening.expires + REMEMBERED };
  }

  get size(): number {
    return this.#rooms.size;
  }

  presence(roomId: string, { leads, held, expires }: Presence): void {
    const room = this.#hash(roomId);
    let opening = this.#open(room);
    if (!opening) {
      if (!leads || expires === null || !this.#hasSpace()) return;
      opening = this.#begin(roomId, expires);
      this.#rooms.set(room, opening);
      this.#tell(opening, 'room.opened');
    } else if (opening.holders.has(this.#self) === held) return;
    hold(opening, this.#self, held);
    this.#announce(room, opening);
  }

  /** Asks the other processes for their list, and tells them ours. */
  exchange(): void {
    this.#send([], 'ask');
    this.#tellAll();
  }

  onAnnouncement(process: string, ask: 'ask' | 'tell', rooms: readonly OpeningState[]): void {
    for (const state of rooms) this.#merge(process, state);
    if (ask === 'ask') this.#tellAll();
  }

  /** Ends what is over. Call it about once a second. */
  tick(): void {
    const now = performance.now();
    const { backplane } = this.#o;
    // During a cut nobody knows who lives: the last that was heard counts.
    const alive = backplane.status === 'cut' ? null : new Set([this.#self, ...backplane.processes()]);
    for (const [room, opening] of this.#rooms) {
      const isHeld = [...opening.holders].some((process) => alive?.has(process) ?? true);
      opening.emptySince = isHeld ? null : (opening.emptySince ?? now);
      if (opening.endedAt !== null) {
        if (now - opening.endedAt > REMEMBERED) this.#rooms.delete(room);
        continue;
      }
      const turn = this.#turn(opening) * TURN;
      const isOver = this.#o.now() >= opening.expires + turn;
      const isLeft = opening.emptySince !== null && now - opening.emptySince >= this.#o.limits.endedAfter + turn;
      if (!isOver && !isLeft) continue;
      opening.endedAt = now;
      this.#tell(opening, 'room.ended');
      this.#announce(room, opening);
    }
  }

  /** At the end of a process that is alone: rooms that were empty before are over, and nobody else can tell it. */
  endEmpty(): void {
    if (this.#o.backplane.process !== null) return;
    for (const opening of this.#rooms.values())
      if (opening.emptySince !== null && opening.endedAt === null) this.#tell(opening, 'room.ended');
  }

  get #self(): string {
    return this.#o.backplane.process ?? '';
  }

  #hash(roomId: string): string {
    return createHmac('sha256', this.#key).update(`consult-room opening ${roomId}`).digest('base64url');
  }

  #open(room: string): Opening | undefined {
    const opening = this.#rooms.get(room);
    return opening?.endedAt === null ? opening : undefined;
  }

  #hasSpace(): boolean {
    if (this.#rooms.size < MOST) return true;
    const [ended] = [...this.#rooms].find(([, { endedAt }]) => endedAt !== null) ?? [];
    return ended !== undefined && this.#rooms.delete(ended);
  }

  #begin(roomId: string, expires: number): Opening {
    const names = this.#o.deliveries.map(({ endpoint }) => [endpoint.id, webhookRoomName(endpoint.keys, roomId)]);
    return {
      visit: randomBytes(16).toString('base64url'),
      names: Object.fromEntries(names) as Readonly<Record<string, string>>,
      opened: this.#o.now(),
      expires: Math.min(expires, this.#o.now() + RETENTION_CAP),
      holders: new Set(),
      emptySince: null,
      endedAt: null,
    };
  }

  /** Place of this process in the order in which they tell the end of an opening; all compute the same order. */
  #turn({ visit }: Opening): number {
    const weight = (process: string): string => createHmac('sha256', visit).update(process).digest('base64url');
    const own = weight(this.#self);
    return this.#o.backplane.processes().filter((process) => weight(process) < own).length;
  }

  #tell({ visit, names }: Opening, type: WebhookType): void {
    const time = this.#o.now();
    for (const delivery of this.#o.deliveries) {
      const room = names[delivery.endpoint.id];
      // Opened by a process that has another configuration.
      if (room !== undefined) delivery.add({ id: idOf(visit, type), type, room, time }, this.#settle);
    }
  }

  #cancel({ visit }: Pick<Opening, 'visit'>, type: WebhookType): void {
    for (const delivery of this.#o.deliveries) delivery.cancel(idOf(visit, type));
  }

  #merge(process: string, { room, visit, names, opened, expires, held, ended }: OpeningState): void {
    const known = this.#rooms.get(room);
    if (known?.visit === visit) {
      hold(known, process, held);
      if (ended) return this.#endElsewhere(process, known);
      if (known.endedAt === null) return;
      // That process was cut off from us: to it the room is still open.
      if (held) known.endedAt = null;
      else this.#announce(room, known);
      return;
    }
    if (ended || (!known && !this.#hasSpace())) return;
    const opening = {
      visit,
      names,
      opened,
      // Whatever another process says: all is deleted in time [R12].
      expires: Math.min(expires, this.#o.now() + RETENTION_CAP),
      holders: new Set<string>(),
      emptySince: null,
      endedAt: null,
    };
    if (known && known.endedAt === null) {
      // Opened twice at once: the smaller visit counts in all processes.
      if (known.visit < visit) return this.#announce(room, known);
      this.#cancel(known, 'room.opened');
      for (const holder of known.holders) opening.holders.add(holder);
    }
    this.#rooms.set(room, opening);
    hold(opening, process, held);
    if (opening.holders.has(this.#self)) this.#announce(room, opening);
  }

  #endElsewhere(process: string, opening: Opening): void {
    const isOver = this.#o.now() >= opening.expires - TURN;
    // A process that does not see our people is cut off from us; the end that we tell later has the same id.
    if (opening.holders.has(this.#self) && !isOver) return;
    if (opening.endedAt === null) opening.endedAt = performance.now();
    // Both told it at once: one of them lets the other do it.
    else if (process < this.#self) this.#cancel(opening, 'room.ended');
  }

  #announce(room: string, opening: Opening): void {
    this.#send([this.#stateOf(room, opening)], 'tell');
  }

  #stateOf(room: string, { visit, names, opened, expires, holders, endedAt }: Opening): OpeningState {
    return { room, visit, names, opened, expires, held: holders.has(this.#self), ended: endedAt !== null };
  }

  /** In parts: a message of NATS has a limit. */
  #tellAll(): void {
    const all = [...this.#rooms].map(([room, opening]) => this.#stateOf(room, opening));
    for (let at = 0; at < all.length; at += AT_ONCE) this.#send(all.slice(at, at + AT_ONCE), 'tell');
  }

  #send(rooms: readonly OpeningState[], ask: 'ask' | 'tell'): void {
    this.#o.backplane.announce({ ask, rooms });
  }
}

function hold({ holders }: Opening, process: string, held: boolean): void {
  if (held) holders.add(process);
  else holders.delete(process);
}

const idOf = (visit: string, type: WebhookType): string =>
  `msg_${visit}_${type === 'room.opened' ? 'opened' : 'ended'}`;
