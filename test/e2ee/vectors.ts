/** Official vectors that run in Node and in both browsers: cases are plain functions that throw, whatever the test runner. */

export interface VectorCase {
  readonly name: string;
  run(): Promise<void> | void;
}

type Bytes = Uint8Array<ArrayBuffer>;

export const fromHex = (hex: string): Bytes =>
  Uint8Array.from(hex.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));
export const toHex = (data: Uint8Array): string => [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param path under `test/vectors` */
export async function loadVectors<T>(path: string): Promise<T> {
  const url = new URL(`../vectors/${path}`, import.meta.url);
  if (url.protocol !== 'file:') return (await (await fetch(url)).json()) as T;
  // Named by a variable, or the browsers' test server would look for it.
  const node = 'node:fs/promises';
  const { readFile } = (await import(node)) as { readFile(file: URL, encoding: 'utf8'): Promise<string> };
  return JSON.parse(await readFile(url, 'utf8')) as T;
}

export function isSame(actual: Uint8Array, expected: string, what: string): void {
  if (toHex(actual) !== expected) throw new Error(`${what}: ${toHex(actual)} is not ${expected}`);
}

export function isTrue(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** @returns null where the operation refuses its input */
export async function orNull<T>(operation: () => T | Promise<T>): Promise<T | null> {
  try {
    return await operation();
  } catch {
    return null;
  }
}
