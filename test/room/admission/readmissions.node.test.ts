/** protocol.md §9: who comes in without a question after a repair or a reload of the host. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { Readmissions } from '../../../src/room/admission/readmissions.ts';
import type { Waiting } from '../../../src/room/admission/waiting-list.ts';

const keyOf = (name: string): string => toBase64Url(new TextEncoder().encode(name));

/** A person who proves to have been `was` in the tree, with `key`, and gives the name `now`. */
const knocking = (id: string, was: string, now = was, key = was): Waiting =>
  ({
    id,
    session: id,
    knock: { info: { name: now }, proven: { name: was, leafKey: new TextEncoder().encode(key) } },
  }) as unknown as Waiting;

const MIA = { keys: [keyOf('Mia'), keyOf('Mia before')], interpreter: false };
const TOM = { keys: [keyOf('Tom')], interpreter: true };

const record = (): Readmissions =>
  new Readmissions([
    { ...MIA, followed: true },
    { ...TOM, followed: false },
  ]);

describe('the people of the group before', () => {
  it('come in once each, with their part in it', () => {
    const people = record();
    assert.deepEqual(
      [knocking('1', 'Mia'), knocking('2', 'Mia'), knocking('3', 'Tom'), knocking('4', 'Eve')].map(
        (who) => people.take(who)?.interpreter,
      ),
      [false, undefined, true, undefined],
    );
    assert.deepEqual(
      ['1', '3'].map((id) => people.wasSplit(id)),
      [false, true],
    );
  });

  it('come in under either key, and the other one opens nothing then: a person who is removed stays outside', () => {
    const people = record();
    assert.ok(people.take(knocking('1', 'Mia', 'Mia', 'Mia before')));
    assert.equal(people.take(knocking('2', 'Mia')), null);
    people.settle('1');
    assert.deepEqual(people.awaited, [TOM]);
  });

  it('need the name that they had, and keep their place where another one is shown', () => {
    const people = record();
    assert.equal(people.take(knocking('1', 'Mia', 'Maja')), null);
    assert.ok(people.take(knocking('2', 'Mia')));
  });

  it('are awaited until they knock, and on their way until they are in, under the keys that they have then', () => {
    const people = record();
    people.take(knocking('1', 'Mia'));
    assert.deepEqual([people.awaited, people.coming], [[TOM], [MIA]]);
    people.take(knocking('2', 'Tom'));
    people.comes('2', ['new', keyOf('Tom')]);
    people.comes('3', ['a stranger']);
    assert.deepEqual(people.coming, [
      MIA,
      { keys: ['new', keyOf('Tom')], interpreter: true },
      { keys: ['a stranger'], interpreter: false },
    ]);
    for (const id of ['1', '2', '3']) people.settle(id);
    assert.deepEqual([people.awaited, people.coming], [[], []]);
  });

  it('are told of once when the record ends, and nobody comes in by it any more', () => {
    const people = record();
    people.take(knocking('1', 'Mia'));
    assert.deepEqual([people.forget(), people.forget()], [['1'], []]);
    assert.equal(people.take(knocking('2', 'Tom')), null);
    assert.deepEqual(people.awaited, []);
  });
});
