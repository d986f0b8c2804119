/** Serves one directory: no listing, no hidden files, nothing outside. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** A name with a content hash, as bundlers write it: its content never changes. */
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/u;

export class StaticFiles {
  readonly #root: Promise<string>;

  /** @param directory must exist */
  constructor(directory: string) {
    this.#root = realpath(resolve(directory));
    // Told when the first file is asked for; a rejected promise that nobody holds would end the process.
    this.#root.catch(() => undefined);
  }

  /** @returns whether the path named a file of the directory, which then was answered */
  async serve(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean> {
    const path = await this.#find(pathname);
    if (path === null) return false;
    const { size, mtimeMs } = await stat(path);
    const tag = `W/"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`;
    const immutable = pathname.includes('/assets/') && HASHED.test(pathname);
    response.setHeader('ETag', tag);
    response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return true;
    }
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
    response.setHeader('Content-Length', size);
    response.writeHead(200);
    if (request.method === 'HEAD') response.end();
    // A browser that goes away in the middle is no error of ours.
    else await pipeline(createReadStream(path), response).catch(() => response.destroy());
    return true;
  }

  /** @returns the real path of a file inside the directory */
  async #find(pathname: string): Promise<string | null> {
    let decoded: string;
    try {
      decoded = decodeURIComponent(pathname);
    } catch {
      return null;
    }
    const segments = decoded.split('/').filter((segment) => segment !== '');
    if (/[\0\\]/u.test(decoded) || segments.some((segment) => segment.startsWith('.'))) return null;
    if (decoded.endsWith('/')) segments.push('index.html');
    const root = await this.#root;
    try {
      const path = await realpath(join(root, ...segments));
      // A link may lead out of the directory.
      return path.startsWith(root + sep) && (await stat(path)).isFile() ? path : null;
    } catch {
      return null;
    }
  }
}
