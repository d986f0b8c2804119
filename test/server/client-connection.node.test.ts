/** One connection on a socket that is only acted: what takes a queue that nobody reads is seen at once, without a network or a clock. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { ClientConnection, type ClientSocket, type ServerContext } from '../../src/server/client-connection.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/server/limits.ts';
import { SendBuffers } from '../../src/server/send-buffers.ts';

class ActedSocket {
  readonly readyState = WebSocket.OPEN;
  connection: ClientConnection | null = null;
  /** Queued bytes; a receiver that reads lowers them. */
  bufferedAmount = 0;
  terminated = 0;

  on(): this {
    return this;
  }

  ping(): void {}

  write(frame: Buffer): boolean {
    this.bufferedAmount += frame.length;
    return false;
  }

  terminate(): void {
    this.terminated += 1;
  }
}

const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  joinWithin: Infinity,
  pingEvery: Infinity,
  stalledAfter: 10_000,
  bufferedBytes: 1_000,
};

function connected(limits: Partial<Limits> = {}) {
  const socket = new ActedSocket();
  const refused: string[] = [];
  const context = {
    limits: { ...LIMITS, ...limits },
    metrics: { refused: (code: string) => void refused.push(code) },
    buffers: new SendBuffers(1e9),
    now: () => 0,
  };
  const start = Math.trunc(performance.now());
  const connection = new ClientConnection(
    socket as unknown as ClientSocket,
    { context: context as unknown as ServerContext, names: [], network: null, stream: socket },
    start,
  );
  return { socket, refused, connection, start };
}

describe('a client that does not read', () => {
  it('is dropped once it has taken nothing for as long as it may', () => {
    const { socket, refused, connection, start } = connected();
    connection.deliver(Buffer.alloc(100));
    connection.tick(start + 9_000);
    assert.equal(socket.terminated, 0, 'not before');
    // New messages, and time that goes by, are no sign of life.
    connection.deliver(Buffer.alloc(100));
    connection.tick(start + 11_000);
    assert.equal(socket.terminated, 1);
    assert.deepEqual(refused, ['slow-consumer']);
  });

  it('stays as long as it takes some of it, and when it has taken all', () => {
    const { socket, connection, start } = connected();
    connection.deliver(Buffer.alloc(500));
    for (let seconds = 5; seconds < 60; seconds += 5) {
      socket.bufferedAmount -= 10;
      connection.tick(start + seconds * 1_000);
    }
    socket.bufferedAmount = 0;
    connection.tick(start + 60_000);
    connection.tick(start + 90_000);
    assert.equal(socket.terminated, 0);
  });

  it('is dropped at once when more is queued for it than for one', () => {
    const { socket, connection } = connected();
    connection.deliver(Buffer.alloc(900));
    assert.equal(socket.terminated, 0);
    connection.deliver(Buffer.alloc(200));
    assert.equal(socket.terminated, 1);
  });
});
