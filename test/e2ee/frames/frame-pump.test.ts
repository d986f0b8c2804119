/** protocol.md §7, "Running it": frames in order, never waiting without limit, at most one key-frame request per second. */
import { expect } from '@open-wc/testing';
import { FrameKeys, type FrameLink } from '../../../src/e2ee/frames/frame-keys.ts';
import { runReceiver, runSender, type EncodedFrame } from '../../../src/e2ee/frames/frame-pump.ts';
import { emptyCounters } from '../../../src/e2ee/frames/worker-messages.ts';
import { EPOCH_PATIENCE, FrameOpener, FrameSealer } from '../../../src/e2ee/frames/frame-transform.ts';
import { importBaseKey } from '../../../src/e2ee/frames/sframe.ts';
import { waitUntil } from '../../support/wait-until.ts';

async function keysOf(leaf: number, epochs: readonly bigint[] = [1n]): Promise<FrameKeys> {
  const keys = new FrameKeys(0);
  for (const epoch of epochs) {
    const baseKey = await importBaseKey(new Uint8Array(32).fill(Number(epoch)));
    keys.install({ epoch, ownLeaf: leaf, leaves: [0, 1], baseKey, now: performance.now() });
    await keys.switchSender(epoch);
  }
  return keys;
}

const picture = (first: number, length = 500): EncodedFrame => ({
  data: new Uint8Array(length).fill(first).buffer,
  type: first === 0 ? 'key' : 'delta',
});

/** A source of frames, and what comes out at the other end. */
function line(frames: readonly EncodedFrame[]) {
  const out: Uint8Array[] = [];
  const requests: number[] = [];
  return {
    out,
    requests,
    readable: new ReadableStream<EncodedFrame>({
      start(controller) {
        for (const frame of frames) controller.enqueue(frame);
        controller.close();
      },
    }),
    writable: new WritableStream<EncodedFrame>({
      write: ({ data }) => void out.push(new Uint8Array(data)),
    }),
    sendKeyFrameRequest: async () => void requests.push(performance.now()),
  };
}

async function sealed(frames: readonly EncodedFrame[], keys: FrameKeys): Promise<EncodedFrame[]> {
  const way = line(frames);
  const sealer = new FrameSealer({ keys, stream: 'camera', counters: emptyCounters().camera });
  await runSender(way, keys.openLink(1), sealer);
  return way.out.map((bytes) => ({ data: new Uint8Array(bytes).buffer, type: 'delta' }));
}

async function opened(frames: readonly EncodedFrame[], keys: FrameKeys, link: FrameLink = keys.openLink(0)) {
  const way = line(frames);
  const counters = emptyCounters().camera;
  await runReceiver(way, link, new FrameOpener({ keys, link, stream: 'camera', counters }));
  return { ...way, counters };
}

describe('the frame pump', () => {
  it('keeps frames in order, large and small', async () => {
    const frames = Array.from({ length: 60 }, (_, index) => picture(index, index % 2 === 0 ? 60_000 : 60));
    const { out } = await opened(await sealed(frames, await keysOf(0)), await keysOf(1));
    expect(out.map((bytes) => bytes[0])).to.deep.equal(Array.from({ length: 60 }, (_, index) => index));
  });

  it('overwrites the plaintext of frames that it encrypted', async () => {
    const plaintexts = [picture(7), picture(9)].map((frame) => ({ frame, data: frame.data }));
    await sealed(
      plaintexts.map(({ frame }) => frame),
      await keysOf(0),
    );
    for (const { data } of plaintexts) expect(new Uint8Array(data).every((byte) => byte === 0)).to.equal(true);
  });

  it('drops a tampered frame, continues with the next, and requests one key frame', async () => {
    const frames = await sealed(
      [0, 1, 2, 3, 4].map((first) => picture(first)),
      await keysOf(0),
    );
    for (const index of [1, 2]) {
      const bytes = new Uint8Array(frames[index]!.data);
      bytes[bytes.length - 1]! ^= 1;
    }
    const keys = await keysOf(1);
    const before = performance.now();
    const { out, requests, counters } = await opened(frames, keys);
    expect(out.map((bytes) => bytes[0])).to.deep.equal([0, 3, 4]);
    expect(counters.dropped.unauthenticated).to.equal(2);
    // One a second: a page that stood still between the two has asked twice.
    expect(requests.length).to.be.within(1, 1 + Math.floor((performance.now() - before) / 1000));
  });

  it('requests no key frame for a duplicate or empty frame', async () => {
    const frames = await sealed(
      [0, 1, 2].map((first) => picture(first)),
      await keysOf(0),
    );
    const twice = frames.flatMap((frame) => [
      frame,
      { ...frame, data: frame.data.slice(0) },
      { data: new ArrayBuffer(0) },
    ]);
    const { out, requests, counters } = await opened(twice, await keysOf(1));
    expect(out.length).to.equal(3);
    expect(counters.repeated).to.equal(3);
    expect(requests.length).to.equal(0);
  });

  it('passes nothing on a closed link, in either direction', async () => {
    const keys = await keysOf(1);
    const frames = await sealed(
      [0, 1].map((first) => picture(first)),
      await keysOf(0),
    );
    const link = keys.openLink(0);
    link.closed = true;
    expect((await opened(frames, keys, link)).out.length).to.equal(0);
    const way = line([picture(0)]);
    await runSender(way, link, new FrameSealer({ keys, stream: 'camera', counters: emptyCounters().camera }));
    expect(way.out.length).to.equal(0);
  });

  it('delays frames of an epoch that never comes once, not one after the other', async () => {
    const frames = await sealed(
      Array.from({ length: 20 }, (_, index) => picture(index)),
      await keysOf(0, [1n, 2n]),
    );
    const patience = EPOCH_PATIENCE['SFrame 1.0'];
    const before = performance.now();
    const { out, counters } = await opened(frames, await keysOf(1));
    expect(out.length).to.equal(0);
    expect(counters.dropped.waitedTooLong).to.equal(20);
    expect(performance.now() - before).to.be.within(patience - 5, patience * 19);
  });

  it('requests at most one key frame a second, and does not lose the last request', async () => {
    const way = line(Array.from({ length: 10 }, () => ({ data: new ArrayBuffer(40), type: 'delta' as const })));
    const keys = await keysOf(1);
    const link = keys.openLink(0);
    await runReceiver(way, link, new FrameOpener({ keys, link, stream: 'camera', counters: emptyCounters().camera }));
    const asked = way.requests;
    await waitUntil(() => asked.length >= 2, 'the second request did not come');
    // A busy machine may take so long for the ten that there are more.
    for (const [index, at] of asked.entries()) if (index > 0) expect(at - asked[index - 1]!).to.be.at.least(990);
  });
});
