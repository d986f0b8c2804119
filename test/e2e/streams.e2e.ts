/**
 * Cameras, screens and other devices start and stop between Chromium and Firefox, and every frame is still decrypted.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launch } from '../support/shared-browsers.ts';
import { until } from '../support/until.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { reads } from './reading.ts';
import { makeRoom, openWindow, type Person, type Seen } from './stage.ts';

/**
 * In the page, because headless Firefox has no screen to share: replaces the picker and shares a drawn canvas.
 * Everything behind `getDisplayMedia` is real.
 */
function shareDrawing(): void {
  const capture = HTMLCanvasElement.prototype.captureStream;
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const context = canvas.getContext('2d');
    let step = 0;
    setInterval(() => {
      if (!context) return;
      context.fillStyle = `hsl(${String(step++ % 360)} 60% 50%)`;
      context.fillRect(0, 0, 640, 360);
    }, 40);
    return capture.call(canvas, 20);
  };
}

/** Index of each m-line, the same on both sides. */
const LINES = { audio: 0, camera: 1, screen: 2 } as const;

/** Frames decoded on one m-line of the connected peer connection. */
const decodedOn = (person: Person, line: keyof typeof LINES): Promise<number> =>
  person.page.evaluate(async (index) => {
    const { peers } = (window as unknown as { seen: Seen }).seen;
    const receiver = peers.find(({ connectionState }) => connectionState === 'connected')?.getTransceivers()[
      index
    ]?.receiver;
    let decoded = 0;
    (await receiver?.getStats())?.forEach((stat: RTCInboundRtpStreamStats) => {
      if (stat.type === 'inbound-rtp') decoded = stat.framesDecoded ?? stat.packetsReceived ?? 0;
    });
    return decoded;
  }, LINES[line]);

async function seesMore(person: Person, line: keyof typeof LINES, more = 15): Promise<void> {
  const start = await decodedOn(person, line);
  await until(
    () => decodedOn(person, line),
    (now) => now >= start + more,
    `frames of ${line}`,
  );
}

async function seesNoMore(person: Person, line: keyof typeof LINES): Promise<void> {
  await until(
    async () => {
      const first = await decodedOn(person, line);
      // Long enough for some fifteen frames, measured by audio packets.
      await seesMore(person, 'audio', 30);
      return (await decodedOn(person, line)) - first;
    },
    (came) => came === 0,
    `the end of ${line}`,
  );
}

interface Reported {
  readonly decrypted: number;
  readonly reasons: Readonly<Record<string, number>>;
}
const framesOf = (person: Person): Promise<Reported> =>
  person.page.evaluate(async () => {
    const { room } = document.querySelector('consult-room') as unknown as {
      room: { reports(): Promise<readonly { frames: Reported }[]> };
    };
    return (await room.reports())[0]!.frames;
  });

describe('streams between a host in Chromium and a guest in Firefox', () => {
  const server = useServer();
  const browsers = useBrowsers('firefox');
  let chromium: Browser;
  let host: Person;
  let guest: Person;

  before(async () => {
    // The second of Chromium's fake cameras delivers depth images, which no encoder takes: a third is needed.
    chromium = await launch('chromium', { args: ['--use-fake-device-for-media-stream=device-count=3'] });
    const links = await makeRoom(server.address);
    [host, guest] = await Promise.all([
      openWindow(chromium, links.host),
      openWindow(browsers.firefox, links.guest, { before: shareDrawing }),
    ]);
    await meet(host, guest);
    await Promise.all([seesMore(host, 'camera'), seesMore(guest, 'camera')]);
  });

  after(() => chromium.close());

  /** No frame failed to authenticate. */
  async function nothingWasForged(): Promise<void> {
    for (const person of [host, guest]) {
      const { decrypted, reasons } = await framesOf(person);
      assert.ok(decrypted > 0);
      assert.deepEqual([reasons['unauthenticated'], reasons['malformed'], reasons['unknownKey']], [0, 0, 0]);
    }
  }

  for (const [name, from, to] of [
    ['the host’s', () => host, () => guest],
    ['the guest’s', () => guest, () => host],
  ] as const) {
    it(`resume when ${name} camera goes off and on again, twice`, async () => {
      for (let round = 0; round < 2; round++) {
        await from().click('camera-button');
        await reads(to(), 'Kamera aus');
        await seesNoMore(to(), 'camera');
        await from().click('camera-button');
        await seesMore(to(), 'camera');
      }
      await nothingWasForged();
    });

    it(`continue when ${name} screen is shared, stopped and shared again beside the camera`, async () => {
      for (let round = 0; round < 2; round++) {
        await from().clickMore('share-button');
        await Promise.all([seesMore(to(), 'screen', 10), seesMore(to(), 'camera')]);
        await from().clickMore('share-button');
        await seesNoMore(to(), 'screen');
      }
      await seesMore(to(), 'camera');
      await nothingWasForged();
    });
  }

  it('carry both screens and both cameras at once', async () => {
    await Promise.all([host.clickMore('share-button'), guest.clickMore('share-button')]);
    await Promise.all(
      [host, guest].flatMap((person) => [
        seesMore(person, 'screen'),
        seesMore(person, 'camera'),
        seesMore(person, 'audio'),
      ]),
    );
    await Promise.all([host.clickMore('share-button'), guest.clickMore('share-button')]);
    await Promise.all([seesNoMore(host, 'screen'), seesNoMore(guest, 'screen')]);
    await nothingWasForged();
  });

  it('keep their transform when another camera replaces the first', async () => {
    for (let round = 0; round < 2; round++) {
      const id = await host.page.evaluate(async () => {
        const { room } = document.querySelector('consult-room') as unknown as {
          room: { openDevices(choice: object): Promise<void> };
        };
        const { peers } = (window as unknown as { seen: Seen }).seen;
        const sender = peers.find(({ connectionState }) => connectionState === 'connected')!.getTransceivers()[1]!
          .sender;
        const used = sender.track?.getSettings().deviceId;
        const all = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
        const other = [all[0], all[2]].find((device) => device?.deviceId !== used);
        await room.openDevices({
          camera: { kind: 'device', id: other?.deviceId ?? '' },
          microphone: { kind: 'default' },
        });
        while (sender.track?.getSettings().deviceId === used) await new Promise((resolve) => setTimeout(resolve, 50));
        return [used, sender.track?.getSettings().deviceId];
      });
      assert.notEqual(id[0], id[1]);
      await seesMore(guest, 'camera');
    }
    await nothingWasForged();
  });

  it('negotiate VP8 and Opus alone, and no header extension that reveals who speaks', async () => {
    for (const person of [host, guest]) {
      const { sdp, codecs } = await person.page.evaluate(async () => {
        const { peers } = (window as unknown as { seen: Seen }).seen;
        const pc = peers.find(({ connectionState }) => connectionState === 'connected')!;
        const used: string[] = [];
        (await pc.getStats()).forEach((stat: { type: string; mimeType?: string }) => {
          if (stat.type === 'codec') used.push(stat.mimeType ?? '');
        });
        return { sdp: [pc.currentLocalDescription!.sdp, pc.currentRemoteDescription!.sdp], codecs: used };
      });
      for (const mime of codecs) assert.match(mime, /^(?:video\/VP8|video\/rtx|audio\/opus)$/iu);
      assert.ok(codecs.some((mime) => /vp8/iu.test(mime)) && codecs.some((mime) => /opus/iu.test(mime)));
      // What both agreed to is in both descriptions.
      const offered = sdp.map(
        (text) => new Set([...text.matchAll(/^a=rtpmap:\d+ ([\w-]+)\//gmu)].map(([, name]) => name?.toLowerCase())),
      );
      for (const names of offered)
        for (const name of names) assert.ok(['opus', 'rtx', 'vp8'].includes(name ?? ''), name);
      for (const text of sdp) assert.ok(!/audio-level/u.test(text));
    }
  });

  it('[R4] send speech and silence in packets of one length (RFC 6562)', async () => {
    /** Bytes per packet of sound over the next hundred packets. */
    const lengthOf = (person: Person): Promise<number> =>
      person.page.evaluate(async () => {
        const { peers } = (window as unknown as { seen: Seen }).seen;
        const sender = peers.find(({ connectionState }) => connectionState === 'connected')!.getTransceivers()[0]!
          .sender;
        const read = async (): Promise<[number, number]> => {
          let counts: [number, number] = [0, 0];
          (await sender.getStats()).forEach((stat: RTCOutboundRtpStreamStats) => {
            if (stat.type === 'outbound-rtp') counts = [stat.packetsSent ?? 0, stat.bytesSent ?? 0];
          });
          return counts;
        };
        const [packets, bytes] = await read();
        for (;;) {
          const [nowPackets, nowBytes] = await read();
          if (nowPackets >= packets + 100) return (nowBytes - bytes) / (nowPackets - packets);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      });
    for (const person of [host, guest]) {
      const sounding = await lengthOf(person);
      await person.page.evaluate(() => {
        const { peers } = (window as unknown as { seen: Seen }).seen;
        const { track } = peers.find(({ connectionState }) => connectionState === 'connected')!.getTransceivers()[0]!
          .sender;
        // Not muted, which would stop the packets: silence, as from a person who says nothing.
        if (track) track.enabled = false;
      });
      const silent = await lengthOf(person);
      assert.equal(sounding, silent);
      assert.ok(Number.isInteger(silent), String(silent));
    }
  });
});
