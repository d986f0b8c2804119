/** The check of the site's own relay at start, against the real coturn. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { ServerConfigurationInput } from '../../src/configuration.ts';
import type { LogEntry } from '../../src/server/log.ts';
import { checkRelay } from '../../src/server/relay-check.ts';
import { createServer as createRoomServer } from '../../src/server/server.ts';
import { credentialsFor } from '../../src/server/turn.ts';
import { freePort } from '../support/free-port.ts';
import { CONFIGURATION, eventually } from './harness.ts';

const SECRET = 'hush-hush-hush-hush';
const turnserver = spawnSync('turnserver', ['--version']).error === undefined;
const skip = !turnserver && 'coturn is not installed';

/** coturn on loopback; resolves once it answers over TCP and UDP. */
async function coturn(t: TestContext, ...flags: readonly string[]): Promise<number> {
  const port = await freePort();
  const child = spawn(
    'turnserver',
    [
      '-c=/dev/null',
      '--log-file=stdout',
      '--no-cli',
      '--no-tls',
      '--no-dtls',
      '--pidfile=/dev/null',
      '--listening-ip=127.0.0.1',
      '--relay-ip=127.0.0.1',
      `--listening-port=${String(port)}`,
      '--realm=test',
      '--allow-loopback-peers',
      ...flags,
    ],
    { stdio: 'ignore' },
  );
  t.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  });
  for (const url of urls(port))
    await eventually(async () => assert.notEqual((await check(url, SECRET, 300)).kind, 'unreachable'));
  return port;
}

const WITH_SECRET = ['--use-auth-secret', '--static-auth-secret', SECRET];
const urls = (port: number): readonly string[] => [
  `turn:127.0.0.1:${String(port)}`,
  `turn:127.0.0.1:${String(port)}?transport=tcp`,
];

function check(url: string, secret = SECRET, timeout = 3000) {
  const { username, credential } = credentialsFor({ urls: [url] }, secret, Date.now());
  return checkRelay({ url, username, credential, timeout });
}

describe('the check of a relay', { skip }, () => {
  it('finds one that works over UDP and TCP', async (t) => {
    for (const url of urls(await coturn(t, ...WITH_SECRET)))
      assert.deepEqual(await check(url), { kind: 'works', relayed: '127.0.0.1' }, url);
  });

  it('finds one with another secret', async (t) => {
    for (const url of urls(await coturn(t, ...WITH_SECRET)))
      assert.deepEqual(await check(url, 'another-secret-of-ours'), { kind: 'refuses', code: 401 }, url);
  });

  it('works under the old and the new secret while one replaces the other, and then under the new one alone', async (t) => {
    const NEW = 'the-next-secret-of-ours';
    const [between] = urls(await coturn(t, ...WITH_SECRET, '--static-auth-secret', NEW));
    for (const secret of [SECRET, NEW]) assert.equal((await check(between ?? '', secret)).kind, 'works', secret);
    const [afterwards] = urls(await coturn(t, '--use-auth-secret', '--static-auth-secret', NEW));
    assert.equal((await check(afterwards ?? '', SECRET)).kind, 'refuses');
    assert.equal((await check(afterwards ?? '', NEW)).kind, 'works');
  });

  it('finds one that serves everybody', async (t) => {
    for (const url of urls(await coturn(t, '--no-auth'))) assert.deepEqual(await check(url), { kind: 'open' }, url);
  });

  it('leaves no allocation behind', async (t) => {
    const port = await coturn(t, ...WITH_SECRET, '--total-quota', '1');
    for (let time = 0; time < 3; time++)
      await eventually(async () => assert.equal((await check(urls(port)[0] ?? '')).kind, 'works'));
  });

  it('reports it to the operator once the server listens, and says nothing of one that works', async (t) => {
    const port = await coturn(t, ...WITH_SECRET);
    const words = async (entry: { secret?: string; addresses?: string[]; relaySecret?: string }) => {
      const entries: LogEntry[] = [];
      const { relaySecret, ...rest } = entry;
      const relay = {
        role: 'relay',
        urls: [`turn:127.0.0.1:${String(port)}`],
        operator: 'R',
        country: 'DE',
        ...rest,
      } as const;
      const servers: ServerConfigurationInput['servers'] = [
        ...CONFIGURATION.servers,
        { ...relay, urls: [...relay.urls] },
      ];
      const configuration = { ...CONFIGURATION, servers };
      const server = createRoomServer({ configuration, relaySecret, log: (one) => void entries.push(one) });
      await server.listen({ port: 0 });
      const found = () => entries.flatMap((one) => (one.event === 'advice' ? [one.words] : []));
      const isChecked = () => entries.some(({ event }) => event === 'relays-checked');
      return { found, isChecked, close: () => server.close() };
    };
    const wrong = await words({ secret: 'another-secret-of-ours', addresses: ['127.0.0.1'] });
    await eventually(async () =>
      assert.match(wrong.found().join('\n'), /refuses our credentials: 401: its static-auth-secret/u),
    );
    await wrong.close();
    const elsewhere = await words({ secret: SECRET, addresses: ['203.0.113.7'] });
    await eventually(async () =>
      assert.match(elsewhere.found().join('\n'), /relays from 127\.0\.0\.1, which its "addresses" lack/u),
    );
    await elsewhere.close();
    // A secret from a file or the environment ends in a line break.
    const right = await words({ relaySecret: `${SECRET}\n`, addresses: ['127.0.0.1'] });
    await eventually(async () => assert.ok(right.isChecked()));
    assert.deepEqual(right.found(), []);
    await right.close();
  });
});

describe('the check of a relay that does not answer', () => {
  it('ends in time, and says how it failed', async (t) => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    t.after(() => silent.close());
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    t.after(() => mute.close());
    const closed = String(await freePort());
    const reasons = [
      [`turn:127.0.0.1:${String(silent.address().port)}`, 'timeout'],
      [`turn:127.0.0.1:${String((mute.address() as AddressInfo).port)}?transport=tcp`, 'timeout'],
      [`turn:127.0.0.1:${closed}?transport=tcp`, 'ECONNREFUSED'],
      [`turn:127.0.0.1:${closed}`, 'ECONNREFUSED'],
      ['turn:nowhere.invalid', /ENOTFOUND|EAI_AGAIN/u],
      ['turn:nowhere.invalid?transport=tcp', /ENOTFOUND|EAI_AGAIN/u],
      ['turn:127.0.0.1:99999', 'invalid URL'],
    ] as const;
    for (const [url, reason] of reasons) {
      // Short where it ends: on a busy machine an answer may take longer than that.
      const verdict = await check(url, SECRET, reason === 'timeout' ? 300 : 10_000);
      assert.equal(verdict.kind, 'unreachable', url);
      assert.match(verdict.kind === 'unreachable' ? verdict.reason : '', new RegExp(reason, 'u'), url);
    }
  });

  it('survives answers that are garbage', async (t) => {
    const liar = createSocket('udp4').bind(0, '127.0.0.1');
    await once(liar, 'listening');
    t.after(() => liar.close());
    const answers = [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(20), Buffer.from('0113ffff2112a442', 'hex')];
    liar.on('message', (request, { port, address }) => {
      for (const answer of answers) liar.send(answer, port, address);
      // The right transaction, an error without any attribute, a length that leads beyond the end.
      const header = Buffer.concat([Buffer.from('011300082112a442', 'hex'), request.subarray(8, 20)]);
      liar.send(Buffer.concat([header, Buffer.from('0009fff0', 'hex')]), port, address);
    });
    const verdict = await check(`turn:127.0.0.1:${String(liar.address().port)}`);
    assert.deepEqual(verdict, { kind: 'refuses', code: 0 });
  });
});
