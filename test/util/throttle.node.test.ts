import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Throttle } from '../../src/util/throttle.ts';

describe('Throttle', () => {
  let calls: string[] = [];
  const call = (name: string) => () => void calls.push(name);

  beforeEach(() => {
    calls = [];
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => mock.timers.reset());

  it('runs the first call immediately and merges later ones into one trailing call, the newest', () => {
    const throttle = new Throttle(100);
    throttle.run('a', call('first'));
    throttle.run('a', call('second'));
    throttle.run('a', call('now'), call('third'));
    assert.deepEqual(calls, ['first']);
    mock.timers.tick(99);
    assert.deepEqual(calls, ['first']);
    mock.timers.tick(1);
    assert.deepEqual(calls, ['first', 'third']);
  });

  it('pauses after a trailing call too, and runs immediately after a pause without calls', () => {
    const throttle = new Throttle(100);
    throttle.run('a', call('1'));
    throttle.run('a', call('2'));
    mock.timers.tick(100);
    throttle.run('a', call('3'));
    assert.deepEqual(calls, ['1', '2']);
    mock.timers.tick(100);
    mock.timers.tick(100);
    throttle.run('a', call('4'));
    assert.deepEqual(calls, ['1', '2', '3', '4']);
  });

  it('keeps keys apart', () => {
    const throttle = new Throttle(100);
    throttle.run('a', call('a'));
    throttle.run('b', call('b'));
    assert.deepEqual(calls, ['a', 'b']);
  });

  it('drops the trailing call of a key and ends its pause when it is reset', () => {
    const throttle = new Throttle(100);
    throttle.run('a', call('1'));
    throttle.run('a', call('2'));
    throttle.reset('a');
    throttle.run('a', call('3'));
    mock.timers.tick(500);
    assert.deepEqual(calls, ['1', '3']);
  });

  it('runs nothing more once it is closed', () => {
    const throttle = new Throttle(100);
    throttle.run('a', call('1'));
    throttle.run('a', call('2'));
    throttle.close();
    mock.timers.tick(500);
    throttle.run('b', call('3'));
    assert.deepEqual(calls, ['1']);
  });
});
