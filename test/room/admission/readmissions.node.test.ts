/** protocol.md §9: who comes in without a question after a repair or a reload of the host. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { Readmissions } from '../../../src/room/admission/readmissions.ts';
import type { Waiting } from '../../../src/room/admission/waiting-list.ts';

const keyOf = (name: string): string => toBase64Url(new TextEncoder().encode(name));

/** A person who proves to have been `was` in the tree, and gives the name `now`. */
const knocking = (id: string, was: string, now = was): Waiting =>
  ({
    id,
    session: id,
    knock: { info: { name: now }, proven: { name: was, leafKey: new TextEncoder().encode(was) } },
  }) as unknown as Waiting;

const record = (): Readmissions =>
  new Readmissions(
    new Map([
      [keyOf('Mia'), 'followed'],
      [keyOf('Tom'), 'split'],
    ]),
    new Set([keyOf('Tom')]),
  );

describe('the people of the group before', () => {
  it('come in once each, with their part in it', () => {
    const people = record();
    assert.deepEqual(
      [knocking('1', 'Mia'), knocking('2', 'Mia'), knocking('3', 'Tom'), knocking('4', 'Eve')].map((who) =>
        people.take(who),
      ),
      ['member', 'none', 'interpreter', 'none'],
    );
    assert.deepEqual(
      ['1', '3'].map((id) => people.wasSplit(id)),
      [false, true],
    );
  });

  it('need the name that they had, and keep their place where another one is shown', () => {
    const people = record();
    assert.equal(people.take(knocking('1', 'Mia', 'Maja')), 'none');
    assert.equal(people.take(knocking('2', 'Mia')), 'member');
  });

  it('are awaited until they come', () => {
    const people = record();
    people.take(knocking('1', 'Mia'));
    assert.deepEqual(people.awaited, [{ key: keyOf('Tom'), interpreter: true }]);
  });

  it('are told of once when the record ends, and nobody comes in by it any more', () => {
    const people = record();
    people.take(knocking('1', 'Mia'));
    assert.deepEqual([people.forget(), people.forget()], [['1'], []]);
    assert.equal(people.take(knocking('2', 'Tom')), 'none');
    assert.deepEqual(people.awaited, []);
  });
});
