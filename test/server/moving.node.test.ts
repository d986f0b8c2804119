/** A server that ends gracefully: its browsers move on, and nobody is told of an outage. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket as NodeWebSocket } from 'ws';
import type { ChannelEvent, HostProof } from '../../src/signaling/channel.ts';
import { WebSocketChannel } from '../../src/signaling/websocket-channel.ts';
import { createServer, type ConsultServer } from '../../src/server/server.ts';
import { until } from '../support/until.ts';
import { Client, CONFIGURATION, Identity, pair } from './harness.ts';

async function running(t: TestContext, origins: readonly string[] = []) {
  const server = createServer({ configuration: CONFIGURATION, relayCheck: 'off', origins });
  const address = await server.listen({ port: 0 });
  t.after(() => server.close());
  return { server, address };
}

/** A balancer that sends new connections to the server of the moment. */
async function balancer(t: TestContext, target: () => ConsultServer) {
  const server = createTcpServer((near) => {
    const far = connect(target().address?.port ?? 1, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far])
      socket.on('error', () => undefined).on('close', () => [near, far].forEach((one) => one.destroy()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function channelTo(t: TestContext, name: string, identity: Identity, role: 'host' | 'guest') {
  const events: ChannelEvent[] = [];
  const { room: roomId, spki, roomTag, expires } = identity;
  const host: HostProof = { spki, roomTag, expires, since: 0, sign: (own, one, two) => identity.sign(own, one, two) };
  const channel = new WebSocketChannel({
    url: `ws://${name}/signal`,
    roomId,
    onEvent: (event) => events.push(event),
    WebSocket: NodeWebSocket as unknown as new (url: string) => WebSocket,
    ...(role === 'host' ? { host } : {}),
  });
  t.after(() => channel.close());
  channel.open();
  return {
    channel,
    events,
    count: (type: ChannelEvent['type'], times: number) =>
      until(
        () => events.filter((event) => event.type === type).length,
        (count) => count === times,
        `${type} of the ${role}`,
        { every: 5 },
      ),
  };
}

describe('a server that moves its clients', () => {
  it('leads a host and a guest to the next server without an error, and they hear each other there', async (t) => {
    let current: ConsultServer;
    const name = await balancer(t, () => current);
    const [first, second] = [await running(t, [`http://${name}`]), await running(t, [`http://${name}`])];
    current = first.server;
    const identity = await Identity.make();
    const host = channelTo(t, name, identity, 'host');
    await host.count('online', 1);
    const guest = channelTo(t, name, identity, 'guest');
    await guest.count('online', 1);
    current = second.server;
    await first.server.drain(50);
    assert.equal(first.server.address, null);
    await Promise.all([host.count('online', 2), guest.count('online', 2)]);
    await until(
      () => [host, guest].some(({ events }) => events.some(({ type }) => type === 'peer-joined')),
      Boolean,
      'one to meet the other',
    );
    guest.channel.send('everyone', new Uint8Array([7]));
    await host.count('message', 1);
    const errors = [...host.events, ...guest.events].filter(({ type }) => type === 'error');
    assert.deepEqual(errors, []);
  });

  it('answers 503 to a balancer, takes nobody in, and goes on delivering until they have left', async (t) => {
    const { server, address } = await running(t);
    const room = await pair(address, await Identity.make());
    const ended = server.drain(2_000);
    assert.deepEqual(await room.host.take('moving'), { type: 'moving', within: 2_000 });
    assert.equal((await fetch(`${address.url}healthz`)).status, 503);
    await assert.rejects(new Client(address.url).open(), /503/u);
    room.guest.say({ type: 'send', to: room.hostId, data: 'AQ' });
    await room.host.take('message');
    room.host.socket.close();
    room.guest.socket.close();
    await ended;
  });

  it('closes clients that do not move', async (t) => {
    const { server, address } = await running(t);
    const room = await pair(address, await Identity.make());
    await server.drain(10);
    assert.equal(await room.host.gone(), 1001);
  });
});
