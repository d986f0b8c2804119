/**
 * The real server with the built demo, and participants who click the public parts of the elements in real browsers.
 * The pages get the built library alone: the tests see what a site gets.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import process from 'node:process';
import type { Browser, Page } from 'puppeteer-core';
import { createInvite } from '../../src/invite.ts';

/** Milliseconds after which a test gives up waiting for a condition. */
export const PATIENCE = 60_000;

/** Milliseconds between two looks for it; more where a look reads the whole page. */
export const POLLING = 25;

export interface Server {
  /** `http://HOST:PORT/` */
  readonly address: string;
  readonly output: readonly string[];
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** By default a free one. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Further flags of `consult-room-server`; they replace those of `npm start`. */
  readonly flags?: readonly string[];
}

/** `npm start`. */
export async function startServer(o: ServerOptions = {}): Promise<Server> {
  const child = spawn(process.execPath, ['demo/start.mjs', ...(o.flags ?? [])], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(o.port ?? 0), ...o.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => output.push(line));
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(line);
      const [url] = /http:\/\/[^\s]+\//u.exec(line) ?? [];
      if (url) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`the server ended (${String(code)}): ${output.join('\n')}`)));
  });
  return { address, output, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

export interface Links {
  readonly host: string;
  readonly guest: string;
}

/** Creates a room as a booking system does, without a page. @returns its two links */
export async function makeRoom(address: string): Promise<Links> {
  const { hostLink, guestLink } = await createInvite({ base: new URL('room.html', address) });
  return { host: hostLink, guest: guestLink };
}

/** Creates a room on the landing page, as a counsellor does. @returns its two links */
export async function makeRoomOnLandingPage(browser: Browser, address: string): Promise<Links> {
  const page = await (await browser.createBrowserContext()).newPage();
  await page.goto(address);
  const person = new Person(page);
  await page.$eval('#create', (button) => (button as HTMLElement).click());
  await person.see(
    () => (document.querySelector('room-invite') as { guestLink?: string } | null)?.guestLink !== undefined,
  );
  const links = await page.evaluate(() => {
    const { hostLink, guestLink } = document.querySelector('room-invite') as unknown as {
      hostLink: string;
      guestLink: string;
    };
    return { host: hostLink, guest: guestLink };
  });
  await page.close();
  return links;
}

/** Pictures of a camera: pixels, and pictures a second. */
export interface Pictures {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
}

export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  /** What the camera gives, whatever size the room asks for later. */
  readonly camera?: Pictures;
  /** Runs in the page before its own scripts. */
  readonly before?: () => void;
}

/** Opens a window in a browser context of its own. */
export async function openWindow(browser: Browser, url: string, o: WindowOptions = {}): Promise<Person> {
  const page = await (await browser.createBrowserContext()).newPage();
  await page.setViewport({ width: o.width ?? 1280, height: o.height ?? 800 });
  await page.evaluateOnNewDocument(observe, o.camera);
  if (o.before) await page.evaluateOnNewDocument(o.before);
  const person = new Person(page);
  await page.goto(url);
  return person;
}

/** In the page: records phases, connections, captures and errors as the site sees them. */
export function observe(camera?: Pictures): void {
  const seen = { phases: [] as string[], peers: [] as RTCPeerConnection[], captures: 0, errors: [] as string[] };
  Object.assign(window, { seen });
  window.addEventListener('consult-phase', (event) =>
    seen.phases.push((event as CustomEvent<{ phase: string }>).detail.phase),
  );
  window.addEventListener('consult-error', (event) =>
    seen.errors.push((event as CustomEvent<{ code: string }>).detail.code),
  );
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      seen.peers.push(this);
    }
  };
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) return;
  const getUserMedia = devices.getUserMedia.bind(devices);
  // Every participant runs on this one machine, which encodes and decodes all pictures: ten small ones a second are enough.
  const { width, height, frameRate } = camera ?? { width: 640, height: 480, frameRate: 10 };
  const frugal = {
    width: { ideal: width },
    height: { ideal: height },
    frameRate: { ideal: frameRate, max: frameRate },
  };
  devices.getUserMedia = async (constraints) => {
    seen.captures++;
    const video = constraints?.video;
    const stream = await getUserMedia(
      typeof video === 'object' ? { ...constraints, video: { ...video, ...frugal } } : constraints,
    );
    if (camera) for (const track of stream.getVideoTracks()) track.applyConstraints = () => Promise.resolve();
    return stream;
  };
}

export interface Seen {
  readonly phases: string[];
  readonly peers: RTCPeerConnection[];
  readonly captures: number;
  readonly errors: string[];
}

export interface Arrival {
  readonly name: string;
  readonly occupants?: string;
}

export class Person {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until a condition holds in the page. */
  async see(condition: () => unknown): Promise<void> {
    await this.page.waitForFunction(condition, { timeout: PATIENCE, polling: POLLING });
  }

  phase(): Promise<string> {
    return this.page.evaluate(() => document.querySelector('consult-room')?.getAttribute('phase') ?? '');
  }

  async seePhase(phase: string): Promise<void> {
    try {
      await this.page.waitForFunction(
        (wanted) => document.querySelector('consult-room')?.getAttribute('phase') === wanted,
        { timeout: PATIENCE, polling: POLLING },
        phase,
      );
    } catch (cause: unknown) {
      throw new Error(`waited for ${phase}, is ${await this.phase()}; ${JSON.stringify(await this.seen())}`, { cause });
    }
  }

  /** After "someone came in": lifts the cover and says who stays, or that the person is alone again. */
  async declareAgain(occupants?: string): Promise<void> {
    await this.click('uncover-button');
    if (occupants) {
      await this.click('company-button');
      await this.type('occupants-input', occupants);
    }
    await this.click('continue-button');
  }

  /** Clicks a part that the sheet under "More" holds. */
  async clickMore(part: string): Promise<void> {
    await this.click('more-button');
    await this.click(part);
  }

  /** After the end: opens the folded receipts. */
  async unfoldReceipts(): Promise<void> {
    await this.see(() => {
      const details = document
        .querySelector('consult-room')
        ?.shadowRoot?.querySelector<HTMLDetailsElement>('details.consent');
      if (details) details.open = true;
      return details?.open;
    });
  }

  /** Clicks the first visible and enabled element with this part, through all shadow roots. */
  async click(part: string): Promise<void> {
    const handle = await this.find(part);
    await handle.evaluate((element) => (element as HTMLElement).click());
  }

  async type(part: string, text: string): Promise<void> {
    const handle = await this.find(part);
    await handle.evaluate((element) => (element as HTMLElement).focus());
    await this.page.keyboard.type(text);
  }

  async find(part: string) {
    const found = this.page.waitForFunction(
      (wanted) => {
        const search = (root: ParentNode): Element | null => {
          for (const element of root.querySelectorAll('*')) {
            const { part: parts } = element;
            const isVisible = (): boolean =>
              element.getClientRects().length > 0 && !(element as HTMLButtonElement).disabled;
            if (parts.contains(wanted) && isVisible()) return element;
            const inner = element.shadowRoot && search(element.shadowRoot);
            if (inner) return inner;
          }
          return null;
        };
        return search(document);
      },
      { timeout: PATIENCE, polling: POLLING },
      part,
    );
    const handle = await found.catch(async (cause: unknown) => {
      throw new Error(`no ${part} in ${await this.phase()}; ${JSON.stringify(await this.seen())}`, { cause });
    });
    const element = handle.asElement();
    if (!element) throw new Error(`no part ${part}`);
    return element;
  }

  seen(): Promise<Omit<Seen, 'peers'> & { readonly peers: number }> {
    return this.page.evaluate(() => {
      const { phases, peers, captures, errors } = (window as unknown as { seen: Seen }).seen;
      return { phases, captures, errors, peers: peers.length };
    });
  }

  /** Goes from the link to the waiting room. */
  async arrive(o: Arrival = { name: '' }): Promise<void> {
    await this.prepare(o);
    await this.knock();
  }

  /** Goes from the link to the last button before the waiting room. */
  async prepare(o: Arrival): Promise<void> {
    await this.click('accept-button');
    await this.seePhase('devices');
    if (o.name) await this.type('name-input', o.name);
    await this.see(() => {
      const state = (
        document.querySelector('consult-room') as unknown as { room: { state: { devices?: { access: string } } } }
      ).room.state;
      return state.devices?.access === 'answered';
    });
    await this.click('continue-button');
    await this.seePhase('occupants');
    if (o.occupants) {
      await this.click('company-button');
      await this.type('occupants-input', o.occupants);
    }
  }

  /** Presses it. */
  async knock(): Promise<void> {
    await this.click('continue-button');
    await this.see(
      () =>
        !['occupants', 'devices', 'notice'].includes(
          document.querySelector('consult-room')?.getAttribute('phase') ?? 'notice',
        ),
    );
  }

  /** Video frames decoded and audio packets received so far, over all connections. */
  received(): Promise<{ readonly frames: number; readonly audio: number }> {
    return this.page.evaluate(async () => {
      const total = { frames: 0, audio: 0 };
      for (const peer of (window as unknown as { seen: Seen }).seen.peers) {
        if (peer.connectionState === 'closed') continue;
        for (const report of (await peer.getStats()).values() as Iterable<
          RTCInboundRtpStreamStats & { totalSamplesReceived?: number }
        >) {
          if (report.type !== 'inbound-rtp') continue;
          if (report.kind === 'video') total.frames += report.framesDecoded ?? 0;
          else total.audio += report.packetsReceived ?? 0;
        }
      }
      return total;
    });
  }

  /** Waits until this many more frames are decoded and audio arrives. At ten a second, ten are more than any buffer holds. */
  async seeFrames(more = 10): Promise<void> {
    const start = await this.received();
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const now = await this.received();
      if (now.frames >= start.frames + more && now.audio > start.audio) return;
      if (Date.now() > deadline)
        throw new Error(`no frames: ${JSON.stringify({ start, now, seen: await this.seen() })}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async picture(name: string): Promise<void> {
    const directory = process.env['SCREENSHOTS'];
    if (!directory) return;
    mkdirSync(directory, { recursive: true });
    // A page in the background may draw nothing, and Chromium then waits minutes for its next frame.
    await this.page.bringToFront();
    await this.page.screenshot({ path: `${directory}/${name}.png` as const });
  }

  async leave(): Promise<void> {
    await this.page.close();
  }
}
