/** A receiver of webhooks, as a booking system would run one: a real HTTP server that checks signatures. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { until } from '../../support/until.ts';

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface Received {
  readonly id: string;
  readonly timestamp: number;
  readonly signatures: readonly string[];
  readonly type: string;
  readonly room: string;
  readonly body: string;
  readonly path: string;
}

export type Answer = (response: ServerResponse, received: Received) => void;

/** @param answer what it does with each webhook; default 204 */
export async function receiver(
  t: Pick<TestContext, 'after'>,
  answer: Answer = (response) => void response.writeHead(204).end(),
) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void read(request).then((one) => {
      received.push(one);
      answer(response, one);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`;
  return {
    url,
    received,
    count: (count: number) =>
      until(
        () => received.length,
        (length) => length >= count,
        `${String(count)} webhooks`,
        { every: 5 },
      ),
  };
}

async function read(request: IncomingMessage): Promise<Received> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const body = Buffer.concat(parts).toString('utf8');
  const header = (name: string): string => String(request.headers[name]);
  const { type, data } = JSON.parse(body) as { readonly type: string; readonly data: { readonly room: string } };
  return {
    id: header('webhook-id'),
    timestamp: Number(header('webhook-timestamp')),
    signatures: header('webhook-signature').split(' '),
    type,
    room: data.room,
    body,
    path: request.url ?? '',
  };
}

/** Verifies as the receiver's side of Standard Webhooks does: time within five minutes, and one signature fits. */
export function verify({ id, timestamp, signatures, body }: Received, secret: string): void {
  assert.ok(Math.abs(timestamp - Date.now() / 1000) < 300, 'the time is now');
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const own = createHmac('sha256', key)
    .update(`${id}.${String(timestamp)}.${body}`)
    .digest('base64');
  assert.ok(signatures.includes(`v1,${own}`), 'one signature is of this secret');
}
