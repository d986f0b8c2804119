/**
 * Moves encoded frames through a transform: a reader and a writer, one frame at a time, so that frames stay in order. No pipes:
 * they cost more than the encryption.
 */
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

/** At most one request for a key frame in this time, in milliseconds. */
const REQUEST_EVERY = 1_000;

type Step = (frame: EncodedFrame) => Promise<'forward' | 'drop'>;

async function pump({ readable, writable }: Transformer, step: Step): Promise<void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return writer.close();
    if ((await step(value)) === 'forward') await writer.write(value);
  }
}

export function runSender(transformer: Transformer, sealer: FrameSealer): Promise<void> {
  return pump(transformer, async (frame) => {
    const sealed = await sealer.seal(frame.data, frame.type === 'key' ? 'key' : 'delta');
    if (!sealed) return 'drop';
    frame.data = sealed.buffer;
    return 'forward';
  });
}

export function runReceiver(transformer: Transformer, opener: FrameOpener): Promise<void> {
  let asked = -Infinity;
  return pump(transformer, async (frame) => {
    const opened = await opener.open(frame.data);
    if (opened.kind === 'frame') {
      frame.data = opened.frame;
      return 'forward';
    }
    const now = performance.now();
    if (opened.kind === 'lost' && now - asked >= REQUEST_EVERY) {
      asked = now;
      // Not awaited: in Safari it may never settle (w3c/webrtc-encoded-transform #280). Audio receivers reject it.
      transformer.sendKeyFrameRequest?.().catch(() => undefined);
    }
    return 'drop';
  });
}
