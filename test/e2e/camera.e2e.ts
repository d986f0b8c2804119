/**
 * [R15] Turning the camera off stops its track, so that its light goes out; turning it on opens the same camera in the
 * same call.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserNames } from '../support/browsers.ts';
import { until } from '../support/until.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { PATIENCE, POLLING, makeRoom, openWindow, type Person } from './stage.ts';

/** In the page: keeps `drawImage` before the recording guard blocks it, because the test must read pixels. */
function keepDrawing(): void {
  Object.assign(window, { draw: CanvasRenderingContext2D.prototype.drawImage });
}

/**
 * The largest difference between neighbouring pixels of the other side's video, 0 to 255: high for sharp edges, low for
 * blurred ones.
 */
const sharpness = (person: Person): Promise<number> =>
  person.page.evaluate(() => {
    const find = (root: ParentNode): HTMLVideoElement | null => {
      for (const element of root.querySelectorAll('*')) {
        if (element instanceof HTMLVideoElement && element.videoWidth > 0) return element;
        const inner = element.shadowRoot && find(element.shadowRoot);
        if (inner) return inner;
      }
      return null;
    };
    const video = find(document);
    if (!video) return 0;
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    (window as unknown as { draw: (this: object, ...of: readonly unknown[]) => void }).draw.call(context, video, 0, 0);
    const { data, width } = context.getImageData(0, 0, canvas.width, canvas.height);
    let most = 0;
    for (let i = 4; i < data.length; i += 4)
      if ((i / 4) % width > 0)
        most = Math.max(most, Math.abs(data[i]! - data[i - 4]!), Math.abs(data[i + 1]! - data[i - 3]!));
    return most;
  });

const seeSharpness = (person: Person, holds: (sharp: number) => boolean): Promise<number> =>
  until(
    () => sharpness(person),
    (sharp) => sharp > 0 && holds(sharp),
    'sharpness',
  );

/** In the page: keeps every captured track, so that a test can see which of them are live. */
function keepTracks(): void {
  const tracks: MediaStreamTrack[] = [];
  Object.assign(window, { tracks });
  const devices = navigator.mediaDevices;
  const original = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await original(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
}

/** Kinds of the live tracks, and the id of the last camera. */
const running = (person: Person): Promise<{ readonly live: readonly string[]; readonly camera: string | undefined }> =>
  person.page.evaluate(() => {
    const { tracks } = window as unknown as { tracks: MediaStreamTrack[] };
    return {
      live: tracks.filter(({ readyState }) => readyState === 'live').map(({ kind }) => kind),
      camera: tracks.findLast(({ kind }) => kind === 'video')?.getSettings().deviceId,
    };
  });

async function seeRunning(person: Person, kinds: readonly string[]): Promise<void> {
  await person.page.waitForFunction(
    (wanted) =>
      (window as unknown as { tracks: MediaStreamTrack[] }).tracks
        .filter(({ readyState }) => readyState === 'live')
        .map(({ kind }) => kind)
        .sort()
        .join() === wanted,
    { timeout: PATIENCE, polling: POLLING },
    [...kinds].sort().join(),
  );
}

/** Waits until the other side's tile shows these words. */
const seeTile = (person: Person, words: string): Promise<unknown> =>
  person.page.waitForFunction(
    (wanted) => {
      const read = (root: ParentNode): string =>
        [...root.querySelectorAll('*')]
          .map((element) =>
            element.localName === 'participant-tile'
              ? (element.shadowRoot?.textContent ?? '')
              : element.shadowRoot
                ? read(element.shadowRoot)
                : '',
          )
          .join(' ');
      return read(document).includes(wanted);
    },
    { timeout: PATIENCE, polling: 100 },
    words,
  );

const all = ['audio', 'video'];

describe('[R15] the local camera', () => {
  const server = useServer();
  const browsers = useBrowsers();

  for (const name of browserNames) {
    it(`stops when turned off and returns in the same call when turned on, in ${name}`, async () => {
      const browser = browsers[name];
      const links = await makeRoom(server.address);
      const [host, guest] = await Promise.all([
        openWindow(browser, links.host),
        openWindow(browser, links.guest, { before: keepTracks }),
      ]);
      await meet(host, guest);
      await host.seeFrames();
      await seeRunning(guest, all);
      const { camera } = await running(guest);
      const { peers } = await guest.seen();

      await guest.click('camera-button');
      await seeRunning(guest, ['audio']);
      await seeTile(host, 'Kamera aus');
      await guest.click('camera-button');
      await seeRunning(guest, all);
      assert.equal((await running(guest)).camera, camera, 'the same camera');
      // The host decrypts frames again over the same connection.
      await host.seeFrames();
      assert.equal((await guest.seen()).peers, peers);

      await guest.clickMore('pause-button');
      await guest.seePhase('paused');
      await seeRunning(guest, []);
      await guest.click('resume-button');
      await seeRunning(guest, all);
      await host.seeFrames();

      // Another person entered: both sides stay paused until the declaration is acknowledged.
      await host.click('someone-came-in-button');
      await guest.seePhase('paused');
      await seeRunning(guest, []);
      await host.declareAgain();
      await guest.click('acknowledge-button');
      await Promise.all([host.seePhase('active'), guest.seePhase('active')]);
      await seeRunning(guest, all);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
      await host.leave();
      await guest.leave();
    });

    it(`explains why it cannot restart and keeps the call running, in ${name}`, async () => {
      const browser = browsers[name];
      const links = await makeRoom(server.address);
      const [host, guest] = await Promise.all([
        openWindow(browser, links.host),
        openWindow(browser, links.guest, { before: keepTracks }),
      ]);
      await meet(host, guest);
      await host.seeFrames();
      await guest.click('camera-button');
      await seeRunning(guest, ['audio']);
      await guest.page.evaluate(() => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotReadableError'));
      });
      await guest.click('camera-button');
      await guest.page.waitForFunction(
        () =>
          document
            .querySelector('consult-room')
            ?.shadowRoot?.querySelector('.problems')
            ?.textContent.includes('Die Kamera lässt sich gerade nicht einschalten.'),
        { timeout: PATIENCE, polling: POLLING },
      );
      await seeTile(host, 'Kamera aus');
      assert.equal(await guest.phase(), 'active');
      await host.leave();
      await guest.leave();
    });

    it(`leaves blurred when blur is on, and clear again when it is off, in ${name}`, async () => {
      const browser = browsers[name];
      const links = await makeRoom(server.address);
      const [host, guest] = await Promise.all([
        openWindow(browser, links.host, { before: keepDrawing }),
        openWindow(browser, links.guest),
      ]);
      await meet(host, guest);
      await host.seeFrames();
      const clear = await seeSharpness(host, (sharp) => sharp > 40);
      await guest.clickMore('blur-button');
      const soft = await seeSharpness(host, (sharp) => sharp < clear / 3);
      // Blurred frames are encrypted and decrypted like others.
      await host.seeFrames();
      await host.picture(`softened-${name}`);
      // The blur survives turning the camera off and on.
      await guest.click('camera-button');
      await seeTile(host, 'Kamera aus');
      await guest.click('camera-button');
      await host.seeFrames(20);
      assert.ok((await sharpness(host)) < clear / 3);
      await guest.clickMore('blur-button');
      await seeSharpness(host, (sharp) => sharp > clear * 0.7);
      console.log(`${name}: largest difference between pixels ${String(clear)} clear, ${String(soft)} blurred`);
      await host.leave();
      await guest.leave();
    });
  }
});
