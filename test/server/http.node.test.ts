import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { parsePublicConfiguration } from '../../src/configuration.ts';
import { createServer } from '../../src/server/server.ts';
import { isHashed } from '../../src/server/static-files.ts';
import { CONFIGURATION, eventually, start } from './harness.ts';

function site(t: TestContext): string {
  const outer = mkdtempSync(join(tmpdir(), 'consult-room-'));
  t.after(() => rmSync(outer, { recursive: true }));
  const root = join(outer, 'site');
  mkdirSync(join(root, 'assets'), { recursive: true });
  mkdirSync(join(root, '.git'));
  mkdirSync(join(outer, 'site-secret'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>start</title>');
  writeFileSync(join(root, 'a b.txt'), 'space');
  writeFileSync(join(root, 'assets/room-Ab3dE6gH.js'), 'export {};');
  writeFileSync(join(root, 'assets/stil-Sommer24.css'), 'p {}');
  writeFileSync(join(root, 'model.wasm'), 'wasm');
  writeFileSync(join(root, '.env'), 'SECRET');
  writeFileSync(join(root, '.git/config'), 'SECRET');
  writeFileSync(join(outer, 'secret.txt'), 'SECRET');
  writeFileSync(join(outer, 'site-secret/x.txt'), 'SECRET');
  symlinkSync(join(outer, 'secret.txt'), join(root, 'link.txt'));
  return root;
}

/** `fetch` would tidy the path before asking. */
function rawGet(port: number, path: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path }, (response) => {
      let body = '';
      response.on('data', (part: Buffer) => (body += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the HTTP side of the server', () => {
  it('answers /healthz', async (t) => {
    const { url } = await start(t);
    const response = await fetch(`${url}healthz`);
    assert.deepEqual([response.status, await response.text()], [200, 'ok\n']);
  });

  /** Writes a request as it stands, and reads to the end of the connection. */
  async function written(port: number, lines: readonly string[]): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    let text = '';
    for await (const part of socket) text += String(part);
    return text;
  }

  it('answers requests that offer another protocol as any others', async (t) => {
    const { port } = await start(t, { static: site(t) });
    for (const [target, answer] of [
      ['GET /healthz', /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\nok\n/u],
      ['GET /config?x', /^HTTP\/1\.1 200 OK\r\n[\s\S]*"country":"DE"/u],
      ['GET /', /^HTTP\/1\.1 200 OK\r\n[\s\S]*<title>start<\/title>/u],
      ['GET /nothing', /^HTTP\/1\.1 404 /u],
      ['GET /signal', /^HTTP\/1\.1 426 /u],
      ['HEAD /healthz', /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/u],
      ['POST /transparency', /^HTTP\/1\.1 501 /u],
    ] as const)
      for (const offer of ['h2c', 'TLS/1.2']) {
        const host = `Host: 127.0.0.1:${String(port)}`;
        const text = await written(port, [`${target} HTTP/1.1`, host, 'Connection: Upgrade', `Upgrade: ${offer}`]);
        assert.match(text, answer, target);
      }
  });

  it('takes a target in absolute form, whose name counts before Host', async (t) => {
    const { port } = await start(t);
    const own = `http://127.0.0.1:${String(port)}`;
    const ask = (target: string, ...more: readonly string[]): Promise<string> =>
      written(port, [`GET ${target} HTTP/1.1`, 'Host: stranger.example', ...more]);
    assert.match(await ask(`${own}/healthz`, 'Connection: close'), /^HTTP\/1\.1 200 OK/u);
    assert.match(await ask(`HTTP://127.0.0.1/config?x`, 'Connection: close'), /"country":"DE"/u);
    assert.match(await ask(own, 'Connection: close'), /^HTTP\/1\.1 404 /u);
    const handshake = [
      'Connection: Upgrade',
      'Upgrade: WebSocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ];
    assert.match(await ask('/signal', ...handshake), /^HTTP\/1\.1 403 /u);
    const socket = connect(port, '127.0.0.1');
    t.after(() => socket.destroy());
    socket.write(`GET ${own}/signal HTTP/1.1\r\nHost: stranger.example\r\n${handshake.join('\r\n')}\r\n\r\n`);
    const [data] = (await once(socket, 'data')) as [Buffer];
    assert.match(data.toString(), /^HTTP\/1\.1 101 /u);
  });

  it('serves the page in the place of a link whose # a mail scanner encoded, without a redirect and kept by no cache', async (t) => {
    const { url, port } = await start(t, { static: site(t) });
    for (const path of [
      '%23consult=AWcTOKEN',
      'index.html%23consult%3DAWcTOKEN',
      'index.html%2523consult%253DAWcTOKEN',
    ]) {
      const response = await fetch(url + path, { redirect: 'manual' });
      assert.equal(response.status, 200, path);
      assert.match(await response.text(), /<title>start<\/title>/u);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('etag'), null);
      assert.equal(response.headers.get('location'), null);
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    }
    for (const path of ['/nothing.html%23consult=AWc', '/../secret.txt%23consult=AWc', '/.env%23consult=AWc'])
      assert.equal((await rawGet(port, path)).status, 404, path);
  });

  it('[R2] serves the configuration that it uses itself, without any secret', async (t) => {
    const relay = {
      role: 'relay',
      urls: ['turn:turn.example'],
      operator: 'R',
      country: 'DE',
      secret: 'hush-hush-hush-hush',
    } as const;
    const configuration = {
      ...CONFIGURATION,
      servers: [...CONFIGURATION.servers, { ...relay, urls: [...relay.urls] }],
    };
    const { url } = await start(t, { configuration });
    const response = await fetch(`${url}config`);
    const text = await response.text();
    assert.ok(!text.includes('hush-hush') && !text.includes('secret'));
    const parsed = parsePublicConfiguration(JSON.parse(text));
    assert.equal(parsed.operator.name, CONFIGURATION.operator.name);
    assert.equal(parsed.servers.length, 2);
    // Pages of other sites compare it with their own.
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
  });

  it('[R12] shows its counts on the metrics port only, never on the public one', async (t) => {
    const { url } = await start(t);
    assert.equal((await fetch(`${url}metrics`)).status, 404);
    const server = createServer({ configuration: CONFIGURATION });
    t.after(() => server.close());
    const address = await server.listen({ port: 0, metrics: { port: 0 } });
    const own = server.metricsAddress;
    assert.equal(own?.host, '127.0.0.1');
    assert.match(await (await fetch(`${own.url}metrics`)).text(), /^consult_room_rooms 0$/mu);
    for (const path of ['', 'config', 'metrics/', 'signal'])
      assert.equal((await fetch(`${own.url}${path}`)).status, 404);
    // A proxy on this machine that adds no header looks like a program on it.
    assert.equal((await fetch(`${address.url}metrics`)).status, 404);
  });

  it('closes the public port when the metrics port is taken', async (t) => {
    const taken = await start(t);
    const server = createServer({ configuration: CONFIGURATION });
    await assert.rejects(server.listen({ port: 0, metrics: { port: taken.port } }), /EADDRINUSE/u);
    assert.equal(server.address, null);
  });

  it('sends the time with the configuration, readable for pages of other sites', async (t) => {
    const { headers } = await fetch(`${(await start(t)).url}config`);
    assert.ok(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now()) < 60_000);
    assert.equal(headers.get('access-control-expose-headers'), 'Date');
  });

  it('refuses other methods, unknown paths and a plain request for the WebSocket', async (t) => {
    const { url } = await start(t);
    assert.equal((await fetch(`${url}config`, { method: 'POST' })).status, 405);
    assert.equal((await fetch(`${url}nowhere`)).status, 404);
    assert.equal((await fetch(`${url}signal`)).status, 426);
  });

  for (const [method, path, status] of [
    ['POST', '/transparency', 404],
    ['POST', '/config', 405],
    ['GET', '/healthz', 200],
    ['PUT', '/nowhere', 405],
  ] as const)
    it(`ends a ${method} of ${path} whose body has no end`, async (t) => {
      const { port } = await start(t);
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      socket.on('data', (part: Buffer) => (answer += part.toString()));
      socket.on('error', () => undefined);
      socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfa0\r\n${'x'.repeat(4_000)}\r\n`,
      );
      const began = performance.now();
      await once(socket, 'close');
      assert.match(answer, new RegExp(`^HTTP/1.1 ${String(status)} `, 'u'));
      // With its answer, not because nothing more came for some seconds.
      assert.match(answer, /^Connection: close\r$/mu);
      // Before Node gives the request up.
      assert.ok(performance.now() - began < 10_000);
    });

  it('[R11] sends a CSP that lets a page connect to this server only', async (t) => {
    const { url, port } = await start(t, { static: site(t) });
    const { headers } = await fetch(url);
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split('; ').map((line) => {
        const [name = '', ...sources] = line.split(' ');
        return [name, sources] as const;
      }),
    );
    assert.deepEqual(policy.get('default-src'), ["'none'"]);
    assert.deepEqual(policy.get('connect-src'), [
      "'self'",
      `ws://127.0.0.1:${String(port)}`,
      `wss://127.0.0.1:${String(port)}`,
    ]);
    assert.deepEqual(policy.get('script-src'), ["'self'"]);
    const own = /^('none'|'self'|data:|blob:|mediastream:|wss?:\/\/127\.0\.0\.1:\d+)$/u;
    for (const source of [...policy.values()].flat()) assert.match(source, own);
    assert.match(
      headers.get('permissions-policy') ?? '',
      /camera=\(self\), microphone=\(self\), display-capture=\(self\)/u,
    );
    assert.match(headers.get('permissions-policy') ?? '', /geolocation=\(\)/u);
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
  });

  it('lets no Host header write into the CSP', async (t) => {
    const { port } = await start(t, { static: site(t) });
    const policy = await new Promise<string>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/', headers: { Host: 'x; script-src *' } }, (response) => {
        response.resume();
        resolve(String(response.headers['content-security-policy']));
      })
        .on('error', reject)
        .end();
    });
    assert.ok(!policy.includes('*'));
  });
});

describe('the files of the site', () => {
  it('have their type and a cache header', async (t) => {
    const { url } = await start(t, { static: site(t) });
    const index = await fetch(url);
    assert.equal(index.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(index.headers.get('cache-control'), 'no-cache');
    assert.match(await index.text(), /start/u);
    const asset = await fetch(`${url}assets/room-Ab3dE6gH.js`);
    assert.equal(asset.headers.get('content-type'), 'text/javascript; charset=utf-8');
    assert.match(asset.headers.get('cache-control') ?? '', /immutable/u);
    assert.equal((await fetch(`${url}assets/stil-Sommer24.css`)).headers.get('cache-control'), 'no-cache');
    assert.equal((await fetch(`${url}model.wasm`)).headers.get('content-type'), 'application/wasm');
    assert.equal(await (await fetch(`${url}a%20b.txt`)).text(), 'space');
    const again = await fetch(url, { headers: { 'If-None-Match': index.headers.get('etag') ?? '' } });
    assert.equal(again.status, 304);
    const head = await fetch(url, { method: 'HEAD' });
    assert.equal(head.headers.get('content-length'), String('<!doctype html><title>start</title>'.length));
  });

  it('do not lead out of their directory', async (t) => {
    const { port } = await start(t, { static: site(t) });
    const paths = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/%2e%2e%2fsecret.txt',
      '/assets/../../secret.txt',
      '/..\\secret.txt',
      '/%5c..%5csecret.txt',
      '//../secret.txt',
      '/../site-secret/x.txt',
      '/link.txt',
      '/.env',
      '/.git/config',
      '/%2eenv',
      '/index.html%00.txt',
      '/%',
      '/assets',
      '/assets/',
      '/index.html/',
    ];
    for (const path of paths) {
      const { status, body } = await rawGet(port, path);
      assert.equal(status, 404, path);
      assert.ok(!body.includes('SECRET'), path);
    }
  });

  it('answers byte ranges, and what is wrong with a range or condition, with its own headers', async (t) => {
    const { url } = await start(t, { static: site(t) });
    const get = (headers: Record<string, string>) => fetch(`${url}a%20b.txt`, { headers });
    const part = await get({ Range: 'bytes=1-2' });
    assert.deepEqual([part.status, part.headers.get('content-range'), await part.text()], [206, 'bytes 1-2/5', 'pa']);
    assert.equal(await (await get({ Range: 'bytes=-2' })).text(), 'ce');
    for (const odd of ['bytes=5-2', 'bytes=a-b', 'pages=1-2'])
      assert.ok([200, 416].includes((await get({ Range: odd })).status));
    const beyond = await get({ Range: 'bytes=9-' });
    assert.deepEqual([beyond.status, beyond.headers.get('content-range'), await beyond.text()], [416, 'bytes */5', '']);
    assert.match(beyond.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self'/u);
    assert.equal((await get({ 'If-Match': '"other"' })).status, 412);
  });

  it('answers a range as RFC 9110 has it: more than there is, nothing, with a condition, by HEAD', async (t) => {
    const root = site(t);
    const whole = [200, null, 'space'] as const;
    writeFileSync(join(root, 'empty.txt'), '');
    utimesSync(join(root, 'a b.txt'), 1_798_675_200.5, 1_798_675_200.5);
    const { url } = await start(t, { static: root });
    const changed = new Date(1_798_675_200_000).toUTCString();
    const later = new Date(1_798_675_260_000).toUTCString();
    const file = await fetch(`${url}a%20b.txt`);
    assert.deepEqual([file.headers.get('last-modified'), await file.text()], [changed, 'space']);
    const etag = file.headers.get('etag') ?? '';
    for (const [headers, answer] of [
      [{ Range: 'bytes=-9999999999999' }, [206, 'bytes 0-4/5', 'space']],
      [{ Range: 'bytes= -6' }, [206, 'bytes 0-4/5', 'space']],
      [{ Range: 'bytes=-5' }, [206, 'bytes 0-4/5', 'space']],
      [{ Range: 'bytes=-1' }, [206, 'bytes 4-4/5', 'e']],
      [{ Range: 'bytes=-0' }, [416, 'bytes */5', '']],
      [{ Range: 'bytes=3-9999999999999' }, [206, 'bytes 3-4/5', 'ce']],
      [{ Range: 'bytes=0-0,-99' }, [206, 'bytes 0-4/5', 'space']],
      [{ Range: 'bytes=0-0,-1' }, whole],
      [{ Range: 'bytes=-9-3' }, whole],
      [{ Range: 'bytes=1-2', 'If-Range': changed }, [206, 'bytes 1-2/5', 'pa']],
      [{ Range: 'bytes=1-2', 'If-Range': later }, whole],
      [{ Range: 'bytes=1-2', 'If-Range': etag }, whole],
      [{ Range: 'bytes=1-2', 'If-Range': 'yesterday' }, whole],
    ] as const) {
      const found = await fetch(`${url}a%20b.txt`, { headers });
      const range = found.headers.get('content-range');
      assert.deepEqual([found.status, range, await found.text()], answer, JSON.stringify(headers));
    }
    for (const Range of ['bytes=0-', 'bytes=-5', 'bytes=-0'])
      assert.equal((await fetch(`${url}empty.txt`, { headers: { Range } })).status, 200);
    const head = await fetch(`${url}a%20b.txt`, { method: 'HEAD', headers: { Range: 'bytes=1-2' } });
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, '5']);
  });

  it('closes a file when its download is aborted', async (t) => {
    const root = site(t);
    writeFileSync(join(root, 'large.bin'), Buffer.alloc(20_000_000));
    const { port } = await start(t, { static: root });
    const isOpen = (): boolean =>
      readdirSync('/proc/self/fd').some((descriptor) => {
        try {
          return readlinkSync(`/proc/self/fd/${descriptor}`).endsWith('/large.bin');
        } catch {
          return false;
        }
      });
    for (let count = 0; count < 5; count++)
      await new Promise<void>((resolve, reject) => {
        request({ host: '127.0.0.1', port, path: '/large.bin' }, (response) => {
          response.once('data', () => {
            assert.ok(isOpen());
            response.destroy();
            resolve();
          });
        })
          .on('error', reject)
          .end();
      });
    await eventually(async () => assert.ok(!isOpen()));
  });

  it('are cached for good only where their name carries a content hash', () => {
    const hashed = [
      'index-BxK3f9aQ.js',
      'room-Ab3dE6gH.css',
      'model-3f2a9c1b.wasm',
      'main.d0c1e2f3a4b5c6d7.js',
      'a-CWJ4Q2Z7.mjs',
    ];
    const named = [
      'logo-beratung.svg',
      'logo-Beratung.js',
      'stil-Sommer24.css',
      'stil-20261128.css',
      'room-2026Team.js',
      'jquery-3.7.1.min.js',
      'foto-BxK3f9aQ.jpg',
      'app-deutsch1.js',
      'app.bundle12.js',
      'app-iPhone14.css',
      'app-Web3Demo.js',
      'stil-v2-final.css',
      'stil-v1_2_3_4.css',
      'stil-2x-Fotos.css',
      'stil-EU_AI_26.css',
      'stil-2026_Nov.css',
      'stil-B2B-Team.css',
      'stil-2026112812345678.css',
      'stil-deadbeefdeadbeef.css',
    ];
    for (const name of hashed) assert.ok(isHashed(`/assets/${name}`), name);
    for (const name of named) assert.ok(!isHashed(`/assets/${name}`), name);
    assert.ok(!isHashed('/index-BxK3f9aQ.js'));
  });
});
