/**
 * Six builds, chosen by `--mode`: `npm` (ES modules for a bundler), `cdn` (a folder whose entry loads the rest), `all` (the same in one
 * self-contained file), `worker` (the frame worker alone, for `worker-url`), `server` (Node), and by default the demo.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { editorData } from './src/integrations/editor-data.ts';
import { frameworkTypes } from './src/integrations/framework-types.ts';
import { readManifest } from './src/integrations/manifest.ts';
import { referencePage } from './src/integrations/reference.ts';
import { themesBeside } from './src/integrations/themes-beside.ts';
import { configurationSchema } from './src/server/configuration-schema.ts';
import { documentation, pageEntries } from './demo/site/plugin.ts';
import {
  entriesOf,
  entriesUndescribed,
  errorsByCode,
  firstIcons,
  firstParts,
  groups,
  laterElements,
  laterTexts,
  namesOfParts,
  partsInOrder,
  partsOpened,
  stylesUnexplained,
} from './first-view.config.ts';
import {
  compressedBeside,
  constantsPure,
  errorsUnexplained,
  lettersPlain,
  licencesBeside,
  ownNames,
  propertiesShort,
  stylesTogether,
} from './small-chunks.config.ts';
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

/**
 * The bundler's minifier gives names in the order of a file; those of SWC, by how often each letter stands in it, mostly compress better. Each
 * file has the ones with which it is smaller.
 */
const namesAgain: Plugin = {
  name: 'consult-room:names-again',
  async generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const options = { module: true, ecma: 2022, compress: false, mangle: true, format: { comments: false } } as const;
      const { code } = await minify(chunk.code, options);
      if (gzipSync(code).length < gzipSync(chunk.code).length) chunk.code = code;
    }
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
      .replaceAll(/ ?([{};]) ?/gu, '$1')
      .replaceAll(';}', '}')
      // Selectors have no space after a colon.
      .replaceAll(': ', ':')
      .replaceAll(', ', ',')
      .replaceAll(' > ', '>')
      .replaceAll(/\b0(\.\d)/gu, '$1'),
  // One white space reads as many do.
  html: (text) => text.replaceAll(/\n\s+/gu, ' '),
};

const FRAME_WORKER = path('src/e2ee/frames/frame-worker.ts');

/** Puts the frame worker, and the one that is tried before it, beside the CDN entry, which finds them by its own address. */
const workerBeside: Plugin = {
  name: 'consult-room:worker-beside',
  enforce: 'pre',
  resolveId: (source, importer) =>
    importer !== undefined && source.endsWith('/create-frame-worker.ts')
      ? path('src/e2ee/frames/create-frame-worker.beside.ts')
      : null,
  async generateBundle() {
    const files = { 'frame-worker.js': FRAME_WORKER, 'worker-trial.js': path('src/e2ee/frames/worker-trial.ts') };
    for (const [fileName, entry] of Object.entries(files))
      this.emitFile({ type: 'asset', fileName, source: await workerSource(entry) });
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
    if (!/\/src\/(?:cdn|elements|ui)\/.*\.ts$/u.test(id)) return null;
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

/** Texts and styles of the whole library, in the order of a list of files. */
const alike = (): readonly string[] => {
  const styles = ['src/ui', 'src/elements'].flatMap((folder) =>
    readdirSync(path(folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.styles.ts'))
      .map((file) => `${folder}/${file}`),
  );
  const texts = ['src/locales/de.ts', 'src/consent/notice.de.ts', 'src/locales/en.ts', 'src/consent/notice.en.ts'];
  return [...texts, ...styles.toSorted()];
};

/** In the one file, what is alike stands together: compression looks back 32 kB. None of these files does anything when it is loaded. */
const alikeTogether: Plugin = {
  name: 'consult-room:alike-together',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/src/index.ts')) return null;
    const imports = alike().map((file) => `export {} from ${JSON.stringify(path(file))};`);
    return [...imports, code].join('\n');
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
  writeBundle: ({ dir = '' }) => chmodSync(join(dir, 'cli.js'), 0o755),
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
      entriesUndescribed,
      stylesUnexplained,
      errorsByCode,
      errorsUnexplained,
      constantsPure,
      partsInOrder,
      workerBeside,
      themesBeside,
      firstParts,
      laterElements,
      laterTexts,
      firstIcons,
      inlineWorker,
      stylesTogether,
      propertiesShort,
      terseTemplates,
      minifyTwice,
      namesAgain,
      lettersPlain,
      ownNames,
      licencesBeside,
      partsOpened,
      namesOfParts,
      compressedBeside,
    ],
    build: {
      ...shared,
      outDir: path('dist/cdn'),
      lib: { entry: { 'consult-room': path('src/cdn/first-view.ts') }, formats: ['es'], fileName: '[name]' },
      rolldownOptions: {
        onLog: quietly,
        output: {
          ...oneFile,
          codeSplitting: { groups },
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  },
  all: {
    plugins: [
      entriesUndescribed,
      errorsByCode,
      errorsUnexplained,
      constantsPure,
      keysOnce,
      inlineWorker,
      alikeTogether,
      partsAtOnce,
      propertiesShort,
      terseTemplates,
      withoutAdapter,
      minifyTwice,
      namesAgain,
      lettersPlain,
      licencesOnce,
      compressedBeside,
    ],
    build: {
      ...shared,
      emptyOutDir: false,
      outDir: path('dist/cdn'),
      lib: { entry: { 'consult-room.all': path('src/index.ts') }, formats: ['es'], fileName: '[name]' },
      rolldownOptions: { onLog: quietly, output: oneFile },
    },
  },
  worker: {
    plugins: [minifyTwice, compressedBeside],
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
    plugins: [documentation, inlineWorker, terseTemplates, compressedBeside],
    root: path('demo'),
    base: './',
    build: {
      ...shared,
      outDir: path('dist/demo'),
      rolldownOptions: { onLog: quietly, input: { ...entries('demo', '.html'), ...pageEntries() } },
    },
  },
};

export default defineConfig(({ mode }) => ({
  root: path('.'),
  publicDir: false,
  logLevel: 'warn',
  ...(builds[mode] ?? builds['production']),
}));
