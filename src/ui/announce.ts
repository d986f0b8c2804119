/**
 * Announces changes to screen readers: one polite live region per room, text only. Never a sound or a notification [R6].
 */
import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { RoomState } from '../room/room.ts';
import type { Texts } from './texts.ts';

/** Sentences that describe how the next snapshot differs from the previous one; often none. */
export type Sentences = (previous: RoomState, next: RoomState) => readonly string[];

/** Whether the focus goes to the heading of a new screen, where screen readers read it: then nothing says the same once more. */
export type Heading = 'read' | 'unread';

/** The phases before a session and after it. An end is told with its reason: not everyone sees where the page changed. */
export function phaseAnnouncements(
  previous: RoomState,
  next: RoomState,
  texts: Texts,
  heading: Heading,
): readonly string[] {
  if (previous.phase === next.phase) return [];
  if (next.phase === 'notice') return [texts.term('announce.phase.notice')];
  if (next.phase === 'failed') return [texts.error(next.code).what];
  if (next.phase === 'ended' && heading === 'unread') return [texts.term(`consult-room.ended.heading.${next.reason}`)];
  return [];
}

/**
 * Milliseconds from a change to its announcement. What changes back meanwhile is not said, what changes together is said together, and the
 * focus has arrived, whose words would cut an earlier sentence short.
 */
const GATHERED = 400;

/** How long a sentence stays, in milliseconds. Later, people who read the page from top to bottom would come across it. */
const STAYS = 10_000;

/**
 * The live region of a host element. Each sentence is a new node: replacing one would cut it short before it is spoken, and
 * repeating the same text would not be a change.
 */
export class Announcer implements ReactiveController {
  readonly #host: LitElement;
  /** The snapshot that the last sentences tell of. */
  #told: RoomState = { phase: 'idle' };
  /** What to tell next; null where nothing has changed since. */
  #next: (() => void) | null = null;
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

  /** Takes the next snapshot, and soon announces what is new since the last announcement. */
  follow(state: RoomState, sentences: Sentences): void {
    // When the session is over, nothing of it stays on the page, and no name [R3].
    if (state.phase === 'ended' || state.phase === 'failed') this.#sentences = [];
    // Not put off by each further change: in a call there is always one.
    if (!this.#next)
      setTimeout(() => {
        this.#next?.();
        this.#next = null;
      }, GATHERED);
    this.#next = () => this.#tell(sentences(this.#told, state), state);
  }

  #tell(said: readonly string[], state: RoomState): void {
    this.#told = state;
    if (said.length === 0 || !this.#host.isConnected) return;
    this.#sentences = [...this.#sentences, ...said.map((text) => ({ key: this.#count++, text }))];
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
