/** A server that ends gracefully: its browsers move on, and nobody is told of an outage. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createServer, type ConsultServer } from '../../src/server/server.ts';
import { until } from '../support/until.ts';
import { balancer, channelTo } from './channels.ts';
import { Client, CONFIGURATION, Identity, pair } from './harness.ts';

async function running(t: TestContext, origins: readonly string[] = []) {
  const server = createServer({ configuration: CONFIGURATION, relayCheck: 'off', origins });
  const address = await server.listen({ port: 0 });
  t.after(() => server.close());
  return { server, address };
}

describe('a server that moves its clients', () => {
  it('leads a host and a guest to the next server without an error, and they hear each other there', async (t) => {
    let current: ConsultServer;
    const name = await balancer(t, () => current.address?.port ?? 1);
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
