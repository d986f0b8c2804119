import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';
import { attach } from '../../src/server/attach.ts';
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
