/**
 * Everything that could disturb a participant, recorded from the first line of a page on: sounds, interruptions, the
 * wake lock.
 */
import type { Browser } from 'puppeteer-core';
import { openWindow, type Person } from './stage.ts';

export interface Heard {
  /** Calls that would have made a sound or asked for attention. */
  readonly disturbing: string[];
  /** Media elements that play, and what of them is audible: nothing, the others' voices, or anything else. */
  readonly playing: Map<HTMLMediaElement, 'silent' | 'voices' | 'other'>;
  /** Updates `playing`, because tracks come and go. */
  look(): void;
  readonly awake: { asked: number; refused: number; readonly locks: WakeLockSentinel[] };
  /** What a screen reader says: announcements of the polite live region, and headings that the focus goes to. */
  readonly said: string[];
  /** Triggers each disturbance, by its name in `disturbing`. */
  readonly provocations: Map<string, () => unknown>;
}

/**
 * In the page: replaces functions and classes of the browser that interrupt; each call is recorded and does nothing.
 */
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
  // A changing title or icon blinks in the tab bar.
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

/**
 * In the page: records what plays and what is audible. Sound starts at a source node and ends at the destination node.
 */
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
    // Some source nodes have a `start` of their own, others inherit the one above.
    const { prototype } = OscillatorNode;
    prototype.start.call(context().createOscillator());
  });

  // The native getter: during a session the room's guard refuses it to the page.
  const streamOf = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')!.get!;
  // Tracks of receivers, closed ones included.
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
    // The self-view has to be muted as well, although it carries no audio.
    const what = silent ? 'silent' : others ? 'voices' : 'other';
    heard.playing.set(element, what);
    if (what === 'other') heard.disturbing.push('media element');
  };
  heard.look = () => heard.playing.forEach((_what, element) => note(element));
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    note(this);
    // The element may be unmuted later, or get another stream.
    for (const type of ['volumechange', 'loadstart', 'playing']) this.addEventListener(type, () => note(this));
    return play.call(this);
  };
  heard.provocations.set('media element', () =>
    Object.assign(document.createElement('video'), { src: 'data:audio/wav,' }).play(),
  );
}

/** In the page: records wake locks and announcements. */
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
  // From one heading to the next of the same tree, the event does not leave it.
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (this: Element, init) {
    const root = attachShadow.call(this, init);
    root.addEventListener('focusin', ({ target }) => {
      const { localName, textContent } = target as Element;
      if (localName === 'h2' && textContent) heard.said.push(textContent.trim());
    });
    return root;
  };
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

/** Opens a window that records every disturbance. */
export async function openQuiet(browser: Browser, url: string): Promise<Person> {
  const person = await openWindow(browser, 'about:blank', { before: refuseInterruptions });
  for (const watch of [hearSounds, followComfort]) await person.page.evaluateOnNewDocument(watch);
  await person.page.goto(url);
  return person;
}

/** What a participant could have noticed so far. */
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
      sentences: [...said],
    };
  });

/** Triggers every disturbance. @returns the ones that were not recorded */
export const unnoticed = (person: Person): Promise<readonly string[]> =>
  person.page.evaluate(async () => {
    const { disturbing, provocations } = (window as unknown as { heard: Heard }).heard;
    const missed: string[] = [];
    for (const [name, provoke] of provocations) {
      const before = disturbing.length;
      // Errors of the browser do not matter.
      const done = (async () => await provoke())().catch(() => undefined);
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 1000))]);
      if (!disturbing.slice(before).includes(name)) missed.push(name);
    }
    return provocations.size < 12 ? [`only ${String(provocations.size)} are recorded`, ...missed] : missed;
  });
