/**
 * A guest whose devices fail, in a real call: the camera is refused, the microphone is unplugged, and both come back from
 * within the call. Both ends say at any time what is really sent.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserNames } from '../support/browsers.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { until } from '../support/until.ts';
import { meet } from './meet.ts';
import { PATIENCE, POLLING, makeRoom, openWindow, type Person } from './stage.ts';

interface Devices {
  /** Kinds that the browser refuses or does not find. */
  readonly failing: Map<'video' | 'audio', string>;
  /** Ends the running track of a kind, as when it is unplugged. */
  unplug(kind: 'video' | 'audio'): void;
}

/** In the page: devices that can be refused and unplugged. Firefox fires no scripted events on tracks. */
function control(): void {
  const failing = new Map<'video' | 'audio', string>([['video', 'NotAllowedError']]);
  const running: { readonly track: MediaStreamTrack; readonly onEnd: (() => void)[] }[] = [];
  const devices = navigator.mediaDevices;
  const original = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const kind = constraints?.video ? 'video' : 'audio';
    const failure = failing.get(kind);
    if (failure) throw new DOMException('Permission denied', failure);
    const stream = await original(constraints);
    for (const track of stream.getTracks()) {
      const onEnd: (() => void)[] = [];
      const listen = track.addEventListener.bind(track) as (...all: readonly unknown[]) => void;
      Object.assign(track, {
        addEventListener: (type: string, listener: () => void, ...more: readonly unknown[]) => {
          if (type === 'ended') onEnd.push(listener);
          listen(type, listener, ...more);
        },
      });
      running.push({ track, onEnd });
    }
    return stream;
  };
  const unplug = (kind: 'video' | 'audio'): void => {
    for (const { track, onEnd } of running) {
      if (track.kind !== kind || track.readyState === 'ended') continue;
      track.stop();
      for (const listener of onEnd) listener();
    }
  };
  Object.assign(window, { devices: { failing, unplug } satisfies Devices });
}

/** What a page shows and knows of the other participant. */
const theirMedia = (person: Person): Promise<{ readonly camera: boolean; readonly microphone: boolean } | undefined> =>
  person.page.evaluate(() => {
    const { room } = document.querySelector('consult-room') as unknown as {
      room: { state: { participants?: { media: { camera: boolean; microphone: boolean } }[] } };
    };
    return room.state.participants?.[0]?.media;
  });

async function seeTheirMedia(person: Person, camera: boolean, microphone: boolean): Promise<void> {
  await person.page.waitForFunction(
    (wanted) => {
      const { room } = document.querySelector('consult-room') as unknown as {
        room: { state: { participants?: { media: { camera: boolean; microphone: boolean } }[] } };
      };
      const media = room.state.participants?.[0]?.media;
      return media && `${String(media.camera)} ${String(media.microphone)}` === wanted;
    },
    { timeout: PATIENCE, polling: POLLING },
    `${String(camera)} ${String(microphone)}`,
  );
}

/** Waits until the page shows these words, through all shadow roots. */
async function seeWords(person: Person, words: string): Promise<void> {
  await person.page.waitForFunction(
    (wanted) => {
      const read = (root: ParentNode): string =>
        [...root.children]
          .map((element) =>
            element instanceof HTMLStyleElement
              ? ''
              : `${element.shadowRoot ? read(element.shadowRoot) : ''} ${element.children.length > 0 ? read(element) : ''} ${[
                  ...element.childNodes,
                ]
                  .filter((node) => node.nodeType === Node.TEXT_NODE)
                  .map((node) => node.textContent)
                  .join(' ')}`,
          )
          .join(' ');
      return read(document).replaceAll(/\s+/gu, ' ').includes(wanted);
    },
    { timeout: PATIENCE, polling: 100 },
    words,
  );
}

const inPage = (guest: Person, change: 'allow camera' | 'unplug microphone' | 'plug microphone'): Promise<void> =>
  guest.page.evaluate((what) => {
    const { devices } = window as unknown as { devices: Devices };
    if (what === 'allow camera') devices.failing.delete('video');
    if (what === 'plug microphone') devices.failing.delete('audio');
    if (what !== 'unplug microphone') return;
    devices.failing.set('audio', 'NotFoundError');
    devices.unplug('audio');
  }, change);

describe('a guest whose devices fail', () => {
  const server = useServer();
  const browsers = useBrowsers();

  for (const name of browserNames)
    it(`comes in without a camera, loses the microphone and gets both back in the call, in ${name}`, async () => {
      const links = await makeRoom(server.address);
      const [host, guest] = await Promise.all([
        openWindow(browsers[name], links.host),
        openWindow(browsers[name], links.guest, { before: control, width: 390, height: 844 }),
      ]);
      await meet(host, guest);

      // Sound only: said at both ends, and nothing else is sent.
      await seeTheirMedia(host, false, true);
      await seeWords(host, 'Kamera aus');
      // A press asks again, and says why it stays off.
      await guest.click('camera-button');
      await seeWords(guest, 'Der Browser darf die Kamera nicht benutzen.');
      const before = await host.received();
      await guest.seeFrames(20);
      const after = await until(
        () => host.received(),
        ({ audio }) => audio > before.audio,
        'the guest to be heard',
      );
      assert.equal(after.frames, before.frames, 'and not seen');
      await host.picture(`field-camera-refused-host-${name}`);
      await guest.picture(`field-camera-refused-guest-${name}`);

      await inPage(guest, 'unplug microphone');
      await seeTheirMedia(host, false, false);
      await seeWords(host, 'Mikrofon aus');
      await seeWords(guest, 'Ihr Mikrofon ist nicht mehr da.');
      await host.picture(`field-microphone-gone-host-${name}`);
      await guest.picture(`field-microphone-gone-guest-${name}`);

      // A press before it is plugged in again changes nothing of what others are told.
      await guest.click('microphone-button');
      await seeWords(guest, 'Es wurde kein Mikrofon gefunden.');
      assert.deepEqual((await theirMedia(host))?.microphone, false);

      await inPage(guest, 'plug microphone');
      await guest.click('microphone-button');
      await seeTheirMedia(host, false, true);
      await inPage(guest, 'allow camera');
      await guest.click('camera-button');
      await seeTheirMedia(host, true, true);
      await host.seeFrames();
      await host.picture(`field-back-host-${name}`);
      await guest.picture(`field-back-guest-${name}`);
      assert.equal(await guest.phase(), 'active');
      await host.leave();
      await guest.leave();
    });
});
