/**
 * The stage of the lab: the network, the built site and a real coturn on its server, and browsers on its two hosts, in
 * which people click what the contract names.
 */
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import process from 'node:process';
import puppeteer, { type Browser } from 'puppeteer-core';
import { openWindow, PATIENCE, type Person, type WindowOptions } from '../e2e/stage.ts';
import { findBrowser, launchOptions, type BrowserName } from '../support/browsers.ts';
import { createInvite } from '../../src/invite.ts';
import type { PolicyName } from '../../src/policy.ts';
import type { Participant, SessionState } from '../../src/room/state/state.ts';
import { Bridge } from './bridge.ts';
import { Network, SERVER, STUN, type Capture } from './network.ts';

const PORT = 8787;
const ADDRESS = `http://${SERVER}:${String(PORT)}/`;
export const TURN_URL = `turn:${SERVER}:3478?transport=udp`;
export const SECRET = 'a secret of this test alone';

export type Host = 'a' | 'b';

const configuration = (policy: PolicyName) => ({
  operator: { name: 'Beratungsstelle', country: 'DE' },
  policy,
  servers: [
    { role: 'signaling', operator: 'Beratungsstelle', country: 'DE' },
    { role: 'stun', urls: [`stun:${STUN}:3478`], operator: 'Beratungsstelle', country: 'DE' },
    {
      role: 'relay',
      urls: [TURN_URL],
      addresses: [SERVER],
      operator: 'Rechenzentrum',
      country: 'DE',
      secret: SECRET,
    },
  ],
});

export interface MeetingOptions {
  readonly browsers?: readonly [host: BrowserName, guest: BrowserName];
  /** Runs in the guest's page before anything else of it: what a hostile guest brings along. */
  readonly guest?: WindowOptions;
  readonly host?: WindowOptions;
  /** Added to the guest's address, for what it brings along. */
  readonly search?: string;
}

export class Lab {
  readonly network = new Network();
  readonly #browsers = new Map<string, Browser>();
  readonly #bridges: Bridge[] = [];
  readonly #people: Person[] = [];
  #relay: ChildProcess | null = null;

  static async open(policy: PolicyName = 'beratung'): Promise<Lab> {
    const lab = new Lab();
    try {
      await Promise.all([lab.#startSite(policy), lab.#startStun(), lab.startRelay()]);
    } catch (error: unknown) {
      await lab.close();
      throw error;
    }
    return lab;
  }

  async #startSite(policy: PolicyName): Promise<void> {
    const config = join(this.network.folder, 'config.json');
    writeFileSync(config, JSON.stringify(configuration(policy)));
    const site = this.network.start(
      's',
      process.execPath,
      'dist/server/cli.js',
      '--config',
      config,
      '--static',
      'dist/demo',
      '--host',
      SERVER,
      '--port',
      String(PORT),
      '--origin',
      `http://${SERVER}:${String(PORT)}`,
      '--relay-check',
      'off',
    );
    await new Promise<void>((resolve, reject) => {
      if (site.stdout) createInterface({ input: site.stdout }).on('line', (line) => line.includes('http') && resolve());
      site.once('exit', (code) => reject(new Error(`the server ended: ${String(code)}`)));
    });
  }

  async #startStun(): Promise<void> {
    this.network.start(
      's',
      'turnserver',
      '-n',
      '--stun-only',
      `--listening-ip=${STUN}`,
      '--no-tls',
      '--no-dtls',
      '--no-cli',
      '--log-file=stdout',
      `--pidfile=${join(this.network.folder, 'stun.pid')}`,
      `--userdb=${join(this.network.folder, 'stun.db')}`,
    );
    await this.network.answers(STUN, 3478);
  }

  /** Only a relay that answers proves anything by its silence, so it is awaited. */
  async startRelay(): Promise<void> {
    this.#relay = this.network.start(
      's',
      'turnserver',
      '-n',
      '--use-auth-secret',
      `--static-auth-secret=${SECRET}`,
      '--realm=lab',
      `--listening-ip=${SERVER}`,
      `--relay-ip=${SERVER}`,
      '--min-port=49152',
      '--max-port=49400',
      '--no-tls',
      '--no-dtls',
      '--no-cli',
      '--log-file=stdout',
      `--pidfile=${join(this.network.folder, 'turn.pid')}`,
      `--userdb=${join(this.network.folder, 'turn.db')}`,
    );
    await this.network.answers(SERVER, 3478);
  }

  /** At once and with all it holds, as when its machine loses power. */
  async killRelay(): Promise<void> {
    const relay = this.#relay;
    this.#relay = null;
    if (!relay) return;
    const gone = once(relay, 'exit');
    relay.kill('SIGKILL');
    await gone;
  }

  /** A browser on a host, started once. */
  async browser(host: Host, name: BrowserName): Promise<Browser> {
    const key = `${host} ${name}`;
    const running = this.#browsers.get(key);
    if (running) return running;
    const browser = await (name === 'chromium' ? this.#chromium(host) : this.#firefox(host));
    this.#browsers.set(key, browser);
    return browser;
  }

  #chromium(host: Host): Promise<Browser> {
    const options = launchOptions('chromium');
    return puppeteer.launch({
      ...options,
      args: [...(options.args ?? []), `--unsafely-treat-insecure-origin-as-secure=${ADDRESS.slice(0, -1)}`],
      executablePath: this.network.wrapper(host, found('chromium')),
      pipe: true,
    });
  }

  /** Firefox is driven over a socket, which is inside its host: a bridge leads out. */
  async #firefox(host: Host): Promise<Browser> {
    const options = launchOptions('firefox');
    const bridge = await Bridge.open(this.network, host);
    this.#bridges.push(bridge);
    return puppeteer.launch({
      ...options,
      executablePath: this.network.wrapper(host, found('firefox')),
      debuggingPort: bridge.port,
      extraPrefsFirefox: {
        ...options.extraPrefsFirefox,
        'dom.securecontext.allowlist': SERVER,
        'media.devices.insecure.enabled': true,
        'media.getusermedia.insecure.enabled': true,
      },
    });
  }

  /** The two links of a new room. */
  invite(): ReturnType<typeof createInvite> {
    return createInvite({ base: `${ADDRESS}room.html` });
  }

  /** Both arrive in the waiting room, on hosts a and b, and the counsellor lets the other one in. */
  async meet(o: MeetingOptions = {}): Promise<readonly [host: Person, guest: Person]> {
    const [hostBrowser, guestBrowser] = o.browsers ?? ['chromium', 'chromium'];
    const links = await this.invite();
    const guestLink = new URL(links.guestLink);
    guestLink.search = o.search ?? '';
    const [host, guest] = await Promise.all([
      this.enter('a', hostBrowser, links.hostLink, o.host),
      this.enter('b', guestBrowser, guestLink.href, o.guest),
    ]);
    await Promise.all([host.arrive({ name: 'Frau Berger' }), guest.arrive({ name: 'Mia Sonnenschein' })]);
    await host.click('admit-button');
    return [host, guest];
  }

  /** A window on a host. */
  async enter(on: Host, name: BrowserName, url: string, o?: WindowOptions): Promise<Person> {
    const person = await openWindow(await this.browser(on, name), url, o);
    this.#people.push(person);
    return person;
  }

  /** Everyone leaves, also after a test that failed, so that the next one has the network to itself. */
  async empty(): Promise<void> {
    await Promise.all(this.#people.splice(0).map((person) => person.leave()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#browsers.values()].map((browser) => browser.close()));
    for (const bridge of this.#bridges) bridge.close();
    await this.network.close();
  }
}

function found(name: BrowserName): string {
  const path = findBrowser(name);
  if (path === undefined) throw new Error(`${name} not found`);
  return path;
}

type Rooms = { readonly room: { readonly state: SessionState; withdrawRelay(): void } } | null;

/** What this person's room says of the other one. */
export function other(person: Person): Promise<Participant | null> {
  return person.page.evaluate(
    () => (document.querySelector('consult-room') as unknown as Rooms)?.room.state.participants?.[0] ?? null,
  );
}

/** Waits until what this person's room says of the other one contains all of `wanted`. */
export async function until(person: Person, wanted: object, timeout = PATIENCE): Promise<void> {
  try {
    await person.page.waitForFunction(
      (parts) => {
        const contains = (whole: unknown, part: unknown): boolean =>
          typeof part === 'object' && part !== null
            ? typeof whole === 'object' &&
              whole !== null &&
              Object.entries(part).every(([key, value]) => contains((whole as Record<string, unknown>)[key], value))
            : whole === part;
        const { room } = document.querySelector('consult-room') as unknown as NonNullable<Rooms>;
        return contains(room.state.participants?.[0], parts);
      },
      { timeout, polling: 20 },
      wanted,
    );
  } catch (cause: unknown) {
    const [is, seen] = await Promise.all([other(person), person.seen()]);
    throw new Error(`waited for ${JSON.stringify(wanted)}, is ${JSON.stringify(is)}, ${JSON.stringify(seen)}`, {
      cause,
    });
  }
}

export const both = (people: readonly Person[], wanted: object, timeout?: number): Promise<unknown> =>
  Promise.all(people.map((person) => until(person, wanted, timeout)));

/** Each confirms what the other declared. */
export async function acknowledgeBoth(people: readonly Person[]): Promise<void> {
  await Promise.all(people.map((person) => person.click('acknowledge-button')));
}

/** Both are asked and say yes. */
export async function agree(people: readonly Person[]): Promise<void> {
  await both(people, { relay: { step: 'asked' } });
  await Promise.all(people.map((person) => person.click('accept-button')));
}

export async function framesOn(people: readonly Person[], more = 20): Promise<void> {
  await Promise.all(people.map((person) => person.seeFrames(more)));
}

/** Frames that have been decoded on the connection that gets most of them now, in a fifth of a second. */
async function pace(person: Person): Promise<number> {
  return person.page.evaluate(async () => {
    const count = async (): Promise<readonly number[]> => {
      const totals: number[] = [];
      for (const peer of (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen.peers) {
        let frames = 0;
        if (peer.connectionState !== 'closed')
          for (const stat of (await peer.getStats()).values() as Iterable<RTCInboundRtpStreamStats>)
            if (stat.type === 'inbound-rtp') frames += stat.framesDecoded ?? 0;
        totals.push(frames);
      }
      return totals;
    };
    const before = await count();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const after = await count();
    return Math.max(0, ...after.map((frames, index) => frames - (before[index] ?? 0)));
  });
}

/** @param looks how many of them in a row must find it so */
async function untilPace(people: readonly Person[], holds: (frames: number) => boolean, looks = 1): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  let found = 0;
  for (;;) {
    const paces = await Promise.all(people.map(pace));
    found = paces.every(holds) ? found + 1 : 0;
    if (found >= looks) return;
    if (Date.now() > deadline) {
      const all = await Promise.all(people.map(async (person) => [await other(person), await person.seen()]));
      throw new Error(`pictures: ${JSON.stringify({ paces, all })}`);
    }
  }
}

/** Waits until pictures move on every side. */
export const flowing = (people: readonly Person[]): Promise<void> => untilPace(people, (frames) => frames > 0);

/**
 * Waits until they stand still on every side, and not for one moment only: a busy machine pauses for a fifth of a
 * second.
 */
export const stuck = (people: readonly Person[]): Promise<void> => untilPace(people, (frames) => frames === 0, 4);

export function withdraw(person: Person): Promise<void> {
  return person.page.evaluate(() =>
    (document.querySelector('consult-room') as unknown as NonNullable<Rooms>).room.withdrawRelay(),
  );
}

/** Nothing passes the relay between a moment and `seconds` later, by the capture's own clock. */
export async function silence(capture: Capture, from: number, seconds: number): Promise<void> {
  // That nothing happens can only be seen by looking for a while.
  await new Promise((resolve) => setTimeout(resolve, (from + seconds) * 1000 - Date.now()));
  const late = capture.since(from);
  if (late > 0) throw new Error(`${String(late)} packets at the relay after ${String(from)}`);
}

/** Milliseconds that something takes. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return Math.round(performance.now() - start);
}
