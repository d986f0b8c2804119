/** What makes the chunks of the CDN folder smaller, and changes nothing that they do: what is alike together, short lists of names, licences and compressed files beside. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';
import { FIRST_VIEW } from './first-view.config.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const stylesIn = (folder: string): readonly string[] =>
  readdirSync(path(folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.styles.ts'))
    .map((file) => `${folder}/${file}`)
    .toSorted();

/** Styles of the room that its first view does without: `src/cdn/first-styles.ts` stands for them. */
const SESSION_STYLES = /\/consult-room\/(?:consult-room|session)\.styles\.ts$/u;

/** Elements whose styles come later; of the room's, those that are not there first. */
const LATER = [
  'call-controls',
  'consult-room',
  'device-check',
  'participant-grid',
  'participant-tile',
  'room-occupants-notice',
  'waiting-room',
];

/** What stands first in the part that begins with a file. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  '/src/cdn/first-view.ts': [
    ...['src/ui', ...FIRST_VIEW.map((tag) => `src/elements/${tag}`)]
      .flatMap(stylesIn)
      .filter((file) => !SESSION_STYLES.test(file)),
    'src/elements/consult-room/scene.ts',
  ],
  '/src/cdn/later-elements.ts': LATER.flatMap((tag) => stylesIn(`src/elements/${tag}`)),
};

/**
 * The styles of a part stand together, in the first view the drawing beside them: compression looks back 32 kB. None of these files does
 * anything when it is loaded.
 */
export const stylesTogether: Plugin = {
  name: 'consult-room:styles-together',
  enforce: 'pre',
  transform(code, id) {
    const [, files] = Object.entries(TOGETHER).find(([entry]) => id.endsWith(entry)) ?? [];
    return files ? [...files.map((file) => `export {} from ${JSON.stringify(path(file))};`), code].join('\n') : null;
  },
};

const OWN_PROPERTY = /--_[\w-]+/gu;

/** The custom properties that no page sets, each with a short name: the most frequent get the shortest. */
const shortNames = ((): ReadonlyMap<string, string> => {
  const counts = new Map<string, number>();
  for (const folder of ['src/ui', 'src/elements'])
    for (const file of readdirSync(path(folder), { recursive: true, encoding: 'utf8' }).toSorted())
      if (file.endsWith('.ts'))
        for (const [name] of readFileSync(path(`${folder}/${file}`), 'utf8').matchAll(OWN_PROPERTY))
          counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts].toSorted(([, one], [, other]) => other - one).map(([name]) => name);
  return new Map(names.map((name, index) => [name, `--_${index.toString(36)}`]));
})();

/** Writes these names in styles, and where a script sets one. */
export const propertiesShort: Plugin = {
  name: 'consult-room:properties-short',
  enforce: 'pre',
  transform: (code, id) =>
    /\/src\/(?:cdn|elements|ui)\/.*\.ts$/u.test(id)
      ? code.replaceAll(OWN_PROPERTY, (name) => shortNames.get(name) ?? name)
      : null,
};

const CRYPTOGRAPHY = /\/node_modules\/(?:ts-mls|@noble\/[\w-]+)\//u;

interface Thrown {
  readonly type: 'NewExpression';
  readonly callee: { readonly name?: string };
  readonly arguments: readonly { readonly type: string; readonly start: number; readonly end: number }[];
}

/** The texts that are given to errors. */
function toldIn(node: unknown): readonly Thrown['arguments'][number][] {
  if (typeof node !== 'object' || node === null) return [];
  const inside = Object.values(node).flatMap(toldIn);
  if (!('type' in node) || node.type !== 'NewExpression') return inside;
  const { callee, arguments: given } = node as unknown as Thrown;
  const [text] = given;
  const isText = text?.type === 'Literal' || text?.type === 'TemplateLiteral';
  return callee.name?.endsWith('Error') === true && isText ? [text] : inside;
}

/** Leaves out what errors of the cryptographic libraries tell their authors: pages see a code of ours, and the class tells the kind. */
export const errorsUnexplained: Plugin = {
  name: 'consult-room:errors-unexplained',
  transform(code, id) {
    if (!CRYPTOGRAPHY.test(id)) return null;
    const edits = toldIn(this.parse(code)).map(({ start, end }) => ({ start, end, text: "''" }));
    return edits.length > 0 ? edited(code, edits) : null;
  },
};

interface Statement {
  readonly type: string;
  readonly declaration?: Statement | null;
  readonly declarations?: readonly { readonly init?: unknown }[];
}

interface Call {
  readonly type: 'CallExpression' | 'NewExpression';
  readonly start: number;
}

/** The calls of an expression that run with it: not those inside of functions. */
function callsOf(node: unknown): readonly Call[] {
  if (typeof node !== 'object' || node === null) return [];
  const type = 'type' in node ? node.type : undefined;
  if (typeof type === 'string' && /Function|Class/u.test(type)) return [];
  const inside = Object.values(node).flatMap(callsOf);
  return type === 'CallExpression' || type === 'NewExpression' ? [node as Call, ...inside] : inside;
}

/**
 * The cryptographic libraries make constants, such as encoders and decoders, by functions that only combine others, which no bundler can know:
 * marks these calls, so that what we never use is left out, such as a whole group as bytes.
 */
export const constantsPure: Plugin = {
  name: 'consult-room:constants-pure',
  transform(code, id) {
    if (!CRYPTOGRAPHY.test(id)) return null;
    const edits = (this.parse(code).body as unknown as readonly Statement[])
      .flatMap(({ declaration, declarations }) => declarations ?? declaration?.declarations ?? [])
      .flatMap(({ init }) => callsOf(init))
      .map(({ start }) => ({ start, end: start, text: '/* @__PURE__ */ ' }));
    return edits.length > 0 ? edited(code, edits) : null;
  },
};

interface Name {
  readonly name: string;
}

interface Specifier {
  readonly start: number;
  readonly end: number;
  readonly local: Name;
  readonly imported?: Name;
  readonly exported?: Name;
}

interface Declaration {
  readonly type: string;
  readonly source?: { readonly value: string } | null;
  readonly specifiers?: readonly Specifier[];
}

/** Where a declaration lists names, and what shall stand there instead. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const edited = (code: string, edits: readonly Edit[]): string =>
  edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((rest, { start, end, text }) => rest.slice(0, start) + text + rest.slice(end), code);

const as = (name: string, other: string): string => (name === other ? name : `${name} as ${other}`);

const list = (specifiers: readonly Specifier[], names: readonly string[]): readonly Edit[] => {
  const [first, last] = [specifiers[0], specifiers.at(-1)];
  return first && last ? [{ start: first.start, end: last.end, text: names.join() }] : [];
};

/**
 * A chunk exports what others of the folder import under the name that it has inside, in order: the bundler writes `long as short` for each. Left as
 * they are: the entry, whose names are for pages, and chunks whose names a dynamic import reads.
 */
export const ownNames: Plugin = {
  name: 'consult-room:own-names',
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((item): item is Rolldown.OutputChunk => item.type === 'chunk');
    const dynamic = new Set(chunks.flatMap(({ dynamicImports }) => dynamicImports));
    const declarations = ({ code }: Rolldown.OutputChunk): readonly Declaration[] =>
      this.parse(code).body as unknown as readonly Declaration[];
    const insides = new Map<string, ReadonlyMap<string, string>>();
    const edits = new Map<string, Edit[]>(chunks.map(({ fileName }) => [fileName, []]));
    for (const chunk of chunks) {
      if (chunk.isEntry || dynamic.has(chunk.fileName)) continue;
      const exports = declarations(chunk).filter(({ type, source }) => type === 'ExportNamedDeclaration' && !source);
      const [names, ...more] = exports.map(({ specifiers = [] }) => specifiers);
      if (!names || more.length > 0) throw new Error(`${chunk.fileName} does not list its exports once`);
      insides.set(chunk.fileName, new Map(names.map(({ local, exported = local }) => [exported.name, local.name])));
      const inside = [...new Set(names.map(({ local }) => local.name))].toSorted();
      edits.get(chunk.fileName)?.push(...list(names, inside));
    }
    for (const chunk of chunks)
      for (const { source, specifiers = [] } of declarations(chunk)) {
        const inside = insides.get(source?.value.replace('./', '') ?? '');
        if (!inside) continue;
        const names = specifiers.map(({ local, imported, exported }) => {
          const there = (name: string): string => {
            const found = inside.get(name);
            if (found === undefined) throw new Error(`${chunk.fileName} uses ${name}, which ${source?.value} has not`);
            return found;
          };
          return exported ? as(there(local.name), exported.name) : as(there(imported?.name ?? ''), local.name);
        });
        edits.get(chunk.fileName)?.push(...list(specifiers, names));
      }
    for (const chunk of chunks) chunk.code = edited(chunk.code, edits.get(chunk.fileName) ?? []);
  },
};

/** Writes letters as themselves, where a minifier has escaped them. */
export const lettersPlain: Plugin = {
  name: 'consult-room:letters-plain',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk')
        chunk.code = chunk.code.replaceAll(
          /(?<!\\)((?:\\\\)*)\\x([c-f][0-9a-f])/gu,
          (_, before: string, hex: string) => before + String.fromCharCode(Number.parseInt(hex, 16)),
        );
  },
};

const LICENCES = 'licences.txt';

/** The folder of the package that a module belongs to. */
const packageOf = (id: string): string | undefined =>
  /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/u.exec(id.replace(/^\0/u, ''))?.[1];

function licenceOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Readonly<
    Record<'name' | 'version', string>
  >;
  const file = ['LICENSE', 'LICENSE.md', 'LICENCE'].find((one) => existsSync(`${folder}/${one}`));
  if (file === undefined) throw new Error(`${name} comes without its licence`);
  return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
}

/** Puts the whole licence of each package once beside the chunks, which point to it. */
export const licencesBeside: Plugin = {
  name: 'consult-room:licences-beside',
  generateBundle(_options, bundle) {
    const folders = new Set<string>();
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const own = chunk.moduleIds.flatMap((id) => packageOf(id) ?? []);
      own.forEach((folder) => folders.add(folder));
      if (own.length > 0) chunk.code = `${chunk.code.trimEnd()}\n/*! ${LICENCES} */\n`;
    }
    const source = [...folders]
      .map(licenceOf)
      .toSorted()
      .join(`\n${'-'.repeat(80)}\n\n`);
    this.emitFile({ type: 'asset', fileName: LICENCES, source });
  },
};

const [gzipped, brotlied] = [promisify(gzip), promisify(brotliCompress)];

/** Bytes below which a response fits one packet anyway. */
const WORTH = 1400;

/**
 * Writes `FILE.br` and `FILE.gz` beside each text, with the greatest effort, once: web servers send them as they are (`gzip_static`,
 * `precompressed`, our own), where compressing each answer would cost them time and many send the texts whole.
 */
export const compressedBeside: Plugin = {
  name: 'consult-room:compressed-beside',
  async writeBundle({ dir = '' }, bundle) {
    const texts = Object.keys(bundle).filter((file) => /\.(?:css|html|js|json|md|svg|txt)$/u.test(file));
    await Promise.all(
      texts.map(async (file) => {
        const content = await readFile(join(dir, file));
        if (content.length < WORTH) return;
        await Promise.all([
          gzipped(content, { level: constants.Z_BEST_COMPRESSION }).then((bytes) =>
            writeFile(join(dir, `${file}.gz`), bytes),
          ),
          brotlied(content).then((bytes) => writeFile(join(dir, `${file}.br`), bytes)),
        ]);
      }),
    );
  },
};
