/** A part of the library that is loaded from the site when it is needed, by `import()`. */
import { ConsultError } from '../errors.ts';

/**
 * Makes a loader that loads once, however often it is called. After a failure the next call tries again.
 *
 * @returns a function that rejects with `part-unavailable`
 */
export function part<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw new ConsultError('part-unavailable', { cause: error });
    });
    return loading;
  };
}
