/** A delegate of the host takes the host's seat at the server (protocol.md §13). */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createDelegation, generateDelegateKey, type DelegationKind } from '../../src/e2ee/admission/delegation.ts';
import { generateHostKey, importHostKey, signHost } from '../../src/e2ee/admission/host-key.ts';
import { random, u64, utf8 } from '../../src/e2ee/bytes.ts';
import { fromBase64Url, toBase64Url } from '../../src/util/base64url.ts';
import { Hub } from '../../src/server/hub.ts';
import type { Seat } from '../../src/server/room-entry.ts';
import type { Address } from '../../src/server/server.ts';
import { Client, host, Identity, start } from './harness.ts';

/** @param key of whom signs the delegation: the host, or a stranger */
async function delegate(
  address: Address,
  identity: Identity,
  kind: DelegationKind,
  key: CryptoKey,
  since = Date.now(),
): Promise<Client> {
  const own = await generateDelegateKey();
  const { spki } = own;
  const named = { kind, spki, leafKey: random(97), since };
  const { encoded } = await createDelegation({ hostKey: key, roomId: identity.room, ...named });
  const client = await new Client(address.url).open();
  client.say({ ...identity.asHost, delegation: toBase64Url(encoded), since, takeover: true });
  const { nonce } = await client.take('challenge');
  const answer = random(32);
  const fields = [
    utf8(`${address.host}:${String(address.port)}`),
    identity.room,
    fromBase64Url(nonce),
    answer,
    u64(BigInt(since)),
  ];
  const signature = await signHost(await importHostKey(own.pkcs8), 'server auth', fields);
  client.say({ type: 'prove', nonce: toBase64Url(answer), signature: toBase64Url(signature) });
  return client;
}

/** The holder of the host key, who leads since then. */
async function leads(address: Address, identity: Identity, since: number, takeover: boolean): Promise<Client> {
  const client = await new Client(address.url).open();
  client.say({ ...identity.asHost, since, takeover });
  const { nonce } = await client.take('challenge');
  const answer = random(32);
  const name = utf8(`${address.host}:${String(address.port)}`);
  const fields = [name, identity.room, fromBase64Url(nonce), answer, u64(BigInt(since))];
  const signature = toBase64Url(await signHost(identity.key, 'server auth', fields));
  client.say({ type: 'prove', nonce: toBase64Url(answer), signature });
  return client;
}

async function room(t: TestContext) {
  const address = await start(t);
  const identity = await Identity.make();
  const first = await host(address, identity);
  await first.take('joined');
  return { address, identity, first };
}

describe('the host’s seat', () => {
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
    const hub = new Hub({ limits: { rooms: 9, guests: 9, unprovenRoomsPerNetwork: 9 }, retention: 1_000 });
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
