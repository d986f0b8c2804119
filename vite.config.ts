/**
 * Six builds, chosen by `--mode`: `npm` (ES modules for a bundler), `cdn` (a folder whose entry loads the rest), `all` (the same in one
 * self-contained file), `worker` (the frame worker alone, for `worker-url`), `server` (Node), and by default the demo.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { editorData } from './src/integrations/editor-data.ts';
import { frameworkTypes } from './src/integrations/framework-types.ts';
import { readManifest } from './src/integrations/manifest.ts';
import { referencePage } from './src/integrations/reference.ts';
import { configurationSchema } from './src/server/configuration-schema.ts';
import { minify } from '@swc/core';
import { build, defineConfig, type Plugin, type Rolldown, type UserConfig } from 'vite';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const { dependencies, version } = JSON.parse(readFileSync(path('package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  version: string;
};
const external = [/^node:/, ...Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`))];

/** Files of a folder as build entries, named by the path without ending. */
const entries = (folder: string, ending: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(path(folder))
      .filter((file) => file.endsWith(ending))
      .map((file) => [file.slice(0, -ending.length), path(`${folder}/${file}`)]),
  );

/** One file, as small as it gets. `licencesOnce` adds the licences of what it contains. */
const oneFile = {
  codeSplitting: false,
  minify: true,
  comments: false,
} as const;

/** SWC's minifier looks further; the bundler's, which runs after it, writes shorter. Together they save 1 % of either alone. */
const minifyTwice: Plugin = {
  name: 'consult-room:minify-twice',
  async renderChunk(code) {
    const compress = { ecma: 2022, passes: 3 } as const;
    return (await minify(code, { module: true, ecma: 2022, compress, mangle: true, format: { comments: false } })).code;
  },
};

/** `@hpke/common` imports Node's `crypto` for environments without WebCrypto; every browser has it. */
const quietly: Rolldown.RolldownOptions['onLog'] = (level, log, handler) => {
  if (!log.message.startsWith('Module "crypto" has been externalized')) handler(level, log);
};

const SOURCE = '?source';

/** The frame worker, or another one, as one script. */
async function workerSource(entry: string): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      target: shared.target,
      write: false,
      lib: { entry, formats: ['iife'], name: 'frameWorker', fileName: 'source' },
      rolldownOptions: { output: oneFile, plugins: [minifyTwice] },
    },
  })) as readonly Rolldown.RolldownOutput[];
  const chunk = built[0]?.output.find((output) => output.type === 'chunk');
  if (!chunk) throw new Error(`no script was built of ${entry}`);
  return chunk.code;
}

/**
 * A library's URL for its own worker works in no package, so the worker is inlined (see the two files): as text, because under Trusted
 * Types only our own policy can start it, which Vite's `?worker&inline` does not know.
 */
const inlineWorker: Plugin = {
  name: 'consult-room:inline-worker',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer === undefined) return null;
    if (source.endsWith('/create-frame-worker.ts')) return path('src/e2ee/frames/create-frame-worker.inline.ts');
    return source.endsWith(SOURCE) ? resolve(dirname(importer), source) : null;
  },
  async load(id) {
    if (!id.endsWith(SOURCE)) return null;
    const entry = id.slice(0, -SOURCE.length);
    this.addWatchFile(entry);
    return `export default ${JSON.stringify(await workerSource(entry))};`;
  },
};

interface Template {
  readonly type: 'TaggedTemplateExpression';
  readonly tag: { readonly name?: string };
  readonly quasi: { readonly quasis: readonly { readonly start: number; readonly end: number }[] };
}

const isTemplate = (node: object): node is Template => 'type' in node && node.type === 'TaggedTemplateExpression';

/** All templates of a syntax tree, also those inside others. */
function templatesOf(node: unknown): readonly Template[] {
  if (typeof node !== 'object' || node === null) return [];
  return [...(isTemplate(node) ? [node] : []), ...Object.values(node).flatMap(templatesOf)];
}

/** By tag: the same template in fewer bytes. Minifiers leave templates alone. */
const TERSE: Readonly<Record<string, (text: string) => string>> = {
  css: (text) =>
    text
      .replaceAll(/\/\*[^]*?\*\//gu, '')
      .replaceAll(/\s+/gu, ' ')
      .replaceAll(/ ?([{};]) ?/gu, '$1'),
  // One white space reads as many do.
  html: (text) => text.replaceAll(/\n\s+/gu, '\n'),
};

const FRAME_WORKER = path('src/e2ee/frames/frame-worker.ts');

/** Puts the frame worker beside the CDN entry, which finds it by its own address. */
const workerBeside: Plugin = {
  name: 'consult-room:worker-beside',
  enforce: 'pre',
  resolveId: (source, importer) =>
    importer !== undefined && source.endsWith('/create-frame-worker.ts')
      ? path('src/e2ee/frames/create-frame-worker.beside.ts')
      : null,
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'frame-worker.js', source: await workerSource(FRAME_WORKER) });
  },
};

/**
 * The screens of a room need of an element that is not there yet its tag and its parts, so in the first chunk of the CDN folder these
 * stand for it. Elements of the first view are themselves.
 */
const FIRST_VIEW = ['consult-room', 'privacy-notice', 'quick-exit'];

interface Description {
  readonly name: string;
  readonly tag: string;
  readonly parts: readonly string[];
  readonly uses: readonly { readonly tag: string; readonly uses: readonly [] }[];
}

/** Reads an element's class, tag, parts and what it renders from its source; parts may be those of another element, `...Other.parts`. */
function elementAt(tag: string): Description {
  const code = readFileSync(path(`src/elements/${tag}/${tag}.ts`), 'utf8');
  const [, name] = /export class (\w+)/u.exec(code) ?? [];
  const [, list = ''] = /static override readonly parts: readonly string\[\] = \[([^\]]*)\]/u.exec(code) ?? [];
  const parts = list.split(/,\s*/u).flatMap((item) => {
    const [, other, part] = /^(?:\.\.\.(\w+)\.parts|'([\w-]+)')$/u.exec(item.trim()) ?? [];
    if (other !== undefined) return elementAt(tagOf(other)).parts;
    if (part === undefined && item.trim() !== '') throw new Error(`${tag}: no part can be read of ${item}`);
    return part ?? [];
  });
  if (name === undefined || tagOf(name) !== tag || !code.includes(`static readonly tag: string = '${tag}'`))
    throw new Error(`src/elements/${tag}/${tag}.ts is not written like the other elements`);
  const [, used = ''] =
    /static override readonly uses: readonly ConsultElementClass\[\] = \[([\w, ]*)\]/u.exec(code) ?? [];
  const uses = used.split(/,\s*/u).flatMap((other) => (other === '' ? [] : { tag: tagOf(other), uses: [] as const }));
  return { name, tag, parts, uses };
}

const tagOf = (name: string): string => name.replaceAll(/(?<!^)[A-Z]/gu, (letter) => `-${letter}`).toLowerCase();

const laterElements: Plugin = {
  name: 'consult-room:later-elements',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer?.includes('/src/elements/consult-room/') !== true) return null;
    const [, tag] = /\.\.\/([a-z-]+)\/\1\.ts$/u.exec(source) ?? [];
    if (tag === undefined || FIRST_VIEW.includes(tag) || !existsSync(path(`src/elements/${tag}/${tag}.ts`)))
      return null;
    return `\0later:${tag}`;
  },
  load(id) {
    if (!id.startsWith('\0later:')) return null;
    const { name, ...description } = elementAt(id.slice('\0later:'.length));
    return `export const ${name} = ${JSON.stringify(description)};`;
  },
};

/** Beginnings of later elements' texts that the first view shows too: the receipts after a call, and what it announces. */
const EARLY_TEXTS = ['consent-receipts.heading', 'consent-receipts.kept', 'waiting-room.guest.'];

const isLaterText = (key: string): boolean => {
  const [tag = ''] = key.split('.');
  const hasElement = existsSync(path(`src/elements/${tag}/${tag}.ts`));
  return hasElement && !FIRST_VIEW.includes(tag) && !EARLY_TEXTS.some((early) => key.startsWith(early));
};

interface Entry {
  readonly type: 'Property';
  readonly key: { readonly value?: string };
  readonly value: { readonly start: number; readonly end: number };
  readonly start: number;
  readonly end: number;
}

/** The entries of all objects in a syntax tree whose keys are strings. */
function entriesOf(node: unknown): readonly Entry[] {
  if (typeof node !== 'object' || node === null) return [];
  const isEntry = 'type' in node && node.type === 'Property' && typeof (node as Entry).key.value === 'string';
  return isEntry ? [node as Entry] : Object.values(node).flatMap(entriesOf);
}

/** German as two halves: the texts of the first view, and those that come with the elements after it. */
const laterTexts: Plugin = {
  name: 'consult-room:later-texts',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!source.endsWith('/locales/de.ts') || importer === undefined) return null;
    return `${path('src/locales/de.ts')}?${importer.includes('/src/cdn/') ? 'later' : 'first'}`;
  },
  load(id) {
    const [, file, half] = /^(.*\/locales\/de\.ts)\?(first|later)$/u.exec(id) ?? [];
    if (file === undefined) return null;
    const whole = readFileSync(file, 'utf8');
    const code = entriesOf(this.parse(whole, { lang: 'ts' }))
      .filter(({ key: { value = '' } }) => isLaterText(value) !== (half === 'later'))
      .toSorted((one, other) => other.start - one.start)
      .reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end).replace(/^,/u, ''), whole);
    return { code, moduleType: 'ts' };
  },
  /** What is there first must name no text that comes later. */
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || !/^(?:consult-room|first-[\w-]+)\.js$/u.test(chunk.fileName)) continue;
      for (const [, key = ''] of chunk.code.matchAll(/["'`]([a-z-]+\.[\w.-]+)/gu))
        if (isLaterText(key)) throw new Error(`${chunk.fileName} shows ${key}, which is loaded later: see EARLY_TEXTS`);
    }
  },
};

const KEYS = '\0text-keys';

/** In the one file, which has both languages, the keys of the texts are there once: a language lists its texts in the order of German. */
const keysOnce: Plugin = {
  name: 'consult-room:keys-once',
  enforce: 'pre',
  resolveId: (source) => (source === KEYS ? KEYS : null),
  load(id) {
    const [, lang] = /\/src\/locales\/([a-z]+)\.ts$/u.exec(id) ?? [];
    if (id !== KEYS && lang === undefined) return null;
    const texts = (name: string): ReadonlyMap<string, string> => {
      const code = readFileSync(path(`src/locales/${name}.ts`), 'utf8');
      const entries = entriesOf(this.parse(code, { lang: 'ts' }));
      return new Map(entries.map(({ key, value }) => [key.value ?? '', code.slice(value.start, value.end)]));
    };
    const keys = [...texts('de').keys()];
    if (lang === undefined) {
      const table = '(texts) => Object.fromEntries(keys.map((key, index) => [key, texts[index]]))';
      return `const keys = ${JSON.stringify(keys)};\nexport const table = ${table};`;
    }
    const own = texts(lang);
    if (own.size !== keys.length || !keys.every((key) => own.has(key))) throw new Error(`${lang} has other keys`);
    const list = keys.map((key) => own.get(key) ?? '').join(',\n');
    const code = `import { table } from ${JSON.stringify(KEYS)};\nexport const ${lang} = table([${list}]);`;
    return { code, moduleType: 'ts' };
  },
};

const terseTemplates: Plugin = {
  name: 'consult-room:terse-templates',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/src\/(?:elements|ui)\/.*\.ts$/u.test(id)) return null;
    const pieces = templatesOf(this.parse(code, { lang: 'ts' })).flatMap(({ tag, quasi }) => {
      const terse = TERSE[tag.name ?? ''];
      return terse ? quasi.quasis.map(({ start, end }) => ({ start, end, text: terse(code.slice(start, end)) })) : [];
    });
    return pieces
      .toSorted((one, other) => other.start - one.start)
      .reduce((rest, { start, end, text }) => rest.slice(0, start) + text + rest.slice(end), code);
  },
};

const LICENCE = /\/\*[!*](?:(?!\*\/)[^])*?(?:@license|MIT License)(?:(?!\*\/)[^])*\*\//gu;

/** Says each licence of what a file contains once, at its end: minifiers lose some, and keep others once per module. */
const licencesOnce: Plugin = {
  name: 'consult-room:licences-once',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const sources = chunk.moduleIds.map((id) => this.getModuleInfo(id)?.code ?? '');
      const licences = new Set(sources.flatMap((code) => [...code.matchAll(LICENCE)].map(([licence]) => licence)));
      chunk.code = [chunk.code.trimEnd(), ...licences, ''].join('\n');
    }
  },
};

/** In the one file every part is there at once: what would be loaded later is imported like anything else, which is smaller. */
const partsAtOnce: Plugin = {
  name: 'consult-room:parts-at-once',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('/src/')) return null;
    const heads: string[] = [];
    const rest = code.replaceAll(/\bimport\('(\.[^']+)'\)/gu, (_, file: string) => {
      const name = `part${String(heads.push(file) - 1)}`;
      return `Promise.resolve(${name})`;
    });
    const imports = heads.map((file, index) => `import * as part${String(index)} from '${file}';`);
    return imports.length > 0 ? [...imports, rest].join('\n') : null;
  },
};

/** The one file needs nothing beside it, so it does without what no current browser needs (src/peer/webrtc-adapter.ts). */
const withoutAdapter: Plugin = {
  name: 'consult-room:without-adapter',
  enforce: 'pre',
  resolveId: (source) => (source === 'webrtc-adapter' ? '\0no-adapter' : null),
  load: (id) => (id === '\0no-adapter' ? `throw new Error('webrtc-adapter is not in this file')` : null),
};

/** Makes the command executable, as npm does when it installs the package: a rebuilt file has lost the bit. */
const executable: Plugin = {
  name: 'consult-room:executable',
  writeBundle({ dir = '' }) {
    chmodSync(join(dir, 'cli.js'), 0o755);
  },
};

/** Writes what frameworks, editors and readers know about the elements, from custom-elements.json. */
const integrations: Plugin = {
  name: 'consult-room:integrations',
  writeBundle() {
    const manifest = readManifest();
    mkdirSync(path('dist/integrations'), { recursive: true });
    const files = {
      ...frameworkTypes(manifest),
      ...editorData(manifest, version),
      'reference.md': referencePage(manifest, version),
    };
    for (const [file, content] of Object.entries(files)) writeFileSync(path(`dist/integrations/${file}`), content);
  },
};

/** Puts the JSON Schema of the configuration file beside the server that checks it. */
const schema: Plugin = {
  name: 'consult-room:configuration-schema',
  generateBundle() {
    const source = `${JSON.stringify(configurationSchema(), undefined, 2)}\n`;
    this.emitFile({ type: 'asset', fileName: 'config.schema.json', source });
  },
};

/** What the entry loads at once, as one chunk: by default each set of parts that share modules has a chunk of its own. */
const atOnce = new Set<string>();
const firstAtOnce: Plugin = {
  name: 'consult-room:first-at-once',
  buildEnd() {
    const add = (id: string): void => {
      if (atOnce.has(id)) return;
      atOnce.add(id);
      for (const imported of this.getModuleInfo(id)?.importedIds ?? []) add(imported);
    };
    for (const id of this.getModuleIds()) if (this.getModuleInfo(id)?.isEntry === true) add(id);
  },
};

/** What is loaded with the entry is `first-…`; the rest has the name of its part. */
const chunkName = ({ isDynamicEntry }: Rolldown.PreRenderedChunk): string =>
  isDynamicEntry ? '[name]-[hash].js' : 'first-[hash].js';

const shared = { target: 'es2022', emptyOutDir: true, modulePreload: { polyfill: false }, reportCompressedSize: false };

const builds: Readonly<Record<string, UserConfig>> = {
  npm: {
    plugins: [inlineWorker, terseTemplates, integrations],
    build: {
      ...shared,
      outDir: path('dist/npm'),
      minify: false,
      lib: {
        entry: {
          index: path('src/index.ts'),
          elements: path('src/elements.ts'),
          define: path('src/define.ts'),
          'room/room': path('src/room/room.ts'),
          'testing/testing': path('src/testing/testing.ts'),
          invite: path('src/invite.ts'),
          ...Object.fromEntries(
            Object.entries(entries('src/locales', '.ts')).map(([name, file]) => [`locales/${name}`, file]),
          ),
        },
        formats: ['es'],
      },
      rolldownOptions: {
        external,
        output: { preserveModules: true, preserveModulesRoot: path('src'), entryFileNames: '[name].js' },
      },
    },
  },
  cdn: {
    plugins: [
      firstAtOnce,
      workerBeside,
      laterElements,
      laterTexts,
      inlineWorker,
      terseTemplates,
      minifyTwice,
      licencesOnce,
    ],
    build: {
      ...shared,
      outDir: path('dist/cdn'),
      lib: { entry: { 'consult-room': path('src/cdn/first-view.ts') }, formats: ['es'], fileName: '[name]' },
      rolldownOptions: {
        onLog: quietly,
        output: {
          ...oneFile,
          codeSplitting: { groups: [{ name: 'first', test: (id) => atOnce.has(id) }] },
          chunkFileNames: chunkName,
        },
      },
    },
  },
  all: {
    plugins: [keysOnce, inlineWorker, partsAtOnce, terseTemplates, withoutAdapter, minifyTwice, licencesOnce],
    build: {
      ...shared,
      emptyOutDir: false,
      outDir: path('dist/cdn'),
      lib: { entry: { 'consult-room.all': path('src/index.ts') }, formats: ['es'], fileName: '[name]' },
      rolldownOptions: { onLog: quietly, output: oneFile },
    },
  },
  worker: {
    plugins: [minifyTwice],
    build: {
      ...shared,
      outDir: path('dist/worker'),
      lib: { entry: { 'frame-worker': path('src/e2ee/frames/frame-worker.ts') }, formats: ['es'], fileName: '[name]' },
      rolldownOptions: { output: oneFile },
    },
  },
  server: {
    plugins: [schema, executable],
    build: {
      ...shared,
      outDir: path('dist/server'),
      target: 'node20',
      minify: false,
      ssr: true,
      rolldownOptions: {
        external,
        preserveEntrySignatures: 'strict',
        input: { server: path('src/server/server.ts'), cli: path('src/server/cli.ts') },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  production: {
    plugins: [inlineWorker, terseTemplates],
    root: path('demo'),
    base: './',
    build: {
      ...shared,
      outDir: path('dist/demo'),
      rolldownOptions: { onLog: quietly, input: entries('demo', '.html') },
    },
  },
};

export default defineConfig(({ mode }) => ({
  root: path('.'),
  publicDir: false,
  logLevel: 'warn',
  ...(builds[mode] ?? builds['production']),
}));
