/** The signalling on servers of Express, Fastify, Hono and Node itself. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, get } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { WebSocketServer, WebSocket } from 'ws';
import { attach, type AttachOptions } from '../../src/server/attach.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { base64url, CONFIGURATION, eventually, guest, Identity, pair } from './harness.ts';

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

async function attached(t: TestContext, server: Server, limits: AttachOptions['limits'] = {}) {
  const rooms = await attach(server, { configuration: CONFIGURATION, relayCheck: 'off', limits });
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

  /** Sends an upgrade that nobody takes to a site that answers when told to. */
  async function slowly(t: TestContext, text = 'the site') {
    const server = createServer();
    const asked = new Promise<{ request: IncomingMessage; response: ServerResponse }>((resolve) =>
      server.on('request', (request, response) => {
        if (request.url === '/slow') resolve({ request, response });
        else response.end('the site');
      }),
    );
    const { address } = await attached(t, await listening(server.listen(0, '127.0.0.1')));
    const client = connect({ port: address.port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined);
    t.after(() => client.destroy());
    client.write('GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    const { request, response } = await asked;
    return { server, address, client, request, response, answer: () => response.end(text) };
  }

  it('survives a client that resets its connection before the site has answered', async (t) => {
    const { address, client, request, response } = await slowly(t);
    const told = Promise.all([once(request, 'close'), once(response, 'close')]);
    client.resetAndDestroy();
    await told;
    assert.equal(await (await fetch(address.url)).text(), 'the site');
  });

  it('holds no connection whose client leaves before the site has answered', async (t) => {
    const { server, client } = await slowly(t);
    client.end();
    await free(server);
  });

  it('holds no connection whose client keeps its side open after the answer', async (t) => {
    const { server, client, answer } = await slowly(t);
    let text = '';
    client.on('data', (part: Buffer) => (text += part.toString()));
    answer();
    await once(client, 'end');
    assert.match(text, /^HTTP\/1\.1 200 OK[\s\S]*the site/u);
    await free(server);
  });

  it('holds no connection whose client reads nothing of the answer', async (t) => {
    const { server, client, request, answer } = await slowly(t, 'x'.repeat(32 * 1024 * 1024));
    client.pause();
    assert.equal(request.socket.timeout, 5_000);
    // The site has not answered yet.
    request.socket.emit('timeout');
    assert.equal(request.socket.destroyed, false);
    answer();
    request.socket.emit('timeout');
    await free(server);
  });

  it('holds no connection of a client whose upgrade it refused', async (t) => {
    const server = await FRAMEWORKS['Node']!();
    const { address } = await attached(t, server);
    const origin = 'Origin: https://other.example\r\n';
    // Refused by us, and by the handshake itself.
    for (const [header, status] of [
      [origin, 403],
      ['', 400],
    ] as const) {
      const client = connect({ port: address.port, host: '127.0.0.1', allowHalfOpen: true });
      client.write(
        `GET /signal HTTP/1.1\r\nHost: 127.0.0.1\r\n${header}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      const [answer] = (await once(client, 'data')) as [Buffer];
      assert.match(answer.toString(), new RegExp(`^HTTP/1\\.1 ${String(status)} `, 'u'));
      await free(server);
      client.destroy();
    }
  });
});

/** Resolves once the server has no connection. */
const free = (server: Server): Promise<void> =>
  eventually(async () => {
    assert.equal(await promisify(server.getConnections.bind(server))(), 0);
  }, 15_000);

describe('attached to a server, the signalling', () => {
  it('answers requests for its own paths that offer another protocol, or ask in absolute form', async (t) => {
    const { address } = await attached(t, await FRAMEWORKS['Node']!());
    for (const [target, more] of [
      ['/config', 'Connection: Upgrade\r\nUpgrade: h2c'],
      [`${address.url}config`, 'Connection: close'],
    ]) {
      const socket = connect(address.port, '127.0.0.1');
      socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n\r\n`);
      let text = '';
      for await (const part of socket) text += String(part);
      assert.match(text, /^HTTP\/1\.1 200 OK[\s\S]*"country":"DE"/u, target);
    }
  });
});

/** A certificate of this test alone. */
function selfSigned(): { readonly key: string; readonly cert: string } {
  const own = temporaryFolder('tls');
  const [key, cert] = [join(own, 'key.pem'), join(own, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const args = ['req', '-x509', '-days', '1', '-nodes', ...curve, ...names, '-keyout', key, '-out', cert];
  execFileSync('openssl', args, { stdio: 'pipe' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

/** Its sockets take what they send a moment later than those without TLS. */
describe('attached to a server with TLS', () => {
  const site = async (t: TestContext, limits?: AttachOptions['limits']) => {
    const own = selfSigned();
    const server = createTlsServer(own, (_request, response) => response.end('the site'));
    const { address } = await attached(t, await listening(server.listen(0, '127.0.0.1')), limits);
    return { ...address, url: address.url.replace('http:', 'https:'), ca: own.cert };
  };

  it('carries messages of all sizes in order, and leaves the site its pages', async (t) => {
    const address = await site(t, { messageBurst: 1e4, byteBurst: 1e9, stalledAfter: 3_000 });
    const room = await pair(address, await Identity.make());
    for (const last of [false, true]) {
      const sent = Array.from({ length: 60 }, (_, index) => base64url(`${String(index)} `.padEnd(1 + index * 800)));
      for (const data of sent) {
        room.host.say({ type: 'send', to: room.guestId, data });
        room.guest.say({ type: 'send', to: 'everyone', data });
      }
      for (const client of [room.host, room.guest])
        for (const data of sent) assert.equal((await client.take('message')).data, data);
      // Longer than a receiver may take nothing: those who have nothing to take stay.
      if (!last) await new Promise((resolve) => setTimeout(resolve, 3_500));
    }
    assert.deepEqual([room.host.closed, room.guest.closed], [null, null]);
    const [page] = (await once(get(address.url, { ca: address.ca }), 'response')) as [NodeJS.ReadableStream];
    let text = '';
    for await (const part of page) text += String(part);
    assert.equal(text, 'the site');
  });

  it('drops a client that does not read, at no cost to the others', async (t) => {
    const address = await site(t, { messageBurst: 1e6, byteBurst: 1e9, bufferedBytes: 300_000, bufferedTotal: 1e9 });
    const identity = await Identity.make();
    const room = await pair(address, identity);
    const slow = await guest(address, identity);
    const { you } = await slow.take('joined');
    slow.socket.pause();
    const left = (): boolean =>
      room.host.inbox.some((message) => message.type === 'peer' && message.change === 'left' && message.id === you);
    for (let count = 0; !left(); count++) {
      // What the system takes for a receiver, and no more.
      assert.ok(count < 400, 'not dropped');
      room.host.say({ type: 'send', to: you, data: 'A'.repeat(60_000) });
      room.guest.say({ type: 'send', to: room.hostId, data: base64url(String(count)) });
      assert.equal((await room.host.take('message')).data, base64url(String(count)));
    }
    room.host.say({ type: 'send', to: room.guestId, data: base64url('still here') });
    assert.equal((await room.guest.take('message')).data, base64url('still here'));
    slow.socket.terminate();
  });
});
