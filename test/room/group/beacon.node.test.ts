/** protocol.md §9: a member without a recent beacon of the host pauses. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Beacon, type BeaconBody } from '../../../src/room/group/beacon.ts';

const OURS = { incarnation: 3, epoch: 5, transcript: 'abc' };

function open(role: 'host' | 'guest', current: () => Omit<BeaconBody, 'seq'> | null = () => OURS) {
  const log: string[] = [];
  const beacon = new Beacon({
    role,
    current,
    send: ({ seq }) => void log.push(`beacon ${String(seq)}`),
    onStale: () => void log.push('stale'),
    onFresh: () => void log.push('fresh'),
  });
  return { beacon, log };
}

describe('the beacon', () => {
  let now = 0;
  const pass = (milliseconds: number): void => {
    for (let passed = 0; passed < milliseconds; passed += 500) {
      now += 500;
      mock.timers.tick(500);
    }
  };

  beforeEach(() => {
    now = 1_000;
    mock.timers.enable({ apis: ['setInterval'] });
    mock.method(performance, 'now', () => now);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  it('is sent by the host every two seconds, numbered, until closed', () => {
    const { beacon, log } = open('host');
    pass(6_000);
    beacon.close();
    pass(6_000);
    assert.deepEqual(log, ['beacon 0', 'beacon 1', 'beacon 2']);
  });

  it('is neither sent nor missed while fewer than three people are here', () => {
    for (const role of ['host', 'guest'] as const) {
      const { beacon, log } = open(role, () => null);
      pass(60_000);
      beacon.close();
      assert.deepEqual(log, []);
    }
  });

  it('makes a guest stale once when none arrives for more than ten seconds, and fresh when one does', () => {
    const { beacon, log } = open('guest');
    pass(10_000);
    assert.deepEqual(log, []);
    pass(6_000);
    assert.deepEqual(log, ['stale']);
    beacon.receive({ ...OURS, seq: 9 });
    assert.deepEqual(log, ['stale', 'fresh']);
    beacon.close();
  });

  for (const [what, other] of Object.entries({
    epoch: { epoch: 4 },
    incarnation: { incarnation: 2 },
    transcript: { transcript: 'abd' },
  }))
    it(`does not count when it names another ${what}`, () => {
      const { beacon, log } = open('guest');
      pass(8_000);
      beacon.receive({ ...OURS, ...other, seq: 1 });
      pass(6_000);
      assert.deepEqual(log, ['stale']);
      beacon.close();
    });

  it('does not count a second time, and counts from zero after a commit', () => {
    const { beacon, log } = open('guest');
    beacon.receive({ ...OURS, seq: 4 });
    pass(8_000);
    beacon.receive({ ...OURS, seq: 4 });
    pass(4_000);
    assert.deepEqual(log, ['stale']);
    beacon.renew();
    pass(8_000);
    beacon.receive({ ...OURS, seq: 0 });
    pass(8_000);
    assert.deepEqual(log, ['stale', 'fresh']);
    beacon.close();
  });
});
