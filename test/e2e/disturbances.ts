/** What could disturb somebody in a room, watched from the first line of a page on: sounds, interruptions, a sleeping screen. */
import type { Browser } from 'puppeteer-core';
import { openWindow, type Person } from './stage.ts';

export interface Heard {
  /** What would have made a sound of ours, or called somebody's attention. */
  readonly disturbing: string[];
  /** What plays, and what of it can be heard: nothing, the others' voices, or anything else. */
  readonly playing: Map<HTMLMediaElement, 'silent' | 'voices' | 'other'>;
  /** Looks again at what plays: tracks come and go. */
  look(): void;
  readonly awake: { asked: number; refused: number; readonly locks: WakeLockSentinel[] };
  /** What the polite live region said. */
  readonly said: string[];
  /** Does each thing that is listened for, by its name in `disturbing`. */
  readonly provocations: Map<string, () => unknown>;
}

/** In the page: functions and classes of the browser that interrupt. They are noted, and nothing happens. */
function refuseInterruptions(): void {
  const heard: Heard = {
    disturbing: [],
    playing: new Map(),
    look: () => undefined,
    awake: { asked: 0, refused: 0, locks: [] },
    said: [],
    provocations: new Map(),
  };
  Object.assign(window, { heard });
  type Any = (...o: unknown[]) => unknown;
  const forbid = (owner: object | undefined, name: string, ...o: unknown[]): void => {
    if (!owner || !(name in owner)) return;
    Object.defineProperty(owner, name, { configurable: true, value: () => void heard.disturbing.push(name) });
    heard.provocations.set(name, () => (owner as Record<string, Any>)[name]!(...o));
  };
  for (const name of ['alert', 'confirm', 'prompt', 'focus', 'print']) forbid(window, name);
  for (const name of ['vibrate', 'setAppBadge', 'clearAppBadge']) forbid(navigator, name, 1);
  forbid(window.speechSynthesis, 'speak');
  forbid(window.Notification, 'requestPermission');
  forbid(window.ServiceWorkerRegistration.prototype, 'showNotification', 'x');
  for (const name of ['Notification', 'Audio']) {
    const page = window as unknown as Record<string, new (text: string) => object>;
    const Native = page[name];
    if (!Native) continue;
    page[name] = class extends Native {
      constructor(text: string) {
        heard.disturbing.push(`new ${name}`);
        super(text);
      }
    };
    heard.provocations.set(`new ${name}`, () => new page[name]!(''));
  }
  // A title or an icon that changes blinks where the tabs are.
  let shown: string | null = null;
  const look = (): void => {
    const now = [...document.querySelectorAll('title, link[rel~="icon"]')].map(({ outerHTML }) => outerHTML).join();
    if (shown !== null && now !== shown) heard.disturbing.push('title');
    shown = now;
  };
  document.addEventListener('DOMContentLoaded', () => {
    look();
    new MutationObserver(look).observe(document, {
      childList: true,
      subtree: true,
      attributes: true,
      characterData: true,
    });
  });
  heard.provocations.set('title', async () => {
    document.title = `(1) ${document.title}`;
    await new Promise((resolve) => setTimeout(resolve));
  });
}

/** In the page: what plays, and what sounds. Measuring a microphone is silent; sound begins at a source and ends at the speakers. */
function hearSounds(): void {
  const { heard } = window as unknown as { heard: Heard };
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (this: AudioNode, ...o: unknown[]) {
    if (o[0] instanceof AudioDestinationNode) heard.disturbing.push('speakers');
    return (connect as (...o: unknown[]) => AudioNode).apply(this, o);
  } as AudioNode['connect'];
  const { start } = AudioScheduledSourceNode.prototype;
  AudioScheduledSourceNode.prototype.start = function (this: AudioScheduledSourceNode, ...o) {
    heard.disturbing.push('sound source');
    start.apply(this, o);
  };
  const context = (): AudioContext => new AudioContext();
  heard.provocations.set('speakers', () => {
    const silent = context();
    silent.createGain().connect(silent.destination);
  });
  heard.provocations.set('sound source', () => {
    // Of these each has a `start` of its own, or inherits the one above.
    const { prototype } = OscillatorNode;
    prototype.start.call(context().createOscillator());
  });

  // The browser's own reading: during a session the room's guard refuses it to the page.
  const streamOf = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')!.get!;
  // Whatever comes out of a receiver, also of one that is closed by now.
  const came = new WeakSet<MediaStreamTrack>();
  for (const { prototype } of [RTCRtpReceiver, RTCTrackEvent]) {
    const trackOf = Object.getOwnPropertyDescriptor(prototype, 'track')!.get!;
    Object.defineProperty(prototype, 'track', {
      configurable: true,
      get(this: object) {
        const track = trackOf.call(this) as MediaStreamTrack;
        came.add(track);
        return track;
      },
    });
  }
  const note = (element: HTMLMediaElement): void => {
    const stream = streamOf.call(element) as MediaStream | null;
    const others = stream !== null && stream.getTracks().every((track) => came.has(track));
    const empty =
      stream === null ? element.currentSrc + element.src === '' : others && stream.getAudioTracks().length === 0;
    const silent = element.muted || empty;
    // One's own picture has to be muted as well, though no sound is in it today.
    const what = silent ? 'silent' : others ? 'voices' : 'other';
    heard.playing.set(element, what);
    if (what === 'other') heard.disturbing.push('media element');
  };
  heard.look = () => heard.playing.forEach((_what, element) => note(element));
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    note(this);
    // Its sound may be turned on later, or another stream put in.
    for (const type of ['volumechange', 'loadstart', 'playing']) this.addEventListener(type, () => note(this));
    return play.call(this);
  };
  heard.provocations.set('media element', () =>
    Object.assign(document.createElement('video'), { src: 'data:audio/wav,' }).play(),
  );
}

/** In the page: whether the screen is kept awake, and what is told to those who do not see it. */
function followComfort(): void {
  const { heard } = window as unknown as { heard: Heard };
  const wakeLock = navigator.wakeLock as WakeLock | undefined;
  if (wakeLock) {
    const request = wakeLock.request.bind(wakeLock);
    wakeLock.request = async (type) => {
      heard.awake.asked++;
      try {
        const lock = await request(type);
        heard.awake.locks.push(lock);
        return lock;
      } catch (error: unknown) {
        heard.awake.refused++;
        throw error;
      }
    };
  }
  document.addEventListener('consult-phase', ({ target }) => {
    const region = (target as Element).shadowRoot?.querySelector('[role="status"][aria-live="polite"]');
    if (!region || region.hasAttribute('data-followed')) return;
    region.setAttribute('data-followed', '');
    new MutationObserver((records) => {
      for (const { addedNodes } of records)
        for (const { textContent } of addedNodes) if (textContent) heard.said.push(textContent);
    }).observe(region, { childList: true });
  });
}

/** A window in which everything that could disturb is noted. */
export async function openQuiet(browser: Browser, url: string): Promise<Person> {
  const person = await openWindow(browser, 'about:blank', { before: refuseInterruptions });
  for (const watch of [hearSounds, followComfort]) await person.page.evaluateOnNewDocument(watch);
  await person.page.goto(url);
  return person;
}

/** What somebody could notice of a page up to now. */
export const heardBy = (person: Person) =>
  person.page.evaluate(() => {
    const { heard } = window as unknown as { heard: Heard };
    heard.look();
    const { disturbing, playing, awake, said } = heard;
    const audible = [...playing].filter(([element]) => element.isConnected && !element.paused && !element.muted);
    return {
      disturbing,
      voices: audible.filter(([element, what]) => what === 'voices' && element.currentTime > 0).length,
      other: audible.filter(([, what]) => what === 'other').length,
      asked: awake.asked,
      refused: awake.refused,
      held: awake.locks.filter(({ released }) => !released).length,
      said: said.join(' '),
    };
  });

/** Does everything that a quiet page does not, and gives what went unnoticed. */
export const unnoticed = (person: Person): Promise<readonly string[]> =>
  person.page.evaluate(async () => {
    const { disturbing, provocations } = (window as unknown as { heard: Heard }).heard;
    const missed: string[] = [];
    for (const [name, provoke] of provocations) {
      const before = disturbing.length;
      // What the browser itself says to it does not matter.
      const done = (async () => await provoke())().catch(() => undefined);
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 1000))]);
      if (!disturbing.slice(before).includes(name)) missed.push(name);
    }
    return provocations.size < 12 ? [`only ${String(provocations.size)} are listened for`, ...missed] : missed;
  });
