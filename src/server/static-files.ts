/**
 * Serves one directory: no listing, no hidden files, nothing outside. `send` answers the request (types, ranges,
 * conditions); which file may be sent is decided here, because `send` follows links that lead out of the directory.
 * Where a file has a compressed one beside it (`room.js.br`, `room.js.gz`), browsers that take it get that.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, resolve, sep } from 'node:path';
import Negotiator from 'negotiator';
import send from 'send';
import { prepareRange, type Representation } from './byte-ranges.ts';
import { integrityOf } from './snippet.ts';

/** Content codings (RFC 9110 §8.4.1) and the endings of their files, the smaller first. */
const CODINGS = { br: '.br', gzip: '.gz' } as const;

/** What is text, and so worth compressing: `send` would go by the ending of the compressed file. */
const TEXT: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Milliseconds by which a compressed file may be older than its file. A copied folder has its files in any order; one whose script was
 * edited later must not go on sending what it was.
 */
const OLDER = 60_000;

export class StaticFiles {
  readonly #root: Promise<string>;

  /** @param directory must exist */
  constructor(directory: string) {
    this.#root = realpath(resolve(directory));
    // Reported with the first request for a file; an unhandled rejection would end the process.
    this.#root.catch(() => undefined);
  }

  /**
   * @param kept `unstored`: for an address that holds a secret, which no cache may keep
   * @returns whether the path named a file of the directory; if so, the request is answered
   */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
    kept: 'as usual' | 'unstored' = 'as usual',
  ): Promise<boolean> {
    const root = await this.#root;
    const file = await find(root, pathname);
    if (file === null) return false;
    if (extname(file.path).toLowerCase() === '.html') await allowImportMaps(file.path, response);
    const unstored = kept === 'unstored';
    const usual = isHashed(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache';
    response.setHeader('Cache-Control', unstored ? 'no-store' : usual);
    // A directive for caches (RFC 9111 §5.2.1.4), which `send` would take for a reason not to answer 304.
    delete request.headers['cache-control'];
    const sent = await this.#coded(root, file, request, response);
    prepareRange(request, sent);
    const path = relative(root, sent.path).split(sep).map(encodeURIComponent).join('/');
    send(request, path, {
      root,
      index: false,
      dotfiles: 'ignore',
      cacheControl: false,
      etag: !unstored,
      lastModified: !unstored,
    })
      .on('error', ({ status, headers }: HttpError) => refuse(response, status, headers))
      .pipe(response);
    return true;
  }

  /** @returns what is sent for a file: a compressed one, about which the response then says what it is, or the file itself */
  async #coded(root: string, file: File, request: IncomingMessage, response: ServerResponse): Promise<File> {
    const type = TEXT[extname(file.path).toLowerCase()];
    if (type === undefined) return file;
    const beside = Object.entries(CODINGS).map(async ([coding, ending]) => {
      const compressed = await inside(root, file.path + ending);
      return compressed && compressed.changed > file.changed - OLDER ? [{ coding, compressed }] : [];
    });
    const coded = (await Promise.all(beside)).flat();
    if (coded.length === 0) return file;
    response.setHeader('Vary', 'Accept-Encoding');
    const taken = new Negotiator(request).encodings(coded.map(({ coding }) => coding));
    const best = coded.find(({ coding }) => taken.includes(coding));
    if (!best) return file;
    response.setHeader('Content-Encoding', best.coding);
    response.setHeader('Content-Type', type);
    return best.compressed;
  }
}

const IMPORT_MAP = /<script type="importmap">([^]*?)<\/script>/gu;

/**
 * Names a page's import maps in the policy that goes with it. Browsers ignore a map that the policy does not know, and with it the hash of
 * every script that it pins (`consult-room-server snippet`).
 */
async function allowImportMaps(path: string, response: ServerResponse): Promise<void> {
  const page = await readFile(path, 'utf8');
  // Line ends are read so before anything is hashed (HTML §13.2.3.5).
  const maps = [...page.replaceAll(/\r\n?/gu, '\n').matchAll(IMPORT_MAP)];
  const hashes = maps.map(([, map = '']) => ` '${integrityOf(Buffer.from(map))}'`).join('');
  const policy = String(response.getHeader('Content-Security-Policy'));
  response.setHeader(
    'Content-Security-Policy',
    policy.replace("script-src 'self'", (own) => own + hashes),
  );
}

interface File extends Representation {
  /** The real one. */
  readonly path: string;
}

interface HttpError {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `send` would write a page of its own with other security headers. */
function refuse(response: ServerResponse, status: number, headers: HttpError['headers'] = {}): void {
  if (response.headersSent) return void response.destroy();
  const ofFile = [
    'Accept-Ranges',
    'Content-Encoding',
    'Content-Length',
    'Content-Type',
    'ETag',
    'Last-Modified',
    'Vary',
  ];
  for (const name of ofFile) response.removeHeader(name);
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(status, headers).end();
}

async function find(root: string, pathname: string): Promise<File | null> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const segments = decoded.split('/').filter((segment) => segment !== '');
  if (/[\0\\]/u.test(decoded) || segments.some((segment) => segment.startsWith('.'))) return null;
  if (decoded.endsWith('/')) segments.push('index.html');
  return inside(root, join(root, ...segments));
}

/** @returns what stands there, if it is a file inside the directory */
async function inside(root: string, named: string): Promise<File | null> {
  try {
    const path = await realpath(named);
    const found = await stat(path);
    // A link may lead out of the directory.
    return path.startsWith(root + sep) && found.isFile() ? { path, size: found.size, changed: found.mtimeMs } : null;
  } catch {
    return null;
  }
}

/** The last part of the name of a script, style, font or WebAssembly module below `assets/`. */
const BUNDLED =
  /\/assets\/[^/]*[-.]([A-Za-z0-9_-]{8}|[0-9a-f]{16}|[0-9a-f]{20}|[0-9a-f]{32})\.(?:m?js|css|wasm|woff2)$/u;

/** Numbers with few letters at them, a word, an abbreviation: the parts of names such as `v2-final` and `EU_AI_26`. */
const PART_OF_NAME = /^(?:[A-Za-z]{0,2}\d+[A-Za-z]?|[A-Z]?[a-z]*|[A-Z]+)$/u;

/**
 * Whether the name carries a content hash, so that the content never changes under it. Names that people chose, such
 * as `logo-beratung.svg`, `stil-Sommer24.css` or `stil-v2-final.css`, look similar: a hash mixes letters and digits as
 * no word does. In doubt the file is revalidated, which costs one request.
 */
export function isHashed(pathname: string): boolean {
  const [, hash = ''] = BUNDLED.exec(pathname) ?? [];
  if (hash.length > 8) return /\d/u.test(hash) && /[a-f]/u.test(hash);
  const isHexadecimal = /^[\da-f]+$/u.test(hash);
  const isName = (!isHexadecimal && /[a-z]{3}/u.test(hash)) || hash.split(/[-_]/u).every((p) => PART_OF_NAME.test(p));
  const kinds = Array.from(hash, kind);
  return !isName && kinds.filter((one, index) => index > 0 && one !== kinds[index - 1]).length >= 3;
}

function kind(character: string): 'lower' | 'upper' | 'digit' | 'mark' {
  if (/[a-z]/u.test(character)) return 'lower';
  if (/[A-Z]/u.test(character)) return 'upper';
  return /\d/u.test(character) ? 'digit' : 'mark';
}
