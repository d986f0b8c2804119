/**
 * The list of browser interfaces through which scripts can capture video and audio [R16]. Each refuses room media and
 * leaves all other media alone. A new interface in a browser is one more line here.
 */
import type { Patches } from './patches.ts';
import type { Realm } from './realms.ts';
import { isRoomMedia, leadsToRoomMedia, protect, protectTrack } from './room-media.ts';

export interface Gate {
  /** Reports the attempt and throws. */
  refuse(): void;
  /** Whether our own share button is calling `getDisplayMedia` right now. */
  readonly sharing: () => boolean;
}

type Prototype = (name: string) => object | undefined;

export function closeCapturePaths(realm: Realm, patches: Patches, gate: Gate): void {
  const prototype: Prototype = (name) => realm[name]?.prototype;
  const byArgument = (_self: unknown, parameters: readonly unknown[]): void => {
    if (parameters.some(leadsToRoomMedia)) gate.refuse();
  };
  const bySelf = (self: unknown): void => {
    if (isRoomMedia(self)) gate.refuse();
  };
  const always = (): void => gate.refuse();

  // --- whole streams
  for (const name of STREAM_READERS)
    patches.constructorOf(realm, name, (parameters) => byArgument(undefined, parameters));
  // Also covers a recorder created earlier on a stream that received a room track later.
  patches.method(prototype('MediaRecorder'), 'start', (self) =>
    byArgument(undefined, [(self as Partial<MediaRecorder> | undefined)?.stream]),
  );
  for (const name of ['captureStream', 'mozCaptureStream', 'mozCaptureStreamUntilEnded'])
    patches.method(prototype('HTMLMediaElement'), name, bySelf);
  for (const name of ['createMediaStreamSource', 'createMediaStreamTrackSource', 'createMediaElementSource'])
    patches.method(prototype('AudioContext'), name, byArgument);
  // Speech recognition may send the track to a server.
  for (const name of ['SpeechRecognition', 'webkitSpeechRecognition'])
    patches.method(prototype(name), 'start', byArgument);

  // --- single pictures
  patches.promise(realm, 'createImageBitmap', byArgument);
  for (const name of ['grabFrame', 'takePhoto']) patches.promise(prototype('ImageCapture'), name, byTrackOf(gate));
  for (const context of ['CanvasRenderingContext2D', 'OffscreenCanvasRenderingContext2D'])
    for (const name of ['drawImage', 'createPattern']) patches.method(prototype(context), name, byArgument);
  for (const context of ['WebGLRenderingContext', 'WebGL2RenderingContext'])
    for (const name of ['texImage2D', 'texSubImage2D', 'texImage3D', 'texSubImage3D'])
      patches.method(prototype(context), name, byArgument);
  patches.method(prototype('GPUQueue'), 'copyExternalImageToTexture', byArgument);
  patches.method(prototype('GPUDevice'), 'importExternalTexture', byArgument);

  // --- sending on
  for (const name of ['addTrack', 'addTransceiver', 'addStream'])
    patches.method(prototype('RTCPeerConnection'), name, byArgument);
  patches.promise(prototype('RTCRtpSender'), 'replaceTrack', byArgument);

  // --- other windows, and the screen itself
  patches.promise(prototype('HTMLVideoElement'), 'requestPictureInPicture', bySelf);
  // A page could move the room's elements into that window, which these patches do not reach.
  patches.promise(prototype('DocumentPictureInPicture'), 'requestWindow', always);
  const unlessSharing = (): void => {
    if (!gate.sharing()) gate.refuse();
  };
  patches.promise(prototype('MediaDevices'), 'getDisplayMedia', unlessSharing);
  patches.promise(prototype('MediaDevices'), 'getUserMedia', (_self, [constraints]) => {
    if (asksForScreen(constraints)) gate.refuse();
  });

  // --- getting hold of a stream, in this page or out of our shadow trees
  patches.getter(prototype('HTMLMediaElement'), 'srcObject', (_self, source) => {
    if (isRoomMedia(source)) gate.refuse();
  });
  const keep = (self: unknown, copy: unknown): void => {
    if (!isRoomMedia(self)) return;
    if ('getTracks' in (copy as object)) protect(copy as MediaStream);
    else protectTrack(copy as MediaStreamTrack);
  };
  // A clone of protected media is protected too.
  patches.result(prototype('MediaStreamTrack'), 'clone', keep);
  patches.result(prototype('MediaStream'), 'clone', keep);
}

/** Constructors that read the media passed to them. */
const STREAM_READERS = [
  'MediaRecorder',
  'MediaStreamTrackProcessor',
  'ImageCapture',
  'VideoFrame',
  'MediaStreamAudioSourceNode',
  'MediaStreamTrackAudioSourceNode',
  'MediaElementAudioSourceNode',
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
