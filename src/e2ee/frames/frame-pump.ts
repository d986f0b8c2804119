/**
 * Moves encoded frames through a transform, one at a time and in order, with a reader and a writer: pipes would cost more than the
 * encryption.
 */
import { Throttle } from '../../util/throttle.ts';
import type { FrameLink } from './frame-keys.ts';
import type { FrameOpener, FrameSealer } from './frame-transform.ts';

/** The part of `RTCEncodedVideoFrame` and `RTCEncodedAudioFrame` (W3C encoded transform) in use. */
export interface EncodedFrame {
  data: ArrayBuffer;
  readonly type?: 'key' | 'delta' | 'empty';
}

export interface Transformer {
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  sendKeyFrameRequest?(): Promise<unknown>;
}

/** At most one key-frame request in this time, in milliseconds. */
const REQUEST_EVERY = 1_000;

type Step = (frame: EncodedFrame) => Promise<'forward' | 'drop'>;

async function pump({ readable, writable }: Transformer, link: FrameLink, step: Step): Promise<void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return writer.close();
    if (link.closed || (await step(value)) === 'drop') continue;
    await writer.ready;
    // Checked again after the step: the member may have been removed while the frame was processed.
    if (link.closed) continue;
    // Not awaited, so that the next frame is encrypted in the meantime. `ready` rejects if the stream breaks.
    writer.write(value).catch(() => undefined);
  }
}

export function runSender(transformer: Transformer, link: FrameLink, sealer: FrameSealer): Promise<void> {
  return pump(transformer, link, async (frame) => {
    const plaintext = frame.data;
    const sealed = await sealer.seal(plaintext, frame.type === 'key' ? 'key' : 'delta');
    if (!sealed) return 'drop';
    // Zeroes the plaintext, which otherwise stays in memory until collected. Before the assignment: in Firefox it may be the frame's memory.
    new Uint8Array(plaintext).fill(0);
    frame.data = sealed.buffer;
    return 'forward';
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
