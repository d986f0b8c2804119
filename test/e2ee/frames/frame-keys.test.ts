/** protocol.md §7: who may speak on a link, in which epoch, and never with a counter twice. */
import { expect } from '@open-wc/testing';
import { FrameKeys, kidOf, LINGER, splitKid } from '../../../src/e2ee/frames/frame-keys.ts';
import { emptyCounters } from '../../../src/e2ee/frames/worker-messages.ts';
import { FrameOpener, FrameSealer, openData, sealData } from '../../../src/e2ee/frames/frame-transform.ts';
import { REPLAY_WINDOW, ReplayWindow } from '../../../src/e2ee/frames/replay-window.ts';
import { importBaseKey, readHeader } from '../../../src/e2ee/frames/sframe.ts';

const base = (epoch: number): Promise<CryptoKey> => importBaseKey(new Uint8Array(32).fill(epoch));
const picture = (): ArrayBuffer => crypto.getRandomValues(new Uint8Array(400)).buffer;
const text = (words: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(words);
const sound = (length = 80): ArrayBuffer => crypto.getRandomValues(new Uint8Array(length)).buffer;

async function member(
  leaf: number,
  o: { readonly epochs?: readonly number[]; readonly leaves?: readonly number[]; readonly generation?: number } = {},
): Promise<FrameKeys> {
  const { epochs = [1], leaves = [0, 1, 2], generation = 0 } = o;
  const keys = new FrameKeys(generation);
  for (const epoch of epochs) {
    keys.install({ epoch: BigInt(epoch), ownLeaf: leaf, leaves, baseKey: await base(epoch), now: performance.now() });
    await keys.switchSender(BigInt(epoch));
  }
  return keys;
}
const sealer = (keys: FrameKeys, stream: 'audio' | 'camera' | 'screen' = 'camera') =>
  new FrameSealer({ keys, stream, counters: emptyCounters()[stream] });
function opener(keys: FrameKeys, leaf: number, stream: 'audio' | 'camera' | 'screen' = 'camera') {
  const counters = emptyCounters()[stream];
  return { counters, opener: new FrameOpener({ keys, link: keys.openLink(leaf), stream, counters }) };
}
async function sent(from: FrameSealer, frame = picture()): Promise<ArrayBuffer> {
  const sealed = await from.seal(frame, 'key');
  expect(sealed).to.not.equal(null);
  return sealed!.buffer;
}

describe('frames between members', () => {
  it('arrive unchanged, audio and video', async () => {
    const [alice, bob] = [await member(0), await member(1)];
    for (const stream of ['audio', 'camera', 'screen'] as const) {
      const frame = stream === 'audio' ? sound() : picture();
      const opened = await opener(bob, 0, stream).opener.open(await sent(sealer(alice, stream), frame));
      expect(opened).to.deep.equal({ kind: 'frame', frame });
    }
  });

  it('can be opened by every receiver', async () => {
    const frame = picture();
    const sealed = await sent(sealer(await member(0)), frame);
    for (const leaf of [1, 2])
      expect(await opener(await member(leaf), 0).opener.open(sealed.slice(0))).to.deep.equal({ kind: 'frame', frame });
  });

  it('do not leave without a key', async () => {
    const counters = emptyCounters().camera;
    expect(
      await new FrameSealer({ keys: new FrameKeys(0), stream: 'camera', counters }).seal(picture(), 'key'),
    ).to.equal(null);
    expect(counters.dropped.noKey).to.equal(1);
  });

  it('contain nothing in clear', async () => {
    const frame = new TextEncoder().encode('a known plaintext, many times '.repeat(20)).buffer;
    const text = new TextDecoder('latin1').decode(await sent(sealer(await member(0)), frame));
    expect(text).to.not.include('known plaintext');
  });

  it('are dropped when any bit is changed', async () => {
    const sealed = await sent(sealer(await member(0)));
    const bob = await member(1);
    const { opener: receiver, counters } = opener(bob, 0);
    // Behind the codec header, which is stripped and never trusted.
    for (let index = 10; index < sealed.byteLength; index += 7) {
      const damaged = new Uint8Array(sealed.slice(0));
      damaged[index] = (damaged[index] ?? 0) ^ 0x01;
      expect((await receiver.open(damaged.buffer)).kind).to.equal('lost');
    }
    expect(counters.decrypted).to.equal(0);
  });

  it('are dropped when another member sends on this link with the right key', async () => {
    const { opener: receiver, counters } = opener(await member(1), 0);
    expect((await receiver.open(await sent(sealer(await member(2))))).kind).to.equal('lost');
    expect(counters.dropped.unknownKey).to.equal(1);
  });

  it('are dropped on another stream', async () => {
    const { opener: receiver } = opener(await member(1), 0, 'screen');
    expect((await receiver.open(await sent(sealer(await member(0), 'camera')))).kind).to.equal('lost');
  });

  it('are dropped silently when repeated, also on another stream of the link', async () => {
    const sealed = await sent(sealer(await member(0)));
    const { opener: receiver, counters } = opener(await member(1), 0);
    expect((await receiver.open(sealed.slice(0))).kind).to.equal('frame');
    expect((await receiver.open(sealed.slice(0))).kind).to.equal('nothing');
    expect(counters.repeated).to.equal(1);
  });

  it('are skipped when empty', async () => {
    expect((await opener(await member(1), 0, 'audio').opener.open(new ArrayBuffer(0))).kind).to.equal('nothing');
  });

  it('have one length for speech and silence (RFC 6562)', async () => {
    const speaker = sealer(await member(0), 'audio');
    await speaker.seal(sound(264), 'delta');
    const lengths = new Set<number>();
    for (const length of [3, 40, 80, 161, 200, 264]) lengths.add((await sent(speaker, sound(length))).byteLength);
    expect(lengths.size).to.equal(1);
  });
});

describe('counters', () => {
  it('never repeat across streams and tracks', async () => {
    const alice = await member(0);
    const streams = [sealer(alice, 'audio'), sealer(alice, 'camera'), sealer(alice, 'screen'), sealer(alice, 'camera')];
    const frames = await Promise.all(Array.from({ length: 200 }, (_, index) => sent(streams[index % 4]!)));
    const seen = new Set(
      frames.map((frame, index) => {
        const bytes = new Uint8Array(frame).subarray(index % 4 === 0 ? 0 : 10);
        const header = readHeader(bytes);
        return `${String(header?.kid)} ${String(header?.ctr)}`;
      }),
    );
    expect(seen.size).to.equal(200);
  });

  it('restart only under another key, because a restarted worker has another generation', async () => {
    const kids = [0, 1, 2].map((generation) => kidOf({ generation, leaf: 3, epoch: 300n }));
    expect(new Set(kids).size).to.equal(3);
    for (const [generation, kid] of kids.entries())
      expect(splitKid(kid)).to.deep.equal({ generation, leaf: 3, epoch: 44 });
  });

  it('refuse an epoch whose counters were used', async () => {
    const alice = await member(0, { epochs: [1, 2] });
    await alice.switchSender(1n);
    expect(splitKid(alice.takeMedia()!.key.kid).epoch).to.equal(2);
  });

  it('are remembered for the last 1,024 by the replay window', () => {
    const window = new ReplayWindow();
    for (const ctr of [0, 5, 3, 1023]) {
      expect(window.isFresh(ctr)).to.equal(true);
      window.mark(ctr);
      expect(window.isFresh(ctr)).to.equal(false);
    }
    window.mark(5 + REPLAY_WINDOW);
    expect(window.isFresh(5)).to.equal(false);
    expect(window.isFresh(6)).to.equal(true);
    window.mark(50_000);
    expect(window.isFresh(49_000)).to.equal(true);
    expect(window.isFresh(1500)).to.equal(false);
  });
});

describe('epochs', () => {
  it('still decrypt for a while when the next one starts, without a key frame', async () => {
    const sealed = await sent(sealer(await member(0)));
    expect((await opener(await member(1, { epochs: [1, 2] }), 0).opener.open(sealed)).kind).to.equal('lost');
    const bob = await member(1);
    const { opener: receiver } = opener(bob, 0);
    bob.install({ epoch: 2n, ownLeaf: 1, leaves: [0, 1, 2], baseKey: await base(2), now: performance.now() });
    expect((await receiver.open(sealed)).kind).to.equal('frame');
  });

  it('expire after that while', async () => {
    const bob = await member(1);
    const link = bob.openLink(0);
    bob.install({ epoch: 2n, ownLeaf: 1, leaves: [0, 1, 2], baseKey: await base(2), now: 1000 });
    const kid = kidOf({ generation: 0, leaf: 0, epoch: 1n });
    expect((await bob.lookup(link, kid, 'SFrame 1.0', 1000 + LINGER)).kind).to.equal('key');
    await bob.switchSender(2n);
    expect((await bob.lookup(link, kid, 'SFrame 1.0', 1001 + LINGER)).kind).to.equal('refused');
  });

  it('drop a removed member, even in the old epoch', async () => {
    const mallory = sealer(await member(2));
    const bob = await member(1);
    const { opener: receiver } = opener(bob, 2);
    expect((await receiver.open(await sent(mallory))).kind).to.equal('frame');
    bob.install({ epoch: 2n, ownLeaf: 1, leaves: [0, 1], baseKey: await base(2), now: performance.now() });
    expect((await receiver.open(await sent(mallory))).kind).to.equal('lost');
  });

  it('keep a removed member from decrypting the next one', async () => {
    const mallory = await member(2);
    const { opener: receiver, counters } = opener(mallory, 0);
    const alice = await member(0, { epochs: [1, 2], leaves: [0, 1] });
    expect((await receiver.open(await sent(sealer(alice)))).kind).to.equal('lost');
    expect(counters.dropped.waitedTooLong).to.equal(1);
  });

  it('hold a frame of a newer epoch until its key arrives', async () => {
    const sealed = await sent(sealer(await member(0, { epochs: [1, 2] })));
    const [bob, baseKey] = [await member(1), await base(2)];
    const opening = opener(bob, 0).opener.open(sealed);
    // It waits by then. In microtasks only: a frame is patient for a moment, and a busy page may stand still for longer.
    for (let step = 0; step < 10; step++) await Promise.resolve();
    bob.install({ epoch: 2n, ownLeaf: 1, leaves: [0, 1, 2], baseKey, now: performance.now() });
    expect((await opening).kind).to.equal('frame');
  });

  it('give data channels keys and counters of their own', async () => {
    const [alice, bob] = [await member(0), await member(1)];
    const line = new TextEncoder().encode('hallo');
    const sealed = await sealData(alice, line);
    expect(await openData(bob, bob.openLink(0), sealed!)).to.deep.equal(line);
    const media = alice.takeMedia();
    const data = await alice.takeData();
    expect(media!.key.salt).to.not.deep.equal(data!.key.salt);
  });

  it('let a new member read what is said at once, although frames still wait for a slower one', async () => {
    const alice = await member(0);
    alice.install({ epoch: 2n, ownLeaf: 0, leaves: [0, 1, 2], baseKey: await base(2), now: performance.now() });
    const [before, after] = [alice.takeMedia()!, await sealData(alice, text('hallo'))];
    expect(splitKid(before.key.kid).epoch).to.equal(1);
    const newcomer = await member(2, { epochs: [2] });
    expect(await openData(newcomer, newcomer.openLink(0), after!)).to.deep.equal(text('hallo'));
  });

  it('hold a message until its key arrives, also where two commits are missing', async () => {
    const alice = await member(0, { epochs: [1, 2, 3] });
    const bob = await member(1);
    const opening = openData(bob, bob.openLink(0), (await sealData(alice, text('hallo')))!);
    for (const epoch of [2, 3]) {
      const baseKey = await base(epoch);
      bob.install({ epoch: BigInt(epoch), ownLeaf: 1, leaves: [0, 1, 2], baseKey, now: performance.now() });
      // In a task of its own, as it comes in the worker.
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(await opening).to.deep.equal(text('hallo'));
  });

  it('tell a message whose key is gone from one that no member sends', async () => {
    const [alice, mallory] = [await member(0), await member(2)];
    const [old, foreign] = [await sealData(alice, text('alt')), await sealData(mallory, text('fremd'))];
    const newcomer = await member(1, { epochs: [2] });
    const link = newcomer.openLink(0);
    expect(await openData(newcomer, link, old!)).to.equal('unreadable');
    expect(await openData(newcomer, link, foreign!)).to.equal('refused');
    const bob = await member(1);
    const own = bob.openLink(0);
    const damaged = old!.slice();
    damaged[damaged.length - 1]! ^= 1;
    expect(await openData(bob, own, damaged)).to.equal('refused');
    expect(await openData(bob, own, old!.slice())).to.deep.equal(text('alt'));
    expect(await openData(bob, own, old!.slice())).to.equal('refused');
  });

  it('never give a message the counter of another, though all ask before there is a key', async () => {
    const alice = await member(0);
    alice.install({ epoch: 2n, ownLeaf: 0, leaves: [0, 1, 2], baseKey: await base(2), now: performance.now() });
    const taken = await Promise.all(Array.from({ length: 50 }, () => alice.takeData()));
    expect(new Set(taken.map((one) => `${String(one!.key.kid)} ${String(one!.ctr)}`)).size).to.equal(50);
  });

  it('pad chat lines to few lengths', async () => {
    const [alice, bob] = [await member(0), await member(1)];
    const link = bob.openLink(0);
    const lengths = new Set<number>();
    for (let count = 0; count < 1000; count += 37) {
      const line = new TextEncoder().encode('x'.repeat(count));
      const sealed = await sealData(alice, line);
      // Behind the header, which grows by a byte with the counter.
      lengths.add(Math.floor(sealed!.length / 256));
      expect(await openData(bob, link, sealed!)).to.deep.equal(line);
    }
    expect([...lengths]).to.deep.equal([1, 4]);
    expect(await sealData(alice, new Uint8Array(49_152))).to.equal(null);
  });
});
