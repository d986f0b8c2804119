/** Makes Vite build the pages of the documentation, which exist nowhere as files, and the data that their scripts read. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { themes } from '../../src/integrations/themes-beside.ts';
import { hashesOf } from '../../src/server/snippet-command.ts';
import { elementData } from './elements.ts';
import { llmsFiles } from './llms.ts';
import { documents } from './pages.ts';
import { searchFiles } from './search-index.ts';
import { themeTokens } from './tokens.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CDN = fileURLToPath(new URL('../../dist/cdn/', import.meta.url));
const pages = documents();

/** The pages as entries of the build: name → file. */
export const pageEntries = (): Readonly<Record<string, string>> =>
  Object.fromEntries([...pages.keys()].map((path) => [path.replace(/\.html$/u, ''), `${ROOT}${path}`]));

/** Modules that are data: `virtual:NAME` exports NAME. */
const DATA: Readonly<Record<string, () => unknown>> = {
  elements: elementData,
  themes: () => Object.fromEntries([...themes()].map(([file, css]) => [file.replace('.css', ''), css])),
  hashes: () => hashesOf(CDN).catch(() => null),
};

const VIRTUAL = '\0virtual:';
/** The design tokens as a stylesheet. */
const TOKENS = 'virtual:tokens.css';

export const documentation: Plugin = {
  name: 'consult-room:documentation',
  enforce: 'pre',
  resolveId(source) {
    if (source === TOKENS) return source;
    if (source.startsWith('virtual:') && source.slice('virtual:'.length) in DATA) return `\0${source}`;
    return source.startsWith(ROOT) && pages.has(relative(ROOT, source)) ? source : null;
  },
  async load(id) {
    if (id === TOKENS) return themeTokens();
    if (!id.startsWith(VIRTUAL)) return pages.get(relative(ROOT, id)) ?? null;
    const name = id.slice(VIRTUAL.length);
    return `export const ${name} = ${JSON.stringify(await DATA[name]?.())};`;
  },
  generateBundle() {
    for (const [fileName, source] of [...searchFiles(), ...llmsFiles()])
      this.emitFile({ type: 'asset', fileName, source });
  },
};
