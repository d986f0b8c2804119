/** [R16] A script of the page tries every way to read video frames of a running session. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { makeRoom, openWindow, type Person } from './stage.ts';

interface Spy {
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
  interface Named {
    room: { state: { participants: { id: string }[] }; stream(id: string, kind: 'camera'): MediaStream };
  }
  const roomStream = (): MediaStream => {
    const { room } = document.querySelector('consult-room') as unknown as Named;
    return room.stream(room.state.participants[0]!.id, 'camera');
  };
  const harmless = async (): Promise<{ stream: MediaStream; element: HTMLVideoElement }> => {
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
    return { stream, element };
  };
  const ways = (stream: MediaStream, element: HTMLVideoElement): Record<string, () => unknown> => {
    const context = document.createElement('canvas').getContext('2d')!;
    const gl = document.createElement('canvas').getContext('webgl');
    const [track] = stream.getVideoTracks();
    const page = window as unknown as Record<string, new (...o: unknown[]) => unknown>;
    const capture = ['captureStream', 'mozCaptureStream'].find((name) => name in element) ?? '';
    return {
      'MediaRecorder of the stream': () => new MediaRecorder(stream).start(),
      'MediaRecorder of a clone': () => new MediaRecorder(stream.clone()).start(),
      'MediaRecorder of the track': () => new MediaRecorder(new MediaStream([track!])).start(),
      [`video.${capture}`]: () => (element as unknown as Record<string, () => unknown>)[capture]!(),
      'canvas drawImage': () => {
        context.drawImage(element, 0, 0);
        return context.getImageData(0, 0, 1, 1);
      },
      'canvas createPattern': () => context.createPattern(element, 'repeat'),
      createImageBitmap: () => createImageBitmap(element),
      VideoFrame: () => new VideoFrame(element, { timestamp: 0 }),
      'reading srcObject': () => element.srcObject,
      'another connection': () => new RTCPeerConnection().addTrack(track!),
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
  const spy: Spy = {
    changed: () => {
      const now = everything();
      return [...now.keys()].filter((name) => {
        const [a, b] = [before.get(name), now.get(name)];
        const native = !/^(?:seen|spy|on|event$|\d)/u.test(name);
        return native && before.has(name) && (a?.get !== b?.get || (name.includes('.') && a?.value !== b?.value));
      });
    },
    tryAll: async (what) => {
      const { stream, element } = what === 'room' ? { stream: roomStream(), element: video() } : await harmless();
      const results: Record<string, string> = {};
      for (const [name, way] of Object.entries(ways(stream, element))) {
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
    { timeout: 60_000, polling: 100 },
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
      const links = await makeRoom(browsers.chromium, server.address);
      const host = await openWindow(browsers[other], links.host);
      const guest = await openWindow(browsers[own], links.guest, { before: spy });
      assert.deepEqual(await changed(guest), []);
      await meet(host, guest);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);

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
