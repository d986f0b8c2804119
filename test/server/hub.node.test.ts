/** What the rooms of a process tell the other processes of their beginning and end. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryBackplane, type Backplane } from '../../src/server/backplane/backplane.ts';
import type { RoomEvent } from '../../src/server/backplane/process-messages.ts';
import { Hub } from '../../src/server/hub.ts';
import { codeRoomOf, type Seat } from '../../src/server/room-entry.ts';

class FakeSeat implements Seat {
  readonly id: string;
  readonly role: Seat['role'];
  readonly network = 'network';
  readonly since = 0;
  gone = false;
  stamp = 0;

  constructor(id: string, role: Seat['role']) {
    this.id = id;
    this.role = role;
  }

  deliver(): void {}

  dismiss(): void {
    this.gone = true;
  }

  responds(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

const proof = {
  proof: { thumb: new Uint8Array(48), expires: 1_000, since: 0, leads: 'host-key' },
  takeover: 'ask',
} as const;

/** A hub of few rooms, and the rooms that the other processes believe it to hold. */
function setUp() {
  const held: string[] = [];
  const clock = { now: 0 };
  let answer: () => void = () => undefined;
  const backplane: Backplane = {
    ...memoryBackplane,
    enter: (room) => {
      assert.ok(!held.includes(room), `entered ${room} twice`);
      held.push(room);
      return new Promise((resolve) => (answer = resolve));
    },
    leave: (room) => {
      assert.ok(held.includes(room), `left ${room} twice`);
      held.splice(held.indexOf(room), 1);
    },
  };
  const limits = { rooms: 2, guests: 1, unprovenRoomsPerNetwork: 2, codeSeatsPerNetwork: 4 };
  const hub = new Hub({ limits, retention: 100, now: () => clock.now, backplane });
  const host = (room: string, id = 'h') => hub.joinHost(room, new FakeSeat(id, 'host'), proof);
  return { hub, held, clock, host, answered: () => answer() };
}

const ENDS: Readonly<Record<string, (parts: ReturnType<typeof setUp>) => unknown>> = {
  'whose last guest leaves before a host came': ({ hub }) => {
    const guest = new FakeSeat('g', 'guest');
    hub.joinGuest('room', guest);
    hub.leave('room', guest);
  },
  'of a code whose last guest leaves': ({ hub }) => {
    const guest = new FakeSeat('g', 'guest');
    hub.joinGuest(codeRoomOf('K7M'), guest);
    hub.leave(codeRoomOf('K7M'), guest);
  },
  'of a code whose host leaves': async ({ hub }) => {
    const host = new FakeSeat('h', 'host');
    await hub.joinHost(codeRoomOf('K7M'), host, proof);
    hub.leave(codeRoomOf('K7M'), host);
  },
  'whose guest is gone before the others have answered': async ({ hub, answered }) => {
    const arrival = hub.arrive('room', new FakeSeat('g', 'guest'));
    answered();
    await arrival;
    hub.depart('room');
  },
  'whose host may not open it': async ({ hub, answered }) => {
    const arrival = hub.arrive('room', new FakeSeat('h', 'host'));
    answered();
    await arrival;
    hub.depart('room');
  },
  'whose host is gone before it is seated': async ({ hub, answered }) => {
    const host = new FakeSeat('h', 'host');
    const arrival = hub.arrive('room', host);
    answered();
    await arrival;
    host.gone = true;
    assert.equal(await hub.joinHost('room', host, proof), 'not-joined');
    hub.depart('room');
  },
  'that nobody comes back to': async ({ hub, host, clock }) => {
    const room = await host('room');
    assert.ok(typeof room === 'object' && room.host);
    hub.leave('room', room.host);
    clock.now = 100;
    hub.sweep();
  },
  'that is over': async ({ hub, host, clock }) => {
    await host('room');
    clock.now = 1_000;
    hub.sweep();
  },
  'that makes space for another one': async ({ hub, host, held, clock }) => {
    hub.joinGuest('one', new FakeSeat('a', 'guest'));
    hub.joinGuest('two', new FakeSeat('b', 'guest'));
    await host('three');
    assert.deepEqual(held, ['two', 'three']);
    clock.now = 1_000;
    hub.sweep();
  },
};

describe('other processes', () => {
  for (const [name, end] of Object.entries(ENDS))
    it(`are told of the end of a room ${name}`, async () => {
      const parts = setUp();
      await end(parts);
      assert.equal(parts.hub.size, 0);
      assert.deepEqual(parts.held, []);
    });

  it('hear of the networks at a code, and count their places with ours', () => {
    const told: unknown[] = [];
    const backplane: Backplane = { ...memoryBackplane, publish: (_, event) => void told.push(event) };
    const limits = { rooms: 4, guests: 9, unprovenRoomsPerNetwork: 9, codeSeatsPerNetwork: 2 };
    const [one, two] = [new Hub({ limits, retention: 100, backplane }), new Hub({ limits, retention: 100 })];
    const code = codeRoomOf('K7M');
    for (const room of [code, 'room']) one.joinGuest(room, new FakeSeat(`one in ${room}`, 'guest'));
    const joined = told.filter(
      (event): event is Extract<RoomEvent, { kind: 'joined' }> => (event as RoomEvent).kind === 'joined',
    );
    // Of no other room.
    assert.deepEqual(
      joined.map(({ seat }) => seat.network),
      ['network', undefined],
    );
    two.joinGuest(code, new FakeSeat('two', 'guest'));
    for (const event of joined.slice(0, 1)) two.remote.onEvent(code, 'process', event);
    assert.equal(two.joinGuest(code, new FakeSeat('three', 'guest')), 'code-busy');
    assert.deepEqual(
      one.remote.stateOf(code)?.seats.map(({ network }) => network),
      ['network'],
    );
    two.remote.onProcessGone(code, 'process');
    assert.notEqual(two.joinGuest(code, new FakeSeat('three', 'guest')), 'code-busy');
  });

  it('keep a room whose guest leaves while another one arrives', async () => {
    const { hub, held, answered } = setUp();
    const arrival = hub.arrive('room', new FakeSeat('one', 'guest'));
    const early = new FakeSeat('two', 'guest');
    hub.joinGuest('room', early);
    hub.leave('room', early);
    assert.deepEqual(held, ['room']);
    answered();
    await arrival;
    hub.depart('room');
    assert.deepEqual(held, []);
  });
});
