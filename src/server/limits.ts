/** Limits of one connection, room or client network, so that none can take the share of the others. */
import { MESSAGE_LIMIT } from '../wire/wire-parts.ts';

export interface Limits {
  /** Connections over all rooms. */
  readonly connections: number;
  readonly rooms: number;
  /** Rooms that no host has proved, opened by guests of one client network. */
  readonly unprovenRoomsPerNetwork: number;
  /** Guests of one room; the host has its own seat. */
  readonly guests: number;
  /** Connections from one client network; loopback is not counted: a proxy on this machine connects for everyone. */
  readonly connectionsPerAddress: number;
  /** Messages in one burst, and then per second. */
  readonly messageBurst: number;
  readonly messagesPerSecond: number;
  /** Bytes in one burst, and then per second; a message to everyone counts once for each receiver. */
  readonly byteBurst: number;
  readonly bytesPerSecond: number;
  /** Bytes of one message. */
  readonly messageBytes: number;
  /** Bytes queued for one receiver before it is dropped as too slow. */
  readonly bufferedBytes: number;
  /** Bytes queued for all receivers together; beyond it those with the longest queues are dropped. */
  readonly bufferedTotal: number;
  /** Milliseconds in which a receiver must take at least one queued message, however many pings it sends. */
  readonly stalledAfter: number;
  /** Joins and messages of guests with a spoken code at one locator, in one burst and then per second; a try has three. */
  readonly codeBurst: number;
  readonly codePerSecond: number;
  /** The same from one client network, to all locators. */
  readonly codeBurstPerNetwork: number;
  readonly codePerSecondPerNetwork: number;
  /** Guests of one client network at one locator. */
  readonly codeSeatsPerNetwork: number;
  /** Milliseconds in which a guest with a code has to say something where a host answers; the guest's page asks again after 20 s. */
  readonly codeSilence: number;
  /** Milliseconds from the connection to a seat. */
  readonly joinWithin: number;
  /** Milliseconds between two WebSocket pings; a connection that answers neither of two is closed. */
  readonly pingEvery: number;
  /** Milliseconds that an old host connection has to answer when a new one requests its seat. */
  readonly probeWithin: number;
  /** Milliseconds between two runs of the deletion clock. */
  readonly sweepEvery: number;
  /** Milliseconds without people after which the webhooks are told that a room has ended. */
  readonly endedAfter: number;
  /** Webhooks that wait for one receiver; beyond them the oldest are dropped. */
  readonly webhookQueue: number;
  /** Milliseconds for a receiver to answer. */
  readonly webhookTimeout: number;
  /** Milliseconds before each further attempt, give or take a fifth; after the last one a webhook is given up. */
  readonly webhookRetries: readonly number[];
}

export const DEFAULT_LIMITS: Limits = {
  connections: 4000,
  rooms: 1000,
  unprovenRoomsPerNetwork: 32,
  guests: 32,
  connectionsPerAddress: 128,
  messageBurst: 400,
  messagesPerSecond: 100,
  byteBurst: 8 * 1024 * 1024,
  bytesPerSecond: 2 * 1024 * 1024,
  messageBytes: MESSAGE_LIMIT,
  bufferedBytes: 4 * 1024 * 1024,
  bufferedTotal: 128 * 1024 * 1024,
  stalledAfter: 30_000,
  codeBurst: 60,
  codePerSecond: 1 / 2,
  codeBurstPerNetwork: 30,
  codePerSecondPerNetwork: 1 / 20,
  codeSeatsPerNetwork: 4,
  codeSilence: 30_000,
  joinWithin: 10_000,
  pingEvery: 30_000,
  probeWithin: 2_000,
  sweepEvery: 10_000,
  endedAfter: 60_000,
  webhookQueue: 1000,
  webhookTimeout: 10_000,
  webhookRetries: [5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000],
};
