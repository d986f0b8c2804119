/** The figures of a link, summed up over its streams. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countFrames } from '../../../src/room/mesh/frame-totals.ts';

const dropped = { unauthenticated: 1, unknownKey: 2, waitedTooLong: 3, malformed: 4, noKey: 5 };

describe('the frame totals of a link', () => {
  it('add up every counter and every reason over all streams', () => {
    const stream = { encrypted: 10, decrypted: 20, repeated: 30, unused: 1, dropped };
    assert.deepEqual(countFrames([stream, { ...stream, encrypted: 1, dropped: { ...dropped, noKey: 0 } }]), {
      encrypted: 11,
      decrypted: 40,
      repeated: 60,
      dropped: 25,
      reasons: { unauthenticated: 2, unknownKey: 4, waitedTooLong: 6, malformed: 8, noKey: 5 },
    });
  });

  it('are zero for a link without streams', () => {
    const { reasons, ...totals } = countFrames([]);
    assert.deepEqual(totals, { encrypted: 0, decrypted: 0, repeated: 0, dropped: 0 });
    assert.deepEqual(Object.values(reasons), [0, 0, 0, 0, 0]);
  });
});
