/** protocol.md §7, "Encode once": three people on one page, each with a frame worker, a mesh and real connections. */
import { expect } from '@open-wc/testing';
import type { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import { CaptureGuard } from '../../../src/guard/recording.ts';
import { Mesh } from '../../../src/room/mesh/mesh.ts';
import type { OwnTracks } from '../../../src/peer/media-lines.ts';
import type { GroupMessage } from '../../../src/room/messages/messages.ts';
import { until } from '../../support/until.ts';
import { member } from '../../e2ee/frames/frame-calls.ts';

interface Someone {
  readonly leaf: number;
  readonly frames: FrameWorkerClient;
  readonly mesh: Mesh;
  readonly connections: RTCPeerConnection[];
  tracks: OwnTracks;
}

const NOTHING: OwnTracks = { audio: null, camera: null, screen: null };
const idOf = (leaf: number): string => `person ${String(leaf)}`;

describe('a camera for two others', () => {
  let camera: MediaStreamTrack;
  let people: Someone[] = [];
  const refusals: string[] = [];
  const guard = new CaptureGuard({ onRefused: () => refusals.push('recording refused') });

  before(async () => {
    const devices = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
    [camera] = devices.getVideoTracks() as [MediaStreamTrack];
    // As in a session: nothing here may look like a recording.
    guard.start();
    guard.protectOwn(devices);
  });
  afterEach(() => {
    for (const { mesh, frames } of people) {
      mesh.closeAll();
      frames.close();
    }
    people = [];
  });
  after(() => {
    guard.stop();
    camera.stop();
  });

  async function join(leaf: number): Promise<Someone> {
    const frames = await member(leaf);
    const connections: RTCPeerConnection[] = [];
    const mesh = new Mesh({
      frames,
      iceServers: [],
      relayAddresses: [],
      mode: 'direct-first',
      isOnline: () => true,
      tracksTo: () => someone.tracks,
      events: {
        send: (link, content) => {
          const to = people.find((one) => one.leaf === link.leaf);
          to?.mesh.receive(idOf(leaf), { ...content, to: link.leaf, link: link.linkId, seq: 0 } as GroupMessage);
        },
        report: () => undefined,
        onGroupMessage: () => undefined,
        onData: () => undefined,
        onChannelOpen: () => undefined,
        onRelayNeeded: () => undefined,
        onConnection: (connection) => {
          guard.protectConnection(connection);
          connections.push(connection);
        },
        onProblem: (code) => expect.fail(code),
      },
    });
    const someone: Someone = { leaf, frames, mesh, connections, tracks: NOTHING };
    people.push(someone);
    return someone;
  }

  function meet(): void {
    for (const { leaf, mesh } of people)
      mesh.sync(
        leaf,
        people.filter((other) => other.leaf !== leaf).map((other) => ({ id: idOf(other.leaf), leaf: other.leaf })),
      );
  }

  function show(someone: Someone, track: MediaStreamTrack | null): void {
    someone.tracks = { ...NOTHING, camera: track };
    for (const { leaf } of people) if (leaf !== someone.leaf) someone.mesh.refreshTracks(idOf(leaf));
  }

  async function pictures(someone: Someone): Promise<{ readonly decoded: number; readonly height: number }> {
    let [decoded, height] = [0, 0];
    for (const connection of someone.connections)
      (await connection.getStats()).forEach((stat: Record<string, unknown>) => {
        if (stat['type'] !== 'inbound-rtp' || stat['kind'] !== 'video') return;
        decoded += Number(stat['framesDecoded'] ?? 0);
        height = Math.max(height, Number(stat['frameHeight'] ?? 0));
      });
    return { decoded, height };
  }

  /** The heights that the encoders of this person's links make. */
  async function encoded(someone: Someone): Promise<readonly number[]> {
    const heights: number[] = [];
    for (const connection of someone.connections)
      if (connection.connectionState !== 'closed')
        (await connection.getStats()).forEach((stat: Record<string, unknown>) => {
          if (stat['type'] === 'outbound-rtp' && stat['kind'] === 'video' && Number(stat['framesEncoded'] ?? 0) > 0)
            heights.push(Number(stat['frameHeight'] ?? 0));
        });
    return heights;
  }

  const moreThan = async (someone: Someone, more: number): Promise<void> => {
    const { decoded } = await pictures(someone);
    await until(
      () => pictures(someone),
      (now) => now.decoded >= decoded + more,
      `${String(more)} more pictures at ${idOf(someone.leaf)}`,
    );
  };

  it('[R4] is encoded once, and decrypted and seen by both', async () => {
    const [ours, mia, tom] = [await join(0), await join(1), await join(2)];
    meet();
    show(ours, camera);
    await until(
      () => encoded(ours),
      (heights) => heights.length === 2 && heights.every((height) => height === 16),
      'both links make carriers alone',
    );
    await Promise.all([moreThan(mia, 30), moreThan(tom, 30)]);
    // A device that is too busy makes the small ones alone.
    for (const one of [mia, tom]) expect((await pictures(one)).height).to.be.oneOf([180, 360]);
    const reports = await Promise.all(people.map(({ mesh }) => mesh.reports()));
    for (const { frames } of reports.flat()) expect(frames.reasons.unauthenticated).to.equal(0);

    expect(refusals).to.deep.equal([]);

    // Off is off, and on again.
    show(ours, null);
    await until(
      async () => {
        const before = await ours.frames.studioTotals();
        await new Promise((resolve) => setTimeout(resolve, 400));
        const now = await ours.frames.studioTotals();
        return now.high.frames + now.low.frames - before.high.frames - before.low.frames;
      },
      (made) => made === 0,
      'nothing is encoded',
    );
    show(ours, camera);
    await Promise.all([moreThan(mia, 20), moreThan(tom, 20)]);

    // With one of them gone, the other gets the pictures of its own encoder.
    people = people.filter((one) => one !== tom);
    tom.mesh.closeAll();
    tom.frames.close();
    meet();
    await until(
      () => encoded(ours),
      ([height = 0, ...more]) => more.length === 0 && height > 16,
      'the link has its own encoder again',
    );
    await moreThan(mia, 20);
  });

  it('is not encoded for the only other one while nobody looks, and is again', async () => {
    const [ours, mia] = [await join(0), await join(1)];
    meet();
    show(ours, camera);
    await moreThan(mia, 20);
    const isEncoded = (): boolean | undefined => {
      const senders = ours.connections.flatMap((connection) => connection.getSenders());
      return senders.find(({ track }) => track === camera)?.getParameters().encodings[0]?.active;
    };
    for (const [view, expected] of [
      ['none', false],
      ['large', true],
    ] as const) {
      ours.mesh.setView(idOf(mia.leaf), view);
      await until(isEncoded, (active) => active === expected, `encoding is ${String(expected)} for ${view}`);
    }
    await moreThan(mia, 20);
  });

  it('is encoded for each of them where the browser has no carriers', async () => {
    const generator = Object.getOwnPropertyDescriptor(window, 'MediaStreamTrackGenerator');
    const capture = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'captureStream')!;
    Reflect.deleteProperty(window, 'MediaStreamTrackGenerator');
    Reflect.deleteProperty(HTMLCanvasElement.prototype, 'captureStream');
    try {
      const [ours, mia, tom] = [await join(0), await join(1), await join(2)];
      meet();
      show(ours, camera);
      await Promise.all([moreThan(mia, 20), moreThan(tom, 20)]);
      const heights = await encoded(ours);
      expect(heights.length === 2 && heights.every((height) => height > 16), heights.join()).to.equal(true);
      // What they may make: what they do make also depends on how busy the device is.
      const lines = (): readonly number[] =>
        ours.connections
          .flatMap((connection) => connection.getSenders())
          .filter(({ track }) => track === camera)
          .map((sender) => Math.round(480 / (sender.getParameters().encodings[0]?.scaleResolutionDownBy ?? 1)))
          .toSorted((a, b) => a - b);
      await until(lines, (all) => all.join() === '360,360', 'both links may make large pictures');
      ours.mesh.setView(idOf(tom.leaf), 'small');
      await until(lines, (all) => all.join() === '180,360', 'one of them may make small ones');
      await Promise.all([moreThan(mia, 20), moreThan(tom, 20)]);
    } finally {
      if (generator) Object.defineProperty(window, 'MediaStreamTrackGenerator', generator);
      Object.defineProperty(HTMLCanvasElement.prototype, 'captureStream', capture);
    }
  });
});
