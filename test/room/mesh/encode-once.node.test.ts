/** When links wait for the one encoder, when they get their own, and when a studio that broke is tried again. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import { EncodeOnce, type CameraLink } from '../../../src/room/mesh/encode-once.ts';

/** A connection that a test lets come up or fail; nothing of it leaves this process. */
class FakeConnection extends EventTarget {
  static made: FakeConnection[] = [];
  static fails = false;
  connectionState = 'new';
  localDescription = { sdp: '' };
  remoteDescription = null;
  constructor() {
    super();
    FakeConnection.made.push(this);
  }
  addTransceiver() {
    if (FakeConnection.fails) throw new Error('no connection');
    const sender = { getParameters: () => ({ encodings: [{}] }), setParameters: async () => undefined };
    return { sender: { ...sender, replaceTrack: async () => undefined }, setCodecPreferences: () => undefined };
  }
  async setLocalDescription(): Promise<void> {}
  async setRemoteDescription(): Promise<void> {}
  getTransceivers = () => [];
  getStats = async () => new Map();
  close(): void {}
  connect(): void {
    this.connectionState = 'connected';
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}

class FakeFrames extends EventTarget {
  readonly routes: unknown[] = [];
  /** The newest of each link. */
  readonly routeOf = new Map<string, unknown>();
  createStudioTransform = () => ({});
  closeStudio(): void {}
  setCarriers(): void {}
  route(linkId: string, route: unknown): void {
    this.routes.push(route);
    this.routeOf.set(linkId, route);
  }
  studioTotals = async () => ({
    high: { frames: 0, keyFrames: 0, bytes: 0, baseBytes: 0 },
    low: { frames: 0, keyFrames: 0, bytes: 0, baseBytes: 0 },
  });
}

const camera = {
  readyState: 'live',
  enabled: true,
  muted: true,
  getSettings: () => ({}),
} as unknown as MediaStreamTrack;
const wanted = { audio: null, camera, screen: null };
/** Milliseconds that every engine takes to answer. */
let answered = 0;
const link = (linkId: string): CameraLink => ({
  linkId,
  get answered() {
    return answered;
  },
  cameraStats: async () => ({ at: performance.now(), stats: [] }),
  probe: () => undefined,
});

describe('the one encoder of a group', () => {
  let now = 0;
  let refreshed = 0;
  let loads = 0;
  let connecting = 0;
  let frames: FakeFrames;
  let once: EncodeOnce;

  /** Lets time pass, and what waits for it. */
  async function pass(seconds: number): Promise<void> {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      now += 100;
      mock.timers.tick(100);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  }

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    mock.method(performance, 'now', () => now);
    const globals = {
      RTCPeerConnection: FakeConnection,
      RTCRtpReceiver: { getCapabilities: () => ({ codecs: [] }) },
      MediaStreamTrackGenerator: class {
        writable = {};
        stop(): void {}
      },
    };
    Object.assign(globalThis, globals);
    FakeConnection.made = [];
    FakeConnection.fails = false;
    refreshed = 0;
    loads = 0;
    connecting = 0;
    answered = 0;
    frames = new FakeFrames();
    once = new EncodeOnce({
      frames: frames as unknown as FrameWorkerClient,
      refresh: () => refreshed++,
      connecting: () => connecting,
      onLoad: () => loads++,
      role: () => 'other',
    });
    once.setOthers(3);
  });
  afterEach(() => {
    once.close();
    mock.reset();
    mock.timers.reset();
    for (const name of ['RTCPeerConnection', 'RTCRtpReceiver', 'MediaStreamTrackGenerator'])
      Reflect.deleteProperty(globalThis, name);
  });

  const cameraOf = (id: string) => once.tracks(link(id), wanted).camera;

  it('has a new link wait, and gives it a carrier when the studio is up', async () => {
    cameraOf('a');
    assert.equal(cameraOf('a'), null);
    FakeConnection.made[0]?.connect();
    assert.equal(refreshed, 1);
    const carrier = cameraOf('a');
    assert.ok(carrier && carrier !== camera);
  });

  it('gives links their own encoders after three seconds, until it is up after all', async () => {
    cameraOf('a');
    await pass(2.9);
    assert.equal(cameraOf('a'), null);
    await pass(0.2);
    assert.deepEqual([refreshed, cameraOf('a')], [1, camera]);
    FakeConnection.made[0]?.connect();
    assert.equal(refreshed, 2);
    assert.notEqual(cameraOf('a'), camera);
  });

  it('gives a slow device fifteen seconds before links get their own encoders', async () => {
    answered = 500;
    cameraOf('a');
    await pass(14.9);
    assert.equal(cameraOf('a'), null);
    await pass(0.2);
    assert.equal(cameraOf('a'), camera);
  });

  it('has the pictures of new links wait for the sound of all, but not of one who does not come up', async () => {
    connecting = 2;
    for (const id of ['a', 'b']) cameraOf(id);
    FakeConnection.made[0]?.connect();
    assert.deepEqual([cameraOf('a'), cameraOf('b')], [null, null]);
    [connecting, refreshed] = [1, 0];
    once.onConnected();
    assert.equal(refreshed, 0);
    connecting = 0;
    once.onConnected();
    assert.equal(refreshed, 1);
    assert.notEqual(cameraOf('a'), null);
    assert.notEqual(cameraOf('b'), null);

    // Pictures that are there stay, and those of a newcomer wait two seconds at most.
    connecting = 1;
    assert.equal(cameraOf('c'), null);
    assert.notEqual(cameraOf('a'), null);
    await pass(1.9);
    assert.equal(cameraOf('c'), null);
    refreshed = 0;
    await pass(1.1);
    assert.ok(refreshed > 0);
    assert.notEqual(cameraOf('c'), null);
  });

  it('has pictures wait longer for the sound of all where the device is slow', async () => {
    answered = 500;
    connecting = 1;
    cameraOf('a');
    FakeConnection.made[0]?.connect();
    await pass(9);
    assert.equal(cameraOf('a'), null);
    await pass(2);
    assert.notEqual(cameraOf('a'), null);
  });

  it('tries again what broke, after longer waits, and not for ever', async () => {
    FakeConnection.fails = true;
    cameraOf('a');
    await pass(0.1);
    assert.deepEqual([refreshed, cameraOf('a'), FakeConnection.made.length], [1, camera, 2]);
    await pass(19);
    assert.equal(FakeConnection.made.length, 2);
    await pass(2);
    assert.equal(FakeConnection.made.length, 4);
    await pass(2_000);
    assert.equal(FakeConnection.made.length, 10);
  });

  it('begins with the low rung where three others are there, and believes the size that they show', async () => {
    cameraOf('a');
    FakeConnection.made[0]?.connect();
    cameraOf('a');
    assert.deepEqual(frames.routes.at(-1), { kind: 'studio', rung: 'low', layers: 'all' });
    once.setView(link('a'), 'large');
    assert.deepEqual(frames.routes.at(-1), { kind: 'studio', rung: 'high', layers: 'all' });
  });

  it('gives one who claims another size other pictures, and leaves those of the others as they are', async () => {
    for (const id of ['a', 'b', 'c']) cameraOf(id);
    FakeConnection.made[0]?.connect();
    for (const id of ['a', 'b', 'c']) cameraOf(id);
    once.setView(link('b'), 'large');
    once.setView(link('c'), 'small');
    const [large, small] = [frames.routeOf.get('b'), frames.routeOf.get('c')];
    assert.notDeepEqual(large, small);
    for (let i = 0; i < 100; i++)
      for (const view of ['large', 'none', 'few', 'small'] as const) {
        once.setView(link('a'), view);
        assert.deepEqual([frames.routeOf.get('b'), frames.routeOf.get('c')], [large, small]);
      }
    assert.deepEqual(frames.routeOf.get('a'), small);
  });

  it('sends the high rung where nobody said a size for ten seconds', async () => {
    cameraOf('a');
    FakeConnection.made[0]?.connect();
    cameraOf('a');
    await pass(11);
    assert.deepEqual(frames.routes.at(-1), { kind: 'studio', rung: 'high', layers: 'all' });
  });

  it('asks for less where the device takes long to answer, sends no large pictures, and tries more later', async () => {
    cameraOf('a');
    FakeConnection.made[0]?.connect();
    cameraOf('a');
    once.setView(link('a'), 'large');
    assert.deepEqual([once.told('large'), once.told('none')], ['large', 'none']);
    answered = 400;
    await pass(4);
    assert.equal(once.told('large'), 'small');
    assert.deepEqual(frames.routes.at(-1), { kind: 'studio', rung: 'low', layers: 'all' });
    await pass(10);
    assert.deepEqual([once.told('large'), loads], ['few', 3]);
    answered = 10;
    await pass(60);
    assert.deepEqual([once.told('large'), loads], ['large', 6]);
    assert.deepEqual(frames.routes.at(-1), { kind: 'studio', rung: 'high', layers: 'all' });
  });

  it('asks for less also while no camera of ours is on', async () => {
    answered = 400;
    once.setView(link('a'), 'small');
    await pass(14);
    assert.equal(once.told('small'), 'few');
  });

  it('looks no second time while the worker still answers the first', async () => {
    let asked = 0;
    frames.studioTotals = () => {
      asked++;
      return new Promise(() => undefined);
    };
    await pass(10);
    assert.equal(asked, 1);
  });
});
