/** protocol.md §7, "Encode once": the encoder on a connection of the page with itself. */
import { expect } from '@open-wc/testing';
import type { FrameWorkerClient, Rung } from '../../src/e2ee/frames/frame-worker-client.ts';
import { Studio, type StudioPlan } from '../../src/peer/studio.ts';
import { member } from '../e2ee/frames/frame-calls.ts';
import { until } from '../support/until.ts';

const HIGH: StudioPlan = { high: { height: 360, rate: 30, bitrate: 600_000 }, low: null };
const BOTH: StudioPlan = { ...HIGH, low: { height: 180, rate: 15, bitrate: 180_000 } };

describe('the studio', () => {
  const Native = window.RTCPeerConnection;
  let connections: RTCPeerConnection[] = [];
  let frames: FrameWorkerClient | null = null;
  let studio: Studio | null = null;
  let camera: MediaStreamTrack;
  let states: string[] = [];

  before(async () => {
    const devices = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
    [camera] = devices.getVideoTracks() as [MediaStreamTrack];
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
  });
  after(() => {
    window.RTCPeerConnection = Native;
    camera.stop();
  });
  afterEach(() => {
    studio?.close();
    frames?.close();
    [connections, states] = [[], []];
  });

  async function open(patience?: number): Promise<readonly [Studio, FrameWorkerClient]> {
    const worker = await member(0);
    const made = new Studio({
      createTransform: (rung) => worker.createStudioTransform({ studio: rung }),
      onState: (state) => states.push(state),
      ...(patience === undefined ? {} : { patience }),
    });
    worker.addEventListener('studio-running', ({ detail }) => made.transformRunning(detail));
    worker.addEventListener('key-frame-wanted', ({ detail }) => made.requestKeyFrame(detail));
    [studio, frames] = [made, worker];
    return [made, worker];
  }

  it('[R4] encodes what is needed, and sends it nowhere, not even to itself', async () => {
    const [made, worker] = await open();
    made.film(camera, HIGH);
    const grows = async (rung: Rung, by: number): Promise<void> => {
      const { frames: before } = (await worker.studioTotals())[rung];
      await until(
        async () => (await worker.studioTotals())[rung].frames,
        (now) => now >= before + by,
        `${String(by)} frames of ${rung}`,
      );
    };
    await grows('high', 10);
    expect((await worker.studioTotals()).low.frames).to.equal(0);
    made.film(camera, BOTH);
    await grows('low', 5);
    expect(states).to.deep.equal(['connected']);

    expect(connections.length).to.equal(2);
    for (const connection of connections) {
      expect(connection.getConfiguration().iceServers ?? []).to.deep.equal([]);
      expect(connection.localDescription?.sdp).to.not.match(/typ (?:srflx|relay)/u);
    }
    const heights: number[] = [];
    let [decoded, received] = [0, 0];
    for (const connection of connections)
      (await connection.getStats()).forEach((stat: Readonly<Record<string, unknown>>) => {
        if (stat['type'] === 'outbound-rtp') heights.push(Number(stat['frameHeight']));
        if (stat['type'] === 'inbound-rtp') received += Number(stat['bytesReceived'] ?? 0);
        if (stat['type'] === 'inbound-rtp') decoded += Number(stat['framesDecoded'] ?? 0);
      });
    expect(heights.toSorted((a, b) => a - b)).to.deep.equal([180, 360]);
    // What tells a slow encoder from a camera that gives nothing.
    const { filmed } = await made.report();
    expect(filmed).to.be.greaterThan(0);
    await until(
      async () => (await made.report()).filmed ?? 0,
      (now) => now > filmed!,
      'the camera’s pictures are counted',
    );
    expect([received, decoded]).to.deep.equal([0, 0]);

    // Nobody needs anything: it stands still, and goes on later.
    made.film(camera, { high: null, low: null });
    await until(
      async () => {
        const before = await worker.studioTotals();
        await new Promise((resolve) => setTimeout(resolve, 300));
        const now = await worker.studioTotals();
        return now.high.frames + now.low.frames - before.high.frames - before.low.frames;
      },
      (more) => more === 0,
      'nothing is encoded',
    );
    made.film(camera, HIGH);
    await grows('high', 5);
  });

  it('leaves the high rung all its pictures while the low one has fewer', async () => {
    const [made, worker] = await open();
    made.film(camera, { ...HIGH, low: { height: 180, rate: 5, bitrate: 180_000 } });
    const framesOf = async (): Promise<readonly [number, number]> => {
      const { high, low } = await worker.studioTotals();
      return [high.frames, low.frames];
    };
    // Measured until it is so once: a busy device may give both fewer for a moment.
    await until(
      async () => {
        const before = await framesOf();
        await until(
          async () => (await framesOf())[1],
          (low) => low >= before[1] + 10,
          'ten small pictures',
        );
        const now = await framesOf();
        return (now[0] - before[0]) / (now[1] - before[1]);
      },
      (ratio) => ratio > 1.5,
      'large pictures for each small one',
    );
  });

  it('keeps no device open for the low rung: its track ends with the camera, and with the rung', async () => {
    const clones: MediaStreamTrack[] = [];
    const filmed = camera.clone();
    filmed.clone = () => {
      const clone = MediaStreamTrack.prototype.clone.call(filmed);
      clones.push(clone);
      return clone;
    };
    const [made, worker] = await open();
    const cloned = async (count: number): Promise<void> => {
      made.film(filmed, BOTH);
      const { low } = await worker.studioTotals();
      await until(
        async () => (await worker.studioTotals()).low.frames,
        (now) => now > low.frames,
        'the low rung',
      );
      expect(clones.map(({ readyState }) => readyState)).to.deep.equal([...ended(count - 1), 'live']);
    };
    const ended = (count: number): string[] => Array.from({ length: count }, () => 'ended');
    const states = (): string[] => clones.map(({ readyState }) => readyState);
    await cloned(1);
    made.film(filmed, HIGH);
    expect(states()).to.deep.equal(ended(1));
    await cloned(2);
    made.film(null, BOTH);
    expect(states()).to.deep.equal(ended(2));
    await cloned(3);
    made.close();
    expect(states()).to.deep.equal(ended(3));
    filmed.stop();
  });

  it('ends both its ends where it does not come up in time', async () => {
    await open(0);
    await until(
      () => states.join(),
      (all) => all === 'failed',
      'it fails',
    );
    expect(connections.map(({ signalingState }) => signalingState)).to.deep.equal(['closed', 'closed']);
  });
});
