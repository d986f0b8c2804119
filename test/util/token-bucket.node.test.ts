import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TokenBucket } from '../../src/util/token-bucket.ts';

describe('TokenBucket', () => {
  it('allows a burst and then as many as were refilled', () => {
    const bucket = new TokenBucket(3, 2, 0);
    assert.deepEqual(
      [0, 0, 0, 0, 499, 500, 500].map((now) => bucket.take(1, now)),
      [true, true, true, false, false, true, false],
    );
  });

  it('never holds more than its burst', () => {
    const bucket = new TokenBucket(3, 2, 0);
    assert.deepEqual([bucket.take(4, 1e9), bucket.take(3, 1e9), bucket.take(1, 1e9)], [false, true, false]);
  });

  it('takes nothing when there are too few tokens', () => {
    const bucket = new TokenBucket(3, 0, 0);
    assert.deepEqual([bucket.take(5, 0), bucket.take(3, 0)], [false, true]);
  });

  it('loses no tokens when the clock is set back', () => {
    const bucket = new TokenBucket(2, 1, 10_000);
    assert.deepEqual([bucket.take(1, 10_000), bucket.take(1, 0)], [true, true]);
  });
});
