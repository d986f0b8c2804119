/** Waits for a condition, and names it in the error when it does not come true. */

/** Milliseconds until it gives up, and between two readings. */
const PATIENCE = 60_000;
const EVERY = 100;

export interface Waiting {
  readonly patience?: number;
  readonly every?: number;
}

/**
 * @param what the condition in words, for the error
 * @returns the value that fulfilled it
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
    if (performance.now() > deadline) throw new Error(`timed out waiting for ${what}: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
