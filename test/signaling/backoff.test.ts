import { expect } from '@open-wc/testing';
import { Backoff } from '../../src/signaling/backoff.ts';

describe('backoff', () => {
  it('doubles its limit up to ten seconds', () => {
    const backoff = new Backoff({ random: () => 1 });
    const waits = Array.from({ length: 8 }, () => backoff.next());
    expect(waits).to.deep.equal([500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  });

  it('waits a random time between zero and the limit, so that browsers do not reconnect all at once', () => {
    const backoff = new Backoff({ random: () => 0 });
    expect(backoff.next()).to.equal(0);
    const waits = new Set(Array.from({ length: 50 }, () => new Backoff().next()));
    expect(waits.size).to.be.greaterThan(40);
    for (const wait of waits) expect(wait).to.be.within(0, 500);
  });

  it('starts over after a success', () => {
    const backoff = new Backoff({ random: () => 1 });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).to.equal(500);
  });

  it('stays finite after a night of attempts', () => {
    const backoff = new Backoff({ random: () => 1 });
    for (let attempt = 0; attempt < 10_000; attempt++) expect(backoff.next()).to.be.at.most(10_000);
  });
});
