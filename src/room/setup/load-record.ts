/** Whether there is a reload record (`reload-record.ts`), and what it says. */
import { part } from '../../util/part.ts';
import { KEY, tabStorage, type RecordStorage } from './record-storage.ts';
import type { ReloadRecord } from './reload-record.ts';

/** What to read records with is loaded after a reload only; most pages never need it. */
const loadReader = part(() => import('./read-record.ts'));

/**
 * @param graceSeconds an older record is deleted, and one from the future, after the clock was set back
 * @returns null where there is no valid record
 * @throws {ConsultError} `part-unavailable`
 */
export async function loadRecord(
  graceSeconds: number,
  storage: RecordStorage | null = tabStorage(),
): Promise<ReloadRecord | null> {
  if (!isStored(storage)) return null;
  const { readRecord } = await loadReader();
  return readRecord(graceSeconds, storage);
}

function isStored(storage: RecordStorage | null): boolean {
  try {
    return (storage?.getItem(KEY) ?? null) !== null;
  } catch {
    return false;
  }
}
