/** The parts of a long bench: each says what it found when it ends, and one that hangs ends no other. */

/** Milliseconds that a part may take. */
const WITHIN = 60_000;

/** Takes what is called when the part ends, the last one first; at once where it has ended. */
export type Later = (clean: () => unknown) => void;

export class Parts {
  #unfinished = 0;

  /** Parts that failed, or took too long. */
  get unfinished(): number {
    return this.#unfinished;
  }

  /** @returns null where the part did not end */
  async run<T>(name: string, work: (later: Later) => Promise<T>): Promise<T | null> {
    const cleanings: (() => unknown)[] = [];
    let state: 'running' | 'over' = 'running';
    const later: Later = (clean) => void (state === 'running' ? cleanings.push(clean) : clean());
    const begin = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not ended after ${String(WITHIN / 1_000)} s`)), WITHIN);
    });
    try {
      const result = await Promise.race([work(later), late]);
      const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
      console.log(`${name} (${seconds} s): ${JSON.stringify(result)}`);
      return result;
    } catch (error: unknown) {
      this.#unfinished += 1;
      console.log(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    } finally {
      state = 'over';
      clearTimeout(timer);
      for (const clean of cleanings.toReversed()) await clean();
    }
  }
}
