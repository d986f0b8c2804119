/** What each link gets of our camera: the pictures of the one encoder, or of its own. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import type { CameraLimit } from '../../../src/peer/media-lines.ts';
import { EncodeOnce, type CameraLink } from '../../../src/room/mesh/encode-once.ts';
import { FakeConnection, FakeFrames, Stage } from './studio-fakes.ts';

const camera = {
  readyState: 'live',
  enabled: true,
  muted: true,
  getSettings: () => ({}),
} as unknown as MediaStreamTrack;
const wanted = { audio: null, camera, screen: null };
/** Milliseconds that every engine takes to answer. */
let answered = 0;
/** The newest limit of each link's own encoder. */
const limits = new Map<string, CameraLimit['limits']>();
const link = (linkId: string): CameraLink => ({
  linkId,
  get answered() {
    return answered;
  },
  cameraStats: async () => ({ at: performance.now(), stats: [] }),
  probe: () => undefined,
  limitCamera: (limit) => void limits.set(linkId, limit.limits),
});

describe('the one encoder of a group', () => {
  let stage: Stage;
  let refreshed = 0;
  let loads = 0;
  let connecting = 0;
  let frames: FakeFrames;
  let once: EncodeOnce;

  const pass = (seconds: number): Promise<void> => stage.pass(seconds);

  beforeEach(() => {
    stage = new Stage();
    limits.clear();
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
    stage.close();
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

  it('has links’ own encoders make what is shown, and less on a slow device', async () => {
    FakeConnection.fails = true;
    for (const id of ['a', 'b', 'c']) cameraOf(id);
    await pass(0.1);
    assert.deepEqual([cameraOf('a'), limits.get('a')], [camera, { height: 180, rate: 15, bitrate: 180_000 }]);
    once.setView(link('a'), 'large');
    for (const id of ['b', 'c']) once.setView(link(id), 'small');
    // One camera, one rate for all its encoders.
    assert.deepEqual(limits.get('a'), { height: 360, rate: 30, bitrate: 600_000 });
    assert.deepEqual(limits.get('b'), { height: 180, rate: 30, bitrate: 180_000 });
    once.setView(link('c'), 'none');
    assert.equal(limits.get('c'), 'off');
    answered = 400;
    await pass(14);
    assert.deepEqual(limits.get('a'), { height: 180, rate: 8, bitrate: 110_000 });
    assert.deepEqual([limits.get('b'), limits.get('c')], [limits.get('a'), 'off']);
    answered = 10;
    await pass(90);
    assert.deepEqual(limits.get('a'), { height: 360, rate: 30, bitrate: 600_000 });
  });

  it('limits no own encoder of two people who see each other large, until a device is slow', async () => {
    once.setOthers(1);
    assert.equal(cameraOf('a'), camera);
    assert.deepEqual([limits.get('a'), FakeConnection.made], [null, []]);
    once.setView(link('a'), 'small');
    assert.deepEqual(limits.get('a'), { height: 360, rate: 30, bitrate: 600_000 });
    once.setView(link('a'), 'few');
    assert.deepEqual(limits.get('a'), { height: 180, rate: 15, bitrate: 180_000 });
    once.setView(link('a'), 'large');
    answered = 400;
    await pass(14);
    assert.deepEqual(limits.get('a'), { height: 180, rate: 8, bitrate: 110_000 });
  });

  it('limits no carrier', () => {
    cameraOf('a');
    FakeConnection.made[0]?.connect();
    cameraOf('a');
    limits.clear();
    once.setView(link('a'), 'none');
    assert.equal(limits.size, 0);
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
