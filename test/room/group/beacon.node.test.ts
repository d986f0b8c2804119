/** protocol.md §9: a member without a recent beacon of the host pauses. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Beacon, type BeaconBody } from '../../../src/room/group/beacon.ts';

const OURS = { incarnation: 3, epoch: 5, transcript: 'abc' };

function open(
  role: 'host' | 'guest',
  current: () => Omit<BeaconBody, 'seq' | 'at'> | null = () => OURS,
  isLinked: () => boolean = () => false,
) {
  const log: string[] = [];
  const beacon = new Beacon({
    role,
    current,
    send: ({ seq }) => void log.push(`beacon ${String(seq)}`),
    isLinked,
    onMissed: () => void log.push('missed'),
    onStale: () => void log.push('stale'),
    onFresh: () => void log.push('fresh'),
  });
  return { beacon, log };
}

describe('the beacon', () => {
  let [now, wall] = [0, 0];
  const pass = (milliseconds: number): void => {
    for (let passed = 0; passed < milliseconds; passed += 500) {
      now += 500;
      wall += 500;
      mock.timers.tick(500);
    }
  };

  beforeEach(() => {
    [now, wall] = [1_000, Date.parse('2026-11-29')];
    mock.timers.enable({ apis: ['setInterval'] });
    mock.method(performance, 'now', () => now);
    mock.method(Date, 'now', () => wall);
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
    beacon.receive({ ...OURS, seq: 9, at: 60_000 });
    assert.deepEqual(log, ['stale', 'fresh']);
    beacon.close();
  });

  it('is missed at once by who had a link before', () => {
    const { beacon, log } = open(
      'guest',
      () => OURS,
      () => true,
    );
    pass(30_000);
    assert.deepEqual(log, ['stale', 'missed']);
    beacon.receive({ ...OURS, seq: 9, at: 60_000 });
    pass(30_000);
    assert.deepEqual(log, ['stale', 'missed', 'fresh', 'stale', 'missed']);
    beacon.close();
  });

  it('is not missed before the first link, only a while after it, and media stays paused all the time', () => {
    let isLinked = false;
    const { beacon, log } = open(
      'guest',
      () => OURS,
      () => isLinked,
    );
    pass(60_000);
    isLinked = true;
    pass(4_000);
    assert.deepEqual(log, ['stale']);
    pass(2_000);
    assert.deepEqual(log, ['stale', 'missed']);
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
      beacon.receive({ ...OURS, ...other, seq: 1, at: 8_000 });
      pass(6_000);
      assert.deepEqual(log, ['stale']);
      beacon.close();
    });

  it('does not count a second time, and counts from zero after a commit', () => {
    const { beacon, log } = open('guest');
    beacon.receive({ ...OURS, seq: 4, at: 50_000 });
    pass(8_000);
    beacon.receive({ ...OURS, seq: 4, at: 58_000 });
    pass(4_000);
    assert.deepEqual(log, ['stale']);
    beacon.renew();
    pass(8_000);
    beacon.receive({ ...OURS, seq: 0, at: 70_000 });
    pass(8_000);
    assert.deepEqual(log, ['stale', 'fresh']);
    beacon.close();
  });

  /** A host, and a guest whom its beacons reach as `deliver` says. */
  function pair() {
    const wire: BeaconBody[] = [];
    const host = new Beacon({
      role: 'host',
      current: () => OURS,
      send: (body) => void wire.push(body),
      isLinked: () => true,
      onMissed: () => undefined,
      onStale: () => undefined,
      onFresh: () => undefined,
    });
    const { beacon: guest, log } = open('guest');
    const deliver = (count = wire.length): void => wire.splice(0, count).forEach((body) => guest.receive(body));
    const close = (): void => [host, guest].forEach((one) => one.close());
    return { wire, log, deliver, close };
  }

  it('does not keep a guest fresh with beacons that were kept back: not longer than twice its time', () => {
    const { wire, log, deliver, close } = pair();
    // Somebody who forwards them passes one on every nine seconds, and keeps three or four.
    for (let minute = 0; minute < 300_000 && log.length === 0; minute += 9_000) {
      pass(9_000);
      deliver(1);
    }
    assert.deepEqual(log, ['stale']);
    assert.ok(wire.length > 5);
    const kept = wire.length;
    for (let index = 0; index < kept; index++) {
      deliver(1);
      pass(500);
    }
    // Those that are younger than ten seconds count, for as long as that.
    const changes = log.length;
    pass(20_000);
    assert.ok(log.length <= changes + 1);
    assert.equal(log.at(-1), 'stale');
    close();
  });

  it('bears a way that is always long, and one that grows by less than its time', () => {
    const { wire, log, deliver, close } = pair();
    for (const [seconds, behind] of [
      [60, 4],
      [60, 7],
      [30, 5],
    ] as const)
      for (let second = 0; second < seconds; second++) {
        pass(1_000);
        deliver(Math.max(0, wire.length - behind));
      }
    assert.deepEqual(log, []);
    close();
  });

  for (const [way, hours] of Object.entries({ forward: 1, back: -1 }))
    it(`does not look old where the guest’s clock is set ${way}, and is missed as before`, () => {
      const { beacon, log } = open('guest');
      for (let at = 2_000; at <= 60_000; at += 2_000) {
        pass(2_000);
        if (at === 30_000) wall += hours * 3_600_000;
        beacon.receive({ ...OURS, seq: at / 2_000, at });
      }
      assert.deepEqual(log, []);
      pass(12_000);
      assert.deepEqual(log, ['stale']);
      beacon.close();
    });

  it('counts the host’s sleep, in which one of its clocks stands still, and a clock that is set back', () => {
    const { wire, close } = pair();
    const elapsed = (): number => {
      pass(2_000);
      return wire.at(-1)?.at ?? 0;
    };
    const first = elapsed();
    assert.equal(elapsed() - first, 2_000);
    // Asleep: this engine's monotonic clock stands still.
    wall += 60_000;
    assert.equal(elapsed() - first, 64_000);
    // Another engine's goes on.
    wall += 60_000;
    now += 60_000;
    assert.equal(elapsed() - first, 126_000);
    wall -= 3_600_000;
    assert.equal(elapsed() - first, 128_000);
    close();
  });

  it('begins anew with another page of the host, whose time begins anew', () => {
    let incarnation = 3;
    const { beacon, log } = open('guest', () => ({ ...OURS, incarnation }));
    beacon.receive({ ...OURS, seq: 400, at: 800_000 });
    pass(2_000);
    incarnation = 4;
    beacon.renew();
    for (let at = 2_000; at <= 30_000; at += 2_000) {
      pass(2_000);
      beacon.receive({ ...OURS, incarnation, seq: at / 2_000, at });
    }
    assert.deepEqual(log, []);
    beacon.close();
  });
});
