/** [R16] While a session runs, scripts of the page cannot record room media; other media, and all media afterwards, are unaffected. */
import { expect } from '@open-wc/testing';
import { CaptureGuard } from '../../src/guard/recording.ts';
import { waitUntil } from '../support/wait-until.ts';

interface Picture {
  readonly stream: MediaStream;
  readonly video: HTMLVideoElement;
}

function picture(): Picture {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d')?.fillRect(0, 0, 8, 8);
  const stream = canvas.captureStream(5);
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  return { stream, video };
}

type Constructor = new (...parameters: unknown[]) => unknown;
type Realm = Window & typeof globalThis & Readonly<Record<string, Constructor | undefined>>;
type Ways = Readonly<Record<string, () => unknown>>;

/** Ways to get at a picture or a sound; those that a browser lacks are left out. */
function ways({ stream, video }: Picture, realm = window as unknown as Realm): Ways {
  const canvas = realm.document.createElement('canvas');
  const context = canvas.getContext('2d');
  const gl = realm.document.createElement('canvas').getContext('webgl');
  const [track] = stream.getVideoTracks();
  const made = (name: string, ...parameters: readonly unknown[]): Ways =>
    realm[name] ? { [`new ${name}`]: () => new realm[name]!(...parameters) } : {};
  /** A method of this realm on an object of the page. */
  const called = (owner: string, name: string, self: unknown, ...parameters: readonly unknown[]): Ways => {
    const prototype = realm[owner]?.prototype as Readonly<Record<string, (...p: unknown[]) => unknown>> | undefined;
    return prototype?.[name] ? { [`${owner}.${name}`]: () => prototype[name]!.call(self, ...parameters) } : {};
  };
  return {
    MediaRecorder: () => new realm.MediaRecorder(stream).start(),
    'a clone in a MediaRecorder': () => new realm.MediaRecorder(stream.clone()),
    'a clone of its track': () => new realm.MediaRecorder(new realm.MediaStream([track!.clone()])),
    'a track of it in another stream': () => new realm.MediaRecorder(new realm.MediaStream([track!])),
    'a recorder made before': () => lateRecorder(realm, track!).start(),
    drawImage: () => context?.drawImage(video, 0, 0),
    createPattern: () => context?.createPattern(video, 'repeat'),
    createImageBitmap: () => realm.createImageBitmap(video),
    ...(gl
      ? {
          texImage2D: () => gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, video),
          texSubImage2D: () => gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, gl.RGBA, gl.UNSIGNED_BYTE, video),
        }
      : {}),
    addTrack: () => new realm.RTCPeerConnection().addTrack(track!),
    addTransceiver: () => new realm.RTCPeerConnection().addTransceiver(track!),
    replaceTrack: () => new realm.RTCPeerConnection().addTransceiver('video').sender.replaceTrack(track!),
    srcObject: () =>
      Object.getOwnPropertyDescriptor(realm.HTMLMediaElement.prototype, 'srcObject')?.get?.call(video) as unknown,
    'srcObject of another element': () => {
      Object.getOwnPropertyDescriptor(realm.HTMLMediaElement.prototype, 'srcObject')?.set?.call(
        document.createElement('video'),
        stream,
      );
    },
    'a stream of its tracks': () => new realm.MediaStream(stream.getTracks()),
    'a track added to a stream': () => new realm.MediaStream().addTrack(track!),
    structuredClone: () => realm.structuredClone({ track }, { transfer: [track as unknown as Transferable] }),
    'MessagePort.postMessage': () =>
      new realm.MessageChannel().port1.postMessage(null, [track as unknown as Transferable]),
    ...called('Worker', 'postMessage', {}, { track }, { transfer: [track] }),
    ...called('HTMLMediaElement', 'captureStream', video),
    ...called('HTMLMediaElement', 'mozCaptureStream', video),
    ...called('HTMLVideoElement', 'requestPictureInPicture', video),
    ...made('MediaStreamTrackProcessor', { track }),
    ...made('ImageCapture', track),
    ...made('VideoFrame', video, { timestamp: 0 }),
    ...('SpeechRecognition' in realm ? called('SpeechRecognition', 'start', {}, track) : {}),
  };
}

/** A recorder of a stream that gets the room's track only afterwards. */
function lateRecorder(realm: Realm, track: MediaStreamTrack): MediaRecorder {
  const stream = new realm.MediaStream();
  const recorder = new realm.MediaRecorder(stream);
  stream.addTrack(track);
  return recorder;
}

/** Which of ours it throws or rejects with; null where it is let through, whatever the browser then says. */
async function outcome(way: () => unknown): Promise<string | null> {
  try {
    await way();
    return null;
  } catch (error: unknown) {
    return (error as { code?: unknown }).code === 'recording-refused' ? 'recording-refused' : null;
  }
}

async function outcomes(tried: Ways): Promise<Readonly<Record<string, string | null>>> {
  const found: Record<string, string | null> = {};
  for (const [name, way] of Object.entries(tried)) found[name] = await outcome(way);
  return found;
}

const all = (tried: Ways, result: string | null) =>
  Object.fromEntries(Object.keys(tried).map((name) => [name, result]));

async function guarded(use: (guard: CaptureGuard, refusals: () => number) => Promise<void>): Promise<void> {
  let refused = 0;
  const guard = new CaptureGuard({ onRefused: () => refused++ });
  guard.start();
  try {
    await use(guard, () => refused);
  } finally {
    guard.stop();
  }
}

/** Every own property of every interface of a realm, accessors not run. */
function everyDescriptor(realm: object): ReadonlyMap<string, PropertyDescriptor> {
  const found = new Map<string, PropertyDescriptor>();
  const note = (path: string, target: object): void => {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(target)))
      found.set(`${path}.${name}`, descriptor);
  };
  note('window', realm);
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(realm)))
    if (typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null)
      note(name, value.prototype as object);
  return found;
}

function sameDescriptor(a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean {
  return (
    Object.is(a?.value, b?.value) &&
    a?.get === b?.get &&
    a?.set === b?.set &&
    a?.writable === b?.writable &&
    a?.enumerable === b?.enumerable &&
    a?.configurable === b?.configurable
  );
}

/** Whether the video has shown a frame. */
async function played(video: HTMLVideoElement): Promise<boolean> {
  video.muted = true;
  document.body.append(video);
  await video.play();
  await waitUntil(() => video.videoWidth > 0, 'a frame');
  return true;
}

async function frame(): Promise<HTMLIFrameElement> {
  const element = document.createElement('iframe');
  const loaded = new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
  element.srcdoc = '<p>a frame of the page</p>';
  document.body.append(element);
  await loaded;
  return element;
}

describe('[R16] the recording guard', () => {
  it('refuses and reports every capture of room media, and permits all of them after the session', async () => {
    const room = picture();
    const tried = ways(room);
    expect(Object.keys(tried).length).to.be.greaterThan(14);
    await guarded(async (guard, refusals) => {
      guard.protect(room.stream);
      expect(await outcomes(tried)).to.deep.equal(all(tried, 'recording-refused'));
      expect(refusals()).to.equal(Object.keys(tried).length);
    });
    expect(await outcomes(tried)).to.deep.equal(all(tried, null));
  });

  it('permits every capture of other media of the page', async () => {
    await guarded(async (_guard, refusals) => {
      const tried = ways(picture());
      expect(await outcomes(tried)).to.deep.equal(all(tried, null));
      expect(refusals()).to.equal(0);
    });
  });

  it('permits sending our own picture, and refuses drawing, recording or extracting it', async () => {
    const own = picture();
    const [track] = own.stream.getVideoTracks();
    await guarded(async (guard) => {
      guard.protectOwn(own.stream);
      expect(await outcome(() => new RTCPeerConnection().addTrack(track!))).to.equal(null);
      const { drawImage, MediaRecorder: recorder, srcObject } = ways(own);
      for (const way of [drawImage!, recorder!, srcObject!]) expect(await outcome(way)).to.equal('recording-refused');
    });
  });

  it('lets room media into an element only through the room itself', async () => {
    const room = picture();
    const video = document.createElement('video');
    await guarded(async (guard, refusals) => {
      guard.protect(room.stream);
      expect(guard.show(video, room.stream)).to.equal('shown');
      expect(await played(video)).to.equal(true);
      // A site may compare before it sets, and set again what it read: neither records.
      const read = video.srcObject;
      expect(read).to.be.instanceOf(MediaStream);
      expect(read).to.not.equal(room.stream);
      expect((read as MediaStream).getTracks()).to.deep.equal([]);
      expect(video.srcObject).to.equal(read);
      video.srcObject = read;
      expect(refusals()).to.equal(0);
      expect(video.videoWidth).to.be.greaterThan(0);
      // The video still counts as room media.
      expect(await outcome(() => createImageBitmap(video))).to.equal('recording-refused');
      // Another source of the site ends it.
      const other = picture();
      video.srcObject = other.stream;
      expect(video.srcObject).to.equal(other.stream);
      expect(await outcome(() => createImageBitmap(video))).to.equal(null);
    });
  });

  it('does not restart a video that shows the same stream again', async () => {
    const room = picture();
    const video = document.createElement('video');
    await guarded(async (guard) => {
      guard.protect(room.stream);
      guard.show(video, room.stream);
      expect(await played(video)).to.equal(true);
      let emptied = 0;
      video.addEventListener('emptied', () => emptied++);
      guard.show(video, room.stream);
      guard.show(video, room.stream);
      // A restart begins with nothing (HTML §4.8.11.5), and drops the events of the one before.
      expect(video.readyState).to.equal(HTMLMediaElement.HAVE_ENOUGH_DATA);
      guard.show(video, null);
      await waitUntil(() => emptied > 0, 'emptied');
      expect(emptied).to.equal(1);
      expect(video.srcObject).to.equal(null);
    });
  });

  // Firefox has the second name alone, others the first.
  for (const name of ['captureStream', 'mozCaptureStream'].filter((name) => name in HTMLMediaElement.prototype))
    it(`gives no room media to an element that ${name} has captured while the guard runs`, async () => {
      const room = picture();
      const video = document.createElement('video');
      await guarded(async (guard, refusals) => {
        guard.protect(room.stream);
        const tap = (video as unknown as Record<string, () => MediaStream>)[name]!();
        expect(refusals()).to.equal(0);
        expect(guard.show(video, room.stream)).to.equal('refused');
        expect(refusals()).to.equal(1);
        expect(video.srcObject).to.equal(null);
        expect(tap.getTracks()).to.deep.equal([]);
      });
    });

  it('gives no room media to an element that an audio graph has taken over', async () => {
    const room = picture();
    for (const take of [
      (context: AudioContext, video: HTMLVideoElement) => context.createMediaElementSource(video),
      (context: AudioContext, video: HTMLVideoElement) =>
        new MediaElementAudioSourceNode(context, { mediaElement: video }),
    ]) {
      const video = document.createElement('video');
      const context = new AudioContext();
      await guarded(async (guard, refusals) => {
        guard.protect(room.stream);
        take(context, video);
        expect(guard.show(video, room.stream)).to.equal('refused');
        expect(refusals()).to.equal(1);
      });
      await context.close();
    }
  });

  it('refuses interfaces that browsers are about to ship', async () => {
    const room = picture();
    const inside = document.createElement('div');
    inside.attachShadow({ mode: 'open' }).append(room.video);
    class Detector {
      detect(_source: unknown): Promise<string> {
        return Promise.resolve('found');
      }
    }
    class Model {
      prompt(_input: unknown): Promise<string> {
        return Promise.resolve('described');
      }
    }
    const added: readonly (readonly [object, string, unknown])[] = [
      [CanvasRenderingContext2D.prototype, 'drawElementImage', () => 'drawn'],
      [WebGL2RenderingContext.prototype, 'texElementImage2D', () => 'drawn'],
      [window, 'BarcodeDetector', Detector],
      [window, 'LanguageModel', Model],
    ];
    const before = added.map(([target, name]) => Object.getOwnPropertyDescriptor(target, name));
    for (const [target, name, value] of added)
      Object.defineProperty(target, name, { value, configurable: true, writable: true });
    try {
      await guarded(async (guard) => {
        guard.protect(room.stream);
        room.video.srcObject = null;
        guard.show(room.video, room.stream);
        const realm = window as unknown as Realm;
        const draw = (element: Element) => () =>
          (CanvasRenderingContext2D.prototype as unknown as { drawElementImage(e: Element): string }).drawElementImage(
            element,
          );
        const texture = () =>
          (
            WebGL2RenderingContext.prototype as unknown as { texElementImage2D(...o: unknown[]): string }
          ).texElementImage2D(1, inside);
        // The element itself, and one that contains it behind a shadow root.
        for (const way of [
          draw(room.video),
          draw(inside),
          texture,
          () => (new realm['BarcodeDetector']!() as Detector).detect(room.video),
          () =>
            (new realm['LanguageModel']!() as Model).prompt([
              { role: 'user', content: [{ type: 'image', value: room.video }] },
            ]),
        ])
          expect(await outcome(way)).to.equal('recording-refused');
        expect(draw(document.createElement('div'))()).to.equal('drawn');
        expect(await (new realm['BarcodeDetector']!() as Detector).detect(document.createElement('canvas'))).to.equal(
          'found',
        );
      });
    } finally {
      for (const [index, [target, name]] of added.entries()) {
        const descriptor = before[index];
        if (descriptor) Object.defineProperty(target, name, descriptor);
        else Reflect.deleteProperty(target, name);
      }
    }
  });

  it('restores every property when the last of several sessions ends', () => {
    const before = everyDescriptor(window);
    const [first, second] = [
      new CaptureGuard({ onRefused: () => undefined }),
      new CaptureGuard({ onRefused: () => undefined }),
    ];
    first.start();
    second.start();
    first.stop();
    expect(everyDescriptor(window).get('CanvasRenderingContext2D.drawImage')?.value).to.not.equal(
      before.get('CanvasRenderingContext2D.drawImage')?.value,
    );
    second.stop();
    const after = everyDescriptor(window);
    expect([...after.keys()].filter((key) => !sameDescriptor(before.get(key), after.get(key)))).to.deep.equal([]);
    expect(after.size).to.equal(before.size);
    expect(after.size).to.be.greaterThan(5_000);
  });

  it('permits screen capture only for our own share button', async () => {
    await guarded(async (guard) => {
      const ask = (): Promise<MediaStream> => navigator.mediaDevices.getDisplayMedia();
      expect(await outcome(ask)).to.equal('recording-refused');
      expect(await outcome(() => guard.allow(ask))).to.equal(null);
      const older = { video: { mediaSource: 'screen' } } as MediaStreamConstraints;
      expect(await outcome(() => navigator.mediaDevices.getUserMedia(older))).to.equal('recording-refused');
    });
  });

  it('rejects where the browser’s method would reject', async () => {
    const room = picture();
    await guarded(async (guard) => {
      guard.protect(room.stream);
      const answer = createImageBitmap(room.video);
      expect(await outcome(() => answer)).to.equal('recording-refused');
    });
  });

  it('covers present and future same-origin frames', async () => {
    const room = picture();
    const there = await frame();
    const functions = (element: HTMLIFrameElement) => element.contentWindow as unknown as Realm;
    const before = everyDescriptor(functions(there));
    await guarded(async (guard) => {
      guard.protect(room.stream);
      const tried = ways(room, functions(there));
      expect(await outcomes(tried)).to.deep.equal(all(tried, 'recording-refused'));
      // Got at without our accessor, as soon as it has loaded.
      const coming = await frame();
      const late = ways(room, window.frames[window.frames.length - 1] as unknown as Realm);
      expect(await outcomes(late)).to.deep.equal(all(late, 'recording-refused'));
      coming.remove();
      // And in the very task in which it appears, through the accessor.
      const empty = document.body.appendChild(document.createElement('iframe'));
      expect(await outcome(ways(room, functions(empty))['drawImage']!)).to.equal('recording-refused');
      empty.remove();
    });
    const after = everyDescriptor(functions(there));
    expect([...after.keys()].filter((key) => !sameDescriptor(before.get(key), after.get(key)))).to.deep.equal([]);
    there.remove();
  });

  it('covers a class that the page has subclassed', async () => {
    const Native = window.RTCPeerConnection;
    const room = picture();
    window.RTCPeerConnection = class extends Native {};
    try {
      await guarded(async (guard) => {
        guard.protect(room.stream);
        for (const name of ['addTrack', 'addTransceiver'])
          expect(await outcome(ways(room)[name]!), name).to.equal('recording-refused');
      });
    } finally {
      window.RTCPeerConnection = Native;
    }
  });

  it('stops refusing after the session when another script has wrapped a patch', async () => {
    const { getDisplayMedia } = MediaDevices.prototype;
    let theirs: typeof getDisplayMedia | undefined;
    await guarded(async () => {
      const ours = MediaDevices.prototype.getDisplayMedia;
      theirs = function (this: MediaDevices, ...o) {
        return ours.apply(this, o);
      };
      MediaDevices.prototype.getDisplayMedia = theirs;
      expect(await outcome(() => navigator.mediaDevices.getDisplayMedia())).to.equal('recording-refused');
    });
    expect(MediaDevices.prototype.getDisplayMedia).to.equal(theirs);
    expect(await outcome(() => navigator.mediaDevices.getDisplayMedia())).to.equal(null);
    MediaDevices.prototype.getDisplayMedia = getDisplayMedia;
  });
});
