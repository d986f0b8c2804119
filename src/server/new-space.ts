/**
 * The space that V8 has for new objects, bounded: what stays of each connection that opens makes V8 widen it, to three times 16 MB or more,
 * and V8 keeps it, so that it would be most of the memory of idle connections. `--max-semi-space-size` of Node does the same, but only where
 * Node is started with it, which whoever runs our command does not do.
 */
import process from 'node:process';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Bytes: two semi-spaces of 4 MB. With a quarter of it each text costs a tenth more; four times as much saves little. */
const WANTED = 8 * 1024 * 1024;
/** Of a thousand objects each; a fraction of them suffices, unless V8 counts in another way some day. */
const MOST_ROUNDS = 1_000;
const KEPT_ROUNDS = 60;

const size = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? Infinity;

/** Call before the first connection. Does nothing where the operator has chosen a size. Takes about 15 ms. */
export function boundNewSpace(): void {
  const chosen = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
  if (chosen.some((options) => /semi[-_]space/u.test(options))) return;
  // Wide enough first, by objects that stay for a while; then no wider. V8 reads this flag each time.
  const kept: object[][] = [];
  for (let rounds = 0; rounds < MOST_ROUNDS && size() < WANTED; rounds++) {
    kept.push(Array.from({ length: 1_000 }, (_, index) => ({ index })));
    if (kept.length > KEPT_ROUNDS) kept.shift();
  }
  setFlagsFromString('--semi-space-growth-factor=1');
}
