/**
 * Host keys that are kept in a counsellor's browser (protocol.md §15): made there, not extractable, in the site's own
 * IndexedDB. Nothing of a room is stored with them.
 */
import { ConsultError } from '../../errors.ts';
import { toBase64Url } from '../../util/base64url.ts';
import { sha384, type Bytes } from '../bytes.ts';
import { signHost, verifyHost } from './host-key.ts';

export interface KeptHostKey {
  /** ECDSA P-384, not extractable. */
  readonly key: CryptoKey;
  readonly spki: Bytes;
  readonly thumb: Bytes;
}

const DATABASE = 'consult-room host keys';
const STORE = 'keys';
/** The key of which the public part is given out; earlier ones still open their appointments. */
const CURRENT = 'current';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-384' } as const;

/** @returns the key for which appointments are made; the first call makes it */
export async function currentHostKey(): Promise<KeptHostKey> {
  const known = await run('readonly', (store) => store.get(CURRENT));
  if (isKept(known)) return known;
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  const made: KeptHostKey = { key: privateKey, spki, thumb: await sha384(spki) };
  // Another tab may have made one meanwhile: `add` leaves the first one there.
  await run('readwrite', (store) => store.add(made, CURRENT)).catch(() => undefined);
  const kept = await run('readonly', (store) => store.get(CURRENT));
  if (!isKept(kept)) throw new ConsultError('host-key-missing', { detail: 'not kept by this browser' });
  await run('readwrite', (store) => store.put(kept, toBase64Url(kept.thumb)));
  return kept;
}

/** @throws {ConsultError} `host-key-missing` where this browser does not hold the key that an invite names */
export async function findHostKey(thumb: Uint8Array): Promise<KeptHostKey> {
  const missing = (cause?: unknown): ConsultError => new ConsultError('host-key-missing', { cause });
  const kept: unknown = await run('readonly', (store) => store.get(toBase64Url(thumb))).catch((error: unknown) => {
    throw missing(error);
  });
  if (!isKept(kept) || toBase64Url(await sha384(kept.spki)) !== toBase64Url(thumb)) throw missing();
  const proof = await signHost(kept.key, 'host hello', []);
  if (!(await verifyHost(kept.spki, 'host hello', [], proof))) throw missing();
  return kept;
}

/** Appointments that were made for these keys cannot be opened any more. */
export async function forgetHostKeys(): Promise<void> {
  await run('readwrite', (store) => store.clear());
}

function isKept(value: unknown): value is KeptHostKey {
  const { key, spki, thumb } = (value ?? {}) as Partial<KeptHostKey>;
  return key instanceof CryptoKey && spki instanceof Uint8Array && thumb instanceof Uint8Array;
}

async function run<T>(mode: IDBTransactionMode, request: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = request(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(asked.error ?? transaction.error ?? new Error('aborted'));
    });
  } finally {
    database.close();
  }
}

/** Throws where the browser keeps nothing for this site, such as with site data blocked. */
function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    // [R3] Only at the counsellor's own wish, and only the key: nothing of a room or a person.
    // oxlint-disable-next-line no-restricted-globals
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => void asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error('not opened'));
    asked.onblocked = () => reject(new Error('blocked'));
  });
}
