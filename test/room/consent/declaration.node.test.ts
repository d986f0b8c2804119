/** [R13] What an acknowledgement names. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { declare, occupantsOf } from '../../../src/room/consent/declaration.ts';
import type { Declaration } from '../../../src/room/messages/messages.ts';

describe('[R13] a declaration', () => {
  it('[R13] is shown to us under the hash under which the others see it', async () => {
    const { declaration, occupants } = await declare(['Mia', 'Tom']);
    assert.deepEqual(occupants.people, ['Mia', 'Tom']);
    assert.deepEqual(await occupantsOf(declaration), occupants);
    assert.deepEqual([declaration.closed, declaration.noRecording], [true, true]);
  });

  it('[R13] has another hash when the same people are declared again', async () => {
    const [first, second] = [await declare(['Mia']), await declare(['Mia'])];
    assert.notEqual(first.occupants.hash, second.occupants.hash);
  });

  it('[R13] has another hash when any field differs', async () => {
    const { declaration, occupants } = await declare(['Mia', 'Tom']);
    const others = [
      { ...declaration, people: ['Mia'] },
      { ...declaration, people: ['Tom', 'Mia'] },
      { ...declaration, people: ['MiaTom'] },
      { ...declaration, closed: false },
      { ...declaration, noRecording: false },
      { ...declaration, nonce: 'AAAAAAAAAAAAAAAAAAAAAA' },
    ] as unknown as readonly Declaration[];
    const hashes = await Promise.all(others.map(async (other) => (await occupantsOf(other)).hash));
    assert.equal(new Set([occupants.hash, ...hashes]).size, others.length + 1);
  });
});
