/** Milliseconds until a part that could not be loaded is tried again, doubled with every failure up to the last. */
const RETRY = { first: 1_000, last: 30_000 } as const;

/**
 * Loads a part of the library, as often as it takes.
 *
 * @param onFailure called once, after the first failure
 */
export async function untilLoaded<T>(load: () => Promise<T>, onFailure?: (error: unknown) => void): Promise<T> {
  for (let pause: number = RETRY.first; ; pause = Math.min(pause * 2, RETRY.last)) {
    try {
      return await load();
    } catch (error: unknown) {
      if (pause === RETRY.first) onFailure?.(error);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
