/**
 * `consult-room-server snippet`: what a page needs to show the room from the CDN folder on its own site, as HTML and as a content security
 * policy. Every script is pinned by its hash: the entry by the `integrity` of its tag (W3C Subresource Integrity), the files it loads by
 * an import map (HTML §8.1.6.2). Browsers that do not know `integrity` in import maps ignore it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { POLICY_NAMES } from '../policy.ts';
import { readFlags, UsageError, type Flag } from './settings.ts';
import {
  DENSITIES,
  ENTRY,
  integrityOf,
  LANGUAGES,
  SnippetMistake,
  snippetOf,
  THEMES,
  type Hashes,
  type Snippet,
} from './snippet.ts';

export const SNIPPET_FLAGS = {
  base: { value: 'PATH', help: 'where the folder dist/cdn stands on the site', initial: '/consult-room/' },
  files: { value: 'DIR', help: 'the folder itself; by default that of this package' },
  signaling: { value: 'URL', help: 'a signalling server on another origin, such as wss://signal.example/signal' },
  lang: { value: LANGUAGES.join('|'), help: 'language of the room', initial: 'de' },
  policy: { value: 'NAME', help: `preset instead of that of the configuration: ${POLICY_NAMES.join(', ')}` },
  theme: { value: THEMES.join('|'), help: 'colours' },
  density: { value: DENSITIES.join('|'), help: 'distances', initial: 'usual' },
  'exit-href': { value: 'URL', help: 'the page to which the quick exit leads' },
  texts: { value: 'PATH', help: 'a module of your site that registers your own wording, such as /texts.js' },
} as const satisfies Record<string, Flag>;

const PACKAGED = fileURLToPath(new URL('../../dist/cdn/', import.meta.url));

/** @throws {UsageError} */
export async function snippet(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<Snippet> {
  const { files, ...flags } = readFlags(SNIPPET_FLAGS, argv, environment);
  const input = Object.fromEntries(Object.entries(flags).map(([name, [value = '']]) => [name, value]));
  try {
    return snippetOf(input, await hashesOf(files[0] ?? PACKAGED));
  } catch (error: unknown) {
    throw error instanceof SnippetMistake ? new UsageError(error.message) : error;
  }
}

/** @throws {UsageError} where the folder is not that of the package */
export async function hashesOf(folder: string): Promise<Hashes> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = names.map((name) => name.replaceAll('\\', '/')).filter((name) => /\.js$|^themes\/.*\.css$/u.test(name));
  if (!files.includes(ENTRY)) throw new UsageError(`--files: there is no ${ENTRY} in "${folder}"`);
  const hash = async (name: string): Promise<[string, string]> => [
    name,
    integrityOf(await readFile(`${folder}/${name}`)),
  ];
  return Object.fromEntries(await Promise.all(files.toSorted().map(hash)));
}
