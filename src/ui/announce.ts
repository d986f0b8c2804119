/**
 * Announces changes to screen readers: one polite live region per room, text only. Never a sound or a notification [R6].
 */
import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { RoomState } from '../room/room.ts';
import type { Texts } from './texts.ts';

/** Sentences that describe how the next snapshot differs from the previous one; often none. */
export type Sentences = (previous: RoomState, next: RoomState) => readonly string[];

/** Each new phase. An end is announced with its reason: the page shows it too, but not everyone sees where the page changed. */
export function phaseAnnouncements(previous: RoomState, next: RoomState, texts: Texts): readonly string[] {
  if (previous.phase === next.phase || next.phase === 'idle') return [];
  if (next.phase === 'failed') return [texts.error(next.code).what];
  if (next.phase === 'ended') return [texts.term(`consult-room.ended.heading.${next.reason}`)];
  return [texts.term(`announce.phase.${next.phase}`)];
}

/** How long a sentence stays, in milliseconds. Later, people who read the page from top to bottom would come across it. */
const STAYS = 10_000;

/**
 * The live region of a host element. Each sentence is a new node: replacing one would cut it short before it is spoken, and
 * repeating the same text would not be a change.
 */
export class Announcer implements ReactiveController {
  readonly #host: LitElement;
  #previous: RoomState = { phase: 'idle' };
  #sentences: readonly { readonly key: number; readonly text: string }[] = [];
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#sentences = [];
  }

  /** Takes the next snapshot and announces what is new. */
  follow(state: RoomState, sentences: Sentences): void {
    const said = sentences(this.#previous, state);
    this.#previous = state;
    if (said.length === 0) return;
    // When the session is over, nothing of it stays on the page, and no name [R3].
    const before = state.phase === 'ended' || state.phase === 'failed' ? [] : this.#sentences;
    this.#sentences = [...before, ...said.map((text) => ({ key: this.#count++, text }))];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#sentences = [];
      this.#host.requestUpdate();
    }, STAYS);
    this.#host.requestUpdate();
  }

  render(): TemplateResult {
    // They are added at the end and removed all at once, so each keeps its place, and its node.
    const said = this.#sentences.map(({ key, text }) => keyed(key, html`<p>${text}</p>`));
    // Nothing but the sentences: blanks would be read as content of their own.
    return html`
      <div class="visually-hidden" role="status" translate="no" aria-live="polite" aria-atomic="false">${said}</div>
    `;
  }
}
