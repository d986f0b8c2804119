/** A delegate of the host takes the host's seat at the server (protocol.md §13). */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { generateHostKey } from '../../src/e2ee/admission/host-key.ts';
import { random } from '../../src/e2ee/bytes.ts';
import { memoryBackplane } from '../../src/server/backplane/backplane.ts';
import { Hub } from '../../src/server/hub.ts';
import type { HostProof } from '../../src/server/host-proof.ts';
import type { Seat } from '../../src/server/room-entry.ts';
import { disclose } from '../../src/server/transparency.ts';
import { toBase64Url } from '../../src/util/base64url.ts';
import { Client, host, Identity, start } from './harness.ts';
import { delegate, leads } from './leading.ts';

async function room(t: TestContext) {
  const address = await start(t);
  const identity = await Identity.make();
  const first = await host(address, identity);
  await first.take('joined');
  return { address, identity, first };
}

const LIMITS = { rooms: 2, guests: 9, unprovenRoomsPerNetwork: 9, codeSeatsPerNetwork: 4 };

const seat = (id: string, role: Seat['role']): Seat => ({
  id,
  role,
  since: 0,
  stamp: 0,
  network: null,
  deliver: () => undefined,
  dismiss: () => undefined,
  responds: async () => true,
  gone: false,
});

/** A room whose host key has led since 500, which is empty, and was forgotten since; its invite ends at 2,000. */
async function forgotten(how: 'by time' | 'for others') {
  const clock = { now: 600 };
  const hub = new Hub({ limits: LIMITS, retention: 100, now: () => clock.now });
  const joins = (id: string, since: number, leads: HostProof['leads'] = 'now', to = 'room') =>
    hub.joinHost(to, seat(id, 'host'), {
      proof: { thumb: new Uint8Array(48), expires: 2_000, since, leads },
      takeover: 'ask',
    });
  const first = await joins('first', 500, 'host-key');
  assert.ok(typeof first === 'object' && first.host);
  hub.leave('room', first.host);
  assert.equal(await joins('early', 400), 'host-elsewhere');
  clock.now = how === 'by time' ? 700 : 650;
  if (how === 'by time') hub.sweep();
  else for (const other of ['one', 'two']) await joins(other, 0, 'host-key', other);
  assert.equal(hub.find('room'), undefined);
  if (how === 'for others') hub.leave('one', hub.find('one')!.host!);
  return { clock, hub, joins };
}

describe('the host’s seat', () => {
  for (const how of ['by time', 'for others'] as const)
    it(`stays closed to a delegate from before after the room was forgotten, ${how}, until the invite ends`, async () => {
      const { clock, hub, joins } = await forgotten(how);
      assert.equal(await joins('late', 400), 'host-elsewhere');
      // A guest who opens the room again, and leaves, changes nothing.
      const guest = seat('g', 'guest');
      assert.equal(typeof hub.joinGuest('room', guest), 'object');
      hub.leave('room', guest);
      assert.equal(await joins('later', 499), 'host-elsewhere');
      assert.equal(typeof (await joins('next', 501)), 'object');
      clock.now = 1_999;
      hub.sweep();
      assert.deepEqual(
        hub.led.all().map(({ since }) => since),
        [501],
      );
      clock.now = 2_000;
      hub.sweep();
      assert.equal(hub.led.find('room'), null);
    });

  it('leaves no trace of a room that never changed hands', async () => {
    const hub = new Hub({ limits: LIMITS, retention: 100, now: () => 0 });
    const proof = { thumb: random(48), expires: 2_000, since: 0, leads: 'host-key' } as const;
    await hub.joinHost('room', seat('h', 'host'), { proof, takeover: 'ask' });
    assert.deepEqual(hub.led.all(), []);
  });

  it('[R12] leaves a time that is disclosed, also once the room is forgotten, and only to who knows its tag', async () => {
    const identity = await Identity.make();
    const { roomId, expires } = identity;
    const clock = { now: Date.now() };
    const hub = new Hub({ limits: LIMITS, retention: 100, now: () => clock.now });
    const thumb = new Uint8Array(await crypto.subtle.digest('SHA-384', identity.spki));
    const proof = { thumb, expires: expires * 1000, since: 500, leads: 'host-key' } as const;
    const host = seat('h', 'host');
    await hub.joinHost(roomId, host, { proof, takeover: 'ask' });
    const ask = async (roomTag: Uint8Array) => {
      const holders = {
        hub,
        backplane: memoryBackplane,
        openings: null,
        hosts: { spentBy: () => [] },
        now: () => clock.now,
      };
      const question = { room: roomId, roomTag: toBase64Url(roomTag), thumb: toBase64Url(thumb), expires };
      return (await disclose(holders, question))?.held ?? [];
    };
    const left = {
      item: 'latest host',
      holds: { since: new Date(500).toISOString() },
      deleted: new Date(expires * 1000).toISOString(),
    };
    const all = await ask(identity.roomTag);
    assert.deepEqual(
      all.filter(({ item }) => item === 'latest host'),
      [left],
    );
    assert.equal(all.length, 4);
    hub.leave(roomId, host);
    clock.now += 100;
    hub.sweep();
    assert.deepEqual(await ask(identity.roomTag), [left]);
    assert.deepEqual(await ask(random(32)), []);
  });

  it('goes to the delegate whom the host key names, and the host hears why', async (t) => {
    const { address, identity, first } = await room(t);
    const second = await delegate(address, identity, 'now', identity.key);
    await second.take('joined');
    assert.equal((await first.take('error')).code, 'host-elsewhere');
  });

  it('stays with a host that answers when a stand-in wants it', async (t) => {
    const { address, identity } = await room(t);
    const second = await delegate(address, identity, 'stand-in', identity.key);
    assert.equal((await second.take('error')).code, 'host-elsewhere');
  });

  it('stays with the host that took it back when a delegate from before wants it, also after that host has left', async (t) => {
    const { address, identity, first } = await room(t);
    const second = await delegate(address, identity, 'now', identity.key, 1_000);
    await second.take('joined');
    await first.take('error');
    // The holder of the host key began to lead later, and asks nobody.
    const third = await leads(address, identity, 2_000, false);
    await third.take('joined');
    assert.equal((await second.take('error')).code, 'host-elsewhere');
    const seat = await host(address, identity);
    assert.equal((await seat.take('error')).code, 'host-elsewhere');
    for (const kind of ['now', 'stand-in'] as const) {
      const late = await delegate(address, identity, kind, identity.key, 1_999);
      assert.equal((await late.take('error')).code, 'host-elsewhere', kind);
    }
    third.socket.close();
    const late = await delegate(address, identity, 'now', identity.key, 1_999);
    assert.equal((await late.take('error')).code, 'host-elsewhere');
    const next = await delegate(address, identity, 'now', identity.key, 2_001);
    await next.take('joined');
  });

  it('is not proved by a time that the proof does not sign', async (t) => {
    const { address, identity } = await room(t);
    const client = await new Client(address.url).open();
    client.say({ ...identity.asHost, since: 5_000, takeover: true });
    await identity.prove(client, `${address.host}:${String(address.port)}`);
    assert.equal((await client.take('error')).code, 'host-not-proven');
  });

  it('is given to nobody for a delegation that the host key did not sign', async (t) => {
    const { address, identity } = await room(t);
    const { privateKey } = await generateHostKey();
    const second = await delegate(address, identity, 'now', privateKey);
    assert.equal((await second.take('error')).code, 'host-not-proven');
  });

  it('stays closed to a delegate from before where only another server process knows of the later host', async () => {
    const hub = new Hub({ limits: LIMITS, retention: 1_000 });
    hub.joinGuest('room', seat('g', 'guest'));
    const nothing = { proof: null, seats: [], keys: { stamp: 0, keys: [] }, nonces: [], code: null };
    hub.remote.onState('room', 'another process', { ...nothing, created: 0, deleted: 0, led: 2_000 });
    const proof = { thumb: random(48), expires: Date.now() + 60_000, leads: 'now' } as const;
    const joins = (id: string, since: number) =>
      hub.joinHost('room', seat(id, 'host'), { proof: { ...proof, since }, takeover: 'chosen' });
    assert.equal(await joins('void', 1_999), 'host-elsewhere');
    assert.notEqual(await joins('next', 2_001), 'host-elsewhere');
  });
});
