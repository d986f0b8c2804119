/**
 * Opens files of the CDN folder again that could not be loaded. Firefox and Safari remember such a file until the page is loaded anew, and
 * every browser waits with the first request where that never ends: so each try after the first has another query.
 */
import { scriptUrl } from '../e2ee/frames/start-worker.ts';
import { PATIENCE, type OpenFile } from '../util/part.ts';

/** Requests for one file at the same time; browsers open six connections to a server, and a call needs some of them. */
const AT_ONCE = 3;

interface Tries {
  count: number;
  /** When the last one began, in milliseconds of `performance.now()`. */
  at: number;
  /** Those that have not failed: of several the one that comes first counts, which on a slow line is the first. */
  readonly open: Set<Promise<unknown>>;
}

/** @param load given the address of a file, and how often it was tried before */
export function fileOpener(load: (file: string, tried: number) => Promise<unknown>): OpenFile {
  const files = new Map<string, Tries>();
  return async (file) => {
    const tries = files.get(file) ?? { count: 0, at: -Infinity, open: new Set() };
    files.set(file, tries);
    // One that has begun just now is awaited: several parts are in one file.
    const isNew = tries.open.size === 0 || (tries.open.size < AT_ONCE && performance.now() - tries.at > PATIENCE / 2);
    if (isNew) {
      const one = load(file, tries.count++);
      tries.at = performance.now();
      tries.open.add(one);
      one.catch(() => tries.open.delete(one));
    }
    return Promise.any(tries.open).catch(({ errors }: AggregateError) => Promise.reject(errors.at(-1)));
  };
}

/** The integrity that the page's import maps give for a file (HTML §8.1.6.2): they name it without a query, so it would not be checked. */
function integrityOf(url: string): string | undefined {
  for (const { text } of document.querySelectorAll<HTMLScriptElement>('script[type="importmap"]')) {
    const { integrity = {} } = JSON.parse(text) as { readonly integrity?: Readonly<Record<string, string>> };
    const found = Object.entries(integrity).find(([key]) => new URL(key, document.baseURI).href === url);
    if (found) return found[1];
  }
  return undefined;
}

/** Loads a module by an element, which checks its integrity; an import of the same address is then that module. */
function loadChecked(url: string, integrity: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    Object.assign(script, { type: 'module', src: scriptUrl(url), integrity, onload: resolve, onerror: reject });
    document.head.append(script);
  }).then(() => import(/* @vite-ignore */ url));
}

export const openFile = fileOpener((file, tried) => {
  const url = new URL(file, import.meta.url);
  const integrity = integrityOf(url.href);
  if (tried > 0) url.search = `?${String(tried)}`;
  return tried > 0 && integrity !== undefined ? loadChecked(url.href, integrity) : import(/* @vite-ignore */ url.href);
});
