import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { patience } from '../../src/util/patience.ts';

describe('patience', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval'] }));
  afterEach(() => mock.timers.reset());

  /** To the page one tick is one task, however long it is. */
  const pass = (milliseconds: number): void => {
    for (let passed = 0; passed < milliseconds; passed += 50) mock.timers.tick(50);
  };

  it('ends once, after its time', () => {
    let ended = 0;
    patience(1_000, () => ended++);
    pass(950);
    assert.equal(ended, 0);
    pass(50);
    assert.equal(ended, 1);
    pass(5_000);
    assert.equal(ended, 1);
  });

  it('does not end when nobody waits any more', () => {
    let ended = 0;
    const stop = patience(1_000, () => ended++);
    pass(950);
    stop();
    pass(5_000);
    assert.equal(ended, 0);
  });

  it('is not used up by a page that stands still', async () => {
    mock.timers.reset();
    const heard: string[] = [];
    await new Promise<void>((resolve) => {
      patience(50, () => {
        heard.push('the end');
        resolve();
      });
      const end = performance.now() + 200;
      while (performance.now() < end);
      // Queued while it stood still, as a message of another thread would be.
      setImmediate(() => heard.push('the answer'));
    });
    assert.deepEqual(heard, ['the answer', 'the end']);
  });
});
