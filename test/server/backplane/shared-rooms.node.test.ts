/** Rooms that several processes hold, without a NATS. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NatsBus } from '../../../src/server/backplane/nats-bus.ts';
import { SharedRooms } from '../../../src/server/backplane/shared-rooms.ts';

describe('a process that is asked for a room', () => {
  it('asks nobody about one that it holds alone: nobody would answer, and it would wait for that', async (t) => {
    const sent: string[] = [];
    const bus: Pick<NatsBus, 'started' | 'status' | 'subscribe' | 'send'> = {
      started: true,
      status: 'connected',
      subscribe: () => ({ unsubscribe: () => undefined }) as ReturnType<NatsBus['subscribe']>,
      send: (subject) => void sent.push(subject),
    };
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const rooms = new SharedRooms({
      process: 'P'.repeat(22),
      bus: bus as NatsBus,
      hash: (room) => room,
      handler: () => null,
      onSeen: () => undefined,
    });
    void rooms.enter('own');
    sent.length = 0;
    assert.deepEqual(await rooms.collect('own'), []);
    assert.deepEqual(sent, []);
    // About others it has to ask.
    const other = rooms.collect('other');
    assert.deepEqual(sent, ['who.other']);
    t.mock.timers.tick(2_000);
    assert.deepEqual(await other, []);
    rooms.leaveAll();
  });
});

describe('a process that enters a room again', () => {
  it('ends its earlier stay, and subscribes to nothing twice', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const subscribed: string[] = [];
    const sent: unknown[] = [];
    const bus: Pick<NatsBus, 'started' | 'status' | 'subscribe' | 'send'> = {
      started: true,
      status: 'connected',
      subscribe: (subject) => {
        subscribed.push(subject);
        const unsubscribe = (): void => void subscribed.splice(subscribed.indexOf(subject), 1);
        return { unsubscribe } as ReturnType<NatsBus['subscribe']>;
      },
      send: (subject, message) => void (subject === 'room.own' && sent.push(message)),
    };
    const process = 'P'.repeat(22);
    const hash = (room: string): string => room;
    const rooms = new SharedRooms({ process, bus: bus as NatsBus, hash, handler: () => null, onSeen: () => undefined });
    void rooms.enter('own');
    void rooms.enter('own');
    assert.deepEqual(subscribed, ['room.own', 'who.own']);
    assert.deepEqual(sent, [{ type: 'bye', process, entry: 1 }]);
    rooms.leaveAll();
    assert.deepEqual(subscribed, []);
  });
});
