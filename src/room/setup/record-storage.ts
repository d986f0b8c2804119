/** Where the reload record is (`reload-record.ts`), and its deletion. */

export const KEY = 'consult-room';

/** Where the record is kept; tests pass their own. */
export type RecordStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Where site data is blocked, reading the property already throws (HTML §12.2.2). Then nothing comes back after a
 * reload.
 */
export function tabStorage(): RecordStorage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

export function clearRecord(storage: RecordStorage | null = tabStorage()): void {
  try {
    storage?.removeItem(KEY);
  } catch {
    // Storage is forbidden, so there is no record.
  }
}
