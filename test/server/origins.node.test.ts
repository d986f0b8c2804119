import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { toBase64Url } from '../../src/util/base64url.ts';
import { random } from '../../src/e2ee/bytes.ts';
import { isLoopbackHost, OriginGate } from '../../src/server/origins.ts';
import { createServer } from '../../src/server/server.ts';
import type { LogEntry } from '../../src/server/log.ts';
import { Client, CONFIGURATION, Identity, start } from './harness.ts';

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What a page gets that asks why its WebSocket failed; `fetch` would not let the test choose `Host`. */
function probe(port: number, headers: Readonly<Record<string, string>>, method = 'POST'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/signal', method, headers }, (response) => {
      let body = '';
      response.on('data', (part: Buffer) => (body += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode, body, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });
}

const advices = (entries: readonly LogEntry[]) =>
  entries.flatMap((entry) => (entry.event === 'advice' ? [entry.words] : []));

describe('without origins', () => {
  it('the Host header is trusted for loopback only: a proof made for another name proves nothing here', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    // A host's page reached evil.example, which took the challenge from here and passes the answer on.
    const relay = new Client(address.url, { Host: 'evil.example' });
    assert.equal(await relay.gone(), 1006);
    const own = random(32);
    const client = await new Client(address.url).open();
    client.say(identity.asHost);
    const { nonce } = await client.take('challenge');
    const signature = await identity.sign('evil.example', new Uint8Array(Buffer.from(nonce, 'base64url')), own);
    client.say({ type: 'prove', nonce: toBase64Url(own), signature: toBase64Url(signature) });
    assert.equal((await client.take('error')).code, 'host-not-proven');
  });

  it('the server does not listen on other addresses than loopback', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'beratung.example']) {
      const server = createServer({ configuration: CONFIGURATION });
      await assert.rejects(server.listen({ port: 0, host }), { code: 'argument-invalid' });
      assert.equal(server.address, null);
    }
  });

  it('loopback has many spellings, and other names are not among them', () => {
    for (const host of ['localhost', 'localhost:80', 'a.localhost', '127.0.0.1:1', '127.1.2.3', '[::1]', '[::1]:9'])
      assert.ok(isLoopbackHost(host), host);
    for (const host of ['localhost.example', '127.0.0.1.example', 'xlocalhost', '[2001:db8::1]', '10.0.0.1', '', 'a b'])
      assert.ok(!isLoopbackHost(host), host);
  });
});

describe('a page that is refused', () => {
  it('learns why from a plain request, and the operator reads once which flag helps', async (t) => {
    const entries: LogEntry[] = [];
    const address = await start(t, {
      origins: ['https://signal.example'],
      pages: ['https://site.example'],
      log: (entry) => void entries.push(entry),
    });
    const { port } = address;
    for (let time = 0; time < 2; time++) {
      assert.equal(await new Client(address.url, { Origin: 'https://other.example' }).gone(), 1006);
      const refused = await probe(port, { Origin: 'https://other.example' });
      assert.deepEqual([refused.status, refused.body], [403, 'origin-refused\n']);
      assert.equal(refused.headers['access-control-allow-origin'], '*');
      assert.equal(refused.headers['consult-room'], 'signal');
    }
    assert.equal(advices(entries).length, 1);
    assert.match(advices(entries)[0] ?? '', /--page-origin https:\/\/other\.example/u);
    // An origin that is allowed, a server of its own: the upgrade alone is missing.
    for (const origin of ['https://site.example', 'https://signal.example']) {
      const { status, headers } = await probe(port, { Origin: origin });
      assert.deepEqual([status, headers['upgrade']], [426, 'websocket']);
    }
    assert.match(headersOf(await probe(port, { Origin: 'null' })), /^403/u);
    assert.equal(advices(entries).length, 2);
  });

  it('learns that a limit is reached', async (t) => {
    const { port } = await start(t, { limits: { connections: 0 } });
    assert.deepEqual([(await probe(port, {})).status, (await probe(port, {})).body], [503, 'connection-limit\n']);
  });

  it('reads which proxy setting is missing where a handshake arrives without its upgrade', async (t) => {
    const entries: LogEntry[] = [];
    const { port } = await start(t, { log: (entry) => void entries.push(entry) });
    // As nginx passes it on by default.
    const headers = { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version': '13' };
    for (let time = 0; time < 2; time++) assert.equal((await probe(port, headers, 'GET')).status, 426);
    assert.deepEqual(advices(entries).length, 1);
    assert.match(advices(entries)[0] ?? '', /proxy_set_header Upgrade/u);
  });

  it('reads that the server does not know its own name where --origin is missing', async (t) => {
    const entries: LogEntry[] = [];
    const { port, url } = await start(t, { log: (entry) => void entries.push(entry) });
    const answer = await probe(port, { Host: 'beratung.example', Origin: 'https://beratung.example' });
    assert.deepEqual([answer.status, answer.body], [403, 'host-unknown\n']);
    assert.match(advices(entries).join('\n'), /--origin https:\/\/beratung\.example/u);
    // A proxy that replaces the Host header.
    assert.equal(await new Client(url, { Origin: 'https://beratung.example' }).gone(), 1006);
    assert.match(advices(entries).join('\n'), /--origin https:\/\/beratung\.example if this server has that name/u);
  });

  it('is not allowed by advice where it is the stranger of the doctor', async (t) => {
    const entries: LogEntry[] = [];
    const { port } = await start(t, { log: (entry) => void entries.push(entry) });
    assert.equal((await probe(port, { Origin: 'https://stranger.invalid' })).status, 403);
    assert.match(advices(entries).join('\n'), /the doctor/u);
    assert.doesNotMatch(advices(entries).join('\n'), /--/u);
  });

  it('cannot fill the log with invented origins', async (t) => {
    const entries: LogEntry[] = [];
    const { port } = await start(t, { log: (entry) => void entries.push(entry) });
    for (let count = 0; count < 50; count++) {
      await probe(port, { Origin: `https://${String(count)}.example"}` });
      await probe(port, { Origin: `https://site${String(count)}.example` });
    }
    assert.ok(advices(entries).length <= 16);
    assert.ok(advices(entries).every((words) => !words.includes('"}')));
  });
});

const headersOf = ({ status, body }: Answer): string => `${String(status)} ${body}`;

describe('a request like one that was allowed before', () => {
  const from = (host?: string, origin?: string) => ({ headers: { host, origin } }) as unknown as IncomingMessage;
  const allowed = (gate: OriginGate, ...headers: Parameters<typeof from>) => !('code' in gate.enter(from(...headers)));

  it('is judged by both its headers again', () => {
    const local = new OriginGate({ origins: [], pages: [] });
    const site = new OriginGate({ origins: ['https://beratung.example'], pages: ['https://other.example'] });
    for (let round = 0; round < 2; round++) {
      assert.ok(allowed(local, 'localhost:8080', 'http://localhost:8080'));
      assert.ok(allowed(local, 'localhost:8080'));
      assert.ok(!allowed(local, 'localhost:8080', 'https://evil.example'));
      assert.ok(!allowed(local, 'localhost:8080', ''));
      assert.ok(!allowed(local, 'evil.example', 'http://localhost:8080'));
      assert.ok(!allowed(local, 'localhost:80http://localhost:8080'));
      assert.ok(allowed(site, 'any.example', 'https://beratung.example'));
      assert.ok(allowed(site, 'any.example', 'https://other.example'));
      assert.ok(!allowed(site, 'any.example', 'https://evil.example'));
    }
    assert.deepEqual(local.enter(from('127.0.0.1:8080')), ['127.0.0.1:8080']);
    // A target in absolute form, whose name counts, beside the header of a stranger or of another name.
    const absolute = (host: string): IncomingMessage =>
      ({ url: 'http://localhost:9/signal', headers: { host } }) as unknown as IncomingMessage;
    for (const host of ['evil.example', 'localhost:7']) assert.deepEqual(local.enter(absolute(host)), ['localhost:9']);
    assert.ok(!allowed(local, 'evil.example'));
    assert.deepEqual(local.enter(from('localhost:7')), ['localhost:7']);
    assert.deepEqual(site.enter(from('127.0.0.1:8080')), ['beratung.example']);
  });

  it('is remembered among a few only, however many names a stranger invents', () => {
    const gate = new OriginGate({ origins: [], pages: [] });
    for (let count = 0; count < 1_000; count++) {
      assert.ok(allowed(gate, `${String(count)}.localhost:8080`));
      assert.ok(!allowed(gate, 'localhost', `https://${String(count)}.example`));
    }
    assert.equal(gate.size, 64);
    // One that was forgotten is judged afresh, and so is one that is remembered.
    assert.ok(allowed(gate, '0.localhost:8080'));
    assert.ok(!allowed(gate, '0.localhost:8080', 'https://0.example'));
  });
});
