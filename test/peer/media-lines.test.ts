/** [R14] Off means that nothing is sent any more, not even the last picture again. */
import { expect } from '@open-wc/testing';
import { MediaLines } from '../../src/peer/media-lines.ts';
import { statsOf, type Stat } from '../../src/peer/path.ts';
import { waitUntil } from '../support/wait-until.ts';

const PATIENCE = { timeout: 30_000, interval: 50 };
/** Firefox sends a picture again after a second without a new one. */
const LONGER_THAN_A_REPETITION = 2_500;
const NOTHING = { audio: null, camera: null, screen: null };

const lines = (): MediaLines => new MediaLines({ createTransform: () => null as unknown as RTCRtpScriptTransform });

async function received(pc: RTCPeerConnection): Promise<number> {
  const stat = statsOf(await pc.getStats()).find(
    ({ type, kind, framesDecoded }) => type === 'inbound-rtp' && kind === 'video' && Number(framesDecoded) > 0,
  );
  return Number(stat?.['framesDecoded'] ?? 0);
}

async function connect(from: RTCPeerConnection, to: RTCPeerConnection, answering: MediaLines): Promise<void> {
  from.addEventListener('icecandidate', ({ candidate }) => void to.addIceCandidate(candidate ?? undefined));
  to.addEventListener('icecandidate', ({ candidate }) => void from.addIceCandidate(candidate ?? undefined));
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription!);
  answering.adopt(to);
  await to.setLocalDescription();
  await from.setRemoteDescription(to.localDescription!);
}

/** Pictures that change all the time. */
function camera(): { readonly track: MediaStreamTrack; stop(): void } {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d')!;
  const [track] = canvas.captureStream(15).getVideoTracks();
  const drawing = setInterval(() => {
    pen.fillStyle = `hsl(${String(performance.now() % 360)} 80% 50%)`;
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }, 60);
  return { track: track!, stop: () => clearInterval(drawing) };
}

describe('[R14] a camera that is turned off again immediately', () => {
  it('is sent to no participant in between', async () => {
    const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()];
    const [own, other] = [lines(), lines()];
    const { track, stop } = camera();
    own.add(from);
    await connect(from, to, other);
    const turned: boolean[] = [];
    const native = RTCRtpSender.prototype.setParameters;
    RTCRtpSender.prototype.setParameters = function (parameters, ...more) {
      turned.push(parameters.encodings[0]?.active ?? true);
      return native.call(this, parameters, ...more);
    };
    const [, line] = from.getTransceivers();
    try {
      own.transformRunning('camera');
      // In another task: only what finds nothing before it begins at once.
      await line!.sender.getStats();
      own.setTracks({ ...NOTHING, camera: track });
      own.setTracks(NOTHING);
      await waitUntil(() => line!.sender.track === null && turned.length > 0, 'it is off', PATIENCE);
      expect(turned).to.deep.equal([false]);
      // And on again, as before.
      own.setTracks({ ...NOTHING, camera: track });
      await waitUntil(() => line!.sender.track === track && turned.length > 1, 'it is on', PATIENCE);
      expect(turned).to.deep.equal([false, true]);
    } finally {
      RTCRtpSender.prototype.setParameters = native;
      stop();
      from.close();
      to.close();
    }
  }).timeout(90_000);
});

describe('[R14] a camera that is turned off', () => {
  for (const role of ['offerer', 'answerer'] as const)
    it(`sends nothing at the ${role}, not even its last frame, until it is turned on`, async function () {
      this.timeout(120_000);
      const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()];
      const [own, other] = [lines(), lines()];
      const { track, stop } = camera();
      if (role === 'offerer') {
        own.add(from);
        await connect(from, to, other);
      } else {
        other.add(to);
        await connect(to, from, own);
      }
      own.limitBitrates();
      for (const stream of ['audio', 'camera', 'screen'] as const) own.transformRunning(stream);
      own.setTracks({ ...NOTHING, camera: track });
      await waitUntil(async () => (await received(to)) > 5, 'pictures arrive', PATIENCE);

      own.setTracks(NOTHING);
      // Until a whole pause of a repetition brings no frame: the last ones may still be under way.
      for (let before = -1; before !== (await received(to));) {
        before = await received(to);
        await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_A_REPETITION));
      }

      const last = await received(to);
      own.setTracks({ ...NOTHING, camera: track });
      await waitUntil(async () => (await received(to)) > last + 5, 'pictures arrive again', PATIENCE);
      stop();
      from.close();
      to.close();
    });
});

describe('the encoder of a camera', () => {
  it('makes what it may, nothing where nobody looks, and all again; another track is not limited', async function () {
    this.timeout(120_000);
    const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()];
    const [own, other] = [lines(), lines()];
    const [face, carrier] = [camera(), camera()];
    const limits = { height: 75, rate: 15, bitrate: 100_000 };
    const line = (): RTCRtpSender => from.getTransceivers()[1]!.sender;
    const active = (): boolean => line().getParameters().encodings[0]?.active ?? true;
    /** The lines of the next pictures. */
    const shows = async (expected: number): Promise<void> => {
      const before = await received(to);
      await waitUntil(
        async () => {
          const stat = statsOf(await to.getStats()).find(
            ({ type, kind, framesDecoded }) => type === 'inbound-rtp' && kind === 'video' && Number(framesDecoded) > 0,
          );
          return Number(stat?.['framesDecoded']) > before && stat?.['frameHeight'] === expected;
        },
        `pictures of ${String(expected)} lines`,
        PATIENCE,
      );
    };
    own.add(from);
    try {
      await connect(from, to, other);
      own.transformRunning('camera');
      own.limitCamera({ camera: face.track, limits });
      own.setTracks({ ...NOTHING, camera: face.track });
      await shows(75);
      own.limitCamera({ camera: face.track, limits: null });
      await shows(150);
      own.limitCamera({ camera: face.track, limits: 'off' });
      await waitUntil(() => !active(), 'it makes nothing', PATIENCE);
      own.limitCamera({ camera: face.track, limits });
      await shows(75);
      own.setTracks({ ...NOTHING, camera: carrier.track });
      await shows(150);
      expect(active()).to.equal(true);
    } finally {
      for (const { stop } of [face, carrier]) stop();
      from.close();
      to.close();
    }
  });
});

describe('what is known of a camera’s sender', () => {
  it('is read from a report of the whole connection, and is that of no other line', async () => {
    const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()];
    const [own, other] = [lines(), lines()];
    const [face, page] = [camera(), camera()];
    own.add(from);
    try {
      await connect(from, to, other);
      own.transformRunning('camera');
      own.transformRunning('screen');
      own.setTracks({ audio: null, camera: face.track, screen: page.track });
      const idsOf = (stats: readonly Stat[]): readonly string[] =>
        stats
          .filter(({ type, kind }) => kind === 'video' && /^(?:outbound|remote-inbound)-rtp$/u.test(type))
          .map(({ id }) => id)
          .toSorted();
      const whole = async () => statsOf(await from.getStats());
      // Both lines send, and the other side has reported on both.
      await waitUntil(async () => idsOf(await whole()).length === 4, 'reports on both lines', PATIENCE);
      const read = own.cameraOf(await whole());
      expect(read && idsOf(read)).to.deep.equal(idsOf(await own.cameraStats()));
      expect(read?.some(({ type }) => type === 'candidate-pair')).to.equal(true);
      const nameless = (await whole()).map((stat) => ({ ...stat, mid: undefined }));
      expect(own.cameraOf(nameless)).to.equal(null);

      const [before, counted, after] = [await own.sent(), own.sentOf(await whole()), await own.sent()];
      expect(own.sentOf(nameless)).to.equal(null);
      for (const stream of ['camera', 'screen'] as const)
        expect(counted?.[stream]).to.be.above(0).and.within(before[stream], after[stream]);
    } finally {
      for (const { track, stop } of [face, page]) {
        stop();
        track.stop();
      }
      from.close();
      to.close();
    }
  }).timeout(90_000);
});
