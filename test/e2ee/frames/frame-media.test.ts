/** protocol.md §7 on real calls: VP8 and Opus through the frame worker and real peer connections. */
import { expect } from '@open-wc/testing';
import type { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import { call, decoded, enter, member, reaches, statOf, statsOf, type Call, type Tracks } from './frame-calls.ts';

describe('a call through the frame worker', () => {
  let devices: MediaStream;
  let tracks: Required<Pick<Tracks, 'audio' | 'camera'>>;
  const open: (FrameWorkerClient | Call)[] = [];
  const keep = <T extends FrameWorkerClient | Call>(it: T): T => {
    open.push(it);
    return it;
  };

  before(async () => {
    devices = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
    tracks = { audio: devices.getAudioTracks()[0]!, camera: devices.getVideoTracks()[0]! };
  });
  afterEach(() => {
    for (const it of open.splice(0)) it.close();
  });
  after(() => {
    for (const track of devices.getTracks()) track.stop();
  });

  const pair = async (o: { readonly seed?: number } = {}): Promise<readonly [FrameWorkerClient, FrameWorkerClient]> => [
    keep(await member(0)),
    keep(await member(1, o)),
  ];

  it('[R10] delivers audio and video with every frame encrypted', async () => {
    const [alice, bob] = await pair();
    const it = keep(await call({ from: alice, to: bob, tracks, linkId: 'ab' }));
    await reaches(() => decoded(it.received.camera), 20, 'decoded pictures');
    await reaches(async () => (await bob.counters('ab')).audio.decrypted, 50, 'decrypted sound');
    // Nothing follows what the encoder has made, of which the worker of a busy machine may still hold some.
    await it.sent.camera.replaceTrack(null);
    const sent = await statOf(it.sent.camera, 'outbound-rtp', 'framesSent');
    await reaches(async () => (await alice.counters('ab')).camera.encrypted, sent, 'encrypted pictures');
    const [out, arrived] = [await alice.counters('ab'), await bob.counters('ab')];
    expect(sent).to.be.at.least(20);
    for (const stream of ['audio', 'camera'] as const)
      expect(arrived[stream].dropped, stream).to.deep.equal(out[stream].dropped);
  });

  it('[R4] decodes nothing when the receiver has another key', async () => {
    const [alice, bob] = await pair({ seed: 90 });
    const it = keep(await call({ from: alice, to: bob, tracks, linkId: 'ab' }));
    await reaches(async () => (await bob.counters('ab')).camera.dropped.unauthenticated, 20, 'refused pictures');
    await reaches(async () => (await bob.counters('ab')).audio.dropped.unauthenticated, 50, 'refused sound');
    expect(await decoded(it.received.camera)).to.equal(0);
    expect((await bob.counters('ab')).camera.decrypted).to.equal(0);
  });

  it('drops frames that arrive unencrypted', async () => {
    const bob = keep(await member(1));
    const it = keep(await call({ from: null, to: bob, tracks, linkId: 'ab' }));
    const dropped = async (): Promise<number> =>
      Object.values((await bob.counters('ab')).camera.dropped).reduce((sum, count) => sum + count, 0);
    await reaches(dropped, 5, 'refused pictures');
    expect(await decoded(it.received.camera)).to.equal(0);
  });

  it('sends nothing before it has a key', async () => {
    const [alice, bob] = [keep(await member(0, { keys: 'none' })), keep(await member(1))];
    const it = keep(await call({ from: alice, to: bob, tracks, linkId: 'ab' }));
    await reaches(async () => (await alice.counters('ab')).camera.dropped.noKey, 10, 'frames held back');
    for (const stream of ['audio', 'camera'] as const)
      expect(await statOf(it.received[stream], 'inbound-rtp', 'packetsReceived')).to.equal(0);
    await enter(alice, { epoch: 1n, ownLeaf: 0 });
    await reaches(() => decoded(it.received.camera), 10, 'decoded pictures');
  });

  it('loses no frame, and needs no key frame, when the key changes', async () => {
    const [alice, bob] = await pair();
    const it = keep(await call({ from: alice, to: bob, tracks, linkId: 'ab' }));
    await reaches(() => decoded(it.received.camera), 10, 'decoded pictures');
    for (const epoch of [2n, 3n]) {
      const before = await decoded(it.received.camera);
      await enter(bob, { epoch, ownLeaf: 1 });
      await enter(alice, { epoch, ownLeaf: 0 });
      await reaches(() => decoded(it.received.camera), before + 10, 'decoded pictures');
    }
    const { camera } = await bob.counters('ab');
    expect(Object.values(camera.dropped).every((count) => count === 0)).to.equal(true);
  });

  it('drops all media of a removed member', async () => {
    const [alice, bob] = await pair();
    const it = keep(await call({ from: alice, to: bob, tracks, linkId: 'ab' }));
    await reaches(() => decoded(it.received.camera), 10, 'decoded pictures');
    await enter(bob, { epoch: 2n, ownLeaf: 1, leaves: [1, 2] });
    const { decrypted } = (await bob.counters('ab')).camera;
    const refused = async (): Promise<number> => (await bob.counters('ab')).camera.dropped.unknownKey;
    await reaches(refused, 1, 'a refused picture');
    const last = (await bob.counters('ab')).camera.decrypted;
    expect(last - decrypted, 'one may have been under way').to.be.at.most(1);
    await reaches(refused, 10, 'refused pictures');
    expect((await bob.counters('ab')).camera.decrypted).to.equal(last);
  });

  it('passes nothing on a closed link', async () => {
    const [alice, bob] = await pair();
    const it = keep(await call({ from: alice, to: bob, tracks, linkId: 'ab' }));
    await reaches(() => decoded(it.received.camera), 10, 'decoded pictures');
    alice.closeLink('ab');
    // An answer comes after everything that was asked before it.
    await alice.counters('ab');
    const arrived = () => statOf(it.received.audio, 'inbound-rtp', 'packetsReceived');
    const encoded = () => statOf(it.sent.camera, 'outbound-rtp', 'framesEncoded');
    // What was on its way may still arrive.
    await reaches(encoded, (await encoded()) + 15, 'encoded pictures');
    const before = await arrived();
    await reaches(encoded, (await encoded()) + 10, 'encoded pictures');
    // Ten pictures later there would be some fifteen packets of sound.
    expect(await arrived()).to.be.at.most(before + 3);
  });

  it('carries a screen that is shared, stopped and shared again', async () => {
    const [alice, bob] = await pair();
    const it = keep(await call({ from: alice, to: bob, tracks, linkId: 'ab' }));
    for (const round of [1, 2]) {
      const before = await decoded(it.received.screen);
      const screen = tracks.camera.clone();
      await it.sent.screen.replaceTrack(screen);
      await reaches(() => decoded(it.received.screen), before + 10, `decoded pictures of screen ${String(round)}`);
      await it.sent.screen.replaceTrack(null);
      screen.stop();
    }
    const { screen } = await bob.counters('ab');
    expect(screen.dropped.unauthenticated).to.equal(0);
  });

  it('stops media when its worker dies, and continues on a new link under another generation', async () => {
    const workers: Worker[] = [];
    const createWorker = (): Worker => {
      const url = new URL('../../../src/e2ee/frames/frame-worker.ts', import.meta.url);
      return workers[workers.push(new Worker(url, { type: 'module' })) - 1]!;
    };
    const alice = keep(await member(0, { cipher: { createWorker, heartbeat: 1_000 } }));
    const bob = keep(await member(1));
    const first = keep(await call({ from: alice, to: bob, tracks, linkId: 'one' }));
    await reaches(() => decoded(first.received.camera), 10, 'decoded pictures');
    const lost = new Promise((resolve) => alice.addEventListener('lost', resolve, { once: true }));
    workers[0]!.terminate();
    await lost;
    expect(workers.length).to.equal(2);
    const second = keep(await call({ from: alice, to: bob, tracks, linkId: 'two' }));
    await reaches(() => decoded(second.received.camera), 10, 'decoded pictures');
    expect((await bob.counters('two')).camera.dropped.unknownKey).to.equal(0);
  });

  it('sends speech and silence in packets of one length (RFC 6562)', async () => {
    const [alice, bob] = await pair();
    const context = new AudioContext();
    const [voice, loudness, out] = [
      context.createOscillator(),
      context.createGain(),
      context.createMediaStreamDestination(),
    ];
    voice.type = 'sawtooth';
    voice.connect(loudness).connect(out);
    voice.start();
    const audio = out.stream.getAudioTracks()[0]!;
    const it = keep(await call({ from: alice, to: bob, tracks: { audio }, linkId: 'ab' }));
    const read = async (): Promise<readonly [packets: number, bytes: number]> => {
      const [sent = 0, bytes = 0] = await statsOf(it.sent.audio, 'outbound-rtp', ['packetsSent', 'bytesSent']);
      return [sent, bytes];
    };
    const packets = async (): Promise<number> => (await read())[0];
    // From 256 on SFrame's counter takes a byte more (RFC 9605 §4.3): not in the middle of what is measured.
    await reaches(packets, 300, 'sent packets');
    const lengthOf = async (): Promise<number> => {
      // The encoder settles first.
      await reaches(packets, (await packets()) + 50, 'sent packets');
      const [fromPackets, fromBytes] = await read();
      await reaches(packets, fromPackets + 50, 'sent packets');
      const [toPackets, toBytes] = await read();
      return (toBytes - fromBytes) / (toPackets - fromPackets);
    };
    const speech = await lengthOf();
    loudness.gain.value = 0;
    const silence = await lengthOf();
    await context.close();
    expect(speech).to.be.greaterThan(128);
    expect(Number.isInteger(speech), String(speech)).to.equal(true);
    expect(silence).to.equal(speech);
    // Five hundred packets alone are ten seconds.
  }).timeout(60_000);
});
