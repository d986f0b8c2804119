/**
 * Announces changes to screen readers: one polite live region per room, text only. Never a sound or a notification [R6].
 */
import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isSession, type Participant, type RoomState, type SessionState } from '../room/room.ts';
import type { Texts } from './texts.ts';

/** Whether the chat is open and announces its own lines. */
export type Chat = 'seen' | 'unseen';

/** Sentences that describe how the next snapshot differs from the previous one; often none. */
export function announcements(
  previous: RoomState,
  next: RoomState,
  texts: Texts,
  chat: Chat = 'unseen',
): readonly string[] {
  const said = previous.phase === next.phase ? [] : phase(next, texts);
  if (!isSession(next)) return said;
  const before = isSession(previous) ? previous : undefined;
  const lines = chat === 'unseen' ? written(before, next, texts) : [];
  return [
    ...said,
    ...waiting(before, next, texts),
    ...problems(previous, next, texts),
    ...knocks(before, next, texts),
    ...people(before, next, texts),
    ...choices(before, next, texts),
    ...lines,
  ];
}

/** An end is announced with its reason: the page shows it too, but not everyone sees where the page changed. */
function phase(next: RoomState, texts: Texts): readonly string[] {
  if (next.phase === 'idle') return [];
  if (next.phase === 'failed') return [texts.error(next.code).what];
  if (next.phase === 'ended') return [texts.term(`consult-room.ended.heading.${next.reason}`)];
  if (next.phase === 'paused' && next.reason === 'someone-came-in' && next.media.paused !== 'someone-came-in')
    // Said with the name of the participant.
    return [];
  if (next.phase === 'connecting' && next.participants.some(({ wasConnected }) => wasConnected))
    return [texts.term('consult-room.connecting.heading.again')];
  return [texts.term(`announce.phase.${next.phase}`)];
}

/** Progress of a waiting guest: hearing that the counsellor has arrived ends the uncertainty. */
function waiting(before: SessionState | undefined, next: SessionState, texts: Texts): readonly string[] {
  if (!before || next.role !== 'guest' || next.phase !== 'waiting' || before.knocking === next.knocking) return [];
  return [texts.term(`waiting-room.guest.${next.knocking}`)];
}

/** Questions that are asked without a dialog. */
function choices(before: SessionState | undefined, next: SessionState, texts: Texts): readonly string[] {
  const said: string[] = [];
  if (next.hostAbout !== 'nothing' && next.hostAbout !== before?.hostAbout)
    said.push(texts.term(`consult-room.host-word.${next.hostAbout}`));
  const weak = (state: SessionState | undefined): boolean =>
    state?.participants.some(({ quality }) => quality === 'weak') ?? false;
  if (weak(next) && !weak(before) && next.media.camera && next.devices.camera)
    said.push(texts.term('consult-room.quality.text'));
  for (const way of ['found', 'used'] as const) {
    const names = (state: SessionState | undefined): readonly string[] =>
      state?.participants
        .filter(({ relay }) => relay.step === 'granted' && relay.direct === way)
        .map(({ name }) => name) ?? [];
    const known = names(before);
    const news = names(next).filter((name) => !known.includes(name));
    const key = way === 'found' ? 'consult-room.direct.text' : 'consult-room.direct.used.text';
    if (news.length > 0) said.push(texts.term(key, texts.list(news)));
  }
  return said;
}

/** Problems that are shown above the pictures. */
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
  // Once, not with each further attempt.
  if (!before.retrying && now.retrying) said.push(texts.term('announce.failed', now.name));
  if ((before.connection === 'interrupted' || before.retrying) && now.connection === 'connected')
    said.push(texts.term('announce.reconnected', now.name));
  if (before.relay.step === 'asked' && now.relay.step === 'none' && now.connection === 'connected')
    said.push(texts.term('announce.relay-settled', now.name));
  if (before.relay.step !== now.relay.step && (now.relay.step === 'declined' || now.relay.step === 'withdrawn'))
    said.push(texts.term('announce.relay-without', now.name));
  if (now.occupants && before.occupants?.hash !== now.occupants.hash)
    said.push(texts.term('announce.declared', now.name));
  if (!before.hand && now.hand) said.push(texts.term('announce.hand', now.name));
  // Only the host's snapshot has it.
  if (!before.break && now.break) said.push(texts.term('announce.break', now.name));
  return [...said, ...shown(before, now, texts)];
}

/** Changes of a participant's camera, microphone, screen and breaks. */
function shown(before: Participant, now: Participant, texts: Texts): readonly string[] {
  const said: string[] = [];
  if (before.media.screen !== now.media.screen)
    said.push(texts.term(now.media.screen ? 'announce.screen' : 'announce.screen-ended', now.name));
  if (before.media.paused !== 'recorder' && now.media.paused === 'recorder')
    said.push(texts.term('announce.recorder', now.name));
  if (before.media.paused !== 'someone-came-in' && now.media.paused === 'someone-came-in')
    said.push(texts.term('announce.someone-came-in', now.name));
  const pauses = now.media.paused === 'privacy';
  if (pauses !== (before.media.paused === 'privacy'))
    said.push(texts.term(pauses ? 'announce.pauses' : 'announce.resumes', now.name));
  // The pause covers these, and before the call nothing was on.
  const talking = before.media.paused === 'no' && now.media.paused === 'no' && before.connection === 'connected';
  for (const device of ['microphone', 'camera'] as const)
    if (talking && before.media[device] !== now.media[device])
      said.push(texts.term(`announce.${device}.${now.media[device] ? 'on' : 'off'}`, now.name));
  return said;
}

/** How long a sentence stays, in milliseconds. Later, people who read the page from top to bottom would come across it. */
const STAYS = 10_000;

/**
 * The live region of a host element. Each sentence is a new node: replacing one would cut it short before it is spoken, and
 * repeating the same text would not be a change.
 */
export class Announcer implements ReactiveController {
  readonly #host: LitElement;
  readonly #texts: Texts;
  #previous: RoomState = { phase: 'idle' };
  #sentences: readonly { readonly key: number; readonly text: string }[] = [];
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: LitElement, texts: Texts) {
    this.#host = host;
    this.#texts = texts;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#sentences = [];
  }

  /** Takes the next snapshot and announces what is new. */
  follow(state: RoomState, chat: Chat): void {
    const said = announcements(this.#previous, state, this.#texts, chat);
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
    const said = repeat(
      this.#sentences,
      ({ key }) => key,
      ({ text }) => html`<p>${text}</p>`,
    );
    // Nothing but the sentences: blanks would be read as content of their own.
    return html`
      <div class="visually-hidden" role="status" translate="no" aria-live="polite" aria-atomic="false">${said}</div>
    `;
  }
}
