/** The members of a group under participant ids. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Member } from '../../../src/e2ee/mls/group-members.ts';
import { Members, participantId } from '../../../src/room/group/members.ts';

const member = (leaf: number, key: number, isHost = false): Member =>
  ({ leaf, identity: Uint8Array.of(key), name: String(key), isHost }) as unknown as Member;

describe('the members of a group', () => {
  it('have the id of their identity, so a leaf that changes hands is another participant', async () => {
    const members = new Members();
    await members.update([member(0, 1, true), member(1, 2)], 0);
    const before = members.byLeaf(1)?.id;
    const { added, removed } = await members.update([member(0, 1, true), member(1, 3)], 0);
    assert.deepEqual(
      [removed.map(({ id }) => id), added.map(({ id }) => id)],
      [[before], [await participantId(Uint8Array.of(3))]],
    );
    assert.match(before ?? '', /^[A-Za-z0-9_-]{12}$/u);
  });

  it('leave ourselves out of the others, of what was added and of what was removed', async () => {
    const members = new Members();
    const { added } = await members.update([member(0, 1, true), member(1, 2)], 1);
    assert.deepEqual(
      [added.length, members.others.map(({ leaf }) => leaf), members.own?.leaf, members.byLeaf(1)],
      [1, [0], 1, null],
    );
  });

  it('give the change that removes one, and null for a stranger', async () => {
    const members = new Members();
    await members.update([member(0, 1, true), member(1, 2)], 0);
    assert.deepEqual(members.removalOf(await participantId(Uint8Array.of(2))), { add: [], remove: [1] });
    assert.equal(members.removalOf('stranger'), null);
    members.clear();
    assert.deepEqual([members.others, members.own], [[], null]);
  });
});
