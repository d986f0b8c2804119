/** [R16] A script of the page tries every way to read video frames of a running session. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { PATIENCE, POLLING, makeRoom, openWindow, type Person } from './stage.ts';

interface Room {
  readonly state: { readonly participants: readonly { readonly id: string }[] };
  attach(video: HTMLVideoElement, id: string, kind: 'camera'): () => void;
}

interface Spy {
  /** What a hook on every connection came to for each track. */
  readonly hooked: readonly string[];
  /** What a site with an interface of its own does: shows the guest's counterpart, reads it, and shows it again. */
  showAndRead(): Promise<{ readonly same: boolean; readonly tracks: number; readonly restarts: number }>;
  /** Shows room media in videos that were captured beforehand. @returns the tracks that the capture got */
  showInCaptured(): Promise<{ readonly captured: number; readonly heard: boolean }>;
  /** Each way and its result: `refused` by the room, `worked`, or the browser's own error. */
  tryAll(what: 'room' | 'harmless'): Promise<Record<string, string>>;
  /** Names of all properties of the page's interfaces that differ from the start of the page. */
  changed(): string[];
}
const changed = (person: Person): Promise<string[]> =>
  person.page.evaluate(() => (window as unknown as { spy: Spy }).spy.changed());
const tryAll = (person: Person, what: 'room' | 'harmless'): Promise<Record<string, string>> =>
  person.page.evaluate((media) => (window as unknown as { spy: Spy }).spy.tryAll(media), what);

/** In the page: a script of the site that tries to read a frame. */
function spy(): void {
  const everything = (): Map<string, PropertyDescriptor> => {
    const found = new Map<string, PropertyDescriptor>();
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(window))) {
      found.set(name, Object.getOwnPropertyDescriptor(window, name) ?? {});
      const prototype: unknown = typeof value === 'function' ? (value as { prototype?: unknown }).prototype : undefined;
      if (typeof prototype === 'object' && prototype !== null)
        for (const [inner, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
          found.set(`${name}.${inner}`, descriptor);
    }
    return found;
  };
  // A tool that hooks every connection before the room exists, and records what arrives.
  const hooked: string[] = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(o?: RTCConfiguration) {
      super(o);
      this.addEventListener('track', ({ track }) => {
        try {
          new MediaRecorder(new MediaStream([track])).start();
          hooked.push('worked');
        } catch (error: unknown) {
          hooked.push((error as { code?: unknown }).code === 'recording-refused' ? 'refused' : String(error));
        }
      });
    }
  };
  // Captures set on empty elements before any script of the room has loaded.
  const tapped = [document.createElement('video'), document.createElement('video')] as const;
  const capture = ['captureStream', 'mozCaptureStream'].find((name) => name in tapped[0]) ?? '';
  const taken = (tapped[0] as unknown as Record<string, () => MediaStream>)[capture]!();
  new AudioContext().createMediaElementSource(tapped[1]);
  const before = everything();
  const video = (): HTMLVideoElement => {
    const search = (root: ParentNode): HTMLVideoElement | null => {
      for (const element of root.querySelectorAll('*')) {
        if (element instanceof HTMLVideoElement && element.videoWidth > 0) return element;
        const inner = element.shadowRoot && search(element.shadowRoot);
        if (inner) return inner;
      }
      return null;
    };
    const found = search(document);
    if (!found) throw new Error('no video');
    return found;
  };
  const roomTrack = (): MediaStreamTrack => {
    const { peers } = (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen;
    const live = peers.find(({ connectionState }) => connectionState === 'connected')!;
    return live.getReceivers().find(({ track }) => track.kind === 'video')!.track;
  };
  const harmless = async (): Promise<{ track: MediaStreamTrack; element: HTMLVideoElement }> => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    const stream = canvas.captureStream(10);
    const timer = setInterval(() => context?.fillRect(Math.random() * 100, 0, 50, 50), 50);
    const element = document.createElement('video');
    element.muted = true;
    element.srcObject = stream;
    await element.play();
    await new Promise((resolve) => element.requestVideoFrameCallback(resolve));
    clearInterval(timer);
    return { track: stream.getVideoTracks()[0]!, element };
  };
  const ways = (track: MediaStreamTrack, element: HTMLVideoElement): Record<string, () => unknown> => {
    const context = document.createElement('canvas').getContext('2d')!;
    const gl = document.createElement('canvas').getContext('webgl');
    const page = window as unknown as Record<string, new (...o: unknown[]) => unknown>;
    return {
      'MediaRecorder of the track': () => new MediaRecorder(new MediaStream([track])).start(),
      'MediaRecorder of a clone': () => new MediaRecorder(new MediaStream([track.clone()])).start(),
      'a stream that gets the track later': () => new MediaStream().addTrack(track),
      'another video': () => {
        document.createElement('video').srcObject = new MediaStream([track]);
      },
      [`video.${capture}`]: () => (element as unknown as Record<string, () => unknown>)[capture]!(),
      'canvas drawImage': () => {
        context.drawImage(element, 0, 0);
        return context.getImageData(0, 0, 1, 1);
      },
      'canvas createPattern': () => context.createPattern(element, 'repeat'),
      createImageBitmap: () => createImageBitmap(element),
      VideoFrame: () => new VideoFrame(element, { timestamp: 0 }),
      'another connection': () => new RTCPeerConnection().addTrack(track),
      ...(gl
        ? { 'WebGL texImage2D': () => gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, element) }
        : {}),
      ...(page['MediaStreamTrackProcessor']
        ? { MediaStreamTrackProcessor: () => new page['MediaStreamTrackProcessor']!({ track }) }
        : {}),
      ...(page['ImageCapture'] ? { ImageCapture: () => new page['ImageCapture']!(track) } : {}),
      'the functions of a frame': () => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        try {
          const inner = frame.contentDocument!.createElement('canvas').getContext('2d')!;
          return inner.drawImage(element, 0, 0);
        } finally {
          frame.remove();
        }
      },
    };
  };
  const room = (): Room => (document.querySelector('consult-room') as unknown as { room: Room }).room;
  const show = async (element: HTMLVideoElement): Promise<() => void> => {
    element.muted = true;
    document.body.append(element);
    const detach = room().attach(element, room().state.participants[0]!.id, 'camera');
    // One that is refused never plays.
    await Promise.race([element.play(), new Promise((resolve) => setTimeout(resolve, 3_000))]).catch(() => undefined);
    return detach;
  };
  const spy: Spy = {
    hooked,
    showAndRead: async () => {
      const element = document.createElement('video');
      let restarts = 0;
      const detach = await show(element);
      element.addEventListener('emptied', () => restarts++);
      const read = element.srcObject as MediaStream;
      if (element.srcObject !== read) element.srcObject = read;
      element.srcObject = read;
      room().attach(element, room().state.participants[0]!.id, 'camera');
      await new Promise((resolve) => element.requestVideoFrameCallback(resolve));
      const result = { same: element.srcObject === read, tracks: read.getTracks().length, restarts };
      detach();
      element.remove();
      return result;
    },
    showInCaptured: async () => {
      const detach = await Promise.all(tapped.map(show));
      const result = { captured: taken.getTracks().length, heard: tapped[1].srcObject !== null };
      for (const [index, end] of detach.entries()) {
        end();
        tapped[index]?.remove();
      }
      return result;
    },
    changed: () => {
      const now = everything();
      return [...now.keys()].filter((name) => {
        const [a, b] = [before.get(name), now.get(name)];
        const native = !/^(?:seen|spy|on|event$|\d)/u.test(name);
        return native && before.has(name) && (a?.get !== b?.get || (name.includes('.') && a?.value !== b?.value));
      });
    },
    tryAll: async (what) => {
      const { track, element } = what === 'room' ? { track: roomTrack(), element: video() } : await harmless();
      const results: Record<string, string> = {};
      for (const [name, way] of Object.entries(ways(track, element))) {
        try {
          await way();
          results[name] = 'worked';
        } catch (error: unknown) {
          const { code, message } = error as { code?: unknown; message?: unknown };
          results[name] = code === 'recording-refused' ? 'refused' : String(message);
        }
      }
      return results;
    },
  };
  Object.assign(window, { spy });
}

/** Waits until the page shows this problem. */
async function seeProblem(person: Person, words: string): Promise<void> {
  await person.page.waitForFunction(
    (wanted) => {
      const shown = document.querySelector('consult-room')?.shadowRoot?.querySelector('[part="problems"]');
      return shown?.textContent?.replaceAll(/\s+/gu, ' ').includes(wanted);
    },
    { timeout: PATIENCE, polling: POLLING },
    words,
  );
}

describe('[R16] a script that tries to read a frame', () => {
  const server = useServer();
  const browsers = useBrowsers();

  for (const [own, other] of [
    ['chromium', 'firefox'],
    ['firefox', 'chromium'],
  ] as const)
    it(`fails visibly to both sides in ${own}, and finds the page unchanged afterwards`, async () => {
      const links = await makeRoom(server.address);
      const [host, guest] = await Promise.all([
        openWindow(browsers[other], links.host),
        openWindow(browsers[own], links.guest, { before: spy }),
      ]);
      assert.deepEqual(await changed(guest), []);
      await meet(host, guest);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);

      assert.deepEqual(await guest.page.evaluate(() => (window as unknown as { spy: Spy }).spy.showAndRead()), {
        same: true,
        tracks: 0,
        restarts: 0,
      });
      const hooked = await guest.page.evaluate(() => [...(window as unknown as { spy: Spy }).spy.hooked]);
      assert.deepEqual([...new Set(hooked)], ['refused']);
      const early = await guest.page.evaluate(() => (window as unknown as { spy: Spy }).spy.showInCaptured());
      if (own === 'chromium') assert.equal(early.captured, 0);
      else assert.equal(early.heard, false);
      const tried = await tryAll(guest, 'room');
      assert.ok(Object.keys(tried).length >= 11, Object.keys(tried).join(', '));
      assert.deepEqual(new Set(Object.values(tried)), new Set(['refused']), JSON.stringify(tried));
      await seeProblem(guest, 'Auf dieser Seite wollte ein Programm aufzeichnen. Das wurde verhindert.');
      await seeProblem(host, 'Auf der Seite von Mia Sonnenschein wollte ein Programm aufzeichnen.');
      await guest.picture(`recording-${own}-here`);
      await host.picture(`recording-${own}-there`);
      assert.ok((await changed(guest)).length > 10, 'the guard is in place');
      // Nothing else is affected: the call continues, and the page's own canvases and streams work.
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
      const others = await tryAll(guest, 'harmless');
      assert.deepEqual(new Set(Object.values(others)), new Set(['worked']), JSON.stringify(others));

      await guest.click('leave-button');
      await guest.seePhase('ended');
      assert.deepEqual(await changed(guest), []);
      const afterwards = await tryAll(guest, 'harmless');
      assert.deepEqual(Object.keys(afterwards), Object.keys(tried));
      assert.deepEqual(new Set(Object.values(afterwards)), new Set(['worked']), JSON.stringify(afterwards));
      await host.leave();
      await guest.leave();
    });
});
