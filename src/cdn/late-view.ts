/** In the entry, what `room-screen.ts` is elsewhere (vite.config.ts): the first screens, and from the session on that view itself. */
import type { CSSResult, CSSResultOrNative, LitElement, TemplateResult } from 'lit';
import { EarlyView, type ViewSettings } from '../elements/consult-room/screens/early-view.ts';
import type { RoomView as WholeView } from '../elements/consult-room/screens/room-screen.ts';
import type { RoomInterface, RoomState } from '../room/room.ts';
import { scalable } from '../ui/root-font-size.ts';
import type { Texts } from '../ui/texts.ts';

export interface LaterView {
  readonly RoomView: typeof WholeView;
  /** The room's, with those of a call. */
  readonly styles: readonly CSSResult[];
}

let later: LaterView | null = null;

export function addView(view: LaterView): void {
  later = view;
}

/** Phases with which no session has begun. */
const EARLY: readonly RoomState['phase'][] = ['idle', 'notice', 'ended', 'failed'];

const isSheet = (style: CSSResultOrNative): style is CSSStyleSheet => !('cssText' in style);

export class RoomView implements ViewSettings {
  readonly #host: LitElement;
  readonly #texts: Texts;
  readonly #link: () => string | null;
  #view: EarlyView;
  #isWhole = false;
  #step: readonly [previous: RoomState, next: RoomState] | null = null;
  keyboard: ViewSettings['keyboard'] = '';
  appointment: string | undefined;
  exitHref: string | undefined;
  signaling: string | undefined;

  constructor(host: LitElement, texts: Texts, link: () => string | null) {
    this.#host = host;
    this.#texts = texts;
    this.#link = link;
    this.#view = new EarlyView(host, texts, link);
  }

  announcements(previous: RoomState, next: RoomState): readonly string[] {
    return this.#view.announcements(previous, next);
  }

  before(previous: RoomState, next: RoomState): void {
    this.#step = [previous, next];
    if (!this.#choose(next)) this.#view.before(previous, next);
  }

  updated(): Promise<void> {
    return this.#view.updated();
  }

  render(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    this.#choose(state);
    const { keyboard, appointment, exitHref, signaling } = this;
    return Object.assign(this.#view, { keyboard, appointment, exitHref, signaling }).render(state, room);
  }

  /**
   * Takes the view itself as soon as a session needs it, not before: another view renders everything anew, and whoever reads the notice
   * would lose their place. From then on it stays.
   */
  #choose({ phase }: RoomState): boolean {
    if (this.#isWhole || !later || EARLY.includes(phase)) return false;
    this.#isWhole = true;
    this.#view = new later.RoomView(this.#host, this.#texts, this.#link);
    const { renderRoot } = this.#host;
    // All of them again, in their own order: of two that are the same sheet the later one counts.
    if (renderRoot instanceof ShadowRoot)
      renderRoot.adoptedStyleSheets = [...renderRoot.adoptedStyleSheets, ...later.styles.map(scalable).filter(isSheet)];
    if (this.#step) this.#view.before(...this.#step);
    return true;
  }
}
