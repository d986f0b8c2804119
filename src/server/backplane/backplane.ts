/**
 * What lets several server processes hold one room together. Each process keeps the seats of its own clients and
 * learns of the others' by events; no process and no disk holds the whole. One process alone needs none of it.
 */
import type { ServerErrorCode } from '../../wire/wire.ts';
import type {
  Announcement,
  CodeAttempt,
  LedRoom,
  RoomEvent,
  RoomState,
  SpentToken,
  Usage,
} from './process-messages.ts';

export interface Backplane {
  /** @throws {ConsultError} `argument-invalid` where the other processes cannot be reached at start */
  start(handler: BackplaneHandler): Promise<void>;
  /**
   * Call when the room is opened here, before anyone takes a seat.
   *
   * @returns resolves when the handler knows the seats of the other processes, or after a time limit; null for at once
   */
  enter(room: string): Promise<void> | null;
  /** The room is no longer held here. Idempotent. */
  leave(room: string): void;
  /** Tells the other processes in the room; nothing is lost by a short cut, and nothing arrives twice. */
  publish(room: string, event: RoomEvent): void;
  /** Whether a client of another process answers a ping. */
  probe(process: string, room: string, seat: string): Promise<boolean>;
  /** Closes a client of another process, with a reason unless `code` is null. */
  dismiss(process: string, room: string, seat: string, code: ServerErrorCode | null): void;
  /** What all other processes hold of a room. */
  collect(room: string): Promise<readonly RoomState[]>;
  /** Tells the other processes that a host used a token. */
  spend(spent: SpentToken): void;
  /** Tells the other processes that a room has changed hands. */
  remember(led: LedRoom): void;
  /** Tells the other processes of an attempt with a spoken code. */
  tried(attempt: CodeAttempt): void;
  /** Tells the other processes which rooms are open. */
  announce(announcement: Announcement): void;
  /** Random name of this process; null where it is alone. */
  readonly process: string | null;
  /** The other processes that live. */
  processes(): readonly string[];
  /** What the clients of one network use of the other processes. */
  usageElsewhere(network: string): NetworkUse;
  /** Key for hashes of networks that all processes share; null for one of the process's own. */
  readonly networkKey: Uint8Array | null;
  readonly status: 'alone' | 'connected' | 'cut';
  close(): Promise<void>;
}

export interface NetworkUse {
  readonly connections: number;
  readonly unprovenRooms: number;
}

/** What a backplane asks of its process. */
export interface BackplaneHandler {
  /** Null where the room is not held here. */
  stateOf(room: string): RoomState | null;
  onState(room: string, process: string, state: RoomState): void;
  onEvent(room: string, process: string, event: RoomEvent): void;
  /** The process left the room, or is not reachable any more. */
  onProcessGone(room: string, process: string): void;
  /** Events of the process are lost for good: what its clients and ours sent each other may be missing. */
  onLoss(room: string, process: string): void;
  responds(room: string, seat: string): Promise<boolean>;
  dismiss(room: string, seat: string, code: ServerErrorCode | null): void;
  usage(): Usage;
  /** Tokens of hosts in use here. */
  spent(): readonly SpentToken[];
  onSpent(spent: SpentToken): void;
  /** Rooms that have changed hands, as far as it is known here. */
  led(): readonly LedRoom[];
  onLed(led: LedRoom): void;
  onTried(attempt: CodeAttempt): void;
  onAnnouncement(process: string, announcement: Announcement): void;
  onStatus(status: 'connected' | 'cut'): void;
}

const NOTHING: NetworkUse = { connections: 0, unprovenRooms: 0 };

/** One process alone. */
export const memoryBackplane: Backplane = {
  start: () => Promise.resolve(),
  enter: () => null,
  leave: () => undefined,
  publish: () => undefined,
  probe: () => Promise.resolve(false),
  dismiss: () => undefined,
  collect: () => Promise.resolve([]),
  spend: () => undefined,
  remember: () => undefined,
  tried: () => undefined,
  announce: () => undefined,
  process: null,
  processes: () => [],
  usageElsewhere: () => NOTHING,
  networkKey: null,
  status: 'alone',
  close: () => Promise.resolve(),
};
