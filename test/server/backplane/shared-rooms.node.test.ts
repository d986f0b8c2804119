/** Rooms that several processes hold, without a NATS. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Msg } from '@nats-io/transport-node';
import type { BackplaneHandler } from '../../../src/server/backplane/backplane.ts';
import type { NatsBus } from '../../../src/server/backplane/nats-bus.ts';
import { SharedRooms } from '../../../src/server/backplane/shared-rooms.ts';
import { EMPTY_ROOM } from './empty-room.ts';

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

describe('a process whose answer is lost', () => {
  const id = (letter: string): string => letter.repeat(22);
  /** A room that this process holds, and what is said on the subject of the room and to this process alone. */
  function held(t: TestContext) {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const subscribed = new Map<string, (message: Msg) => void>();
    const [sent, gone, lost]: string[][] = [[], [], []];
    const bus: Pick<NatsBus, 'started' | 'status' | 'subscribe' | 'send' | 'direct'> = {
      started: true,
      status: 'connected',
      subscribe: (subject, listener) => {
        subscribed.set(subject, listener);
        return { unsubscribe: () => undefined } as ReturnType<NatsBus['subscribe']>;
      },
      send: (subject) => void sent!.push(subject),
      direct: (_, { type }) => void sent!.push(type),
    };
    const handler = {
      stateOf: () => null,
      onEvent: () => undefined,
      onState: () => undefined,
      onProcessGone: (_: string, process: string) => void gone!.push(process),
      onLoss: (_: string, process: string) => void lost!.push(process),
    } as Partial<BackplaneHandler> as BackplaneHandler;
    const hash = (room: string): string => room;
    const rooms = new SharedRooms({
      process: id('P'),
      bus: bus as NatsBus,
      hash,
      handler: () => handler,
      onSeen: () => undefined,
    });
    void rooms.enter('own');
    // The question at the beginning is over.
    t.mock.timers.tick(3_000);
    sent!.length = 0;
    const event = (number: number): void => {
      const broadcast = {
        type: 'event',
        process: id('Q'),
        at: { entry: 1, number },
        event: { kind: 'left', id: id('S') },
      };
      subscribed.get('room.own')!({ data: Buffer.from(JSON.stringify(broadcast)) } as unknown as Msg);
    };
    const answer = (number: number): void => {
      const at = { entry: 1, number };
      rooms.onDirect({ type: 'state', process: id('Q'), room: 'own', at, state: EMPTY_ROOM, knows: [] }, 'late');
    };
    const after = (seconds: number): void => {
      // One after the other, since each sets the next.
      for (let second = 0; second < seconds; second++) t.mock.timers.tick(1_000);
    };
    return { rooms, sent: sent!, gone: gone!, lost: lost!, event, answer, after };
  }

  it('is asked again, and stays, where a short cut swallowed its state', (t) => {
    const { rooms, sent, gone, event, answer, after } = held(t);
    event(1);
    assert.deepEqual(sent, ['who.own']);
    after(4);
    assert.deepEqual(sent, Array<string>(5).fill('who.own'));
    answer(1);
    after(20);
    assert.deepEqual([sent.length, gone], [5, []]);
    rooms.leaveAll();
  });

  it('is asked again for events that are missing', (t) => {
    const { rooms, sent, lost, event, answer, after } = held(t);
    event(1);
    answer(1);
    sent.length = 0;
    event(3);
    after(4);
    assert.deepEqual(sent, Array<string>(5).fill('again'));
    event(2);
    after(20);
    assert.deepEqual([sent.length, lost], [5, []]);
    rooms.leaveAll();
  });

  it('is gone, or has lost what is missing, where it never answers', (t) => {
    const { rooms, sent, gone, lost, event, answer, after } = held(t);
    event(1);
    after(5);
    assert.deepEqual(gone, []);
    after(1);
    assert.deepEqual(gone, [id('Q')]);
    event(1);
    answer(1);
    event(3);
    after(5);
    assert.deepEqual(lost, []);
    after(1);
    assert.deepEqual([lost, gone], [[id('Q')], [id('Q')]]);
    assert.ok(sent.includes('lost'));
    rooms.leaveAll();
  });

  it('is not ended by a question about an earlier stay', (t) => {
    const { rooms, gone, event, answer, after } = held(t);
    event(1);
    after(5);
    // By its pulse.
    rooms.onProcessGone(id('Q'));
    event(1);
    answer(1);
    after(20);
    assert.deepEqual(gone, [id('Q')]);
    rooms.leaveAll();
  });
});
