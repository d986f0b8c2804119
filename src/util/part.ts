/** A part of the library that is loaded from the site when it is needed, by `import()`. */
import { ConsultError } from '../errors.ts';

/**
 * Milliseconds after which a part that is still on its way counts as one that could not be loaded: a server may never answer, browsers wait for
 * minutes, and what waits for the part, such as the queue of the group, must go on. On a slow line the next call finds it nearly there.
 */
export const PATIENCE = 20_000;

/** Imports a file of the CDN folder, and each time the same module. */
export type OpenFile = (file: string) => Promise<unknown>;

let openFile: OpenFile | undefined;

/** In the CDN folder: how parts are opened from now on (`src/cdn/open-file.ts`). */
export function openPartsBy(open: OpenFile): void {
  openFile = open;
}

/**
 * Makes a loader that loads once, however often it is called. After a failure the next call tries again.
 *
 * @param load given what opens files of the CDN folder, where the build writes it in place of `import()` (first-view.config.ts)
 * @returns a function that rejects with `part-unavailable`
 */
export function part<T>(load: (open?: OpenFile) => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    loading ??= new Promise<T>((resolve, reject) => {
      const timer = setTimeout(reject, PATIENCE);
      load(openFile)
        .finally(() => clearTimeout(timer))
        .then(resolve, reject);
    }).catch((error: unknown) => {
      loading = null;
      throw new ConsultError('part-unavailable', { cause: error });
    });
    return loading;
  };
}
