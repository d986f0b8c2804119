/** The page that shows one state after the other: `window.showState(name, options)` draws it and resolves once it stands still. */
import { html, render, type LitElement } from 'lit';
import type { RoomState } from '../../src/room/room.ts';
import { define } from '../../src/define.ts';
import { ConsultRoom } from '../../src/elements/consult-room/consult-room.ts';
import { replaceRooms, stopDrawnCameras } from '../../src/testing/testing.ts';
import { byPart, everything, settled } from '../support/shadow.ts';
import { measure, type Measured } from './measure.ts';
import { roomFor, STATES } from './states.ts';

export interface ShowOptions {
  readonly lang: 'de' | 'en';
  readonly scheme: 'light' | 'dark';
  /** `long`: every name is as long and as wide as one may be. */
  readonly names: 'usual' | 'long';
}

define(ConsultRoom);

/** 64 of the widest letters, with a number at the end, so that none is like another. */
function lengthened(state: RoomState): RoomState {
  if (!('participants' in state)) return state;
  const named = <T extends { readonly name: string }>(people: readonly T[], first: number): readonly T[] =>
    people.map((one, index) => ({ ...one, name: `${'W'.repeat(62)}${String(first + index)}` }));
  return {
    ...state,
    participants: named(state.participants, 10),
    knocks: named(state.knocks, 20),
    chat: named(state.chat, 30),
  };
}

async function show(name: string, { lang, scheme, names }: ShowOptions): Promise<void> {
  const state = STATES[name];
  if (!state) throw new Error(`no state ${name}`);
  // Pictures of the state before cost time.
  stopDrawnCameras();
  const room = roomFor(names === 'long' ? { ...state, state: () => lengthened(state.state()) } : state);
  replaceRooms(() => room);
  document.documentElement.lang = lang;
  document.documentElement.style.colorScheme = scheme;
  render(html``, document.body);
  render(html`<consult-room></consult-room>`, document.body);
  const element = document.querySelector<LitElement>('consult-room');
  if (!element) throw new Error('no room');
  await settled(element);
  for (const part of state.press ?? []) {
    await appears(() => [...everything(element.renderRoot)].some((found) => found.part.contains(part)));
    const pressed = byPart(element, part);
    pressed.click();
    await settled(element);
    // What it has unfolded is below it.
    if (pressed.localName === 'summary') pressed.scrollIntoView({ block: 'start' });
  }
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  window.scrollTo(0, 0);
  const videos = [...everything(document.body)].filter((found) => found instanceof HTMLVideoElement);
  await Promise.all(videos.map(painted));
  await steady();
  // Tiles that were resized meanwhile are drawn with the next picture of the camera.
  await Promise.all(videos.map(painted));
  await new Promise(requestAnimationFrame);
}

/** Resolves once four pictures in a row are laid out alike: sizes of tiles and cameras follow each other. */
async function steady(): Promise<void> {
  let before = '';
  for (let same = 0; same < 4;) {
    await new Promise(requestAnimationFrame);
    const now = JSON.stringify(measure());
    same = now === before ? same + 1 : 0;
    before = now;
  }
}

async function appears(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(requestAnimationFrame);
}

/** Resolves once a video has a picture. */
async function painted(video: HTMLVideoElement): Promise<void> {
  if (!video.srcObject || !video.checkVisibility({ visibilityProperty: true })) return;
  await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
}

declare global {
  interface Window {
    showState: typeof show;
    pictureStates: readonly string[];
    measureScreen: () => Measured;
    steadyScreen: () => Promise<void>;
    focusPart: (part: string) => void;
  }
}
window.showState = show;
window.pictureStates = Object.keys(STATES);
window.measureScreen = measure;
window.steadyScreen = steady;
window.focusPart = (part) => {
  const element = [...everything(document.body)].find((found) => found.part.contains(part));
  if (element instanceof HTMLElement) element.focus();
};
