/** Frames that the server writes itself, read by another implementation. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame, textOf } from '../../src/server/text-frame.ts';

/** Around each length at which the header changes (RFC 6455 §5.2), and what is more bytes than characters. */
const TEXTS = ['', 'a', ...[125, 126, 65_535, 65_536, 70_000].map((length) => 'x'.repeat(length)), 'Grüße, 你好, 👋'];

describe('a frame of the server', () => {
  it('is read as its text, in order with what ws writes itself', async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    server.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        for (const text of TEXTS) {
          socket.write(textFrame(text));
          webSocket.send('between');
        }
        webSocket.close();
      }),
    );
    await once(server, 'listening');
    t.after(() => server.close());
    const client = new WebSocket(`ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    const texts: string[] = [];
    client.on('message', (data, isBinary) => texts.push(isBinary ? 'binary' : (data as Buffer).toString()));
    const [code] = (await once(client, 'close')) as [number];
    assert.deepEqual(
      texts,
      TEXTS.flatMap((text) => [text, 'between']),
    );
    // Without a code of its own: the closing was clean.
    assert.equal(code, 1005);
  });

  it('is the same from ASCII either way, and gives its text back', () => {
    for (const text of TEXTS) assert.equal(textOf(textFrame(text)), text);
    for (const text of TEXTS.slice(0, -1)) assert.deepEqual(textFrame(text, 'latin1'), textFrame(text));
  });
});
