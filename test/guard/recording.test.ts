/** [R16] Room media cannot be recorded by scripts of the page while a session runs; everything else can, and afterwards all of it. */
import { expect } from '@open-wc/testing';
import { CaptureGuard } from '../../src/guard/recording.ts';
import { findReplayRecorders } from '../../src/guard/replay.ts';

function picture(): { readonly stream: MediaStream; readonly video: HTMLVideoElement } {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d')?.fillRect(0, 0, 8, 8);
  const stream = canvas.captureStream(5);
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  return { stream, video };
}

type Page = Readonly<Record<string, (new (...parameters: unknown[]) => unknown) | undefined>>;
/** Ways to get at a picture; those that a browser lacks are left out. */
function ways({ stream, video }: ReturnType<typeof picture>): Readonly<Record<string, () => unknown>> {
  const page = window as unknown as Page;
  const context = document.createElement('canvas').getContext('2d');
  const [track] = stream.getVideoTracks();
  const made = (name: string, ...parameters: readonly unknown[]) =>
    page[name] ? { [name]: () => new page[name]!(...parameters) } : {};
  const capturing = ['captureStream', 'mozCaptureStream'].find((name) => name in video);
  return {
    MediaRecorder: () => new MediaRecorder(stream).start(),
    'a clone in a MediaRecorder': () => new MediaRecorder(stream.clone()),
    'a track of it in another stream': () => new MediaRecorder(new MediaStream([track!])),
    drawImage: () => context?.drawImage(video, 0, 0),
    createImageBitmap: () => createImageBitmap(video),
    addTrack: () => new RTCPeerConnection().addTrack(track!),
    ...(capturing ? { [capturing]: () => (video as unknown as Record<string, () => unknown>)[capturing]?.() } : {}),
    ...('requestPictureInPicture' in video ? { requestPictureInPicture: () => video.requestPictureInPicture() } : {}),
    ...made('MediaStreamTrackProcessor', { track }),
    ...made('ImageCapture', track),
    ...made('VideoFrame', video, { timestamp: 0 }),
  };
}

/** What a way throws, or the name of what it rejects with; null where it is let through. */
async function outcome(way: () => unknown): Promise<string | null> {
  try {
    await way();
    return null;
  } catch (error: unknown) {
    return (error as { code?: unknown }).code === 'recording-refused' ? 'recording-refused' : null;
  }
}

describe('[R16] the recording guard', () => {
  it('refuses every way to a picture of the room, reports it, and lets it be afterwards', async () => {
    let refused = 0;
    const guard = new CaptureGuard({ onRefused: () => refused++ });
    const room = picture();
    guard.protect(room.stream);
    guard.start();
    const tried = Object.entries(ways(room));
    try {
      for (const [name, way] of tried) expect(await outcome(way), name).to.equal('recording-refused');
    } finally {
      guard.stop();
    }
    expect(tried.length).to.be.greaterThan(7);
    expect(refused).to.equal(tried.length);
    for (const [name, way] of Object.entries(ways(room))) expect(await outcome(way), name).to.equal(null);
  });

  it('leaves all other media of the page alone', async () => {
    const guard = new CaptureGuard({ onRefused: () => undefined });
    const other = picture();
    guard.start();
    try {
      for (const [name, way] of Object.entries(ways(other))) expect(await outcome(way), name).to.equal(null);
    } finally {
      guard.stop();
    }
  });

  it('puts back exactly what was there, once the last of several sessions is over', () => {
    const before = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'drawImage');
    const [first, second] = [
      new CaptureGuard({ onRefused: () => undefined }),
      new CaptureGuard({ onRefused: () => undefined }),
    ];
    first.start();
    second.start();
    first.stop();
    expect(Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'drawImage')?.value).to.not.equal(
      before?.value,
    );
    second.stop();
    expect(Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'drawImage')).to.deep.equal(before);
  });

  it('lets only our own share button reach the screen', async () => {
    const guard = new CaptureGuard({ onRefused: () => undefined });
    guard.start();
    try {
      expect(await outcome(() => navigator.mediaDevices.getDisplayMedia())).to.equal('recording-refused');
    } finally {
      guard.stop();
    }
  });
});

describe('[R16] replay recorders', () => {
  it('are found by what they leave in the page, and nothing else is taken for one', () => {
    expect(findReplayRecorders({})).to.deep.equal([]);
    expect(findReplayRecorders({ rrweb: {}, DD_RUM: {}, unrelated: {} }).map(({ tool }) => tool)).to.deep.equal([
      'rrweb',
      'Datadog RUM',
    ]);
    // An element whose id happens to be such a name is not a tool.
    expect(findReplayRecorders({ clarity: document.createElement('p') })).to.deep.equal([]);
    expect(findReplayRecorders()).to.deep.equal([]);
  });
});
