import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { parsePublicConfiguration } from '../../src/configuration.ts';
import { readConfiguration } from '../../src/server/configuration-file.ts';
import { SERVE_FLAGS, UsageError } from '../../src/server/settings.ts';
import { freePort } from '../support/free-port.ts';
import { launch, run } from './command.ts';
import { Client, CONFIGURATION, eventually, guest, Identity } from './harness.ts';

function file(t: TestContext, content: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'consult-room-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'config.json');
  writeFileSync(path, content);
  return path;
}

describe('consult-room-server', () => {
  it('prints one line with its address, serves, and ends cleanly on SIGTERM', async () => {
    const server = launch(['--port', '0']);
    const line = await server.line();
    const url = /http:\/\/127\.0\.0\.1:\d+\//u.exec(line)?.[0] ?? '';
    assert.equal((await fetch(`${url}healthz`)).status, 200);
    const { operator } = (await (await fetch(`${url}config`)).json()) as {
      operator: { name: string; country: string };
    };
    assert.deepEqual(operator, { name: 'Demo-Beratungsstelle', country: 'DE' });
    server.child.kill('SIGTERM');
    // What the notice lacks is said where the server is started, too: few operators ever print it.
    const lacks =
      'consult-room-server: without --config this is a trial; a complete notice (Art. 13 GDPR) needs operator.address and operator.email\n';
    assert.deepEqual(await server.end(), { code: 0, out: line, err: lacks });
    assert.equal(line.trim().split('\n').length, 1);
  });

  it('ends cleanly on a signal as soon as it has printed its line', async () => {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      const atOnce = `const { stdout } = process; const { write } = stdout;
        stdout.write = (...all) => { write.apply(stdout, all); process.kill(process.pid, '${signal}'); return true; };`;
      const variables = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(atOnce)}` };
      const { code, out } = await run(['--port', '0'], variables);
      assert.match(out, /^consult-room is running: /u);
      assert.equal(code, 0, signal);
    }
  });

  it('reads every flag from the environment, too, and the relay’s secret from there alone', async (t) => {
    const servers = [
      ...CONFIGURATION.servers,
      { role: 'relay', urls: ['turn:t.example'], addresses: ['203.0.113.7'], operator: 'R', country: 'DE' },
    ];
    const operator = { ...CONFIGURATION.operator, address: 'Markt 1, 12345 Ort', email: 'post@markt.example' };
    const config = file(t, JSON.stringify({ ...CONFIGURATION, operator, servers }));
    const variables = {
      CONSULT_ROOM_PORT: '0',
      CONSULT_ROOM_CONFIG: config,
      // As files of secrets end.
      CONSULT_ROOM_RELAY_SECRET: 'hush-hush-hush-hush\n',
      CONSULT_ROOM_LOG: 'on',
      CONSULT_ROOM_RELAY_CHECK: 'off',
    };
    const server = launch([], variables);
    const url = /http:\/\/[^\s]+/u.exec(await server.line())?.[0] ?? '';
    const text = await (await fetch(`${url}config`)).text();
    assert.ok(text.includes('turn:t.example') && !text.includes('hush'));
    server.child.kill('SIGINT');
    const { code, err } = await server.end();
    assert.equal(code, 0);
    assert.deepEqual(
      err
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
      ['start', 'stop'],
    );
  });

  it('prints the configuration without its secrets, as pages of another origin need it', async (t) => {
    const secret = 'hush-hush-hush-hush';
    const relay = { role: 'relay', urls: ['turn:t.example'], operator: 'R', country: 'DE' };
    const servers = [...CONFIGURATION.servers, relay];
    const config = file(
      t,
      JSON.stringify({ ...CONFIGURATION, servers: [...CONFIGURATION.servers, { ...relay, secret }] }),
    );
    const { code, out, err } = await run(['public-config', '--config', config]);
    assert.deepEqual([code, err, out.includes(secret)], [0, '', false]);
    assert.deepEqual(
      parsePublicConfiguration(JSON.parse(out)),
      parsePublicConfiguration({ ...CONFIGURATION, servers }),
    );
    const missing = await run(['public-config', '--config', `${config}.missing`]);
    assert.deepEqual([missing.code, missing.out], [2, '']);
  });

  it('warns of a relay that declares no addresses, by which alone it is recognised', async (t) => {
    const relay = { role: 'relay', urls: ['turn:t.example'], operator: 'R', country: 'DE' };
    const config = file(t, JSON.stringify({ ...CONFIGURATION, servers: [...CONFIGURATION.servers, relay] }));
    const server = launch(['--port', '0', '--config', config]);
    await server.line();
    server.child.kill('SIGTERM');
    assert.match((await server.end()).err, /turn:t\.example declares no addresses/u);
  });

  it('warns of a relay without a secret, for which no credentials can be issued', async (t) => {
    const relay = { role: 'relay', urls: ['turn:t.example'], addresses: ['203.0.113.7'], operator: 'R', country: 'DE' };
    const config = file(t, JSON.stringify({ ...CONFIGURATION, servers: [...CONFIGURATION.servers, relay] }));
    const server = launch(['--port', '0', '--config', config]);
    await server.line();
    server.child.kill('SIGTERM');
    assert.match((await server.end()).err, /has no secret.*CONSULT_ROOM_RELAY_SECRET/u);
  });

  it('accepts a file that names its schema and starts with a byte order mark', async (t) => {
    const config = file(t, `\uFEFF${JSON.stringify({ $schema: './config.schema.json', ...CONFIGURATION })}`);
    assert.equal((await run(['notice', '--config', config])).code, 0);
  });

  it('names the path of a bad value and exits with 2', async (t) => {
    const relay = (secret: string) => ({
      role: 'relay',
      urls: ['turn:t.example'],
      operator: 'R',
      country: 'DE',
      secret,
    });
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [{ ...CONFIGURATION, operator: { name: 'x', country: 'Germany' } }, /operator\.country/u],
      [
        { ...CONFIGURATION, servers: [{ role: 'signaling', operator: 'x', country: 'de' }] },
        /does not follow the schema\. \(servers\.0\.country: two capital letters/u,
      ],
      [{ operator: CONFIGURATION.operator }, /\(servers is missing\)/u],
      [{ ...CONFIGURATION, oparator: CONFIGURATION.operator }, /\(oparator: unknown key\)/u],
      [{ ...CONFIGURATION, servers: [] }, /servers/u],
      [{ ...CONFIGURATION, servers: [{ role: 'signaling', operator: 'x', country: 'US' }] }, /servers\.0\.country/u],
      [
        { ...CONFIGURATION, servers: [{ role: 'signaling', country: 'DE' }] },
        /no operator or no country\. \(servers\.0\.operator is missing\)/u,
      ],
      [{ ...CONFIGURATION, retention: { rooms: 'P3Y' } }, /retention\.rooms: days, hours, minutes and seconds only/u],
      [{ ...CONFIGURATION, colour: 'red' }, /colour/u],
      [{ ...CONFIGURATION, rules: { graceSeconds: 600 } }, /rules\.graceSeconds/u],
      [
        { ...CONFIGURATION, servers: [...CONFIGURATION.servers, relay('a'), relay('b')] },
        /every relay needs the same/u,
      ],
      [{ ...CONFIGURATION, servers: [...CONFIGURATION.servers, relay('…')] }, /secret: a placeholder/u],
      [
        { ...CONFIGURATION, policy: 'gewaltschutz', servers: CONFIGURATION.servers.slice(0, 1) },
        /policy: "gewaltschutz"/u,
      ],
    ];
    for (const [configuration, path] of cases) {
      const words = await readConfiguration(file(t, JSON.stringify(configuration)), undefined).then(
        () => 'nothing wrong',
        (error: unknown) => (error instanceof UsageError ? error.message : String(error)),
      );
      assert.match(words, path);
      assert.equal(words.split('\n').length, 1, words);
    }
    const [[configuration] = []] = cases;
    const { code, out, err } = await run(['--config', file(t, JSON.stringify(configuration))]);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^consult-room-server: .*operator\.country[^\n]*\n$/u);
  });

  it('names a file that is missing or not JSON, without quoting it', async (t) => {
    const broken = await run(['--config', file(t, '{"secret": "hush-hush" oops')]);
    assert.equal(broken.code, 2);
    assert.match(broken.err, /config\.json: not JSON/u);
    assert.ok(!broken.err.includes('hush'));
    const missing = await run(['--config', '/nowhere/config.json']);
    assert.equal(missing.code, 2);
    assert.match(missing.err, /cannot be read/u);
  });

  it('explains bad flags and exits with 2', async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--port', 'many'], /--port/u],
      [['--port', '70000'], /--port/u],
      [['--static', '/nowhere'], /--static/u],
      [['--origin', 'beratung.example'], /--origin/u],
      [['--origin', 'https://beratung.example/room'], /--origin/u],
      [['--log', 'loud'], /off, on/u],
      [['--host', '0.0.0.0', '--port', '0'], /--origin/u],
      [['--metrics-port', 'x'], /--metrics-port/u],
      [
        ['--port', '0', '--host', 'nowhere.invalid', '--origin', 'https://a.example'],
        /nowhere\.invalid:0 \((?:ENOTFOUND|EAI_AGAIN)\)/u,
      ],
      [['--hosts', '/nowhere/hosts.json'], /hosts\.json: cannot be read/u],
      [['--colour'], /--colour/u],
      [['--port', '0', '--port', '1'], /more than once/u],
      [['invite'], /--base/u],
      [['invite', '--base', 'https://x.example/', '--hours', '0'], /--hours/u],
    ];
    await Promise.all(
      cases.map(async ([args, message]) => {
        const { code, err } = await run(args);
        assert.equal(code, 2, args.join(' '));
        assert.match(err, message);
        assert.ok(!err.includes('    at '));
      }),
    );
  });

  it('names a port that is in use', async () => {
    const server = launch(['--port', '0']);
    const port = /:(\d+)\//u.exec(await server.line())?.[1] ?? '';
    const { code, err } = await run(['--port', port]);
    assert.equal(code, 2);
    assert.match(err, /EADDRINUSE/u);
    server.child.kill('SIGTERM');
    await server.end();
  });

  it('names the port of the metrics where that one is in use', async () => {
    const server = launch(['--port', '0']);
    const port = /:(\d+)\//u.exec(await server.line())?.[1] ?? '';
    const { code, err } = await run(['--port', '0', '--metrics-port', port]);
    assert.deepEqual([code, err], [2, `consult-room-server: cannot listen on 127.0.0.1:${port} (EADDRINUSE)\n`]);
    server.child.kill('SIGTERM');
    await server.end();
  });

  it('reaches the first address of a name, also where it stands still while it connects', async (t) => {
    const server = launch(['--port', '0', '--relay-check', 'off']);
    t.after(() => server.child.kill('SIGKILL'));
    const port = /:(\d+)\//u.exec(await server.line())?.[1] ?? '';
    // The second address, of documentation (RFC 3849), leads nowhere.
    const still = `import dns from 'node:dns'; import net from 'node:net';
      const addresses = [{ address: '127.0.0.1', family: 4 }, { address: '2001:db8::1', family: 6 }];
      dns.lookup = (name, options, answer) => answer(null, addresses);
      const { emit } = net.Socket.prototype;
      let times = 2;
      net.Socket.prototype.emit = function (name, ...all) {
        if (name === 'connectionAttempt' && times-- > 0)
          process.nextTick(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400));
        return emit.call(this, name, ...all);
      };`;
    const variables = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(still)}` };
    const { out } = await run(['doctor', `http://localhost:${port}/`, '--lang', 'en'], variables);
    assert.match(out, /✔ Two trial participants/u);
    assert.doesNotMatch(out, /ETIMEDOUT/u);
  });

  it('names an account of NATS that is no part of an address, without quoting it', async () => {
    const secret = { CONSULT_ROOM_CLUSTER_SECRET: 'hush-hush-hush-hush' };
    for (const account of ['server:100%25%oops', '50%:oops'])
      assert.deepEqual(await run(['--port', '0', '--nats', `nats://${account}@127.0.0.1:4222`], secret), {
        code: 2,
        out: '',
        err: 'consult-room-server: --nats: a % in user or password is written %25\n',
      });
  });

  it('reads the file of --hosts as it reads the configuration: with a byte order mark, and with the place of each mistake', async (t) => {
    const keys = { keys: ['A'.repeat(64)] };
    const server = launch(['--port', '0', '--hosts', file(t, `\uFEFF${JSON.stringify(keys)}`)]);
    await server.line();
    server.child.kill('SIGTERM');
    assert.equal((await server.end()).code, 0);
    for (const [text, place] of [
      ['// host keys\n{ "keys": [] }', /config\.json: not JSON \(line 1, column 1: /u],
      ['{\n  "keys": ["hush"],\n}', /config\.json: not JSON \(line 3, column 1: /u],
      ['{ "keys": [], "keys": ["hush"] }', /config\.json: line 1, column 15: .*keys: repeated key/u],
    ] as const) {
      const { code, err } = await run(['--port', '0', '--hosts', file(t, text)]);
      assert.equal(code, 2);
      assert.match(err, place);
      assert.ok(!err.includes('hush'));
    }
  });

  it('holds to what --connections and --rooms say, and lets pages of --page-origin in', async (t) => {
    const page = 'https://beratung.example';
    const args = ['--connections', '3', '--rooms', '1', '--page-origin', page, '--page-origin', 'https://www.example'];
    const server = launch(['--port', '0', ...args, '--relay-check', 'off']);
    t.after(() => server.child.kill('SIGKILL'));
    const url = /http:\/\/\S+/u.exec(await server.line())?.[0] ?? '';
    for (const [Origin, status] of [
      [page, 426],
      ['https://www.example', 426],
      ['https://other.example', 403],
    ] as const)
      assert.equal((await fetch(`${url}signal`, { method: 'POST', headers: { Origin } })).status, status, Origin);
    const { hostname, port } = new URL(url);
    const address = { host: hostname, port: Number(port), url };
    const identity = await Identity.make();
    const first = await guest(address, identity, { Origin: page });
    await first.take('joined');
    assert.equal((await (await guest(address, await Identity.make())).take('error')).code, 'server-full');
    // Until the place of that one is free again.
    for (const _ of ['second', 'third']) await (await eventually(() => guest(address, identity))).take('joined');
    await assert.rejects(new Client(url).open(), /503/u);
    assert.equal(first.closed, null);
  });

  it('takes the files and the network of NATS from its flags, and names the one that is wrong', async () => {
    const secret = { CONSULT_ROOM_CLUSTER_SECRET: 'hush-hush-hush-hush' };
    const port = String(await freePort());
    for (const [args, words] of [
      [['--nats-ca', '/nowhere/ca.pem'], '/nowhere/ca.pem cannot be read'],
      [['--nats-creds', '/nowhere/server.creds'], '/nowhere/server.creds cannot be read'],
      [['--nats-cert', '/nowhere/cert.pem', '--nats-key', 'package.json'], '/nowhere/cert.pem cannot be read'],
      [['--nats-cert', 'package.json', '--nats-key', '/nowhere/key.pem'], '/nowhere/key.pem cannot be read'],
      [['--nats-cert', 'package.json'], 'a certificate and its key come together'],
      [[], 'not reached (connection refused)'],
      [['--nats-plaintext', 'own-network'], 'not reached (connection refused)'],
    ] as const) {
      const { code, err } = await run(['--port', '0', '--nats', `tls://localhost:${port}`, ...args], secret);
      assert.deepEqual([code, err], [2, `consult-room-server: --nats: ${words}\n`], args.join(' '));
    }
    const plain = ['--port', '0', '--nats', 'nats://nats.invalid:4222'];
    assert.match((await run(plain, secret)).err, /nats\.invalid:4222 is another machine and not encrypted/u);
    assert.match((await run([...plain, '--nats-plaintext', 'own-network'], secret)).err, /--nats: not reached/u);
  });

  it('prints its version and its flags, and its README names each', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.equal((await run(['--version'])).out, `${version}\n`);
    const { code, out } = await run(['--help']);
    assert.equal(code, 0);
    const readme = readFileSync('src/server/README.md', 'utf8');
    for (const flag of Object.keys(SERVE_FLAGS)) {
      const named = new RegExp(`--${flag}(?![\\w-])`, 'u');
      assert.match(out, named);
      assert.match(readme, named);
    }
    for (const flag of ['--base', '--hours', '--json']) assert.ok(out.includes(flag), flag);
  });
});
