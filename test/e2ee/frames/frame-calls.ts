/** A call on one page: two members with a frame worker each, and real peer connections between them. */
import {
  FrameWorkerClient,
  type FrameWorkerClientOptions,
  type FrameStream,
} from '../../../src/e2ee/frames/frame-worker-client.ts';
import { frameWorkerFactory } from '../../../src/e2ee/frames/frame-worker-factory.ts';
import { waitUntil } from '../../support/wait-until.ts';

export const STREAMS: readonly FrameStream[] = ['audio', 'camera', 'screen'];
const createWorker = await frameWorkerFactory();

export type Tracks = Partial<Record<FrameStream, MediaStreamTrack>>;

/** A member whose keys are those of everybody who is given the same `seed`. */
export async function member(
  ownLeaf: number,
  o: {
    readonly seed?: number;
    readonly keys?: 'installed' | 'none';
    readonly cipher?: Partial<FrameWorkerClientOptions>;
  } = {},
): Promise<FrameWorkerClient> {
  const { seed = 7, keys = 'installed', cipher } = o;
  const frames = new FrameWorkerClient({ createWorker, ...cipher });
  await frames.ready;
  if (keys === 'installed') await enter(frames, { epoch: 1n, ownLeaf, seed });
  return frames;
}

export async function enter(
  frames: FrameWorkerClient,
  o: { readonly epoch: bigint; readonly ownLeaf: number; readonly leaves?: readonly number[]; readonly seed?: number },
): Promise<void> {
  const { epoch, ownLeaf, leaves = [0, 1, 2], seed = 7 } = o;
  await frames.installEpoch({ epoch, ownLeaf, leaves, baseKey: new Uint8Array(32).fill(seed + Number(epoch)) });
  await frames.switchSender(epoch);
}

interface Line {
  readonly sender: RTCRtpSender;
  readonly receiver: RTCRtpReceiver;
}

export interface Call {
  readonly sent: Readonly<Record<FrameStream, RTCRtpSender>>;
  readonly received: Readonly<Record<FrameStream, RTCRtpReceiver>>;
  close(): void;
}

type Transformable = { transform: RTCRtpScriptTransform | null };

const configuration = { encodedInsertableStreams: true } as RTCConfiguration;

function attach(
  frames: FrameWorkerClient,
  linkId: string,
  transceivers: readonly RTCRtpTransceiver[],
): readonly Line[] {
  return transceivers.map(({ sender, receiver }, index) => {
    const stream = STREAMS[index]!;
    (sender as unknown as Transformable).transform = frames.createTransform({ linkId, stream, direction: 'send' });
    (receiver as unknown as Transformable).transform = frames.createTransform({ linkId, stream, direction: 'receive' });
    return { sender, receiver };
  });
}

const runningOf = (frames: FrameWorkerClient, linkId: string): Promise<void> =>
  new Promise((resolve) => {
    let running = 0;
    frames.addEventListener('running', ({ detail }) => {
      if (detail.linkId === linkId && ++running === STREAMS.length * 2) resolve();
    });
  });

/**
 * Connects the first to the second; both belong to the leaf that they are.
 *
 * @param o.from null for a sender without any encryption
 */
export async function call(o: {
  readonly from: FrameWorkerClient | null;
  readonly to: FrameWorkerClient;
  readonly tracks: Tracks;
  readonly linkId?: string;
}): Promise<Call> {
  const { from, to, tracks, linkId = crypto.randomUUID() } = o;
  const [a, b] = [new RTCPeerConnection(from ? configuration : {}), new RTCPeerConnection(configuration)];
  a.addEventListener('icecandidate', ({ candidate }) => void b.addIceCandidate(candidate ?? undefined));
  b.addEventListener('icecandidate', ({ candidate }) => void a.addIceCandidate(candidate ?? undefined));
  to.openLink(linkId, 0);
  from?.openLink(linkId, 1);
  const running = [from, to].flatMap((frames) => (frames ? [runningOf(frames, linkId)] : []));
  const [vp8] = (RTCRtpReceiver.getCapabilities('video')?.codecs ?? []).filter((c) => c.mimeType === 'video/VP8');
  const own = STREAMS.map((stream) => {
    const transceiver = a.addTransceiver(stream === 'audio' ? 'audio' : 'video');
    if (stream !== 'audio' && vp8) transceiver.setCodecPreferences([vp8]);
    return transceiver;
  });
  if (from) attach(from, linkId, own);
  const offer = await a.createOffer();
  const local = a.setLocalDescription(offer);
  await b.setRemoteDescription(offer);
  const other = b.getTransceivers();
  attach(to, linkId, other);
  await local;
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription!);
  await Promise.all(running);
  await Promise.all(STREAMS.map((stream, index) => own[index]!.sender.replaceTrack(tracks[stream] ?? null)));
  const named = <T>(values: readonly T[]) =>
    Object.fromEntries(STREAMS.map((stream, index) => [stream, values[index]])) as Record<FrameStream, T>;
  return {
    sent: named(own.map(({ sender }) => sender)),
    received: named(other.map(({ receiver }) => receiver)),
    close: () => {
      a.close();
      b.close();
    },
  };
}

/** A number of the first report of this type; 0 while there is none. */
export async function statOf(from: RTCRtpSender | RTCRtpReceiver, type: string, name: string): Promise<number> {
  return (await statsOf(from, type, [name]))[0] ?? 0;
}

/** Several values of one report, so of one moment. */
export async function statsOf(
  from: RTCRtpSender | RTCRtpReceiver,
  type: string,
  names: readonly string[],
): Promise<readonly number[]> {
  const reports = [...((await from.getStats()) as ReadonlyMap<string, Record<string, unknown>>).values()];
  const report = reports.find((one) => one['type'] === type);
  return names.map((name) => Number(report?.[name] ?? 0));
}

export const decoded = (receiver: RTCRtpReceiver): Promise<number> => statOf(receiver, 'inbound-rtp', 'framesDecoded');

/** Waits for a value to become at least this much. */
export async function reaches(read: () => Promise<number>, least: number, what: string): Promise<void> {
  await waitUntil(async () => (await read()) >= least, `${what} did not reach ${String(least)}`);
}
