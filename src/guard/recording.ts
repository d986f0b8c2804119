/**
 * Refuses, while a session runs, what scripts of the page could record room media with [R16]. Not a defence against a page that wants
 * to deceive its own visitors: it is the same origin and could have kept the originals. It stops tools, accidents and
 * afterthoughts, says so in the room, and leaves everything exactly as it was when the last session ends.
 */
import { ConsultError } from '../errors.ts';
import { Patches } from './patches.ts';
import { isRoomMedia, leadsToRoomMedia, protect, protectTrack } from './room-media.ts';

export interface CaptureGuardOptions {
  /** Some code was refused; which one it was is not told, since its name may say more than it should. */
  onRefused(): void;
}

/** Guards of all sessions of the page: the first puts the patches in place, the last takes them away. */
const running = new Set<CaptureGuard>();
const patches = new Patches();
/** How many of our own share buttons are being answered just now. */
let allowed = 0;

export class CaptureGuard {
  readonly #onRefused: () => void;

  constructor(o: CaptureGuardOptions) {
    this.#onRefused = () => o.onRefused();
  }

  start(): void {
    if (running.size === 0) install();
    running.add(this);
  }

  stop(): void {
    if (running.delete(this) && running.size === 0) patches.restore();
  }

  /** From now on this stream is room media, with all its tracks and their clones. */
  protect(stream: MediaStream): void {
    protect(stream);
  }

  /** For the library's own share button: one `getDisplayMedia`, called before anything is awaited. */
  allow<T>(start: () => T): T {
    allowed++;
    try {
      return start();
    } finally {
      allowed--;
    }
  }

  refused(): void {
    this.#onRefused();
  }
}

function refuse(): never {
  for (const guard of running) guard.refused();
  throw new ConsultError('recording-refused');
}

const ifAny = (values: readonly unknown[]): void => {
  if (values.some(leadsToRoomMedia)) refuse();
};
const ifSelf = (self: unknown): void => {
  if (isRoomMedia(self)) refuse();
};

function install(): void {
  const page = window as unknown as Readonly<Record<string, { readonly prototype?: object } | undefined>>;
  const prototype = (name: string): object | undefined => page[name]?.prototype;

  recorders(page, prototype);
  for (const name of ['captureStream', 'mozCaptureStream']) patches.method(prototype('HTMLMediaElement'), name, ifSelf);
  patches.method(prototype('HTMLVideoElement'), 'requestPictureInPicture', ifSelf);
  pictures(prototype);
  forwarding(prototype);
  patches.method(prototype('MediaDevices'), 'getDisplayMedia', () => {
    if (allowed === 0) refuse();
  });
  // A clone of a protected track is protected as well.
  const keep = (self: unknown, copy: unknown): void => {
    if (!isRoomMedia(self)) return;
    if (copy instanceof MediaStreamTrack) protectTrack(copy);
    if (copy instanceof MediaStream) protect(copy);
  };
  patches.result(prototype('MediaStreamTrack'), 'clone', keep);
  patches.result(prototype('MediaStream'), 'clone', keep);
}

/** What records or reads whole streams. */
function recorders(page: object, prototype: (name: string) => object | undefined): void {
  for (const name of [
    'MediaRecorder',
    'MediaStreamTrackProcessor',
    'ImageCapture',
    'VideoFrame',
    'MediaStreamAudioSourceNode',
    'MediaStreamTrackAudioSourceNode',
  ])
    patches.constructorOf(page, name, ifAny);
  // Also for constructors that a script had put aside before.
  patches.method(prototype('MediaRecorder'), 'start', (self) => ifAny([(self as MediaRecorder).stream]));
  for (const name of ['grabFrame', 'takePhoto'])
    patches.method(prototype('ImageCapture'), name, (self) => ifAny([self]));
  for (const name of ['createMediaStreamSource', 'createMediaStreamTrackSource', 'createMediaElementSource'])
    for (const context of ['AudioContext', 'BaseAudioContext'])
      patches.method(prototype(context), name, (_self, parameters) => ifAny(parameters));
}

/** What reads single pictures. */
function pictures(prototype: (name: string) => object | undefined): void {
  const byArgument = (_self: unknown, parameters: readonly unknown[]): void => ifAny(parameters);
  patches.method(window, 'createImageBitmap', byArgument);
  for (const context of ['CanvasRenderingContext2D', 'OffscreenCanvasRenderingContext2D'])
    for (const name of ['drawImage', 'createPattern']) patches.method(prototype(context), name, byArgument);
  for (const context of ['WebGLRenderingContext', 'WebGL2RenderingContext'])
    for (const name of ['texImage2D', 'texSubImage2D', 'texImage3D', 'texSubImage3D'])
      patches.method(prototype(context), name, byArgument);
  for (const name of ['copyExternalImageToTexture', 'importExternalTexture'])
    for (const owner of ['GPUQueue', 'GPUDevice'])
      patches.method(prototype(owner), name, (_self, parameters) =>
        ifAny(parameters.map((p) => (p as { source?: unknown } | undefined)?.source)),
      );
}

/** What sends room media on to somebody else. */
function forwarding(prototype: (name: string) => object | undefined): void {
  const byArgument = (_self: unknown, parameters: readonly unknown[]): void => ifAny(parameters);
  for (const name of ['addTrack', 'addTransceiver', 'addStream'])
    patches.method(prototype('RTCPeerConnection'), name, byArgument);
  patches.method(prototype('RTCRtpSender'), 'replaceTrack', byArgument);
}
