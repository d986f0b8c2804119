/** When a failed link is replaced, and when it is left alone. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { LinkRetry } from '../../../src/room/mesh/link-retry.ts';

describe('the retry of a link', () => {
  let renewed = 0;
  let online = true;
  const create = (): LinkRetry => new LinkRetry({ renew: () => renewed++, isOnline: () => online });

  beforeEach((t) => {
    renewed = 0;
    online = true;
    mock.timers.reset();
    mock.timers.enable({ apis: ['setTimeout'] });
    if ('after' in t) t.after(() => mock.timers.reset());
  });

  it('waits longer for a link that connects beside many others', () => {
    const link = new LinkRetry({ renew: () => renewed++, isOnline: () => online, othersConnecting: () => 4 });
    link.onConnection('connecting');
    mock.timers.tick(23_999);
    assert.equal(renewed, 0);
    mock.timers.tick(1);
    assert.equal(renewed, 1);
    link.onConnection('failed');
    mock.timers.tick(1_000);
    assert.equal(renewed, 2);
  });

  it('gives two attempts up within 45 seconds when no failure is ever reported, also after a relay was granted', () => {
    const link = new LinkRetry({
      renew: () => {
        renewed++;
        link.onConnection('connecting');
      },
      isOnline: () => online,
    });
    const pass = (seconds: number): void => {
      for (let second = 0; second < seconds; second++) mock.timers.tick(1_000);
    };
    link.onConnection('connecting');
    pass(45);
    assert.equal(renewed, 2);
    pass(300);
    renewed = 0;
    link.resume();
    link.onConnection('connecting');
    pass(45);
    assert.equal(renewed, 2);
  });

  it('says once that a link is late when the other side begins each attempt anew, and again after it was up', () => {
    let late = 0;
    const link = new LinkRetry({ renew: () => renewed++, isOnline: () => online, onLate: () => late++ });
    const begin = (times: number): void => {
      for (let time = 0; time < times; time++) {
        link.onConnection('connecting');
        mock.timers.tick(10_000);
      }
    };
    begin(3);
    assert.deepEqual([late, renewed], [0, 0]);
    begin(6);
    assert.equal(late, 1);
    link.onConnection('connected');
    mock.timers.tick(60_000);
    begin(4);
    assert.equal(late, 2);
    link.stop();
    link.onConnection('failed');
    mock.timers.tick(60_000);
    assert.equal(late, 2);
  });

  it('leaves a link alone when it is up or recovers in time', () => {
    const link = create();
    link.onConnection('connecting');
    mock.timers.tick(11_000);
    link.onConnection('connected');
    link.onConnection('interrupted');
    mock.timers.tick(7_000);
    link.onConnection('connected');
    mock.timers.tick(60_000);
    assert.equal(renewed, 0);
  });

  it('replaces a link again and again, with growing delays, while it stays down', () => {
    const link = create();
    const times: number[] = [];
    link.onConnection('interrupted');
    for (let second = 0; second < 100; second++) {
      mock.timers.tick(1_000);
      if (renewed === times.length) continue;
      times.push(second);
      link.onConnection('connecting');
    }
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    assert.ok(gaps.length >= 3);
    assert.deepEqual(
      gaps,
      gaps.toSorted((a, b) => a - b),
    );
  });

  it('waits while signalling is offline and replaces the link when it is back', () => {
    const link = create();
    online = false;
    link.onConnection('failed');
    mock.timers.tick(60_000);
    assert.equal(renewed, 0);
    online = true;
    link.onOnline();
    assert.equal(renewed, 1);
  });

  it('repeats the request when the other side does not replace the link', () => {
    const link = create();
    link.onConnection('failed');
    mock.timers.tick(600);
    assert.equal(renewed, 1);
    mock.timers.tick(31_000);
    assert.equal(renewed, 2);
  });

  it('[R9] stops when a participant declined the connection, and resumes after consent', () => {
    const link = create();
    link.onConnection('failed');
    link.stop();
    mock.timers.tick(60_000);
    link.onConnection('failed');
    link.onOnline();
    mock.timers.tick(60_000);
    assert.equal(renewed, 0);
    link.resume();
    link.onConnection('failed');
    mock.timers.tick(600);
    assert.equal(renewed, 1);
  });
});
