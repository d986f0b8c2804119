/**
 * What is said to screen readers when something changes by itself: one polite live region per room, text only. Never a
 * sound, never a notification [R6].
 */
import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { isSession, type Participant, type RoomState, type SessionState } from '../room/state.ts';
import type { Texts } from './texts.ts';

/** Whether the chat is open and tells its lines by itself. */
export type Chat = 'seen' | 'unseen';

/** The sentences that tell how the next snapshot differs from the previous one; often none. */
export function announcements(
  previous: RoomState,
  next: RoomState,
  texts: Texts,
  chat: Chat = 'unseen',
): readonly string[] {
  const said: string[] = [];
  if (previous.phase !== next.phase && next.phase !== 'idle') said.push(texts.term(`announce.phase.${next.phase}`));
  if (!isSession(next)) return said;
  const before = isSession(previous) ? previous : undefined;
  const lines = chat === 'unseen' ? written(before, next, texts) : [];
  return [
    ...said,
    ...problems(previous, next, texts),
    ...knocks(before, next, texts),
    ...people(before, next, texts),
    ...lines,
  ];
}

/** What is shown above the pictures is said as well. */
function problems(previous: RoomState, next: SessionState, texts: Texts): readonly string[] {
  const known = new Set('problems' in previous ? previous.problems.map(({ id }) => id) : []);
  return next.problems.filter(({ id }) => !known.has(id)).map((problem) => texts.problem(problem).what);
}

function knocks(before: SessionState | undefined, next: SessionState, texts: Texts): readonly string[] {
  const known = new Set(before?.knocks.map(({ id }) => id));
  return next.knocks.filter(({ id }) => !known.has(id)).map(({ name }) => texts.term('announce.knock', name));
}

function written(before: SessionState | undefined, next: SessionState, texts: Texts): readonly string[] {
  const last = before?.chat.at(-1)?.id ?? 0;
  const names = next.chat.filter(({ id, from }) => id > last && from !== 'self').map(({ name }) => name);
  return [...new Set(names)].map((name) => texts.term('announce.chat', name));
}

function people(before: SessionState | undefined, next: SessionState, texts: Texts): readonly string[] {
  const known = new Map(before?.participants.map((p) => [p.id, p]));
  const here = new Set(next.participants.map(({ id }) => id));
  const left = [...known.values()]
    .filter(({ id }) => !here.has(id))
    .map(({ name }) => texts.term('announce.left', name));
  return [...left, ...next.participants.flatMap((p) => person(known.get(p.id), p, texts))];
}

function person(before: Participant | undefined, now: Participant, texts: Texts): readonly string[] {
  if (!before) return [texts.term('announce.joined', now.name)];
  const said: string[] = [];
  if (before.connection !== 'interrupted' && now.connection === 'interrupted')
    said.push(texts.term('announce.interrupted', now.name));
  // Once, and not with each further attempt.
  if (!before.retrying && now.retrying) said.push(texts.term('announce.failed', now.name));
  if ((before.connection === 'interrupted' || before.retrying) && now.connection === 'connected')
    said.push(texts.term('announce.reconnected', now.name));
  if (before.relay.step === 'asked' && now.relay.step === 'none' && now.connection === 'connected')
    said.push(texts.term('announce.relay-settled', now.name));
  if (before.relay.step !== now.relay.step && (now.relay.step === 'declined' || now.relay.step === 'withdrawn'))
    said.push(texts.term('announce.relay-without', now.name));
  if (!before.occupants && now.occupants) said.push(texts.term('announce.declared', now.name));
  if (before.media.screen !== now.media.screen)
    said.push(texts.term(now.media.screen ? 'announce.screen' : 'announce.screen-ended', now.name));
  if (before.media.paused !== 'recorder' && now.media.paused === 'recorder')
    said.push(texts.term('announce.recorder', now.name));
  if (before.media.paused !== 'someone-came-in' && now.media.paused === 'someone-came-in')
    said.push(texts.term('announce.someone-came-in', now.name));
  return said;
}

/** Holds the live region's text of one host element. */
export class Announcer implements ReactiveController {
  readonly #host: LitElement;
  readonly #texts: Texts;
  #previous: RoomState = { phase: 'idle' };
  #text = '';
  #count = 0;

  constructor(host: LitElement, texts: Texts) {
    this.#host = host;
    this.#texts = texts;
    host.addController(this);
  }

  hostConnected(): void {
    this.#text = '';
  }

  /** Takes the next snapshot and says what is new. */
  follow(state: RoomState, chat: Chat): void {
    const said = announcements(this.#previous, state, this.#texts, chat);
    this.#previous = state;
    if (said.length === 0) return;
    this.#text = said.join(' ');
    this.#count++;
    this.#host.requestUpdate();
  }

  render(): TemplateResult {
    // Another node each time: the same text in the same node is no change, and is not read.
    const said = keyed(this.#count, html`<span>${this.#text}</span>`);
    return html`<div class="visually-hidden" role="status" aria-live="polite">${said}</div>`;
  }
}
