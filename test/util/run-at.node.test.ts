import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { runAt } from '../../src/util/run-at.ts';

const DAY = 24 * 60 * 60 * 1000;

describe('runAt', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
  afterEach(() => mock.timers.reset());

  it('calls once at the time, also beyond the longest delay of a timer', () => {
    let calls = 0;
    runAt(60 * DAY, () => calls++);
    for (let day = 0; day < 59; day++) mock.timers.tick(DAY);
    assert.equal(calls, 0);
    mock.timers.tick(DAY);
    mock.timers.tick(DAY);
    assert.equal(calls, 1);
  });

  it('calls in the next task when the time is past', () => {
    let calls = 0;
    runAt(-5, () => calls++);
    assert.equal(calls, 0);
    mock.timers.tick(0);
    assert.equal(calls, 1);
  });

  it('does not call once it is cancelled', () => {
    let calls = 0;
    const cancel = runAt(60 * DAY, () => calls++);
    mock.timers.tick(30 * DAY);
    cancel();
    mock.timers.tick(60 * DAY);
    assert.equal(calls, 0);
  });
});
