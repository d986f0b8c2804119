/** Limits that keep honest people in when strangers take what they can. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { LogEntry } from '../../src/server/log.ts';
import { SendBuffers, UnreadQueue, type BufferOwner } from '../../src/server/send-buffers.ts';
import { base64url, Client, eventually, guest, host, Identity, pair, start } from './harness.ts';

/** Nothing but the limit under test stops a sender or receiver. */
const UNLIMITED = { byteBurst: 1e9, messageBurst: 1e6, bufferedBytes: 1e9 };

const from = (ip: string) => ({ 'X-Forwarded-For': ip });

describe('rooms', () => {
  it('a proven host gets a room when strangers hold all of them unproven', async (t) => {
    const address = await start(t, {
      addressFrom: 'x-forwarded-for',
      limits: { rooms: 12, unprovenRoomsPerNetwork: 6 },
    });
    const strangers: Client[] = [];
    for (const ip of ['198.51.100.1', '198.51.100.2'])
      for (let count = 0; count < 6; count++) {
        const client = await guest(address, await Identity.make(), from(ip));
        await client.take('joined');
        strangers.push(client);
      }
    // A guest gets none, and a host does.
    assert.equal(
      (await (await guest(address, await Identity.make(), from('203.0.113.5'))).take('error')).code,
      'server-full',
    );
    const proven = await Promise.all([host(address, await Identity.make()), host(address, await Identity.make())]);
    await Promise.all(proven.map((client) => client.take('joined')));
    // Those who had to go may come again.
    await eventually(async () => assert.equal(strangers.filter(({ closed }) => closed === 1013).length, 2));
  });

  it('of a network with the most unproven ones go first', async (t) => {
    const address = await start(t, { addressFrom: 'x-forwarded-for', limits: { rooms: 5 } });
    const honest = await guest(address, await Identity.make(), from('203.0.113.5'));
    await honest.take('joined');
    for (let count = 0; count < 4; count++)
      await (await guest(address, await Identity.make(), from('198.51.100.1'))).take('joined');
    for (let count = 0; count < 3; count++) await (await host(address, await Identity.make())).take('joined');
    honest.say({ type: 'ping' });
    await honest.take('pong');
  });

  it('that are proven stay when another host comes', async (t) => {
    const address = await start(t, { limits: { rooms: 1 } });
    const room = await pair(address, await Identity.make());
    assert.equal((await (await host(address, await Identity.make())).take('error')).code, 'server-full');
    room.guest.say({ type: 'ping' });
    await room.guest.take('pong');
  });

  it('of one network that no host has proved are limited, and others get theirs', async (t) => {
    const address = await start(t, { addressFrom: 'x-forwarded-for', limits: { unprovenRoomsPerNetwork: 2 } });
    const open = async (ip: string) => guest(address, await Identity.make(), from(ip));
    for (let count = 0; count < 2; count++) await (await open('198.51.100.1')).take('joined');
    assert.equal((await (await open('198.51.100.1:4711')).take('error')).code, 'server-full');
    await (await open('198.51.100.2')).take('joined');
    // Joining a room that is there opens none, and a proven one counts no more.
    const identity = await Identity.make();
    await (await host(address, identity)).take('joined');
    await (await guest(address, identity, from('198.51.100.1'))).take('joined');
  });
});

describe('the rooms that a network opened', () => {
  it('count no more once they are left', async (t) => {
    const address = await start(t, { addressFrom: 'x-forwarded-for', limits: { unprovenRoomsPerNetwork: 2 } });
    for (let round = 0; round < 3; round++) {
      const open = async () => guest(address, await Identity.make(), from('198.51.100.1'));
      const clients = await Promise.all([open(), open()]);
      await Promise.all(clients.map((client) => client.take('joined')));
      assert.equal((await (await open()).take('error')).code, 'server-full');
      for (const client of clients) client.socket.close();
      await Promise.all(clients.map((client) => client.gone()));
    }
  });
});

/** Who connects to this address of loopback comes from another machine, as the server sees it: this one may have no network. */
const OUTSIDE = '127.0.0.19';

function connectsFromOutside(t: TestContext): void {
  t.mock.method(Server.prototype, 'emit', function (this: Server, event: string, ...args: unknown[]): boolean {
    const [socket] = args as [Socket];
    if (event === 'connection' && socket.localAddress === OUTSIDE)
      Object.defineProperty(socket, 'remoteAddress', { value: '198.51.100.9' });
    return EventEmitter.prototype.emit.call(this, event, ...args);
  });
}

async function halfOpen(
  t: TestContext,
  port: number,
  count: number,
  address = '127.0.0.1',
): Promise<readonly Socket[]> {
  const sockets = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Socket>((resolve) => {
          const socket = connect(port, address, () =>
            socket.write('GET / HTTP/1.1\r\nHost: x\r\n', () => resolve(socket)),
          );
          socket.on('error', () => resolve(socket));
          // Reading is what shows that the other end has closed.
          socket.resume();
        }),
    ),
  );
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  return sockets;
}

describe('connections', () => {
  it('are free for a WebSocket and for a request when hundreds of half requests are open', async (t) => {
    const address = await start(t, { limits: { connections: 5, connectionsPerAddress: 1 } });
    await halfOpen(t, address.port, 700);
    await new Client(address.url).open();
    assert.equal((await fetch(`${address.url}healthz`)).status, 200);
  });

  it('of one address are counted when TCP accepts them', async (t) => {
    connectsFromOutside(t);
    const entries: LogEntry[] = [];
    const server = await start(
      t,
      {
        origins: ['https://beratung.example'],
        limits: { connectionsPerAddress: 1 },
        log: (entry) => void entries.push(entry),
      },
      '0.0.0.0',
    );
    const sockets = await halfOpen(t, server.port, 200, OUTSIDE);
    await eventually(async () => assert.ok(sockets.filter(({ closed }) => closed).length >= 200 - 1 - 64));
    assert.equal((await fetch(`http://127.0.0.1:${String(server.port)}/healthz`)).status, 200);
    assert.ok(entries.some((entry) => entry.event === 'refused' && entry.code === 'address-limit'));
    const [advice, ...more] = entries.filter((entry) => entry.event === 'advice');
    assert.match(advice?.words ?? '', /--address-from x-forwarded-for/u);
    assert.deepEqual(more, []);
  });

  it('of one proxy that is not known are refused with the setting that helps', async (t) => {
    connectsFromOutside(t);
    const entries: LogEntry[] = [];
    const server = await start(
      t,
      {
        origins: ['https://beratung.example'],
        limits: { connectionsPerAddress: 1 },
        log: (entry) => void entries.push(entry),
      },
      '0.0.0.0',
    );
    const url = `http://${OUTSIDE}:${String(server.port)}/`;
    const advice = (): readonly string[] => entries.flatMap((one) => (one.event === 'advice' ? [one.words] : []));
    const seated = new Client(url, from('203.0.113.1'));
    t.after(() => seated.socket.terminate());
    await seated.open();
    assert.deepEqual(advice(), []);
    await assert.rejects(new Client(url, from('203.0.113.2')).open(), /429/u);
    const [words, ...more] = advice();
    assert.match(words ?? '', /--address-from x-forwarded-for/u);
    assert.deepEqual(more, []);
  });

  it('a client that pings and never reads is dropped', async (t) => {
    const address = await start(t, { limits: { ...UNLIMITED, pingEvery: 1_000, stalledAfter: 1_500 } });
    const identity = await Identity.make();
    const room = await pair(address, identity);
    const lazy = await guest(address, identity);
    const { you } = await lazy.take('joined');
    lazy.socket.pause();
    const pings = setInterval(() => lazy.say({ type: 'ping' }), 30);
    t.after(() => clearInterval(pings));
    const left = room.host.until(
      () =>
        room.host.inbox.find((message) => message.type === 'peer' && message.change === 'left' && message.id === you),
      'the lazy one leaving',
    );
    // More than the kernel queues for it, less than its own limit.
    for (let count = 0; count < 300; count++) room.host.say({ type: 'send', to: you, data: 'A'.repeat(60_000) });
    await left;
    lazy.socket.terminate();
  });
});

describe('the queues of receivers', () => {
  const owner = (buffered: number) => {
    const one = { buffered, dropped: 0, drop: () => void ((one.dropped += 1), (one.buffered = 0)) };
    return one satisfies BufferOwner;
  };

  it('are bounded together: those with the longest are dropped until the rest fits', () => {
    const buffers = new SendBuffers(100);
    const [small, middle, large] = [owner(20), owner(40), owner(39)];
    for (const one of [small, middle, large]) buffers.queued(one, one.buffered);
    assert.deepEqual([small.dropped, middle.dropped, large.dropped], [0, 0, 0]);
    large.buffered = 60;
    buffers.queued(large, 21);
    assert.deepEqual([small.dropped, middle.dropped, large.dropped], [0, 0, 1]);
  });

  it('forget who has read everything, or is gone', () => {
    const buffers = new SendBuffers(100);
    const [one, two, three] = [owner(90), owner(90), owner(50)];
    buffers.queued(one, one.buffered);
    one.buffered = 0;
    buffers.queued(two, two.buffered);
    buffers.closed(two);
    buffers.queued(three, three.buffered);
    assert.deepEqual([one.dropped, two.dropped, three.dropped], [0, 0, 0]);
  });

  it('tell a receiver that reads slowly from one that reads nothing', () => {
    const [slow, still] = [new UnreadQueue(0, 0), new UnreadQueue(0, 0)];
    for (const queue of [slow, still]) queue.add(500);
    assert.deepEqual([slow.stalledFor(499, 10), still.stalledFor(500, 10)], [0, 10]);
    // New messages hide nothing: what was taken counts.
    for (const queue of [slow, still]) queue.add(100);
    assert.deepEqual([slow.stalledFor(598, 20), still.stalledFor(600, 20)], [0, 20]);
    assert.deepEqual([slow.stalledFor(598, 50), still.stalledFor(600, 50)], [30, 50]);
  });

  it('leave others talking when many do not read', async (t) => {
    const address = await start(t, { limits: { ...UNLIMITED, bufferedTotal: 1_000_000 } });
    const identity = await Identity.make();
    const room = await pair(address, identity);
    const lazy = await Promise.all(Array.from({ length: 6 }, () => guest(address, identity)));
    await Promise.all(lazy.map((client) => client.take('joined')));
    for (const client of lazy) client.socket.pause();
    for (let count = 0; count < 150; count++) {
      room.host.say({ type: 'send', to: 'everyone', data: 'A'.repeat(60_000) });
      // One who reads has nothing in the queue, on a busy machine too.
      await room.guest.take('message');
    }
    await eventually(async () =>
      assert.ok(room.host.inbox.some((message) => message.type === 'peer' && message.change === 'left')),
    );
    room.guest.say({ type: 'send', to: room.hostId, data: base64url('still here') });
    assert.equal((await room.host.take('message')).data, base64url('still here'));
    for (const client of lazy) client.socket.terminate();
  });
});
