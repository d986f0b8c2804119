/** protocol.md §5: late and repeated messages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SequenceFilter } from '../../../src/room/group/sequence-filter.ts';

describe('the sequence filter', () => {
  it('passes what is newer than the last of its kind, once', () => {
    const newest = new SequenceFilter();
    assert.ok(newest.accepts(1, { type: 'media', seq: 3 }));
    assert.ok(!newest.accepts(1, { type: 'media', seq: 3 }));
    assert.ok(!newest.accepts(1, { type: 'media', seq: 2 }));
    assert.ok(newest.accepts(1, { type: 'media', seq: 4 }));
  });

  it('keeps kinds and senders apart', () => {
    const newest = new SequenceFilter();
    assert.ok(newest.accepts(1, { type: 'installed', seq: 9 }));
    assert.ok(newest.accepts(1, { type: 'candidates', seq: 7 }));
    assert.ok(newest.accepts(1, { type: 'candidates', seq: 6 }));
    assert.ok(newest.accepts(1, { type: 'description', seq: 5 }));
    assert.ok(newest.accepts(2, { type: 'installed', seq: 0 }));
  });

  it('[R8] drops a relay answer from before its withdrawal', () => {
    const newest = new SequenceFilter();
    assert.ok(newest.accepts(1, { type: 'relay-question', seq: 1 }));
    assert.ok(newest.accepts(1, { type: 'relay-withdrawn', seq: 4 }));
    for (const type of ['relay-answer', 'relay-signature', 'relay-credentials'] as const)
      assert.ok(!newest.accepts(1, { type, seq: 3 }), type);
  });

  it('starts over when a leaf gets another owner', () => {
    const newest = new SequenceFilter();
    newest.accepts(1, { type: 'media', seq: 9 });
    newest.forget(1);
    assert.ok(newest.accepts(1, { type: 'media', seq: 0 }));
  });
});
