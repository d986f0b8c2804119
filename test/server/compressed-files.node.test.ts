/** Files of a site that have a compressed one beside them, as a browser, a proxy and a program without any coding ask for them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { start } from './harness.ts';

const CODE = `export const words = ${JSON.stringify('stille '.repeat(300))};\n`;
const BROWSER = 'gzip, deflate, br, zstd';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** `fetch` would decode the answer. */
const get = (port: number, path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  new Promise<Answer>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }),
      );
    })
      .on('error', reject)
      .end();
  });

async function site(t: TestContext, endings: readonly string[] = ['.br', '.gz'], name = 'room.js') {
  const root = mkdtempSync(join(tmpdir(), 'consult-room-'));
  t.after(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, name), CODE);
  if (endings.includes('.br')) writeFileSync(join(root, `${name}.br`), brotliCompressSync(CODE));
  if (endings.includes('.gz')) writeFileSync(join(root, `${name}.gz`), gzipSync(CODE));
  const { port } = await start(t, { static: root });
  return { root, port };
}

describe('a file with a compressed one beside it', () => {
  it('is sent in the smallest coding that the browser takes, and says so to caches', async (t) => {
    const { port } = await site(t);
    const cases: readonly (readonly [accepted: string | undefined, coding: string | undefined])[] = [
      [BROWSER, 'br'],
      ['BR', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, *', 'gzip'],
      ['br;q=0.000, gzip;q=0', undefined],
      ['*', 'br'],
      ['identity', undefined],
      ['deflate, zstd', undefined],
      ['', undefined],
      [undefined, undefined],
      ['br'.repeat(4000), undefined],
      [';q=1,,=;,\u00ff', undefined],
    ];
    for (const [accepted, coding] of cases) {
      const answer = await get(port, '/room.js', accepted === undefined ? {} : { 'Accept-Encoding': accepted });
      const { headers, body } = answer;
      const shown = accepted?.slice(0, 40);
      assert.deepEqual(
        [answer.status, headers['content-encoding'], headers.vary],
        [200, coding, 'Accept-Encoding'],
        shown,
      );
      assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
      assert.equal(headers['content-length'], String(body.length));
      const decode = { br: brotliDecompressSync, gzip: gunzipSync }[coding ?? ''] ?? ((bytes: Buffer) => bytes);
      assert.equal(decode(body).toString(), CODE, shown);
    }
  });

  it('has another tag in each coding, is not sent twice, and says its length to HEAD', async (t) => {
    const { port } = await site(t);
    const [plain, coded] = await Promise.all([
      get(port, '/room.js'),
      get(port, '/room.js', { 'Accept-Encoding': 'br' }),
    ]);
    const tag = coded.headers.etag ?? '';
    assert.notEqual(tag, plain.headers.etag);
    const again = await get(port, '/room.js', { 'Accept-Encoding': 'br', 'If-None-Match': tag });
    assert.deepEqual([again.status, again.headers.vary, again.body.length], [304, 'Accept-Encoding', 0]);
    assert.equal((await get(port, '/room.js', { 'If-None-Match': tag })).status, 200);
    const head = await get(port, '/room.js', { 'Accept-Encoding': 'br' }, 'HEAD');
    assert.deepEqual(
      [head.headers['content-length'], head.headers['content-encoding'], head.body.length],
      [String(coded.body.length), 'br', 0],
    );
  });

  it('answers a range that is not there without saying that its empty answer is compressed', async (t) => {
    const { port } = await site(t);
    const { status, headers, body } = await get(port, '/room.js', { 'Accept-Encoding': 'br', Range: 'bytes=99999-' });
    assert.deepEqual(
      [status, headers['content-encoding'], headers['content-type'], body.length],
      [416, undefined, undefined, 0],
    );
    assert.match(headers['content-range'] ?? '', /^bytes \*\/\d+$/u);
  });

  it('is sent as it is where the compressed one is older than it, or leads out of the directory', async (t) => {
    const { root, port } = await site(t, ['.br']);
    const asked = () => get(port, '/room.js', { 'Accept-Encoding': BROWSER });
    assert.equal((await asked()).headers['content-encoding'], 'br');
    // By the clock of the file system, which need not be ours.
    const earlier = statSync(join(root, 'room.js')).mtimeMs / 1000 - 3600;
    utimesSync(join(root, 'room.js.br'), earlier, earlier);
    const old = await asked();
    assert.deepEqual(
      [old.headers['content-encoding'], old.headers.vary, old.body.toString()],
      [undefined, undefined, CODE],
    );
    const outside = mkdtempSync(join(tmpdir(), 'consult-room-'));
    t.after(() => rmSync(outside, { recursive: true }));
    writeFileSync(join(outside, 'secret'), 'SECRET');
    symlinkSync(join(outside, 'secret'), join(root, 'room.js.gz'));
    const linked = await asked();
    assert.deepEqual([linked.headers['content-encoding'], linked.body.toString()], [undefined, CODE]);
  });

  it('has the same type in every coding, and a page in the place of a mangled link stays out of caches', async (t) => {
    for (const ending of ['css', 'html', 'js', 'json', 'md', 'mjs', 'svg', 'txt']) {
      const { port } = await site(t, ['.gz'], `index.${ending}`);
      const paths = [`/index.${ending}`, ...(ending === 'html' ? ['/', '/%23consult=AWcTOKEN'] : [])];
      for (const path of paths) {
        const plain = await get(port, path);
        const coded = await get(port, path, { 'Accept-Encoding': BROWSER });
        assert.deepEqual(
          [plain.headers['content-encoding'], coded.headers['content-encoding']],
          [undefined, 'gzip'],
          path,
        );
        assert.equal(coded.headers['content-type'], plain.headers['content-type']);
        assert.equal(coded.headers['cache-control'], path.includes('%23') ? 'no-store' : 'no-cache');
      }
    }
  });

  it('stays itself where it is no text', async (t) => {
    const { port } = await site(t, ['.gz'], 'picture.png');
    const { headers, body } = await get(port, '/picture.png', { 'Accept-Encoding': BROWSER });
    assert.deepEqual(
      [headers['content-encoding'], headers['content-type'], body.toString()],
      [undefined, 'image/png', CODE],
    );
  });
});
