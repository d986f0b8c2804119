/** The client's own channel to server processes behind a balancer. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { WebSocket as NodeWebSocket } from 'ws';
import type { ChannelEvent, HostProof } from '../../src/signaling/channel.ts';
import { WebSocketChannel } from '../../src/signaling/websocket-channel.ts';
import { until } from '../support/until.ts';
import type { Identity } from './harness.ts';

/**
 * A balancer on loopback.
 *
 * @param target port of the server for a new connection
 * @returns its host and port
 */
export async function balancer(t: TestContext, target: () => number): Promise<string> {
  const server = createServer((near) => {
    const far = connect(target(), '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far])
      socket.on('error', () => undefined).on('close', () => [near, far].forEach((one) => one.destroy()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** Opens a channel, and closes it with the test. */
export function channelTo(t: TestContext, name: string, identity: Identity, role: 'host' | 'guest') {
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
