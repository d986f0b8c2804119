import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { RawSockets } from '../../src/server/raw-sockets.ts';

/** A connection whose client takes nothing, however long one waits. */
const unread = (): Duplex => new Duplex({ read: () => undefined, write: () => undefined });

describe('connections that have asked for an upgrade', () => {
  it('are closed after a while where the client does not take the answer', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const raw = new RawSockets();
    const [refused, badHandshake, webSocket] = [unread(), unread(), unread()];
    for (const socket of [refused, badHandshake, webSocket]) raw.hold(socket);
    raw.refuse(refused, 404);
    raw.expire(badHandshake);
    raw.release(webSocket);
    raw.expire(webSocket);
    const closed = (): boolean[] => [refused, badHandshake, webSocket].map(({ destroyed }) => destroyed);
    t.mock.timers.tick(4_999);
    assert.deepEqual(closed(), [false, false, false]);
    t.mock.timers.tick(1);
    assert.deepEqual(closed(), [true, true, false]);
  });

  it('are closed with the server, except those that have become a WebSocket', () => {
    const raw = new RawSockets();
    const [held, webSocket] = [unread(), unread()];
    for (const socket of [held, webSocket]) raw.hold(socket);
    raw.release(webSocket);
    raw.destroyAll();
    assert.deepEqual([held.destroyed, webSocket.destroyed], [true, false]);
    assert.deepEqual([webSocket.listenerCount('error'), webSocket.listenerCount('close')], [0, 0]);
  });

  it('cannot end the process by an error', async () => {
    const raw = new RawSockets();
    const socket = unread();
    raw.hold(socket);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.destroy(new Error('reset'));
    await closed;
  });
});
