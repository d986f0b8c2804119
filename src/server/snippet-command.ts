/**
 * `consult-room-server snippet`: what a page needs to show the room from the CDN folder on its own site, as HTML and as a content security
 * policy. Every script is pinned by its hash: the entry by the `integrity` of its tag (W3C Subresource Integrity), the files it loads by
 * an import map (HTML §8.1.6.2). Browsers that do not know `integrity` in import maps ignore it.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readFlags, UsageError, type Flag } from './settings.ts';

export const SNIPPET_FLAGS = {
  base: { value: 'PATH', help: 'where the folder dist/cdn stands on the site', initial: '/consult-room/' },
  files: { value: 'DIR', help: 'the folder itself; by default that of this package' },
  signaling: { value: 'URL', help: 'a signalling server on another origin, such as wss://signal.example/signal' },
  lang: { value: 'de|en', help: 'language of the page', initial: 'de' },
} as const satisfies Record<string, Flag>;

const ENTRY = 'consult-room.js';
/** Not loaded by the entry: the one-file version, and the worker, for which browsers check no hash. */
const APART: readonly string[] = [ENTRY, 'consult-room.all.js', 'frame-worker.js'];

const PACKAGED = fileURLToPath(new URL('../../dist/cdn/', import.meta.url));

export interface Snippet {
  readonly html: string;
  /** Value of the header `Content-Security-Policy`. */
  readonly policy: string;
}

/** @throws {UsageError} */
export async function snippet(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<Snippet> {
  const flags = readFlags(SNIPPET_FLAGS, argv, environment);
  const [base = '/', lang = 'de'] = [flags.base[0], flags.lang[0]];
  if (!/^\/(?:[\w.~-]+\/)*$/u.test(base))
    throw new UsageError(`--base: "${base}" is not a path of your own site that begins and ends with /`);
  if (lang !== 'de' && lang !== 'en') throw new UsageError(`--lang: "${lang}" is neither de nor en`);
  const signaling = flags.signaling[0] === undefined ? null : signalingUrl(flags.signaling[0]);
  return snippetOf({ base, lang, signaling, hashes: await hashesOf(flags.files[0] ?? PACKAGED) });
}

function signalingUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'wss:') throw new UsageError(`--signaling: "${text}" is not a wss: address`);
  return url;
}

/** @returns file name → integrity */
async function hashesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const scripts = names.filter((name) => name.endsWith('.js')).toSorted();
  if (!scripts.includes(ENTRY)) throw new UsageError(`--files: there is no ${ENTRY} in "${folder}"`);
  const hash = async (name: string): Promise<[string, string]> => [name, hashOf(await readFile(`${folder}/${name}`))];
  return new Map(await Promise.all(scripts.map(hash)));
}

const hashOf = (content: Uint8Array | string): string =>
  `sha384-${createHash('sha384').update(content).digest('base64')}`;

function snippetOf(o: {
  readonly base: string;
  readonly lang: string;
  readonly signaling: URL | null;
  readonly hashes: ReadonlyMap<string, string>;
}): Snippet {
  const later = [...o.hashes].filter(([name]) => !APART.includes(name));
  const integrity = Object.fromEntries(later.map(([name, hash]) => [`${o.base}${name}`, hash]));
  const map = JSON.stringify({ integrity }, undefined, 2);
  const server = o.signaling ? ` signaling="${o.signaling.href}" config-url="${o.base}config.json"` : '';
  const html = `<script type="importmap">${map}</script>
<script type="module" src="${o.base}${ENTRY}" integrity="${o.hashes.get(ENTRY) ?? ''}"></script>
<consult-room lang="${o.lang}"${server}></consult-room>`;
  return { html, policy: policyOf(map, o.signaling) };
}

function policyOf(map: string, signaling: URL | null): string {
  const server = signaling ? ` https://${signaling.host} wss://${signaling.host}` : '';
  return [
    "default-src 'none'",
    `script-src 'self' '${hashOf(map)}'`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob: mediastream:",
    `connect-src 'self'${server}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'trusted-types consult-room lit-html',
    "require-trusted-types-for 'script'",
  ].join('; ');
}
