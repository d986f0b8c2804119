/** protocol.md §9: how often one person may rejoin without the host being asked, and under which id. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rejoins } from '../../../src/room/admission/rejoins.ts';

function at() {
  const clock = { now: 0 };
  return { clock, rejoins: new Rejoins(() => clock.now) };
}

describe('a member who rejoins', () => {
  it('may do so once without a question, and again only when 20 seconds have passed', () => {
    const { clock, rejoins } = at();
    assert.equal(rejoins.mayRejoin('mia', 'mia2'), true);
    clock.now = 19_999;
    assert.equal(rejoins.mayRejoin('mia2', 'mia3'), false);
    clock.now = 20_000;
    assert.equal(rejoins.mayRejoin('mia2', 'mia3'), true);
  });

  it('is limited under the former id too, until the commit has replaced it', () => {
    const { rejoins } = at();
    rejoins.mayRejoin('mia', 'mia2');
    assert.equal(rejoins.mayRejoin('mia', 'mia4'), false);
  });

  it('does not limit another member', () => {
    const { rejoins } = at();
    rejoins.mayRejoin('mia', 'mia2');
    assert.equal(rejoins.mayRejoin('tom', 'tom2'), true);
  });

  it('does not extend the limit by attempts that were refused', () => {
    const { clock, rejoins } = at();
    rejoins.mayRejoin('mia', 'mia2');
    clock.now = 19_000;
    rejoins.mayRejoin('mia', 'mia3');
    clock.now = 20_000;
    assert.equal(rejoins.mayRejoin('mia', 'mia4'), true);
  });
});

describe('the keys of a member', () => {
  it('are its own and the one that it proved, until it is heard', () => {
    const { rejoins } = at();
    rejoins.recordProof('now', 'before');
    assert.deepEqual([rejoins.keysOf('now'), rejoins.keysOf('other')], [['now', 'before'], ['other']]);
    rejoins.onHeard('now');
    assert.deepEqual(rejoins.keysOf('now'), ['now']);
  });
});

describe('the pause of a member', () => {
  it('is what is left of 20 seconds', () => {
    const { clock, rejoins } = at();
    rejoins.mayRejoin('mia', 'mia2');
    clock.now = 5_000;
    assert.deepEqual(
      ['mia', 'mia2', 'tom'].map((id) => rejoins.pauseOf(id)),
      [15_000, 15_000, 0],
    );
    clock.now = 30_000;
    assert.equal(rejoins.pauseOf('mia2'), 0);
  });
});

describe('the current id of a person', () => {
  it('follows every rejoin, from any earlier id', () => {
    const { rejoins } = at();
    rejoins.recordRejoin('a', 'b');
    rejoins.recordRejoin('b', 'c');
    assert.deepEqual(
      ['a', 'b', 'c', 'other'].map((id) => rejoins.current(id)),
      ['c', 'c', 'c', 'other'],
    );
  });

  it('is found when a person rejoins under an earlier id', () => {
    const { rejoins } = at();
    for (const [id, next] of [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ] as const)
      rejoins.recordRejoin(id, next);
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => rejoins.current(id)),
      ['a', 'a', 'a'],
    );
  });

  it('is forgotten for the oldest of more than 256 rejoins', () => {
    const { rejoins } = at();
    for (let index = 0; index <= 256; index++) rejoins.recordRejoin(`from${String(index)}`, `to${String(index)}`);
    assert.deepEqual(
      [rejoins.current('from0'), rejoins.current('from1'), rejoins.current('from256')],
      ['from0', 'to1', 'to256'],
    );
  });
});
