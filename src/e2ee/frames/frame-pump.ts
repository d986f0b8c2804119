/**
 * Moves encoded frames through a transform: a reader and a writer, one frame at a time, so that frames stay in order. No pipes:
 * they cost more than the encryption.
 */
import { Throttle } from '../../util/throttle.ts';
import type { Link } from './frame-keys.ts';
import type { FrameOpener, FrameSealer } from './frame-transform.ts';

/** What this library uses of `RTCEncodedVideoFrame` and `RTCEncodedAudioFrame` (W3C encoded transform). */
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

async function pump({ readable, writable }: Transformer, link: Link, step: Step): Promise<void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return writer.close();
    if (link.closed || (await step(value)) === 'drop') continue;
    await writer.ready;
    // Looked at again after the step: whoever was removed while a frame was under way gets or gives it no more.
    if (link.closed) continue;
    // Not awaited: the next frame is read and encrypted meanwhile. Of a stream that breaks, `ready` tells.
    writer.write(value).catch(() => undefined);
  }
}

export function runSender(transformer: Transformer, link: Link, sealer: FrameSealer): Promise<void> {
  return pump(transformer, link, async (frame) => {
    const plaintext = frame.data;
    const sealed = await sealer.seal(plaintext, frame.type === 'key' ? 'key' : 'delta');
    if (!sealed) return 'drop';
    // Before the frame is given other bytes: in Firefox these may be the frame's own memory. No picture lies about until it is collected.
    new Uint8Array(plaintext).fill(0);
    frame.data = sealed.buffer;
    return 'forward';
  });
}

export function runReceiver(transformer: Transformer, link: Link, opener: FrameOpener): Promise<void> {
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
