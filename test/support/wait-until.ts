/** Waits for a condition in a page, as `@open-wc/testing` does, with the patience that two browsers on one processor need. */
import { waitUntil as wait } from '@open-wc/testing';

type Options = NonNullable<Parameters<typeof wait>[2]>;

/** Milliseconds until it gives up: less than a test may take, so that the error names the condition. */
const PATIENCE = 15_000;

/** @param what the condition in words, for the error */
export const waitUntil = (holds: Parameters<typeof wait>[0], what?: string, options?: Options): Promise<void> =>
  wait(holds, what, { timeout: PATIENCE, ...options });
