/** protocol.md §7, "Weather": each link by its own measurements. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Stat } from '../../../src/peer/path.ts';
import { LADDER, LinkWeather, OFF, WeatherReader, type WeatherSample } from '../../../src/room/mesh/link-weather.ts';
import { floorOf, leastOf, planOf, routeOf, StepCosts, viewUnder } from '../../../src/room/mesh/studio-plan.ts';

/** Bits a second, as the prototype measured them. */
const NEEDS = [600_000, 370_000, 180_000, 110_000, 0];
const ANY = { floor: 0, least: 3, device: 'quick' } as const;
/** All the same, on a device that is too slow. */
const SLOW = { ...ANY, device: 'slow' } as const;

type Options = Parameters<LinkWeather['sample']>[2];
const GOOD: Omit<WeatherSample, 'at'> = { room: 2_000_000, lost: 0, roundTrip: 0.05, measured: ['lost', 'roundTrip'] };

type Second = Partial<typeof GOOD>;

class Link {
  readonly weather = new LinkWeather();
  at = 0;
  probes = 0;

  /** Lets seconds pass. @returns the step after each */
  pass(seconds: number, second: Second = {}, o: Options = ANY): string[] {
    return Array.from({ length: seconds }, () => {
      this.at += 1_000;
      const { step, probe } = this.weather.sample({ ...GOOD, ...second, at: this.at }, NEEDS, o);
      if (probe === 'wanted') this.probes++;
      return LADDER[step];
    });
  }
}

describe('the weather of a link', () => {
  it('stays high while the way is wide', () => {
    assert.deepEqual(new Set(new Link().pass(60)), new Set(['high']));
  });

  it('ignores an estimate that is still being learnt', () => {
    const link = new Link();
    assert.deepEqual(new Set([...link.pass(4, { room: 200_000 }), ...link.pass(10)]), new Set(['high']));
  });

  for (const [room, expected] of [
    [400_000, 'high-base'],
    [250_000, 'low'],
    [120_000, 'low-base'],
    [90_000, 'low-base'],
    [40_000, 'low-base'],
  ] as const)
    it(`goes down at once to ${expected} at ${String(room / 1_000)} kbit/s`, () => {
      const link = new Link();
      link.pass(10);
      assert.deepEqual(link.pass(1, { room }), [expected]);
    });

  it('turns pictures off where there is no room for the least for six seconds, and not for a moment without', () => {
    const link = new Link();
    const narrow = { room: 40_000, roundTrip: 0.3 };
    link.pass(10);
    assert.deepEqual(new Set(link.pass(5, narrow)), new Set(['low-base']));
    link.pass(1);
    assert.deepEqual(link.pass(6, narrow).slice(-2), ['low-base', 'off']);
  });

  it('ends no pictures by an estimate alone: a busy device’s falls too, and a narrow way loses packets or queues them', () => {
    const link = new Link();
    link.pass(10);
    assert.deepEqual(new Set(link.pass(30, { room: 40_000, roundTrip: 0.2, lost: 0.02 })), new Set(['low-base']));
    assert.equal(link.pass(6, { room: 40_000, lost: 0.05 }).at(-1), 'off');
  });

  it('keeps the least where a device is busy: packets are late, and the way is wide', () => {
    const link = new Link();
    link.pass(10);
    assert.deepEqual(new Set(link.pass(30, { roundTrip: 1 }).slice(10)), new Set(['low-base']));
  });

  it('never ends pictures where the device is slow and nothing is lost, whatever the estimate says', () => {
    const link = new Link();
    link.pass(10);
    // As measured in a call of nine on two cores: the estimate fell to almost nothing, with 24 seconds of round trip.
    assert.deepEqual(new Set(link.pass(60, { room: 5_000, roundTrip: 24 }, SLOW)), new Set(['low-base']));
    assert.equal(link.pass(7, {}, SLOW).at(-1), 'low');
  });

  it('ends pictures on a narrow line of a slow device: there packets are lost', () => {
    const link = new Link();
    link.pass(10);
    assert.equal(link.pass(8, { room: 5_000, roundTrip: 0.5, lost: 0.2 }, SLOW).at(-1), 'off');
  });

  it('goes down step by step where the engine tells no estimate, and pictures are lost or queue', () => {
    for (const second of [
      { room: null, lost: 0.3 },
      { room: null, roundTrip: 1 },
    ]) {
      const link = new Link();
      link.pass(5, { room: null });
      assert.deepEqual(link.pass(4, second), ['high', 'high-base', 'high-base', 'low']);
    }
  });

  it('does not go down for one bad second', () => {
    const link = new Link();
    link.pass(5);
    assert.deepEqual(
      new Set([...link.pass(1, { lost: 0.5 }), ...link.pass(5), ...link.pass(1, { lost: 0.5 })]).size,
      1,
    );
  });

  it('does not go down for one bad measurement that is read for seconds, and does for the next', () => {
    for (const second of [
      { roundTrip: 1, measured: ['roundTrip'] },
      { lost: 0.5, measured: ['lost'] },
    ] as const) {
      const link = new Link();
      link.pass(5);
      link.pass(1, second);
      assert.deepEqual(new Set(link.pass(4, { ...second, measured: [] })), new Set(['high']));
      assert.deepEqual(link.pass(1, second), ['high-base']);
    }
  });

  it('does not take a good measurement of one for an end of the other’s bad ones', () => {
    const link = new Link();
    link.pass(5);
    link.pass(1, { roundTrip: 1, measured: ['roundTrip'] });
    link.pass(1, { roundTrip: 1, measured: ['lost'] });
    assert.deepEqual(link.pass(1, { roundTrip: 1, measured: ['roundTrip'] }), ['high-base']);
  });

  it('goes up after five good seconds, one step at a time', () => {
    const link = new Link();
    link.pass(5);
    link.pass(1, { room: 120_000 });
    const steps = link.pass(20);
    assert.deepEqual(
      ['low-base', 'low', 'high-base', 'high'].map((step) => steps.indexOf(step)),
      [0, 5, 11, 17],
    );
  });

  it('waits longer after every step up that did not hold', () => {
    const link = new Link();
    link.pass(5);
    link.pass(1, { room: 300_000 });
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      let waited = 1;
      while (link.pass(1)[0] === 'low') waited++;
      waits.push(waited);
      link.pass(1, { room: 300_000 });
    }
    assert.deepEqual(waits, [6, 11, 21, 41, 61]);
  });

  it('has the engine look for more room every five seconds while there is too little', () => {
    const link = new Link();
    link.pass(5);
    link.pass(20, { room: 200_000 });
    assert.equal(link.probes, 4);
    const wide = new Link();
    wide.pass(20);
    assert.equal(wide.probes, 0);
  });

  it('takes no small estimate for bad weather while small pictures are wanted', () => {
    const link = new Link();
    const small = { ...ANY, floor: floorOf('small', 'other', 0) };
    link.pass(20, { room: 250_000 }, small);
    // Shown large now: high at once, since nothing speaks against it.
    assert.deepEqual(link.pass(1), ['high']);
  });

  it('never halves the pictures of an interpreter', () => {
    const link = new Link();
    const o = { ...ANY, least: leastOf('interpreter') };
    link.pass(5, {}, o);
    assert.deepEqual(link.pass(1, { room: 150_000 }, o), ['low']);
    assert.deepEqual(link.pass(6, { room: 30_000, roundTrip: 0.3 }, o), ['low', 'low', 'low', 'low', 'low', 'off']);
    assert.equal(link.pass(6, {}, o).at(-1), 'low');
  });

  it('comes back from off', () => {
    const link = new Link();
    link.pass(5);
    assert.equal(link.pass(6, { room: 10_000, roundTrip: 0.3 }).at(-1), 'off');
    assert.equal(link.pass(6, { room: null }).at(-1), 'low-base');
  });
});

describe('the statistics of a link', () => {
  const stats = (o: { readonly available?: number; readonly target?: number; readonly frames?: number }): Stat[] =>
    [
      { type: 'transport', id: 'T', selectedCandidatePairId: 'P' },
      { type: 'candidate-pair', id: 'P', currentRoundTripTime: 0.04, availableOutgoingBitrate: o.available },
      { type: 'remote-inbound-rtp', id: 'R', fractionLost: 0.2, roundTripTime: 0.05 },
      { type: 'outbound-rtp', id: 'O', totalEncodedBytesTarget: o.target ?? 0, framesEncoded: o.frames ?? 0 },
    ] as unknown as Stat[];

  it('give Chromium’s estimate without the share of the sound', () => {
    assert.deepEqual(new WeatherReader().read(stats({ available: 500_000 }), 1_000), {
      at: 1_000,
      room: 430_000,
      lost: 0.2,
      roundTrip: 0.04,
      measured: ['lost', 'roundTrip'],
    });
  });

  it('give what Firefox’ encoder may use, and nothing while it encodes nothing', () => {
    const reader = new WeatherReader();
    assert.equal(reader.read(stats({ target: 0, frames: 0 }), 1_000).room, null);
    assert.equal(reader.read(stats({ target: 50_000, frames: 30 }), 2_000).room, 400_000);
    assert.equal(reader.read(stats({ target: 50_000, frames: 30 }), 3_000).room, null);
  });
});

/**
 * Recorded on a busy machine, once a second: milliseconds; answered checks, their seconds in all and of the last;
 * milliseconds of the last report and its round trip.
 */
const CHROMIUM = [
  [1_370, 4, 0.004, 0.001, 832, 0],
  [2_376, 5, 0.004, 0, 2_207, 0.001],
  [3_368, 5, 0.004, 0, 2_207, 0.001],
  [4_368, 5, 0.004, 0, 3_504, 0.001],
  [5_368, 6, 0.096, 0.092, 4_629, 0.0078],
  [6_376, 6, 0.096, 0.092, 6_004, 0.001],
  [7_381, 7, 0.096, 0, 7_161, 0.001],
  [8_372, 7, 0.096, 0, 8_083, 0.0136],
  [9_372, 7, 0.096, 0, 8_083, 0.0136],
] as const;
const FIREFOX = [
  [226, 1, 0, 0, 0, 0],
  [1_226, 1, 0, 0, 832, 0.0027],
  [2_227, 1, 0, 0, 1_741, 0.0014],
  [3_224, 1, 0, 0, 1_741, 0.0014],
  [6_222, 2, 0, 0, 5_612, 0.0047],
] as const;

describe('a measurement that is read twice', () => {
  const stats = ([
    ,
    responsesReceived,
    totalRoundTripTime,
    currentRoundTripTime,
    timestamp,
    roundTripTime,
  ]: readonly number[]): Stat[] => {
    const checks = { responsesReceived, totalRoundTripTime, currentRoundTripTime };
    return [
      { type: 'transport', id: 'T', selectedCandidatePairId: 'P' },
      { type: 'candidate-pair', id: 'P', availableOutgoingBitrate: 1_287_466, ...checks },
      ...(timestamp ? [{ type: 'remote-inbound-rtp', id: 'R', timestamp, fractionLost: 0, roundTripTime }] : []),
    ] as unknown as Stat[];
  };
  const BOTH = 'lost,roundTrip';

  it('counts once, in Chromium by its checks and reports', () => {
    const reader = new WeatherReader();
    assert.deepEqual(
      CHROMIUM.map((row) => reader.read(stats(row), row[0]).measured.join()),
      [BOTH, BOTH, '', BOTH, BOTH, 'lost', BOTH, BOTH, ''],
    );
  });

  it('counts once, in Firefox by its reports alone', () => {
    const reader = new WeatherReader();
    assert.deepEqual(FIREFOX.map((row) => reader.read(stats(row), row[0]).measured.join()).slice(1), [
      'lost,roundTrip',
      'lost,roundTrip',
      '',
      'lost,roundTrip',
    ]);
  });

  it('is no bad weather, however late that one packet was', () => {
    const [weather, reader] = [new LinkWeather(), new WeatherReader()];
    const steps = CHROMIUM.map((row) => {
      const sample = reader.read(stats(row), row[0]);
      return weather.sample({ ...sample, roundTrip: sample.roundTrip * 10 }, NEEDS, ANY).step;
    });
    assert.deepEqual(new Set(steps), new Set([0]));
  });
});

describe('what the studio encodes', () => {
  it('follows from the steps', () => {
    assert.deepEqual(
      ([0, 1, 2, 3, OFF] as const).map(routeOf),
      [
        ['high', 'all'],
        ['high', 'base'],
        ['low', 'all'],
        ['low', 'base'],
        ['off', 'all'],
      ].map(([rung, layers]) => ({ kind: 'studio', rung, layers })),
    );
  });

  it('is only what somebody needs, and more than 20 pictures of 180 lines of an interpreter', () => {
    assert.deepEqual(planOf(new Set(), 'other'), { high: null, low: null });
    const { low } = planOf(new Set(['low']), 'interpreter');
    assert.deepEqual([low?.rate, low?.height], [25, 180]);
  });

  it('is less on a slow device, and never less than an interpreter’s pictures', () => {
    const both = new Set(['high', 'low'] as const);
    assert.deepEqual(
      ([0, 1, 2, 3] as const).map((load) => planOf(both, 'other', load).low?.rate),
      [15, 15, 12, 8],
    );
    assert.equal(planOf(both, 'interpreter', 3).low?.rate, 25);
  });

  it('begins with what the other shows, no better than a slow device makes, and whole for an interpreter', () => {
    const views = ['large', 'small', 'few', 'none'] as const;
    assert.deepEqual(
      views.map((view) => floorOf(view, 'other', 0)),
      [0, 2, 3, OFF],
    );
    assert.deepEqual(
      views.map((view) => floorOf(view, 'other', 1)),
      [2, 2, 3, OFF],
    );
    assert.deepEqual(
      views.map((view) => floorOf(view, 'interpreter', 3)),
      [2, 2, 2, OFF],
    );
  });

  it('is asked of the others likewise', () => {
    const views = ['large', 'small', 'none'] as const;
    assert.deepEqual(
      ([0, 1, 2, 3] as const).map((load) => views.map((view) => viewUnder(load, view))),
      [
        ['large', 'small', 'none'],
        ['small', 'small', 'none'],
        ['few', 'few', 'none'],
        ['few', 'few', 'none'],
      ],
    );
  });

  it('costs what it was measured to cost, and a key frame is no bad weather', () => {
    const costs = new StepCosts();
    const none = { frames: 0, keyFrames: 0, bytes: 0, baseBytes: 0 };
    for (let second = 0; second < 30; second++) {
      const bytes = 25_000 * second;
      costs.measure(
        { high: { frames: 30 * second, keyFrames: 1, bytes, baseBytes: bytes / 2 }, low: none },
        second * 1e3,
      );
    }
    const [high, base, low] = costs.steps as [number, number, number];
    assert.ok(Math.abs(high - 216_000) < 3_000 && Math.abs(base - 108_000) < 2_000, `${String(high)} ${String(base)}`);
    assert.equal(low, 180_000 * 1.08);
  });
});
