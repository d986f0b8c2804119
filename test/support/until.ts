/** Waiting for what must become true, and saying what did not. */

/** Milliseconds within which it must, and between two looks. */
const PATIENCE = 60_000;
const EVERY = 100;

export interface Waiting {
  readonly patience?: number;
  readonly every?: number;
}

/**
 * @param what is waited for, in words
 * @returns what was read when it held
 */
export async function until<T>(
  read: () => T | Promise<T>,
  holds: (value: T) => boolean,
  what: string,
  { patience = PATIENCE, every = EVERY }: Waiting = {},
): Promise<T> {
  const deadline = performance.now() + patience;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
