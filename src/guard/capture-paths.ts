/**
 * The list of browser interfaces through which scripts can capture video and audio [R16]. First the entries: room media
 * gets into an element or a stream only through `entrance.ts`. Then the exits, for a script that holds room media all
 * the same. Each refuses room media and leaves all other media alone. A new interface is one more line here.
 */
import type { Patches } from './patches.ts';
import type { Realm } from './realms.ts';
import { forget, shownElements, standInOf } from './entrance.ts';
import {
  containsRoomMedia,
  isRoomMedia,
  leadsToRoomMedia,
  markTapped,
  protect,
  protectReceived,
  protectTrack,
} from './room-media.ts';

export interface Gate {
  /** Reports the attempt and throws. */
  refuse(): void;
  /** Whether our own share button is calling `getDisplayMedia` right now. */
  readonly sharing: () => boolean;
}

export function closeCapturePaths(realm: Realm, patches: Patches, gate: Gate): void {
  const paths = new Paths(realm, patches, gate);
  closeEntries(paths);
  closeStreams(paths);
  closePictures(paths);
  closeWindows(paths);
}

/** The interfaces of one realm, and the checks that their methods need. */
class Paths {
  readonly realm: Realm;
  readonly patches: Patches;
  readonly gate: Gate;

  constructor(realm: Realm, patches: Patches, gate: Gate) {
    this.realm = realm;
    this.patches = patches;
    this.gate = gate;
  }

  prototype(name: string): object | undefined {
    return this.realm[name]?.prototype;
  }

  /** The methods of an interface whose names match. */
  methods(name: string, pattern: RegExp): readonly string[] {
    return Object.getOwnPropertyNames(this.prototype(name) ?? {}).filter((method) => pattern.test(method));
  }

  readonly byArgument = (_self: unknown, parameters: readonly unknown[]): void => {
    if (parameters.some((parameter) => leadsToRoomMedia(parameter))) this.gate.refuse();
  };

  /** For interfaces that draw an element with everything in it. */
  readonly bySubtree = (self: unknown, parameters: readonly unknown[]): void => {
    this.byArgument(self, parameters);
    if (parameters.some((parameter) => containsRoomMedia(parameter, shownElements()))) this.gate.refuse();
  };

  readonly bySelf = (self: unknown): void => {
    if (isRoomMedia(self)) this.gate.refuse();
  };
}

/** The browser's own accessor, saved before any patch; undefined where there is no WebRTC. */
const transceiver =
  typeof RTCTrackEvent === 'undefined'
    ? undefined
    : Object.getOwnPropertyDescriptor(RTCTrackEvent.prototype, 'transceiver')?.get;
const transceiverOf = (event: unknown): unknown => transceiver?.call(event);

/** Room media enters an element or a stream only through our own code. */
function closeEntries({ realm, patches, gate, byArgument, bySelf }: Paths): void {
  const media = realm['HTMLMediaElement']?.prototype;
  patches.accessor(media, 'srcObject', {
    get: (self, value) => {
      const standIn = standInOf(self);
      if (standIn) return standIn;
      if (isRoomMedia(value)) gate.refuse();
      return value;
    },
    set: (self, value) => {
      if (value !== null && value === standInOf(self)) return 'ignore';
      if (isRoomMedia(value)) gate.refuse();
      forget(self);
      return 'pass';
    },
  });
  patches.constructorOf(realm, 'MediaStream', (parameters) => byArgument(undefined, parameters));
  patches.method(realm['MediaStream']?.prototype, 'addTrack', byArgument);

  // Captures set on an element before media enters it: room media never does.
  const watch = (element: unknown): void => {
    bySelf(element);
    markTapped(element);
  };
  for (const name of ['captureStream', 'mozCaptureStream', 'mozCaptureStreamUntilEnded'])
    patches.method(media, name, watch);
  patches.method(realm['AudioContext']?.prototype, 'createMediaElementSource', (_self, [element]) => watch(element));
  patches.constructorOf(realm, 'MediaElementAudioSourceNode', ([, options]) =>
    watch((options as { mediaElement?: unknown } | undefined)?.mediaElement),
  );

  // Tracks count as room media before a script that hooks every connection gets them: from the event of their arrival,
  // or from the connection.
  const trackEvent = realm['RTCTrackEvent']?.prototype;
  for (const name of ['track', 'receiver', 'transceiver', 'streams'])
    patches.getter(trackEvent, name, (self) => protectReceived((self as Event).target, [transceiverOf(self)]));
  const connection = realm['RTCPeerConnection']?.prototype;
  for (const name of ['getReceivers', 'getTransceivers'])
    patches.result(connection, name, (self, list) => protectReceived(self, list as readonly unknown[]));
  patches.result(connection, 'addTransceiver', (self, added) => protectReceived(self, [added]));

  // A clone of protected media is protected too.
  const keep = (self: unknown, copy: unknown): void => {
    if (!isRoomMedia(self)) return;
    if ('getTracks' in (copy as object)) protect(copy as MediaStream);
    else protectTrack(copy as MediaStreamTrack);
  };
  patches.result(realm['MediaStreamTrack']?.prototype, 'clone', keep);
  patches.result(realm['MediaStream']?.prototype, 'clone', keep);
}

/** Whole streams: recorded, listened to, sent on, or handed to another thread. */
function closeStreams(paths: Paths): void {
  const { realm, patches, byArgument } = paths;
  for (const name of STREAM_READERS)
    patches.constructorOf(realm, name, (parameters) => byArgument(undefined, parameters));
  // Also covers a recorder created earlier on a stream that received a room track later.
  patches.method(paths.prototype('MediaRecorder'), 'start', (self) =>
    byArgument(undefined, [(self as Partial<MediaRecorder> | undefined)?.stream]),
  );
  for (const name of ['createMediaStreamSource', 'createMediaStreamTrackSource'])
    patches.method(paths.prototype('AudioContext'), name, byArgument);
  // Speech recognition may send the track to a server.
  for (const name of ['SpeechRecognition', 'webkitSpeechRecognition'])
    patches.method(paths.prototype(name), 'start', byArgument);

  for (const name of ['addTrack', 'addTransceiver', 'addStream'])
    patches.method(paths.prototype('RTCPeerConnection'), name, byArgument);
  patches.promise(paths.prototype('RTCRtpSender'), 'replaceTrack', byArgument);

  // Tracks are transferable (mediacapture-extensions). `window.postMessage` stays: a wrapper would change the sender that
  // the receiving window sees.
  patches.method(realm, 'structuredClone', byArgument);
  for (const name of ['MessagePort', 'Worker', 'ServiceWorker'])
    patches.method(paths.prototype(name), 'postMessage', (self, [message, transfer]) =>
      byArgument(self, isRoomMedia(message) ? [message] : [transfer]),
    );
}

/** Single pictures, drawn or recognised. */
function closePictures(paths: Paths): void {
  const { realm, patches, gate, byArgument, bySubtree } = paths;
  patches.promise(realm, 'createImageBitmap', byArgument);
  for (const name of ['grabFrame', 'takePhoto'])
    patches.promise(paths.prototype('ImageCapture'), name, byTrackOf(gate));
  for (const name of DRAWING)
    for (const method of paths.methods(name, DRAWS))
      patches.method(paths.prototype(name), method, method.includes('lement') ? bySubtree : byArgument);
  // Shape Detection API, Prompt API: what they find or say is as good as the picture.
  for (const name of ['BarcodeDetector', 'FaceDetector', 'TextDetector'])
    patches.promise(paths.prototype(name), 'detect', byArgument);
  for (const method of ['prompt', 'append', 'measureInputUsage', 'measureContextUsage'])
    patches.promise(paths.prototype('LanguageModel'), method, byArgument);
  patches.method(paths.prototype('LanguageModel'), 'promptStreaming', byArgument);
  patches.promise(realm['LanguageModel'], 'create', byArgument);
}

/** Other windows, and the screen itself. */
function closeWindows(paths: Paths): void {
  const { patches, gate } = paths;
  patches.promise(paths.prototype('HTMLVideoElement'), 'requestPictureInPicture', paths.bySelf);
  // A page could move the room's elements into that window, which these patches do not reach.
  patches.promise(paths.prototype('DocumentPictureInPicture'), 'requestWindow', () => gate.refuse());
  patches.promise(paths.prototype('MediaDevices'), 'getDisplayMedia', () => {
    if (!gate.sharing()) gate.refuse();
  });
  patches.promise(paths.prototype('MediaDevices'), 'getUserMedia', (_self, [constraints]) => {
    if (asksForScreen(constraints)) gate.refuse();
  });
}

/** Interfaces that draw pictures, and the names of their methods that take one. */
const DRAWING = [
  'CanvasRenderingContext2D',
  'OffscreenCanvasRenderingContext2D',
  'WebGLRenderingContext',
  'WebGL2RenderingContext',
  'GPUQueue',
  'GPUDevice',
] as const;
const DRAWS = /Image(?!Data)|Pattern|ExternalTexture|^drawElement$/u;

/** Constructors that read the media passed to them. */
const STREAM_READERS = [
  'MediaRecorder',
  'MediaStreamTrackProcessor',
  'ImageCapture',
  'VideoFrame',
  'MediaStreamAudioSourceNode',
  'MediaStreamTrackAudioSourceNode',
] as const;

function byTrackOf(gate: Gate): (self: unknown) => void {
  return (self) => {
    if (leadsToRoomMedia({ track: (self as { track?: unknown } | undefined)?.track })) gate.refuse();
  };
}

/** Detects older constraints for screen capture, which bypass `getDisplayMedia`. */
function asksForScreen(constraints: unknown): boolean {
  const { video } = (constraints ?? {}) as { video?: unknown };
  if (typeof video !== 'object' || video === null) return false;
  const { mediaSource, mandatory } = video as { mediaSource?: unknown; mandatory?: { chromeMediaSource?: unknown } };
  return (mediaSource !== undefined && mediaSource !== 'camera') || mandatory?.chromeMediaSource !== undefined;
}
