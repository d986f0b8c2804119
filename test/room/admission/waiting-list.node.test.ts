/** protocol.md §3: who waits for the host's decision. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OpenedKnock } from '../../../src/e2ee/admission/knock.ts';
import { pressOn, WaitingList, type Waiting } from '../../../src/room/admission/waiting-list.ts';
import { toBase64Url } from '../../../src/util/base64url.ts';

const person = (ref: number, o: { readonly session?: string; readonly formerName?: string } = {}): Waiting => ({
  id: `id${String(ref)}`,
  session: o.session ?? `session${String(ref)}`,
  knock: {
    info: { ref: Uint8Array.of(ref), name: 'Mia' },
    proven: o.formerName === undefined ? null : { name: o.formerName, leafKey: Uint8Array.of(ref) },
  } as unknown as OpenedKnock,
});

function stage() {
  const reports: unknown[] = [];
  let capacity = 0;
  const list = new WaitingList({
    report: (input) => {
      if (input.type === 'knock-gone') return void reports.push(`gone ${input.id}`);
      const { since: _since, hash: _hash, ...knock } = input.knock;
      reports.push(knock);
    },
    onCapacity: () => (capacity += 1),
  });
  return { list, reports, capacity: () => capacity };
}

describe('the waiting list', () => {
  it('shows the host a knock, and whether the person was here before under another name', () => {
    const { list, reports } = stage();
    list.add(person(1));
    list.add(person(2, { formerName: 'Mia' }));
    list.add(person(3, { formerName: 'Tom' }));
    assert.deepEqual(reports, [
      { id: 'id1', name: 'Mia', returning: false },
      { id: 'id2', name: 'Mia', returning: true },
      { id: 'id3', name: 'Mia', returning: true, formerName: 'Tom' },
    ]);
  });

  it('takes a press for the knock that was shown, and for no other one under the same id', () => {
    const { list } = stage();
    const seen = person(1, { session: 'a' });
    list.add(seen);
    const press = pressOn(seen);
    assert.equal(list.pressed(press), seen);
    // The same signature key knocks again from another session, under another name: the same id, another key package.
    list.add({ ...person(2, { session: 'b' }), id: seen.id });
    assert.equal(list.pressed(press), 'changed');
    // The same key package, now with the proof of another person.
    list.add({ ...person(1, { session: 'c', formerName: 'Tom' }), id: seen.id });
    assert.equal(list.pressed(press), 'changed');
    list.removeSession('c');
    assert.equal(list.pressed(press), null);
  });

  it('lets a key package knock again when its person left, and not when the host decided', () => {
    const { list, reports } = stage();
    const [left, refused] = [person(1), person(2)];
    list.add(left);
    list.add(refused);
    list.remove(left, 'may-return');
    list.remove(refused, 'for-good');
    assert.deepEqual([list.hasSeen(left.knock), list.hasSeen(refused.knock)], [false, true]);
    assert.deepEqual(reports.slice(2), ['gone id1', 'gone id2']);
  });

  it('removes the knocks of a session alone, or the one of a key package alone', () => {
    const { list } = stage();
    list.add(person(1, { session: 'a' }));
    list.add(person(2, { session: 'a' }));
    list.add(person(3, { session: 'b' }));
    list.removeSession('a', toBase64Url(Uint8Array.of(2)));
    assert.deepEqual(
      [1, 2, 3].map((ref) => list.pressed(pressOn(person(ref))) !== null),
      [true, false, true],
    );
    list.removeSession('a');
    assert.deepEqual(
      [1, 3].map((ref) => list.pressed(pressOn(person(ref))) !== null),
      [false, true],
    );
  });

  it('says nothing to the host when a person is taken for an admission or restored after it', () => {
    const { list, reports } = stage();
    list.add(person(1));
    list.take([person(1)]);
    assert.equal(list.pressed(pressOn(person(1))), null);
    list.restore(person(1));
    assert.notEqual(list.pressed(pressOn(person(1))), null);
    assert.equal(reports.length, 1);
  });

  it('is full with 16 people, and announces capacity only when it was full', () => {
    const { list, capacity } = stage();
    const people = Array.from({ length: 16 }, (_, ref) => person(ref));
    for (const [index, one] of people.entries()) {
      assert.equal(list.isFull, false, String(index));
      list.add(one);
    }
    assert.equal(list.isFull, true);
    list.remove(people[0]!, 'may-return');
    list.remove(people[1]!, 'may-return');
    assert.deepEqual([list.isFull, capacity()], [false, 1]);
  });
});
