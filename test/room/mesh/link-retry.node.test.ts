/** When a link is begun anew, and when it is left alone. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { LinkCare } from '../../../src/room/mesh/link-retry.ts';

describe('the care for a link', () => {
  let renewed = 0;
  let online = true;
  const care = (): LinkCare => new LinkCare({ renew: () => renewed++, isOnline: () => online });

  beforeEach((t) => {
    renewed = 0;
    online = true;
    mock.timers.reset();
    mock.timers.enable({ apis: ['setTimeout'] });
    if ('after' in t) t.after(() => mock.timers.reset());
  });

  it('leaves a link alone that is up, or comes back in time', () => {
    const link = care();
    link.note('connecting');
    mock.timers.tick(11_000);
    link.note('connected');
    link.note('interrupted');
    mock.timers.tick(7_000);
    link.note('connected');
    mock.timers.tick(60_000);
    assert.equal(renewed, 0);
  });

  it('begins a link anew that stays down, again and again, with growing patience', () => {
    const link = care();
    const times: number[] = [];
    link.note('interrupted');
    for (let second = 0; second < 100; second++) {
      mock.timers.tick(1_000);
      if (renewed === times.length) continue;
      times.push(second);
      link.note('connecting');
    }
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    assert.ok(gaps.length >= 3);
    assert.deepEqual(
      gaps,
      gaps.toSorted((a, b) => a - b),
    );
  });

  it('waits for signalling, without which nobody hears of a new link, and begins when it is back', () => {
    const link = care();
    online = false;
    link.note('failed');
    mock.timers.tick(60_000);
    assert.equal(renewed, 0);
    online = true;
    link.online();
    assert.equal(renewed, 1);
  });

  it('asks again where the other side, which makes the link, did not hear', () => {
    const link = care();
    link.note('failed');
    mock.timers.tick(600);
    assert.equal(renewed, 1);
    mock.timers.tick(31_000);
    assert.equal(renewed, 2);
  });

  it('[R9] tries nothing any more once people decided against a connection', () => {
    const link = care();
    link.note('failed');
    link.rest();
    mock.timers.tick(60_000);
    link.note('failed');
    link.online();
    mock.timers.tick(60_000);
    assert.equal(renewed, 0);
    link.wake();
    link.note('failed');
    mock.timers.tick(600);
    assert.equal(renewed, 1);
  });
});
