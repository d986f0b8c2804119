/** The signalling on servers of Express, Fastify, Hono and Node itself. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { WebSocketServer, WebSocket } from 'ws';
import { attach } from '../../src/server/attach.ts';
import { base64url, CONFIGURATION, Identity, pair } from './harness.ts';

async function listening(server: Server): Promise<Server> {
  if (!server.listening) await once(server, 'listening');
  return server;
}

const FRAMEWORKS: Readonly<Record<string, () => Promise<Server>>> = {
  Express: () => {
    const app = express();
    app.get('/', (_request, response) => void response.send('the site'));
    return listening(app.listen(0, '127.0.0.1'));
  },
  Fastify: async () => {
    const app = fastify();
    app.get('/', () => 'the site');
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
  Hono: () => {
    const app = new Hono();
    app.get('/', (context) => context.text('the site'));
    return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
  },
  Node: () => listening(createServer((_request, response) => response.end('the site')).listen(0, '127.0.0.1')),
};

async function attached(t: TestContext, server: Server) {
  const rooms = await attach(server, { configuration: CONFIGURATION, relayCheck: 'off' });
  t.after(async () => {
    await rooms.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { rooms, address: { host: '127.0.0.1', port, url: `http://127.0.0.1:${String(port)}/` } };
}

for (const [name, make] of Object.entries(FRAMEWORKS))
  describe(`attached to a server of ${name}`, () => {
    it('introduces host and guest, and leaves the site its own pages', async (t) => {
      const { rooms, address } = await attached(t, await make());
      const room = await pair(address, await Identity.make());
      room.guest.say({ type: 'send', to: 'everyone', data: base64url('hello') });
      await room.host.take('message');
      assert.equal(await (await fetch(address.url)).text(), 'the site');
      assert.equal(
        ((await (await fetch(`${address.url}config`)).json()) as typeof CONFIGURATION).operator.country,
        'DE',
      );
      assert.equal((await fetch(`${address.url}transparency`)).status, 405);
      await rooms.close();
      await Promise.all([room.host.gone(), room.guest.gone()]);
      assert.equal(await (await fetch(address.url)).text(), 'the site');
      assert.notEqual(await (await fetch(`${address.url}config`)).text(), JSON.stringify(CONFIGURATION));
    });
  });

describe('attached to a server with upgrades of its own', () => {
  it('leaves other WebSockets to the site', async (t) => {
    const server = await FRAMEWORKS['Node']!();
    new WebSocketServer({ server, path: '/chat' }).on('connection', (socket) => socket.send('the site’s chat'));
    const { address } = await attached(t, server);
    const chat = new WebSocket(`${address.url.replace('http', 'ws')}chat`);
    const [data] = (await once(chat, 'message')) as [Buffer];
    assert.equal(data.toString(), 'the site’s chat');
    chat.terminate();
  });

  it('lets the site answer an upgrade that nobody takes, as Node does', async (t) => {
    const { address } = await attached(t, await FRAMEWORKS['Node']!());
    const socket = connect(address.port, '127.0.0.1');
    socket.end('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    let text = '';
    for await (const part of socket) text += String(part);
    assert.match(text, /^HTTP\/1\.1 200 OK[\s\S]*the site/u);
  });
});
