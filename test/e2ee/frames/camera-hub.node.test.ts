/** protocol.md §7, "Encode once": order, waiting frames, carriers and key frames, without a browser. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CameraHub } from '../../../src/e2ee/frames/camera-hub.ts';
import type { EncodedFrame } from '../../../src/e2ee/frames/encoded-frame.ts';
import { KeyFrameThrottle, type Clock } from '../../../src/e2ee/frames/key-frame-throttle.ts';
import type { Rung } from '../../../src/e2ee/frames/rungs.ts';
import { emptyCounters, type StreamCounters } from '../../../src/e2ee/frames/worker-messages.ts';

class FakeClock implements Clock {
  #now = 10_000;
  #timers: { at: number; act: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, act: () => void): () => void {
    const timer = { at: this.#now + milliseconds, act };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((one) => one !== timer));
  }

  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [first] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!first) break;
      this.#timers = this.#timers.filter((one) => one !== first);
      this.#now = first.at;
      first.act();
    }
    this.#now = end;
  }
}

interface Line {
  readonly id: string;
  readonly counters: StreamCounters;
  /** First bytes of what left. */
  readonly out: number[];
}

function stage() {
  const clock = new FakeClock();
  const keyFrames: Rung[] = [];
  const carriers: string[] = [];
  const hub = new CameraHub({
    clock,
    requestKeyFrame: (rung) => keyFrames.push(rung),
    requestCarrier: (linkId) => carriers.push(linkId),
  });
  const open = (id: string): Line => {
    const line = { id, counters: emptyCounters().camera, out: [] };
    hub.open(id, line.counters);
    return line;
  };
  /** A frame of the link's own encoder comes. */
  const carrier = ({ id, out }: Line, type: 'key' | 'delta' = 'delta', data = new ArrayBuffer(4)) =>
    hub.take(id, { type, data }, (frame: EncodedFrame) => out.push(new Uint8Array(frame.data)[0]!));
  const publish = (first: number, o: { kind?: 'key'; layer?: 'upper'; rung?: Rung } = {}): void =>
    hub.publish({
      rung: o.rung ?? 'high',
      kind: o.kind ?? 'delta',
      layer: o.layer ?? 'base',
      bytes: Uint8Array.of(first, 1, 2, 3),
    });
  const carry = (line: Line, rung: Rung | 'off' = 'high', layers: 'all' | 'base' = 'all'): void =>
    hub.route(line.id, { kind: 'studio', rung, layers });
  /** A link in full run: its first carrier and a key frame have come. */
  const running: Line[] = [];
  const run = (id: string): Line => {
    const line = open(id);
    carry(line);
    carrier(line, 'key');
    publish(0, { kind: 'key' });
    for (const other of running) carrier(other);
    running.push(line);
    for (const { out } of running) out.length = 0;
    carriers.length = 0;
    keyFrames.length = 0;
    clock.pass(2_000);
    return line;
  };
  return { clock, hub, keyFrames, carriers, open, carrier, publish, carry, run };
}

describe('a link that carries frames of the studio', () => {
  it('sends each frame once, in order, with one carrier for each', () => {
    const { run, publish, carrier, carriers } = stage();
    const [a, b] = [run('a'), run('b')];
    publish(0, { kind: 'key' });
    publish(1);
    publish(2);
    assert.deepEqual(
      ['a', 'b'].map((id) => carriers.filter((one) => one === id).length),
      [3, 3],
    );
    for (const line of [a, b]) for (let i = 0; i < 3; i++) carrier(line);
    assert.deepEqual(
      [a.out, b.out],
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
    );
    assert.equal(a.counters.encrypted, 5);
    assert.equal(a.counters.unused, 0);
  });

  it('hands every link its own copy, because writing a frame detaches its buffer', () => {
    const { hub, open, carry, publish } = stage();
    const buffers: ArrayBuffer[] = [];
    for (const line of [open('a'), open('b')]) {
      carry(line);
      hub.take(line.id, { type: 'key', data: new ArrayBuffer(1) }, ({ data }) => void buffers.push(data));
    }
    publish(7, { kind: 'key' });
    assert.equal(new Set(buffers).size, 2);
    assert.ok(buffers.every((buffer) => new Uint8Array(buffer)[0] === 7));
  });

  it('begins with a key frame, which its first carrier asks for', () => {
    const { open, carry, carrier, publish, keyFrames } = stage();
    const line = open('a');
    carry(line);
    publish(0, { kind: 'key' });
    publish(1);
    carrier(line, 'key');
    assert.deepEqual(keyFrames, ['high']);
    publish(2);
    publish(3, { kind: 'key' });
    publish(4);
    carrier(line);
    assert.deepEqual(line.out, [3, 4]);
  });

  it('leaves out the upper temporal layer when more than six frames wait', () => {
    const { run, publish, carrier, keyFrames } = stage();
    const line = run('a');
    for (let i = 1; i <= 6; i++) publish(i, i % 2 === 0 ? { layer: 'upper' } : {});
    publish(7);
    for (let i = 0; i < 7; i++) carrier(line);
    assert.deepEqual([line.out, keyFrames], [[1, 3, 5, 7], []]);
  });

  it('drops everything until a key frame when a frame has waited 0.7 s', () => {
    const { run, publish, carrier, keyFrames, clock } = stage();
    const line = run('a');
    for (let i = 1; i <= 7; i++) {
      publish(i);
      clock.pass(100);
    }
    assert.deepEqual(keyFrames, []);
    clock.pass(1);
    publish(8);
    publish(9);
    carrier(line);
    assert.deepEqual([line.out, keyFrames], [[], ['high']]);
    publish(10);
    publish(11, { kind: 'key' });
    publish(12);
    carrier(line);
    assert.deepEqual(line.out, [11, 12]);
    // A link that stands still asks for nothing at all: its carriers would.
    for (let i = 13; i < 60; i++) {
      publish(i, i % 10 === 0 ? { kind: 'key' } : {});
      clock.pass(100);
    }
    clock.pass(10_000);
    assert.deepEqual(keyFrames, ['high']);
  });

  it('leaves out the upper temporal layer without a key frame', () => {
    const { run, publish, carrier, carry, keyFrames } = stage();
    const line = run('a');
    carry(line, 'high', 'base');
    publish(1, { layer: 'upper' });
    publish(2);
    publish(3, { layer: 'upper' });
    carry(line, 'high', 'all');
    publish(4);
    publish(5, { layer: 'upper' });
    for (let i = 0; i < 3; i++) carrier(line);
    assert.deepEqual([line.out, keyFrames], [[2, 4, 5], []]);
  });

  it('changes its rung with the next key frame of the other, and others stay', () => {
    const { run, publish, carrier, carry, keyFrames } = stage();
    const [a, b] = [run('a'), run('b')];
    carry(a, 'low');
    assert.deepEqual(keyFrames, ['low']);
    publish(1);
    publish(50, { rung: 'low' });
    publish(51, { rung: 'low', kind: 'key' });
    publish(2);
    publish(52, { rung: 'low' });
    for (const line of [a, b]) for (let i = 0; i < 3; i++) carrier(line);
    assert.deepEqual(a.out, [51, 52]);
    assert.deepEqual(b.out, [1, 2]);
  });

  it('sends nothing while it is off, and begins again with a key frame', () => {
    const { run, publish, carrier, carry } = stage();
    const line = run('a');
    carry(line, 'off');
    publish(1, { kind: 'key' });
    carrier(line);
    assert.deepEqual(line.out, []);
    assert.equal(line.counters.unused, 1);
    carry(line);
    publish(2);
    publish(3, { kind: 'key' });
    carrier(line);
    assert.deepEqual(line.out, [3]);
  });

  it('waits for a key frame when a frame could not be encrypted', () => {
    const { hub, run, publish, carrier } = stage();
    const line = run('a');
    hub.publish({ rung: 'high', kind: 'delta', layer: 'base', bytes: null });
    publish(1);
    publish(2, { kind: 'key' });
    carrier(line);
    assert.deepEqual(line.out, [2]);
  });

  it('asks again for a carrier that was lost', () => {
    const { hub, run, publish, carriers, clock } = stage();
    run('a');
    publish(1);
    assert.equal(carriers.length, 1);
    hub.look();
    assert.equal(carriers.length, 1);
    clock.pass(200);
    hub.look();
    assert.equal(carriers.length, 2);
  });

  it('tries a link that is not up yet twenty times a second for two seconds, and then five times', () => {
    const { hub, open, carry, carriers, clock } = stage();
    carry(open('a'));
    const looksFor = (seconds: number): number => {
      const before = carriers.length;
      for (let passed = 0; passed < seconds * 1_000; passed += 50) {
        clock.pass(50);
        hub.look();
      }
      return carriers.length - before;
    };
    assert.equal(looksFor(2), 40);
    assert.equal(looksFor(4), 20);
  });

  it('[R4] sends no content of a carrier, and no carrier after its own encoder took over', () => {
    const { hub, run, carrier, publish } = stage();
    const line = run('a');
    for (let i = 0; i < 5; i++) assert.equal(carrier(line, 'key', new Uint8Array(40).buffer), 'taken');
    assert.deepEqual(line.out, []);
    hub.route('a', { kind: 'own' });
    publish(1, { kind: 'key' });
    const picture = (width: number): ArrayBuffer =>
      Uint8Array.of(0x10, 0, 0, 0x9d, 1, 0x2a, width & 255, width >> 8, 16, 0).buffer;
    assert.equal(carrier(line, 'key', picture(16)), 'taken');
    assert.equal(carrier(line, 'delta'), 'taken');
    assert.equal(carrier(line, 'key', picture(640)), 'own');
    assert.equal(carrier(line, 'delta'), 'own');
    assert.deepEqual(line.out, []);
  });
});

describe('key frames that receivers ask for', () => {
  it('come at once for one who asks, and one serves all', () => {
    const { run, carrier, keyFrames, clock } = stage();
    const [a, b] = [run('a'), run('b')];
    carrier(a, 'key');
    clock.pass(50);
    carrier(b, 'key');
    assert.deepEqual(keyFrames, ['high']);
    clock.pass(1_000);
    // The second asked after the first was made, so it gets another, not earlier than 300 ms after it.
    assert.deepEqual(keyFrames, ['high', 'high']);
  });

  it('are no storm when a member asks without end', () => {
    const { run, carrier, keyFrames, clock } = stage();
    const [mallory, mia] = [run('m'), run('a')];
    for (let i = 0; i < 600; i++) {
      carrier(mallory, 'key');
      clock.pass(100);
    }
    // A minute: the pause doubles from half a second to three.
    assert.ok(keyFrames.length <= 23, String(keyFrames.length));
    const before = keyFrames.length;
    carrier(mia, 'key');
    clock.pass(300);
    assert.ok(keyFrames.length > before, 'others are healed as before');
  });

  it('are not made for a link that has closed', () => {
    const clock = new FakeClock();
    const made: Rung[] = [];
    const throttle = new KeyFrameThrottle((rung) => made.push(rung), clock);
    throttle.ask('low', 'a');
    throttle.ask('low', 'a');
    throttle.forget('a');
    clock.pass(20_000);
    assert.deepEqual(made, ['low']);
  });
});
