/**
 * Moves encoded frames through a transform, one at a time and in order, with a reader and a writer: pipes would cost more than the
 * encryption.
 */
import { Throttle } from '../../util/throttle.ts';
import type { CameraHub } from './camera-hub.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import type { FrameLink } from './frame-keys.ts';
import type { Rung } from './rungs.ts';
import type { FrameOpener, FrameSealer } from './frame-transform.ts';

export type { EncodedFrame } from './encoded-frame.ts';

export interface Transformer {
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  sendKeyFrameRequest?(): Promise<unknown>;
  /** Firefox, Safari; in Chromium the page asks the sender. */
  generateKeyFrame?(): Promise<unknown>;
}

/** At most one key-frame request in this time, in milliseconds. */
const REQUEST_EVERY = 1_000;

type Write = (frame: EncodedFrame) => void;
/** @param write for a frame that leaves later, after the step has dropped it */
type Step = (frame: EncodedFrame, write: Write) => Promise<'forward' | 'drop'>;

async function pump({ readable, writable }: Transformer, link: FrameLink, step: Step): Promise<void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  // Not awaited, so that the next frame is encrypted in the meantime. `ready` rejects if the stream breaks.
  const write = (frame: EncodedFrame): void => {
    if (!link.closed) writer.write(frame).catch(() => undefined);
  };
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return writer.close();
    if (link.closed || (await step(value, write)) === 'drop') continue;
    await writer.ready;
    // `write` checks the link again: the member may have been removed while the frame was processed.
    write(value);
  }
}

export function runSender(transformer: Transformer, link: FrameLink, sealer: FrameSealer): Promise<void> {
  return pump(transformer, link, (frame) => seal(frame, sealer));
}

async function seal(frame: EncodedFrame, sealer: FrameSealer): Promise<'forward' | 'drop'> {
  const bytes = await sealed(frame, sealer);
  if (!bytes) return 'drop';
  frame.data = bytes.buffer;
  return 'forward';
}

/** @returns null where there is no key */
async function sealed(frame: EncodedFrame, sealer: FrameSealer): Promise<Uint8Array<ArrayBuffer> | null> {
  const plaintext = frame.data;
  const bytes = await sealer.seal(plaintext, frame.type === 'key' ? 'key' : 'delta');
  // Zeroes the plaintext, which otherwise stays in memory until collected. Before the frame gets other data: in Firefox it may be the
  // frame's memory.
  if (bytes) new Uint8Array(plaintext).fill(0);
  return bytes;
}

/** A camera sender, whose frames are pictures of its own or carriers of the studio's. */
export function runCameraSender(
  transformer: Transformer,
  link: FrameLink,
  o: { readonly sealer: FrameSealer; readonly hub: CameraHub; readonly linkId: string },
): Promise<void> {
  return pump(transformer, link, async (frame, write) => {
    if (o.hub.take(o.linkId, frame, write) === 'taken') return 'drop';
    return seal(frame, o.sealer);
  });
}

/**
 * One rung of the studio. Its frames reach the links through the hub. Nothing leaves on its own connection: a packet there
 * costs as much as one to a participant, and nobody reads it.
 */
export function runStudio(
  transformer: Transformer,
  link: FrameLink,
  o: { readonly sealer: FrameSealer; readonly hub: CameraHub; readonly rung: Rung },
): Promise<void> {
  return pump(transformer, link, async (frame) => {
    const kind = frame.type === 'key' ? 'key' : 'delta';
    const layer = (frame.getMetadata?.().temporalIndex ?? 0) > 0 ? 'upper' : 'base';
    const bytes = await sealed(frame, o.sealer);
    if (!link.closed) o.hub.publish({ rung: o.rung, kind, layer, bytes });
    return 'drop';
  });
}

export function runReceiver(transformer: Transformer, link: FrameLink, opener: FrameOpener): Promise<void> {
  // Not awaited: in Safari it may never settle (w3c/webrtc-encoded-transform #280). Audio receivers reject it.
  const request = (): void => void transformer.sendKeyFrameRequest?.().catch(() => undefined);
  const throttle = new Throttle(REQUEST_EVERY);
  return pump(transformer, link, async (frame) => {
    const opened = await opener.open(frame.data);
    if (opened.kind === 'frame') {
      frame.data = opened.frame;
      return 'forward';
    }
    if (opened.kind === 'lost') throttle.run('key frame', request);
    return 'drop';
  });
}
