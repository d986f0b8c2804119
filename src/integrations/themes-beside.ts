/** Puts the themes beside the CDN entry, for `consult-room-server snippet --theme`. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const FOLDER = new URL('../themes/', import.meta.url);

/** File name → stylesheet. */
export const themes = (): ReadonlyMap<string, string> =>
  new Map(readdirSync(FOLDER).map((file) => [file, readFileSync(new URL(file, FOLDER), 'utf8')]));

export const themesBeside: Plugin = {
  name: 'consult-room:themes-beside',
  generateBundle() {
    for (const [file, source] of themes()) this.emitFile({ type: 'asset', fileName: `themes/${file}`, source });
  },
};
