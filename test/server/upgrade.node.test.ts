import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';
import { attach } from '../../src/server/attach.ts';
import { createServer as createOwnServer } from '../../src/server/server.ts';
import { CONFIGURATION } from './harness.ts';

describe('[R12] a connection', () => {
  it('keeps nothing of the request that opened it', async (t) => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const server = createServer();
    const attached = await attach(server, { configuration: CONFIGURATION, relayCheck: 'off' });
    t.after(() => attached.close());
    t.after(() => server.close());
    const opened: WeakRef<IncomingMessage>[] = [];
    server.on('upgrade', (request: IncomingMessage) => opened.push(new WeakRef(request)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = new WebSocket(`ws://127.0.0.1:${String((server.address() as AddressInfo).port)}/signal`);
    t.after(() => socket.terminate());
    await once(socket, 'open');
    // A WeakRef holds its target until the end of the task in which it was read.
    for (let round = 0; round < 20 && opened[0]?.deref(); round++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      collect();
    }
    assert.equal(opened.length, 1);
    assert.equal(opened[0]?.deref() === undefined, true);
    assert.equal(socket.readyState, WebSocket.OPEN);
  });
});

describe('the end of a server', () => {
  const upgrade = (path: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

  it('does not wait for a client that keeps its side open after a refusal', async () => {
    for (const path of ['/elsewhere', '/signal']) {
      const server = createOwnServer({ configuration: CONFIGURATION, relayCheck: 'off' });
      const { host, port } = await server.listen({ port: 0 });
      const client = connect({ port, host, allowHalfOpen: true }, () => client.write(upgrade(path)));
      await once(client, 'data');
      await server.close();
      client.destroy();
    }
  });

  it('does not wait for a client that reads no refusal', async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'consult-room-'));
    t.after(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'large.bin'), Buffer.alloc(32 * 1024 * 1024));
    const server = createOwnServer({ configuration: CONFIGURATION, relayCheck: 'off', static: directory });
    const { host, port } = await server.listen({ port: 0 });
    const client = connect({ port, host, allowHalfOpen: true });
    client.on('error', () => undefined);
    t.after(() => client.destroy());
    // What comes first fills what the network takes for a receiver.
    client.write('GET /large.bin HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await once(client, 'readable');
    client.write(upgrade('/signal').replace('127.0.0.1', 'stranger.example'));
    // It came later, so that the upgrade has been read when this is answered.
    await fetch(`http://127.0.0.1:${String(port)}/healthz`);
    await server.close();
  });

  it('is not brought about by an upgrade that is sent before an earlier answer has ended', async (t) => {
    const waiting: ServerResponse[] = [];
    const site = createServer((_request, response) => void waiting.push(response));
    const attached = await attach(site, { configuration: CONFIGURATION, relayCheck: 'off' });
    t.after(() => attached.close());
    t.after(() => site.close());
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    for (const path of ['/', '/config']) {
      const client = connect((site.address() as AddressInfo).port, '127.0.0.1');
      client.on('error', () => undefined);
      client.write('GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
      client.write(upgrade(path).replace('websocket', 'h2c'));
      // Reads to the end: the connection is given up, and nothing else.
      client.resume();
      await once(client, 'close');
    }
    assert.equal(waiting.length, 2);
  });
});
