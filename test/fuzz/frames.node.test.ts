/**
 * What the frame worker reads: SFrame headers (RFC 9605 §4.3), frames in their envelope, padded sound, lines of a data
 * channel.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../support/property.ts';
import { concat, copyBytes, equal, type Bytes } from '../../src/e2ee/bytes.ts';
import { codecHeaderLength, type FrameStream } from '../../src/e2ee/frames/envelope.ts';
import { AudioPadding, unpad } from '../../src/e2ee/padding.ts';
import { FrameKeys, kidOf, splitKid, type FrameLink } from '../../src/e2ee/frames/frame-keys.ts';
import { emptyCounters } from '../../src/e2ee/frames/worker-messages.ts';
import { FrameOpener, FrameSealer, openData, sealData } from '../../src/e2ee/frames/frame-transform.ts';
import { HEADER_LIMIT, importBaseKey, readHeader, writeHeader } from '../../src/e2ee/frames/sframe.ts';
import { mutate, mutations, runs } from './fuzz.ts';

const safe = fc.oneof(fc.nat(9), fc.nat(300), fc.nat(70_000), fc.maxSafeNat());
const stream = fc.constantFrom<FrameStream>('audio', 'camera', 'screen');

async function member(leaf: number): Promise<FrameKeys> {
  const keys = new FrameKeys(0);
  const baseKey = await importBaseKey(new Uint8Array(32).fill(7));
  keys.install({ epoch: 1n, ownLeaf: leaf, leaves: [0, 1], baseKey, now: performance.now() });
  await keys.switchSender(1n);
  return keys;
}

/** A link on which frames of newer epochs have waited already: that they do is tested elsewhere, and takes its time. */
const impatient = (keys: FrameKeys): FrameLink =>
  Object.assign(keys.openLink(0), {
    patience: new Map(
      (['SFrame 1.0', 'consult-room v1 data'] as const).map((purpose) => [purpose, { epoch: 1n, until: 0 }]),
    ),
  });

describe('fuzz: the SFrame header', () => {
  it('round-trips at any offset', () => {
    fc.assert(
      fc.property(safe, safe, fc.nat(20), (kid, ctr, offset) => {
        const bytes = new Uint8Array(offset + HEADER_LIMIT);
        const length = writeHeader(bytes, offset, kid, ctr);
        assert.deepEqual(readHeader(bytes, offset), { kid, ctr, length });
        assert.equal(readHeader(bytes.subarray(0, offset + length - 1), offset), null);
      }),
      runs(1000),
    );
  });

  it('of any bytes is null or within them, and never above 2^53 − 1', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
        const header = readHeader(bytes);
        if (!header) return;
        assert.ok(header.length <= bytes.length && header.length <= HEADER_LIMIT);
        assert.ok(Number.isSafeInteger(header.kid) && Number.isSafeInteger(header.ctr));
      }),
      runs(2000),
    );
  });

  it('round-trips a key id', () => {
    fc.assert(
      fc.property(fc.nat(4095), fc.nat(15), fc.bigInt({ min: 0n, max: 1n << 40n }), (generation, leaf, epoch) => {
        assert.deepEqual(splitKid(kidOf({ generation, leaf, epoch })), {
          generation,
          leaf,
          epoch: Number(epoch % 256n),
        });
      }),
      runs(500),
    );
  });
});

describe('fuzz: a frame', () => {
  it('is dropped when damaged, unless it is the very frame that was sent', async () => {
    const [alice, bob] = [await member(0), await member(1)];
    await fc.assert(
      fc.asyncProperty(
        stream,
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom<'key' | 'delta'>('key', 'delta'),
        mutations,
        async (name, frame, kind, changes) => {
          const sealed = await new FrameSealer({ keys: alice, stream: name, counters: emptyCounters()[name] }).seal(
            copyBytes(frame).buffer,
            kind,
          );
          assert.ok(sealed);
          const damaged = mutate(sealed, changes);
          const counters = emptyCounters()[name];
          const link = impatient(bob);
          const opened = await new FrameOpener({ keys: bob, link, stream: name, counters }).open(
            damaged.slice().buffer,
          );
          const inner = (bytes: Bytes): Bytes => bytes.subarray(codecHeaderLength(name, bytes));
          if (opened.kind !== 'frame') return;
          // What stands before the SFrame object is stripped and never trusted.
          assert.ok(equal(inner(damaged), inner(sealed)));
          assert.ok(equal(new Uint8Array(opened.frame), frame));
        },
      ),
      runs(300),
    );
  });

  it('of any bytes is dropped, counted once and does not affect the next one', async () => {
    const [alice, bob] = [await member(0), await member(1)];
    const sealer = new FrameSealer({ keys: alice, stream: 'camera', counters: emptyCounters().camera });
    const counters = emptyCounters().camera;
    const opener = new FrameOpener({ keys: bob, link: impatient(bob), stream: 'camera', counters });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const counted = (): number =>
          Object.values(counters.dropped).reduce((sum, count) => sum + count, counters.repeated);
        const before = counted();
        const { kind } = await opener.open(copyBytes(bytes).buffer);
        assert.notEqual(kind, 'frame');
        assert.equal(counted() - before, bytes.length === 0 ? 0 : 1);
        const next = await sealer.seal(Uint8Array.of(1, 2, 3).buffer, 'delta');
        assert.equal((await opener.open(next!.slice().buffer)).kind, 'frame');
      }),
      runs(300),
    );
  });

  it('of audio round-trips its padding, whatever it ends with', () => {
    const padding = new AudioPadding();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), fc.constantFrom(0x00, 0x80, 0xff), (frame, end) => {
        const whole = concat(frame, Uint8Array.of(end, 0, 0));
        assert.ok(equal(unpad(padding.pad(whole))!, whole));
      }),
      runs(300),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        unpad(bytes);
      }),
      runs(500),
    );
  });

  it('of a data channel is refused when damaged', async () => {
    const [alice, bob] = [await member(0), await member(1)];
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), mutations, async (line, changes) => {
        const sealed = await sealData(alice, copyBytes(line));
        const damaged = mutate(sealed!, changes);
        const link = impatient(bob);
        const opened = await openData(bob, link, damaged);
        if (equal(damaged, sealed!)) assert.ok(typeof opened !== 'string' && equal(opened, line));
        else assert.ok(typeof opened === 'string', 'a damaged message was opened');
      }),
      runs(200),
    );
  });
});
