/** Parts that are loaded when they are needed: what waits for one goes on where its download fails, or never ends. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConsultError } from '../../src/errors.ts';
import { part, PATIENCE } from '../../src/util/part.ts';

const failed = (error: unknown): boolean => error instanceof ConsultError && error.code === 'part-unavailable';

describe('a part', () => {
  it('is loaded once, and again after a failure', async () => {
    let asked = 0;
    const load = part(async () => {
      asked++;
      if (asked === 1) throw new TypeError('the network');
      return asked;
    });
    await assert.rejects(load(), (error) => failed(error) && (error as Error).cause instanceof TypeError);
    assert.deepEqual([await load(), await load(), asked], [2, 2, 2]);
  });

  it('counts as failed when its download does not end, and is tried again then', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let asked = 0;
    const load = part(() => (asked++ === 0 ? new Promise<never>(() => undefined) : Promise.resolve('there')));
    const first = assert.rejects(load(), failed);
    const same = assert.rejects(load(), failed);
    t.mock.timers.tick(PATIENCE);
    await first;
    await same;
    assert.deepEqual([await load(), asked], ['there', 2]);
  });

  it('holds no timer once it is there', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const clear = t.mock.method(globalThis, 'clearTimeout');
    await part(() => Promise.resolve())();
    assert.equal(clear.mock.callCount(), 1);
  });
});
