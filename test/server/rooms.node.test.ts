import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toBase64Url } from '../../src/util/base64url.ts';
import { random } from '../../src/e2ee/bytes.ts';
import { base64url, Client, guest, host, Identity, pair, start } from './harness.ts';

describe('rooms of the signalling server', () => {
  it('forwards opaque bytes between host and guest, to one and to everyone', async (t) => {
    const address = await start(t);
    const room = await pair(address, await Identity.make());
    room.guest.say({ type: 'send', to: 'everyone', data: base64url('to everyone') });
    assert.deepEqual(await room.host.take('message'), {
      type: 'message',
      from: room.guestId,
      data: base64url('to everyone'),
    });
    room.host.say({ type: 'send', to: room.guestId, data: base64url('to one') });
    assert.deepEqual(await room.guest.take('message'), {
      type: 'message',
      from: room.hostId,
      data: base64url('to one'),
    });
  });

  it('reports who is in the room, who joins and who leaves', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const first = await guest(address, identity);
    const { you } = await first.take('joined');
    const second = await host(address, identity);
    const joined = await second.take('joined');
    assert.deepEqual(joined.peers, [{ id: you, host: false }]);
    assert.deepEqual(await first.take('peer'), { type: 'peer', change: 'joined', id: joined.you, host: true });
    second.socket.terminate();
    assert.deepEqual(await first.take('peer'), { type: 'peer', change: 'left', id: joined.you, host: true });
  });

  it('keeps messages and presence of rooms apart', async (t) => {
    const address = await start(t);
    const here = await pair(address, await Identity.make());
    const there = await pair(address, await Identity.make());
    here.guest.say({ type: 'send', to: there.hostId, data: base64url('across') });
    assert.equal((await here.guest.take('error')).code, 'peer-unknown');
    here.guest.say({ type: 'send', to: 'everyone', data: base64url('here') });
    await here.host.take('message');
    there.guest.say({ type: 'ping' });
    there.host.say({ type: 'ping' });
    await Promise.all([there.guest.take('pong'), there.host.take('pong')]);
    assert.deepEqual([there.guest.inbox, there.host.inbox], [[], []]);
  });

  it('refuses messages before joining, and a second join', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const client = await new Client(address.url).open();
    client.say({ type: 'send', to: 'everyone', data: base64url('early') });
    assert.equal((await client.take('error')).code, 'not-joined');
    client.say(identity.asGuest);
    await client.take('joined');
    client.say(identity.asGuest);
    assert.equal((await client.take('error')).code, 'already-joined');
  });

  it('keeps a place for the host when guests have filled the room', async (t) => {
    const address = await start(t, { limits: { guests: 2 } });
    const identity = await Identity.make();
    const guests = [await guest(address, identity), await guest(address, identity)];
    await Promise.all(guests.map((client) => client.take('joined')));
    const third = await guest(address, identity);
    assert.equal((await third.take('error')).code, 'room-full');
    await third.gone();
    const counsellor = await host(address, identity);
    assert.equal((await counsellor.take('joined')).peers.length, 2);
  });

  it('refuses an expired room to its host', async (t) => {
    const address = await start(t);
    const late = await host(address, await Identity.make(Math.floor(Date.now() / 1000) - 1));
    assert.equal((await late.take('error')).code, 'room-expired');
    await late.gone();
  });
});

describe('the proof of the host (protocol.md §1, §2)', () => {
  const name = (address: { host: string; port: number }) => `${address.host}:${String(address.port)}`;

  it('refuses a signature of another key, for another server or over another nonce', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const stranger = await Identity.make();
    const wrong: readonly ((nonce: Uint8Array, own: Uint8Array) => Promise<Uint8Array>)[] = [
      (nonce, own) => stranger.sign(name(address), nonce, own),
      (nonce, own) => identity.sign('signal.example', nonce, own),
      (_nonce, own) => identity.sign(name(address), random(32), own),
      (nonce) => identity.sign(name(address), nonce, random(32)),
      async () => random(96),
      async () => new Uint8Array(0),
    ];
    for (const forge of wrong) {
      const client = await new Client(address.url).open();
      client.say(identity.asHost);
      const nonce = new Uint8Array(Buffer.from((await client.take('challenge')).nonce, 'base64url'));
      const own = random(32);
      client.say({ type: 'prove', nonce: toBase64Url(own), signature: toBase64Url(await forge(nonce, own)) });
      assert.equal((await client.take('error')).code, 'host-not-proven');
      await client.gone();
    }
    const honest = await host(address, identity);
    await honest.take('joined');
  });

  it('refuses to occupy a room with another key, tag or expiry', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const squatter = await Identity.make();
    const claims = [
      { ...squatter.asHost, room: identity.roomId },
      { ...identity.asHost, roomTag: toBase64Url(random(32)) },
      { ...identity.asHost, expires: identity.expires + 1 },
      { ...identity.asHost, spki: identity.asHost.spki.slice(0, -128) + toBase64Url(random(96)) },
    ];
    for (const claim of claims) {
      const client = await new Client(address.url).open();
      client.say(claim);
      await (claim.spki === squatter.asHost.spki ? squatter : identity).prove(client, name(address));
      assert.equal((await client.take('error')).code, 'host-not-proven');
    }
    for (const spki of ['', toBase64Url(random(120))]) {
      const client = await new Client(address.url).open();
      client.say({ ...identity.asHost, spki });
      assert.equal((await client.take('error')).code, 'message-invalid');
    }
  });

  it('refuses a recorded proof on another connection, and a second answer to a challenge', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const honest = await new Client(address.url).open();
    honest.say(identity.asHost);
    const proof = await identity.prove(honest, name(address));
    await honest.take('joined');
    honest.say(proof);
    assert.equal((await honest.take('error')).code, 'already-joined');
    const thief = await new Client(address.url).open();
    thief.say(identity.asHost);
    await thief.take('challenge');
    thief.say(proof);
    assert.equal((await thief.take('error')).code, 'host-not-proven');
    await thief.gone();
  });

  it('accepts only configured names once there are some, whatever the Host header says', async (t) => {
    const address = await start(t, { origins: ['https://beratung.example'] });
    const identity = await Identity.make();
    const direct = await host(address, identity);
    assert.equal((await direct.take('error')).code, 'host-not-proven');
    const named = await new Client(address.url).open();
    named.say(identity.asHost);
    await identity.prove(named, 'beratung.example');
    await named.take('joined');
  });
});

describe('a second host (protocol.md §9)', () => {
  it('is refused while the first one stays connected', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const room = await pair(address, identity);
    const second = await host(address, identity);
    assert.equal((await second.take('error')).code, 'host-elsewhere');
    await second.gone();
    room.guest.say({ type: 'send', to: room.hostId, data: base64url('still there') });
    await room.host.take('message');
  });

  it('takes over on request, and the first one learns the reason', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const room = await pair(address, identity);
    const second = await host(address, identity, { takeover: true });
    const { you, peers } = await second.take('joined');
    assert.deepEqual(peers, [{ id: room.guestId, host: false }]);
    assert.equal((await room.host.take('error')).code, 'host-elsewhere');
    await room.host.gone();
    assert.deepEqual(await room.guest.take('peer'), { type: 'peer', change: 'left', id: room.hostId, host: true });
    assert.deepEqual(await room.guest.take('peer'), { type: 'peer', change: 'joined', id: you, host: true });
  });

  it('takes the place of one that no longer answers, as after a change of network', async (t) => {
    const address = await start(t, { limits: { probeWithin: 50 } });
    const identity = await Identity.make();
    const room = await pair(address, identity);
    // A client that reads nothing answers no ping: as good as a cable that was pulled.
    room.host.socket.pause();
    const second = await host(address, identity);
    const { peers } = await second.take('joined');
    assert.deepEqual(peers, [{ id: room.guestId, host: false }]);
  });

  it('finds its place free after a reload', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const room = await pair(address, identity);
    room.host.socket.close();
    const again = await host(address, identity);
    await again.take('joined');
  });
});
