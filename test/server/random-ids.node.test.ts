import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomId } from '../../src/server/random-ids.ts';

describe('the ids of connections', () => {
  it('are 16 bytes each, and no two alike, over many calls of the generator', () => {
    const ids = Array.from({ length: 10_000 }, randomId);
    for (const id of ids) assert.equal(Buffer.from(id, 'base64url').length, 16, id);
    assert.equal(new Set(ids).size, ids.length);
    // Each part is random: of four bytes hardly any two are alike.
    for (let at = 0; at < 16; at += 4)
      assert.ok(new Set(ids.map((id) => Buffer.from(id, 'base64url').readUInt32BE(at))).size > 9_990);
  });
});
