import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BoundedMap, BoundedSet } from '../../src/util/bounded-map.ts';

describe('BoundedMap', () => {
  it('drops the oldest entry when it exceeds its limit', () => {
    const map = new BoundedMap<string, number>(2).set('a', 1).set('b', 2).set('c', 3);
    assert.deepEqual(
      [...map],
      [
        ['b', 2],
        ['c', 3],
      ],
    );
  });

  it('makes an entry the newest when it is set again', () => {
    const map = new BoundedMap<string, number>(2).set('a', 1).set('b', 2).set('a', 3).set('c', 4);
    assert.deepEqual(
      [...map],
      [
        ['a', 3],
        ['c', 4],
      ],
    );
  });

  it('drops entries with falsy keys too', () => {
    const map = new BoundedMap<number | undefined, string>(1).set(undefined, 'x').set(0, 'y').set(1, 'z');
    assert.deepEqual([...map.keys()], [1]);
  });

  it('never exceeds its limit when thousands of entries are set', () => {
    const map = new BoundedMap<number, number>(16);
    for (let index = 0; index < 5000; index++) {
      map.set(index, index);
      assert.ok(map.size <= 16);
    }
    assert.equal(map.has(4999), true);
  });
});

describe('BoundedSet', () => {
  it('drops the oldest entry when it exceeds its limit, and makes an entry the newest when it is added again', () => {
    assert.deepEqual([...new BoundedSet<string>(2).add('a').add('b').add('a').add('c')], ['a', 'c']);
  });
});
