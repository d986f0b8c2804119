/**
 * Drives a frame worker as the browser would: an `rtctransform` event with two streams. The frames are plain objects
 * with the parts of `RTCEncodedVideoFrame` that the workers read, and all of them wait in the queue at the start, so
 * that what is measured is the worker's own path and not a source of frames.
 */

export interface Task {
  readonly direction: 'encode' | 'decode';
  readonly size: number;
  readonly count: number;
}

export type Answer =
  | { readonly kind: 'ready' }
  /** `microseconds` per frame. */
  | { readonly kind: 'measured'; readonly microseconds: number }
  | { readonly kind: 'broken'; readonly error: string };

export class Frame {
  data: ArrayBuffer;
  readonly type: 'key' | 'delta' = 'delta';
  readonly timestamp: number;

  constructor(data: ArrayBuffer, timestamp: number) {
    this.data = data;
    this.timestamp = timestamp;
  }

  getMetadata(): { readonly synchronizationSource: number; readonly payloadType: number } {
    return { synchronizationSource: 1, payloadType: 96 };
  }
}

/** Takes every frame of `frames` through and gives them back in the order in which they came out. */
export type Path = (frames: readonly Frame[], direction: Task['direction']) => Promise<Frame[]>;

/** A path through the worker's own `rtctransform` listener. */
export function eventPath(options: (direction: Task['direction']) => unknown): Path {
  return (frames, direction) =>
    new Promise((resolve, reject) => {
      const out: Frame[] = [];
      const readable = new ReadableStream<Frame>({
        start(controller) {
          for (const frame of frames) controller.enqueue(frame);
          controller.close();
        },
      });
      const writable = new WritableStream<Frame>({
        write: (frame) => void out.push(frame),
        close: () => resolve(out),
        abort: reject,
      });
      const transformer = { readable, writable, options: options(direction) };
      globalThis.dispatchEvent(Object.assign(new Event('rtctransform'), { transformer }));
    });
}

/** The name that the page gave this worker. */
export const ownName = (globalThis as unknown as { readonly name: string }).name;

const FILL = 64;

function fresh({ size, count }: Task): Frame[] {
  // Buffers of their own, as an encoder gives them; the first byte says which frame it is and has VP8's bit of inter
  // frames.
  return Array.from({ length: count }, (_, index) => {
    const bytes = new Uint8Array(size).fill(FILL);
    bytes[0] = 1;
    new DataView(bytes.buffer).setUint32(4, index);
    return new Frame(bytes.buffer, index);
  });
}

/**
 * No figure without proof that the work was done: all frames, in order, changed by encoding and themselves after
 * decoding.
 */
function check({ direction, size, count }: Task, out: readonly Frame[]): void {
  if (out.length !== count) throw new Error(`${direction}: ${out.length} of ${count} frames came out`);
  out.forEach(({ data }, index) => {
    const isPlain =
      data.byteLength === size && new Uint8Array(data)[size - 1] === FILL && new DataView(data).getUint32(4) === index;
    if (isPlain !== (direction === 'decode')) throw new Error(`${direction}: frame ${index} is not what it should be`);
  });
}

/**
 * Answers the page's tasks; what was encoded last is what the next decode takes, since a frame may be taken once only.
 */
export function serve(name: string, path: Path): void {
  const channel = new BroadcastChannel(name);
  const answer = (message: Answer): void => channel.postMessage(message);
  let encoded: Frame[] = [];
  const run = async (task: Task): Promise<Answer> => {
    const frames = task.direction === 'encode' ? fresh(task) : encoded;
    const start = performance.now();
    const out = await path(frames, task.direction);
    const microseconds = ((performance.now() - start) * 1000) / task.count;
    check(task, out);
    encoded = task.direction === 'encode' ? out : [];
    return { kind: 'measured', microseconds };
  };
  channel.addEventListener('message', ({ data }: MessageEvent<Task | 'hello'>) => {
    if (data === 'hello') return answer({ kind: 'ready' });
    void run(data)
      .catch((error: unknown): Answer => ({ kind: 'broken', error: String(error) }))
      .then(answer);
  });
}
