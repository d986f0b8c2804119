/** [R6] In a whole session nothing can be heard of us but people's voices, and nothing interrupts. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import type { BrowserName } from '../support/browsers.ts';
import { acknowledge, meet } from './meet.ts';
import { launch, makeRoom, openWindow, startServer, type Person, type Server } from './stage.ts';

interface Heard {
  /** Media that was played with sound, by what it plays. */
  readonly played: readonly string[];
  /** Calls of anything that makes a sound, shakes or interrupts. */
  readonly calls: readonly string[];
  readonly titles: readonly string[];
  /** What was connected to a loudspeaker. */
  readonly speakers: number;
  readonly contexts: number;
  readonly locks: number;
}

/** In the page, before anything else of it: everything by which a page could be heard. */
function listen(): void {
  const heard = {
    played: [] as string[],
    calls: [] as string[],
    titles: [] as string[],
    speakers: 0,
    contexts: 0,
    locks: 0,
  };
  Object.assign(window, { heard });
  const { play } = HTMLMediaElement.prototype;
  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')!;
  const remote = new WeakSet<MediaStreamTrack>();
  const own = window as unknown as { seen: { peers: RTCPeerConnection[] } };
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    if (!this.muted) {
      const stream = source.get!.call(this) as MediaStream | null;
      for (const peer of own.seen.peers) for (const { track } of peer.getReceivers()) remote.add(track);
      const voices = stream?.getTracks().every((track) => remote.has(track)) && !this.src;
      heard.played.push(voices ? 'remote people' : `${this.localName} ${this.src}`);
    }
    return play.call(this);
  };
  const connect = AudioNode.prototype.connect as (...o: unknown[]) => unknown;
  AudioNode.prototype.connect = function (this: AudioNode, ...o: unknown[]) {
    if (o[0] instanceof AudioDestinationNode) heard.speakers++;
    return connect.apply(this, o);
  } as typeof AudioNode.prototype.connect;
  window.AudioContext = new Proxy(window.AudioContext, {
    construct(target, o) {
      heard.contexts++;
      return Reflect.construct(target, o) as object;
    },
  });
  for (const name of ['Notification', 'Audio', 'OscillatorNode', 'AudioBufferSourceNode'] as const) {
    const page = window as unknown as Record<string, new () => object>;
    const Native = page[name];
    if (Native)
      page[name] = new Proxy(Native, {
        construct(target, o) {
          heard.calls.push(name);
          return Reflect.construct(target, o) as object;
        },
      });
  }
  const watched: readonly (readonly [object | undefined, string])[] = [
    [Navigator.prototype, 'vibrate'],
    [Navigator.prototype, 'setAppBadge'],
    [BaseAudioContext.prototype, 'createOscillator'],
    [BaseAudioContext.prototype, 'createBufferSource'],
    [BaseAudioContext.prototype, 'decodeAudioData'],
    [(window as { SpeechSynthesis?: { prototype: object } }).SpeechSynthesis?.prototype, 'speak'],
    [window, 'alert'],
    [window, 'confirm'],
    [window, 'prompt'],
    [window, 'focus'],
  ];
  for (const [owner, name] of watched) {
    const methods = owner as Record<string, ((...o: unknown[]) => unknown) | undefined> | undefined;
    const original = methods?.[name];
    if (methods && original)
      methods[name] = function (this: unknown, ...o) {
        heard.calls.push(name);
        return original.apply(this, o);
      };
  }
  const lock = (navigator as { wakeLock?: WakeLock }).wakeLock;
  const request = lock?.request.bind(lock);
  if (lock && request)
    lock.request = (kind) => {
      heard.locks++;
      return request(kind);
    };
  new MutationObserver(() => {
    if (heard.titles.at(-1) !== document.title) heard.titles.push(document.title);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

const heardBy = (person: Person): Promise<Heard> =>
  person.page.evaluate(() => (window as unknown as { heard: Heard }).heard);

/** What a screen reader is told, politely, without a sound of ours. */
const live = (person: Person) =>
  person.page.evaluate(() => {
    const region = document.querySelector('consult-room')?.shadowRoot?.querySelector('[role="status"]');
    return { text: region?.textContent ?? '', manner: region?.getAttribute('aria-live') };
  });

describe('[R6] a whole session', () => {
  const browsers = new Map<BrowserName, Browser>();
  let server: Server;

  before(async () => {
    server = await startServer();
    for (const name of ['chromium', 'firefox'] as const) browsers.set(name, await launch(name));
  });

  after(async () => {
    for (const browser of browsers.values()) await browser.close();
    await server.stop();
  });

  it('is heard as the voices of the others and nothing else, on both sides, in both browsers', async () => {
    const links = await makeRoom(browsers.get('chromium')!, server.address);
    const host = await openWindow(browsers.get('firefox')!, links.host, { before: listen });
    const guest = await openWindow(browsers.get('chromium')!, links.guest, { before: listen });
    await meet(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
    // Everything that could have been worth a signal: a line, a pause, somebody who comes in, a reload, the end.
    for (const [writer, reader] of [
      [guest, host],
      [host, guest],
    ] as const) {
      await writer.page.evaluate(() => {
        document.querySelector('consult-room')?.room?.sendChat('hallo');
      });
      await reader.see(() => {
        const state = document.querySelector('consult-room')?.room?.state;
        return state && 'chat' in state && state.chat.some(({ from }) => from !== 'self');
      });
      assert.match((await live(reader)).text, /hat etwas geschrieben/u);
      assert.equal((await live(reader)).manner, 'polite');
    }
    await guest.click('pause-button');
    await guest.seePhase('paused');
    await guest.click('resume-button');
    await guest.seePhase('active');
    await guest.click('someone-came-in-button');
    await Promise.all([host.seePhase('paused'), guest.seePhase('paused')]);
    await guest.click('continue-button');
    await host.click('acknowledge-button');
    await Promise.all([host.seePhase('active'), guest.seePhase('active')]);
    const first = await heardBy(guest);
    await guest.page.reload();
    await acknowledge(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
    await guest.click('leave-button');
    await host.seePhase('waiting');

    for (const [who, { played, calls, speakers, titles, contexts }] of [
      ['guest before the reload', first],
      ['guest', await heardBy(guest)],
      ['host', await heardBy(host)],
    ] as const) {
      assert.deepEqual([calls, speakers], [[], 0], who);
      assert.ok(played.length > 0, `${who} heard somebody`);
      assert.deepEqual(new Set(played), new Set(['remote people']), who);
      assert.ok(new Set(titles).size <= 1, `${who}: ${titles.join(', ')}`);
      assert.ok(contexts <= 1, `${who}: one context, for the level of the own microphone`);
    }
    assert.ok(first.contexts === 1, 'the level of the own microphone was measured, unheard');
    assert.ok(first.locks > 0, 'the screen was kept awake');
    await host.leave();
    await guest.leave();
  });
});
