import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { MESSAGE_LIMIT } from '../../src/wire/wire-parts.ts';
import { base64url, Client, eventually, guest, host, Identity, pair, start } from './harness.ts';

/** Proves that the two can still talk. */
async function stillTalking(room: Awaited<ReturnType<typeof pair>>, words: string): Promise<void> {
  room.guest.say({ type: 'send', to: room.hostId, data: base64url(words) });
  assert.equal((await room.host.take('message')).data, base64url(words));
  room.host.say({ type: 'send', to: room.guestId, data: base64url(words) });
  assert.equal((await room.guest.take('message')).data, base64url(words));
}

describe('clients that violate the protocol', () => {
  it('answers garbage with message-invalid and continues', async (t) => {
    const address = await start(t);
    const room = await pair(address, await Identity.make());
    const garbage: readonly (string | Uint8Array)[] = [
      '',
      'null',
      '[]',
      '{}',
      '{"type":"send"}',
      '{"type":"joined","you":"x","peers":[]}',
      '{"type":"__proto__"}',
      `{"type":"send","to":"everyone","data":"${base64url('x')}","extra":1}`,
      '{"type":"send","to":"everyone","data":"<not base64url>"}',
      '{"type":"send","to":"everyone","data":""}',
      `{"type":"send","to":"somebody","data":"${base64url('x')}"}`,
      '\u0000\u0000',
      '{'.repeat(1000),
      randomBytes(100),
    ];
    for (const bad of garbage) {
      room.guest.raw(bad);
      assert.equal((await room.guest.take('error')).code, 'message-invalid', String(bad));
    }
    await stillTalking(room, 'after garbage');
  });

  it('takes an end, and a time of leading, as far as dates reach, which what the server holds can then be said with', async (t) => {
    const address = await start(t);
    const last = 8_640_000_000_000;
    const identity = await Identity.make(last);
    await (await host(address, identity)).take('joined');
    const answer = await fetch(`${address.url}transparency`, {
      method: 'POST',
      body: JSON.stringify(identity.question),
    });
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /"expires":"\+275760-09-13T00:00:00\.000Z"/u);
    for (const more of [
      { expires: last + 1 },
      { expires: Number.MAX_SAFE_INTEGER },
      { since: last * 1000 + 1 },
      { since: Number.MAX_SAFE_INTEGER },
    ]) {
      const client = await new Client(address.url).open();
      client.say({ ...identity.asHost, ...more });
      assert.equal((await client.take('error')).code, 'message-invalid', JSON.stringify(more));
    }
  });

  it('closes only the connection that exceeds the rate limit', async (t) => {
    const address = await start(t);
    const room = await pair(address, await Identity.make());
    const rude = await new Client(address.url).open();
    rude.raw('x'.repeat(MESSAGE_LIMIT + 1));
    assert.equal(await rude.gone(), 1009);
    await stillTalking(room, 'after a large one');
  });

  it('forwards the largest message that the wire allows', async (t) => {
    const address = await start(t);
    const room = await pair(address, await Identity.make());
    const data = 'A'.repeat(MESSAGE_LIMIT - 128);
    room.guest.say({ type: 'send', to: room.hostId, data });
    assert.equal((await room.host.take('message')).data, data);
  });

  it('takes a message in a few frames, and none in a great many', async (t) => {
    const address = await start(t, { limits: { joinWithin: 600_000 } });
    const client = await new Client(address.url).open();
    const inFrames = (frames: number): void => {
      const text = '{"type":"ping"}'.padEnd(frames);
      for (let at = 0; at < frames; at++) {
        const part = at < frames - 1 ? text.charAt(at) : text.slice(at);
        client.socket.send(part, { fin: at === frames - 1 });
      }
    };
    for (const frames of [4, 64]) {
      inFrames(frames);
      await client.take('pong');
    }
    inFrames(65);
    const pong = client.take('pong').then(() => assert.fail('taken'));
    await assert.rejects(pong, /closed \(1008\)/u);
  });

  it('does not collect a frame that arrives byte by byte', async (t) => {
    const address = await start(t, { limits: { joinWithin: 600_000 } });
    const socket = connect(address.port, address.host).setNoDelay();
    const closed = new Promise<void>((resolve) => socket.on('close', resolve).on('error', () => undefined));
    const nonce = randomBytes(16).toString('base64');
    const handshake = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${nonce}`;
    socket.write(`GET /signal HTTP/1.1\r\nHost: ${address.host}\r\n${handshake}\r\n\r\n`);
    await once(socket, 'data');
    socket.resume();
    const length = 60_000;
    // Masked, as a client's must be (RFC 6455 §5.2), and never complete.
    const head = Buffer.from([0x81, 0xfe, length >> 8, length & 0xff, 0, 0, 0, 0]);
    socket.write(head);
    for (let sent = 0; sent < length - 1 && socket.writable; sent++) {
      socket.write(' ');
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(socket.writable, false);
    await closed;
  });

  it('ignores host messages from guests', async (t) => {
    const address = await start(t);
    const room = await pair(address, await Identity.make());
    room.guest.say({ type: 'admitted', keys: ['AAAA'] });
    assert.equal((await room.guest.take('error')).code, 'host-not-proven');
  });

  it('survives clients that disappear during the handshake', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const room = await pair(address, identity);
    for (const words of [
      '',
      'GET /sig',
      'GET /signal HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    ]) {
      const socket = connect(address.port, address.host, () => socket.write(words, () => socket.destroy()));
      await new Promise((resolve) => socket.on('close', resolve));
    }
    // Challenged, and gone before the answer; the seat of the host stays whose it is.
    const half = await new Client(address.url).open();
    half.say(identity.asHost);
    await half.take('challenge');
    half.socket.terminate();
    await half.gone();
    await stillTalking(room, 'after all those');
  });

  it('closes a connection that does not join in time', async (t) => {
    const identity = await Identity.make();
    // The time for a challenge, also on a busy processor.
    const address = await start(t, { limits: { joinWithin: 2_000 } });
    const [silent, challenged] = await Promise.all([new Client(address.url).open(), new Client(address.url).open()]);
    challenged.say(identity.asHost);
    await challenged.take('challenge');
    assert.equal((await silent.take('error')).code, 'not-joined');
    assert.deepEqual(await Promise.all([silent.gone(), challenged.gone()]), [1008, 1008]);
  });
});

describe('clients that take more than their share', () => {
  it('leave a room and all others working when a thousand connections join it', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const room = await pair(address, identity);
    const elsewhere = await pair(address, await Identity.make());
    const crowd: Client[] = [];
    // In portions, because the kernel's queue of new connections is short.
    for (let portion = 0; portion < 20; portion++) {
      const clients = Array.from({ length: 50 }, () => new Client(address.url));
      await Promise.all(clients.map((client) => client.open()));
      for (const client of clients) client.say(identity.asGuest);
      crowd.push(...clients);
    }
    const answers = await Promise.all(
      crowd.map(async (client) =>
        client.until(() => client.inbox.find(({ type }) => type === 'joined' || type === 'error'), 'an answer'),
      ),
    );
    assert.equal(answers.filter(({ type }) => type === 'joined').length, 31);
    assert.equal(answers.filter((answer) => answer.type === 'error' && answer.code === 'room-full').length, 969);
    await stillTalking(room, 'in the crowded room');
    await stillTalking(elsewhere, 'in another room');
    for (const client of crowd) client.socket.terminate();
  });

  it('lose only their own connection when they flood', async (t) => {
    const address = await start(t, { limits: { messageBurst: 50, messagesPerSecond: 10 } });
    const identity = await Identity.make();
    const room = await pair(address, identity);
    const flooder = await guest(address, identity);
    await flooder.take('joined');
    for (let count = 0; count < 200; count++) flooder.say({ type: 'ping' });
    assert.equal((await flooder.take('error')).code, 'too-many-messages');
    assert.equal(await flooder.gone(), 1008);
    await stillTalking(room, 'after the flood');
  });

  it('count a flood of bytes to everyone once for each receiver', async (t) => {
    const address = await start(t, { limits: { byteBurst: 100_000, bytesPerSecond: 1 } });
    const identity = await Identity.make();
    const others = await Promise.all([guest(address, identity), guest(address, identity), guest(address, identity)]);
    await Promise.all(others.map((client) => client.take('joined')));
    const flooder = await guest(address, identity);
    await flooder.take('joined');
    flooder.say({ type: 'send', to: 'everyone', data: 'A'.repeat(50_000) });
    assert.equal((await flooder.take('error')).code, 'too-many-messages');
  });

  it('are dropped when they do not read, instead of filling the memory', async (t) => {
    const address = await start(t, { limits: { bufferedBytes: 200_000 } });
    const identity = await Identity.make();
    const room = await pair(address, identity);
    const slow = await guest(address, identity);
    const { you } = await slow.take('joined');
    slow.socket.pause();
    const left = room.host.until(
      () =>
        room.host.inbox.find((message) => message.type === 'peer' && message.change === 'left' && message.id === you),
      'the slow one leaving',
    );
    const chunk = 'A'.repeat(60_000);
    for (let count = 0; count < 120; count++) room.host.say({ type: 'send', to: you, data: chunk });
    await left;
    await stillTalking(room, 'after the slow one');
    slow.socket.terminate();
  });

  it('cannot take all connections from one address, while a proxy’s visitors count separately', async (t) => {
    const address = await start(t, { addressFrom: 'x-forwarded-for', limits: { connectionsPerAddress: 2 } });
    const identity = await Identity.make();
    const from = (ip: string) => ({ 'X-Forwarded-For': `10.9.9.9, ${ip}` });
    const greedy = await Promise.all([
      guest(address, identity, from('203.0.113.5')),
      guest(address, identity, from('203.0.113.5')),
    ]);
    await Promise.all(greedy.map((client) => client.take('joined')));
    const third = new Client(address.url, from('203.0.113.5'));
    assert.equal(await third.gone(), 1006);
    await (await guest(address, identity, from('203.0.113.6'))).take('joined');
    greedy[0]?.socket.close();
    await eventually(async () => new Client(address.url, from('203.0.113.5')).open());
  });

  it('are refused before the upgrade when the server is full', async (t) => {
    const address = await start(t, { limits: { connections: 1 } });
    const identity = await Identity.make();
    await (await host(address, identity)).take('joined');
    assert.equal(await new Client(address.url).gone(), 1006);
  });

  it('are refused a room beyond the limit, for which empty rooms are deleted', async (t) => {
    const address = await start(t, { limits: { rooms: 1 } });
    const first = await host(address, await Identity.make());
    await first.take('joined');
    const second = await guest(address, await Identity.make());
    assert.equal((await second.take('error')).code, 'server-full');
    first.socket.close();
    await eventually(async () => (await guest(address, await Identity.make())).take('joined'));
  });

  it('are disconnected when they answer no ping', async (t) => {
    // The time in which the other one answers, in this same process, also on a busy processor.
    const address = await start(t, { limits: { pingEvery: 1_000 } });
    const identity = await Identity.make();
    const first = await guest(address, identity);
    const { you } = await first.take('joined');
    const second = await guest(address, identity);
    await second.take('joined');
    first.socket.pause();
    assert.deepEqual(await second.take('peer'), { type: 'peer', change: 'left', id: you, host: false });
    first.socket.terminate();
  });
});

describe('pages of other sites', () => {
  const refused = async (client: Client) => assert.equal(await client.gone(), 1006);

  it('cannot connect unless they are configured', async (t) => {
    const address = await start(t, { pages: ['https://site.example'] });
    await refused(new Client(address.url, { Origin: 'https://evil.example' }));
    await refused(new Client(address.url, { Origin: 'null' }));
    await new Client(address.url, { Origin: 'https://site.example' }).open();
    await new Client(address.url, { Origin: `http://${address.host}:${String(address.port)}` }).open();
  });

  it('cannot connect by a Host header of their choice once the server knows its name', async (t) => {
    const address = await start(t, { origins: ['https://beratung.example'] });
    await refused(new Client(address.url, { Origin: 'https://evil.example', Host: 'evil.example' }));
    await new Client(address.url, { Origin: 'https://beratung.example' }).open();
  });
});
