import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RETENTION_CAP, retentionMilliseconds } from '../../src/configuration.ts';
import { disclose } from '../../src/server/transparency.ts';
import { Hub } from '../../src/server/hub.ts';
import type { Seat } from '../../src/server/room-entry.ts';
import type { ServerErrorCode } from '../../src/wire/wire.ts';
import { guest, Identity, pair, start } from './harness.ts';

const HOUR = 3_600_000;

class FakeSeat implements Seat {
  readonly id: string;
  readonly network = null;
  readonly role: Seat['role'];
  readonly since = 0;
  readonly gone = false;
  stamp = 0;
  dismissed: ServerErrorCode | null | 'no' = 'no';

  constructor(id: string, role: Seat['role']) {
    this.id = id;
    this.role = role;
  }

  deliver(): void {}

  dismiss(code: ServerErrorCode | null): void {
    this.dismissed = code;
  }

  responds(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

function hubAt(start: number, retention = 2 * HOUR) {
  const clock = { now: start };
  const hub = new Hub({
    limits: { rooms: 10, guests: 4, unprovenRoomsPerNetwork: 10, codeSeatsPerNetwork: 4 },
    retention,
    now: () => clock.now,
  });
  return { clock, hub };
}

const proofUntil = (expires: number) =>
  ({ proof: { thumb: new Uint8Array(48), expires, since: 0, leads: 'host-key' }, takeover: 'ask' }) as const;

describe('[R3] [R12] the deletion clock', () => {
  it('deletes an empty room after the configured time, and not before', async () => {
    const { clock, hub } = hubAt(0);
    const host = new FakeSeat('h', 'host');
    await hub.joinHost('room', host, proofUntil(100 * HOUR));
    clock.now = HOUR;
    hub.leave('room', host);
    clock.now = 3 * HOUR - 1;
    hub.sweep();
    assert.equal(hub.size, 1);
    clock.now = 3 * HOUR;
    hub.sweep();
    assert.equal(hub.size, 0);
  });

  it('deletes a room without a proven host when its last guest leaves', () => {
    const { hub } = hubAt(0);
    const guest = new FakeSeat('g', 'guest');
    hub.joinGuest('room', guest);
    hub.leave('room', guest);
    assert.equal(hub.size, 0);
  });

  it('ends a room and informs its members when its invite expires', async () => {
    const { clock, hub } = hubAt(0);
    const seats = [new FakeSeat('h', 'host'), new FakeSeat('g', 'guest')] as const;
    await hub.joinHost('room', seats[0], proofUntil(HOUR));
    hub.joinGuest('room', seats[1]);
    clock.now = HOUR;
    hub.sweep();
    assert.equal(hub.size, 0);
    assert.deepEqual(
      seats.map((seat) => seat.dismissed),
      ['room-expired', 'room-expired'],
    );
  });

  it('refuses a guest of an expired room', async () => {
    const { clock, hub } = hubAt(0);
    await hub.joinHost('room', new FakeSeat('h', 'host'), proofUntil(HOUR));
    clock.now = HOUR;
    assert.equal(hub.joinGuest('room', new FakeSeat('g', 'guest')), 'room-expired');
  });

  it('deletes a room after 90 days at the latest, whatever its invite or the configuration says', async () => {
    const { clock, hub } = hubAt(0, 10 * RETENTION_CAP);
    await hub.joinHost('room', new FakeSeat('h', 'host'), proofUntil(10 * RETENTION_CAP));
    clock.now = RETENTION_CAP;
    hub.sweep();
    assert.equal(hub.size, 0);
    assert.equal(retentionMilliseconds('P900D'), RETENTION_CAP);
  });

  it('disconnects guests without a host, without calling their invite expired', () => {
    const { clock, hub } = hubAt(0);
    const guest = new FakeSeat('g', 'guest');
    hub.joinGuest('room', guest);
    clock.now = 2 * HOUR;
    hub.sweep();
    assert.equal(guest.dismissed, null);
    assert.equal(hub.size, 0);
  });
});

describe('[R12] POST /transparency', () => {
  const ask = async (url: string, body: unknown) => {
    const response = await fetch(`${url}transparency`, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as { held: Record<string, unknown>[] } };
  };

  it('lists everything stored about a room with its deletion time', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const room = await pair(address, identity);
    room.host.say({ type: 'admitted', keys: ['AAAA', 'BBBB'] });
    room.host.say({ type: 'relay-nonce' });
    await room.host.take('relay-nonce');
    const { status, body } = await ask(address.url, identity.question);
    assert.equal(status, 200);
    assert.deepEqual(
      body.held.map(({ item }) => item),
      ['room', 'host proof', 'connection', 'connection', 'admitted keys', 'relay nonce'],
    );
    for (const { deleted } of body.held) {
      const at = Date.parse(String(deleted));
      assert.ok(at > Date.now() && at <= identity.expires * 1000);
    }
  });

  it('reveals nothing to a stranger, not even whether the room exists', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    await pair(address, identity);
    const stranger = await Identity.make();
    const unknown = await ask(address.url, stranger.question);
    const wrongTag = await ask(address.url, { ...identity.question, roomTag: stranger.question.roomTag });
    assert.deepEqual(wrongTag, unknown);
    assert.equal(unknown.status, 404);
    for (const bad of [null, [], 'x', { room: identity.roomId }, { room: 1, roomTag: 2 }, 'x'.repeat(5000)])
      assert.deepEqual(await ask(address.url, bad), unknown);
  });

  it('answers a guest without a host by the invite alone', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    await (await guest(address, identity)).take('joined');
    const thumb = Buffer.from(await crypto.subtle.digest('SHA-384', identity.spki)).toString('base64url');
    const question = { room: identity.roomId, roomTag: identity.asHost.roomTag, thumb, expires: identity.expires };
    const { status, body } = await ask(address.url, question);
    assert.equal(status, 200);
    assert.deepEqual(
      body.held.map(({ item }) => item),
      ['room', 'connection'],
    );
    const lie = await ask(address.url, { ...question, expires: identity.expires + 1 });
    assert.equal(lie.status, 404);
  });

  it('lets pages of other origins read the answer', async (t) => {
    const address = await start(t);
    const response = await fetch(`${address.url}transparency`, { method: 'POST', body: '{}' });
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.equal(response.headers.get('cache-control'), 'no-store');
  });

  it('asks no other process for who does not know the tag, so that the time of the answer tells nothing either', async () => {
    const identity = await Identity.make();
    const { question } = identity;
    let asked = 0;
    const { hub } = hubAt(0);
    const holders = {
      hub,
      backplane: {
        collect: async () => {
          asked++;
          return [];
        },
      },
      openings: null,
      hosts: { spentBy: () => [] },
      now: () => 0,
    };
    const { thumb: _thumb, expires: _expires, ...short } = question;
    const stranger = (await Identity.make()).question;
    const wrong = [{ ...question, expires: identity.expires + 1 }, short, { ...question, roomTag: stranger.roomTag }];
    for (const one of [...wrong, { ...stranger, room: question.room }])
      assert.equal(await disclose(holders, one), null);
    assert.equal(asked, 0);
    assert.equal(await disclose(holders, question), null);
    assert.equal(asked, 1);
  });

  it('refuses the room id in the URL', async (t) => {
    const address = await start(t);
    const response = await fetch(`${address.url}transparency?room=x`);
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'POST');
  });
});
