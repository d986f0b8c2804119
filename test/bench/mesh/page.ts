/**
 * One person of a group, in a page: a camera, a frame worker, a mesh of real connections, and a tile for each other.
 * What they signal goes through the bench, so that the people may be in different browsers.
 */
import { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import type { OwnTracks } from '../../../src/peer/media-lines.ts';
import { Mesh } from '../../../src/room/mesh/mesh.ts';
import type { GroupMessage } from '../../../src/room/messages/messages.ts';

export interface Setup {
  readonly leaf: number;
  readonly people: number;
  /** `naive`: every link has its own encoder, as this build does where a browser has no carriers. */
  readonly way: 'ours' | 'naive';
  /** `small`: 320×180, as tiles of a group show it. */
  readonly size: 'small' | 'large';
  readonly rate: number;
  readonly camera: 'on' | 'off';
  readonly sound: 'on' | 'off';
}

/** Totals since the beginning, over all links of this person. */
export interface Totals {
  /** Of each stream that arrives. */
  readonly decoded: readonly number[];
  readonly heights: readonly number[];
  readonly freezes: number;
  /** Streams of sound that arrive. */
  readonly heard: number;
  readonly bytesSent: number;
  /** Milliseconds that links' own encoders spent, and their pictures. */
  readonly encoding: number;
  readonly encoded: number;
}

declare global {
  interface Window {
    enterGroup(setup: Setup): Promise<void>;
    /** Opens the links to everyone. */
    meet(): void;
    /** Tiles that show a picture. Counted as they do: a report of every connection would hold up what is measured. */
    shown(): number;
    hear(from: number, message: GroupMessage): void;
    totals(): Promise<Totals>;
    /** Given by the bench. */
    signal(from: number, to: number, message: GroupMessage): Promise<void>;
  }
}

const SIZES = { small: { width: 320, height: 180 }, large: { width: 640, height: 360 } } as const;
/** All share one machine: cleaning up the sound of nine microphones would take what one person never needs. */
const SOUND = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const connections: RTCPeerConnection[] = [];
let tilesShown = 0;
window.shown = () => tilesShown;
const nothing = (): void => undefined;
const idOf = (leaf: number): string => `person ${String(leaf)}`;

window.enterGroup = async (setup) => {
  const { leaf, people, way, size, rate, camera, sound } = setup;
  if (way === 'naive') {
    Reflect.deleteProperty(window, 'MediaStreamTrackGenerator');
    Reflect.deleteProperty(HTMLCanvasElement.prototype, 'captureStream');
  }
  const frames = new FrameWorkerClient({
    createWorker: () => new Worker('/support/frame-worker.js', { type: 'module' }),
  });
  await frames.ready;
  const others = Array.from({ length: people }, (_, index) => index).filter((other) => other !== leaf);
  const leaves = [leaf, ...others];
  await frames.installEpoch({ epoch: 1n, ownLeaf: leaf, leaves, baseKey: new Uint8Array(32).fill(1) });
  await frames.switchSender(1n);
  const video = { ...SIZES[size], frameRate: rate };
  const tracks: OwnTracks =
    camera === 'on' ? await capture(video, sound === 'on' && SOUND) : { audio: null, camera: null, screen: null };
  const mesh = new Mesh({
    frames,
    iceServers: [],
    relayAddresses: [],
    mode: 'direct-first',
    packetTime: people > 3 ? 60 : 20,
    isOnline: () => true,
    tracksTo: () => tracks,
    // Only then the low rung has more than 15 pictures a second, and none is left out.
    ownRole: () => (rate === 20 ? 'interpreter' : 'other'),
    onLoad: () => others.forEach((other) => tell(idOf(other))),
    events: {
      send: (link, content) =>
        void window.signal(leaf, link.leaf, { ...content, to: link.leaf, link: link.linkId, seq: 0 } as GroupMessage),
      report: nothing,
      onGroupMessage: nothing,
      onData: (id, message) => message.type === 'view' && mesh.setView(id, message.camera),
      onChannelOpen: ({ id, camera: stream }) => {
        tell(id);
        show(stream, people);
      },
      onRelayNeeded: nothing,
      onConnection: (connection) => connections.push(connection),
      onProblem: (code) => console.error(code),
    },
  });
  const tell = (id: string): void => mesh.sendDataTo(id, { type: 'view', camera: mesh.told(size) });
  const members = others.map((other) => ({ id: idOf(other), leaf: other }));
  window.meet = () => mesh.sync(leaf, members);
  window.hear = (from, message) => {
    // Offers may come before this page was told to begin, and nobody is known before.
    window.meet();
    mesh.receive(idOf(from), message);
  };
};

async function capture(video: MediaTrackConstraints, audio: MediaTrackConstraints | false): Promise<OwnTracks> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio, video });
  const [[voice = null], [camera = null]] = [stream.getAudioTracks(), stream.getVideoTracks()];
  return { audio: voice, camera, screen: null };
}

function show(stream: MediaStream, people: number): void {
  const video = document.createElement('video');
  video.muted = true;
  video.style.width = `${String(Math.floor(90 / Math.ceil(Math.sqrt(people))))}%`;
  video.srcObject = stream;
  video.requestVideoFrameCallback(() => tilesShown++);
  document.body.append(video);
  void video.play();
}

window.totals = async () => {
  const totals = { decoded: [] as number[], heights: [] as number[], freezes: 0, heard: 0 };
  let [bytesSent, encoding, encoded] = [0, 0, 0];
  for (const connection of connections)
    (await connection.getStats()).forEach((stat: Readonly<Record<string, unknown>>) => {
      const number = (name: string): number => Number(stat[name] ?? 0);
      if (stat['type'] === 'outbound-rtp') bytesSent += number('bytesSent');
      if (stat['type'] === 'outbound-rtp' && stat['kind'] === 'video') {
        encoding += number('totalEncodeTime') * 1_000;
        encoded += number('framesEncoded');
      }
      if (stat['type'] !== 'inbound-rtp') return;
      if (stat['kind'] === 'audio') totals.heard += number('packetsReceived') > 0 ? 1 : 0;
      else if (number('framesDecoded') > 0) {
        totals.decoded.push(number('framesDecoded'));
        totals.heights.push(number('frameHeight'));
        totals.freezes += number('freezeCount');
      }
    });
  return { ...totals, bytesSent, encoding, encoded };
};
