/** Random ids of connections. */
import { randomFillSync } from 'node:crypto';

const ID_BYTES = 16;
/** Ids from one call of the generator, which costs a tenth of what a new connection costs. */
const AT_ONCE = 256;

const pool = Buffer.allocUnsafeSlow(ID_BYTES * AT_ONCE);
let next = pool.length;

/** @returns 16 random bytes in base64url */
export function randomId(): string {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  const id = pool.toString('base64url', next, next + ID_BYTES);
  next += ID_BYTES;
  return id;
}
