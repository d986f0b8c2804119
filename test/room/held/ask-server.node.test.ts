import assert from 'node:assert/strict';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { askServer } from '../../../src/room/held/ask-server.ts';
import { sha384 } from '../../../src/e2ee/bytes.ts';
import { eventually, Identity, pair, start } from '../../server/harness.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const signalOf = (url: string): URL => new URL('signal', url.replace('http', 'ws'));

async function askingOf(identity: Identity, online: () => boolean = () => true) {
  return {
    keys: { roomId: identity.room, roomTag: identity.roomTag },
    invite: { thumb: await sha384(identity.spki), expires: identity.expires * 1000 },
    isOnline: online,
    now: () => NOW,
  };
}

/** A server that answers what it likes. */
async function answering(
  t: TestContext,
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): Promise<URL> {
  const server = createHttpServer((request, response) => answer(response, request)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`ws://127.0.0.1:${String((server.address() as AddressInfo).port)}/signal`);
}

const item = { item: 'connection', holds: { id: 'a', role: 'guest' }, deleted: '2026-11-24T12:00:00.000Z' };

describe('[R3] [R12] asking the server what it holds of a room', () => {
  it('reads what our server says, to which the next question gives another answer once somebody left', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const room = await pair(address, identity);
    const ask = async () => askServer(signalOf(address.url), await askingOf(identity));
    const connections = async () => {
      const report = await ask();
      assert.ok(report.step === 'answered');
      assert.equal(report.trust, 'plausible');
      assert.ok(report.held.every(({ deleted }) => deleted > Date.now() && deleted <= identity.expires * 1000));
      return report.held.filter((one) => one.item === 'connection').map(({ holds }) => holds['role']);
    };
    assert.deepEqual(await connections(), ['host', 'guest']);
    room.guest.socket.close();
    await eventually(async () => assert.deepEqual(await connections(), ['host']));
  });

  it('says so when the server holds nothing, and when it leaves us out', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const offline = await askServer(signalOf(address.url), await askingOf(identity, () => false));
    assert.deepEqual(offline, { step: 'answered', asked: NOW, held: [], trust: 'plausible' });
    const online = await askServer(signalOf(address.url), await askingOf(identity));
    assert.deepEqual(online, { step: 'answered', asked: NOW, held: [], trust: 'lacks-us' });
    let asked = 0;
    const lost = await askServer(signalOf(address.url), await askingOf(identity, () => asked++ === 0));
    assert.deepEqual(lost, { step: 'answered', asked: NOW, held: [], trust: 'plausible' }, 'we left meanwhile');
  });

  it('sends neither the room nor anything else in the address, and no cookie or referrer', async (t) => {
    const identity = await Identity.make();
    const seen: IncomingMessage[] = [];
    const url = await answering(t, (response, request) => {
      seen.push(request);
      response.writeHead(503).end();
    });
    await askServer(url, await askingOf(identity));
    const [request] = seen;
    assert.equal(request?.method, 'POST');
    assert.equal(request?.url, '/transparency');
    assert.equal(request?.headers.cookie, undefined);
    assert.equal(request?.headers.referer, undefined);
    // Otherwise a browser would ask for leave first (Fetch §4.8, CORS-preflight), which the server need not know.
    assert.match(request?.headers['content-type'] ?? '', /^text\/plain/u);
  });

  it('takes what a newer server holds, and leaves out nothing', async (t) => {
    const identity = await Identity.make();
    const held = [item, { item: 'a new thing', holds: { size: 3 }, deleted: '2026-11-24T12:00:00Z', more: true }];
    const url = await answering(t, (response) =>
      response.end(JSON.stringify({ room: identity.roomId, asked: '2026-11-24T10:00:00Z', held, newer: 1 })),
    );
    const report = await askServer(url, await askingOf(identity));
    assert.ok(report.step === 'answered');
    assert.deepEqual(report.held[1], { item: 'a new thing', holds: { size: 3 }, deleted: NOW + 2 * 60 * 60 * 1000 });
  });

  const answers: Readonly<Record<string, readonly ['unreachable' | 'unsupported' | 'refused', number, unknown]>> = {
    'a proxy without a server behind it': ['unreachable', 502, '<html>Bad gateway</html>'],
    'a limit': ['unreachable', 429, 'address-limit'],
    'a server without it': ['unsupported', 404, 'not found\n'],
    'a server that allows no POST': ['unsupported', 405, 'method not allowed\n'],
    'a 404 in JSON': ['unsupported', 404, { error: 'not found' }],
    'a page': ['refused', 200, '<html></html>'],
    'no text': ['refused', 200, ''],
    null: ['refused', 200, null],
    'a list': ['refused', 200, []],
    'no room': ['refused', 200, { asked: '2026-11-24T10:00:00Z', held: [] }],
    'another room': ['refused', 200, { room: 'x'.repeat(64), asked: '2026-11-24T10:00:00Z', held: [] }],
    'a time that is none': ['refused', 200, { asked: 'soon', held: [] }],
    'an end that is none': ['refused', 200, { asked: '2026-11-24T10:00:00Z', held: [{ ...item, deleted: 'never' }] }],
    'no end': ['refused', 200, { asked: '2026-11-24T10:00:00Z', held: [{ item: 'room', holds: {} }] }],
    'a thing without a name': ['refused', 200, { asked: '2026-11-24T10:00:00Z', held: [{ ...item, item: '' }] }],
    'values in values': ['refused', 200, { asked: '2026-11-24T10:00:00Z', held: [{ ...item, holds: { a: {} } }] }],
    'too many things': [
      'refused',
      200,
      { asked: '2026-11-24T10:00:00Z', held: Array.from({ length: 2049 }, () => item) },
    ],
    'too many facts': [
      'refused',
      200,
      {
        asked: '2026-11-24T10:00:00Z',
        held: [{ ...item, holds: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`f${String(at)}`, 1])) }],
      },
    ],
    'a number that is none': [
      'refused',
      200,
      { asked: '2026-11-24T10:00:00Z', held: [{ ...item, holds: { a: null } }] },
    ],
    'a name without end': [
      'refused',
      200,
      { asked: '2026-11-24T10:00:00Z', held: [{ ...item, item: 'x'.repeat(61) }] },
    ],
    'a day for a time': ['refused', 200, { asked: '2026-11-24', held: [] }],
    'a text without end': ['refused', 200, `"${'x'.repeat(300_000)}"`],
  };
  for (const [name, [why, status, body]] of Object.entries(answers))
    it(`calls ${name} ${why}`, async (t) => {
      const identity = await Identity.make();
      const isWhole = typeof body === 'object' && body !== null && !Array.isArray(body) && name !== 'no room';
      const told = isWhole && status === 200 ? { room: identity.roomId, ...body } : body;
      const url = await answering(t, (response) =>
        response.writeHead(status).end(typeof told === 'string' ? told : JSON.stringify(told)),
      );
      assert.deepEqual(await askServer(url, await askingOf(identity)), { step: 'unknown', why });
    });

  it('calls a redirect, a closed port and a broken answer unreachable', async (t) => {
    const asking = await askingOf(await Identity.make());
    const elsewhere = await answering(t, (response) =>
      response.writeHead(302, { Location: 'http://127.0.0.1:9/' }).end(),
    );
    const broken = await answering(t, (response) => {
      response.write('{"room":');
      setImmediate(() => response.destroy());
    });
    for (const url of [elsewhere, broken, new URL('ws://127.0.0.1:9/signal')])
      assert.deepEqual(await askServer(url, asking), { step: 'unknown', why: 'unreachable' });
  });
});
