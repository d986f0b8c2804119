/**
 * What `<consult-room>` shows before a session and after it, with what is around every screen. Holds no session state, only where the
 * focus goes next. In the CDN folder it is there first, and the rest (`room-screen.ts`) comes while people read.
 */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { Phase, RoomInterface, RoomState } from '../../../room/room.ts';
import { phaseAnnouncements, type Heading } from '../../../ui/announce.ts';
import type { Texts } from '../../../ui/texts.ts';
import { PrivacyNotice } from '../../privacy-notice/privacy-notice.ts';
import { needsExit } from '../../quick-exit/needs-exit.ts';
import { QuickExit } from '../../quick-exit/quick-exit.ts';
import { RoomCode } from '../../room-code/room-code.ts';
import { renderScene, sceneOf } from '../scene.ts';
import { Slots } from '../slots.ts';
import { exported } from '../nested-elements.ts';
import { renderEnded } from './ended-screen.ts';
import { renderFailed } from './failed-screen.ts';
import { renderIdle } from './idle-screen.ts';
import { InAppScreen } from './in-app-screen.ts';
import { renderProblems } from './problems.ts';
import { renderSteps } from './progress.ts';

/** Whether nothing on the page has the focus. */
function nowhere(): boolean {
  return document.activeElement === document.body;
}

/** What the room's element says of itself. */
export interface ViewSettings {
  /** `typing` while a soft keyboard covers part of the window. */
  keyboard: '' | 'typing';
  /** The appointed time (ISO 8601), where the site knows it. */
  appointment: string | undefined;
  /** Where the quick exit leads, if the site says so. */
  exitHref: string | undefined;
  /** The signalling server, if the site says so. */
  signaling: string | undefined;
}

export class EarlyView implements ViewSettings {
  protected readonly host: LitElement;
  protected readonly texts: Texts;
  protected readonly slots: Slots;
  readonly #inApp: InAppScreen;
  keyboard: ViewSettings['keyboard'] = '';
  appointment: string | undefined;
  exitHref: string | undefined;
  signaling: string | undefined;
  /** Where the focus goes after the next rendering: to the heading, or there only if it was lost. */
  #focusAfter: 'as it is' | 'if lost' | 'heading' = 'as it is';
  /** Whether the focus has gone to the heading of the phase that is shown; a site's own screen may have none. */
  protected heading: Heading = 'unread';

  constructor(host: LitElement, texts: Texts, link: () => string | null) {
    this.#inApp = new InAppScreen(host, texts, link);
    this.host = host;
    this.texts = texts;
    this.slots = new Slots(host);
  }

  /** What screen readers say of a step. */
  announcements(previous: RoomState, next: RoomState): readonly string[] {
    return phaseAnnouncements(previous, next, this.texts, this.heading);
  }

  /** Call before rendering the next snapshot: a replaced screen loses the focus unless the new heading gets it. */
  before(previous: RoomState, next: RoomState): void {
    // The pressed button may disappear in a nested element that renders later.
    if (this.#focusAfter === 'as it is' && this.host.matches(':focus-within')) this.#focusAfter = 'if lost';
    if (previous.phase === next.phase) return;
    // A site's own layout becomes empty as well when the session is over.
    const over = next.phase === 'ended' || next.phase === 'failed';
    const left = over && this.slots.filled ? this.host : this.host.renderRoot.querySelector('.view');
    const inView = left?.matches(':focus-within') ?? false;
    // The first screen does not take the focus from the page, and a button that stays keeps it.
    this.heading = 'unread';
    if (previous.phase !== 'idle' && (nowhere() || inView)) this.#focusAfter = 'heading';
  }

  async updated(): Promise<void> {
    const after = this.#focusAfter;
    this.#focusAfter = 'as it is';
    if (after === 'as it is') return;
    if (after === 'if lost') {
      for (const inner of this.host.renderRoot.querySelectorAll<LitElement>('*')) await inner.updateComplete;
      if (!nowhere()) return;
    }
    const heading = this.host.renderRoot.querySelector<HTMLElement>('.view [tabindex="-1"], .view .primary-view');
    if (!heading) return;
    if ('updateComplete' in heading) await heading.updateComplete;
    heading.focus();
    this.heading = 'read';
  }

  render(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    return html`
      <section
        class="room ${this.mode(state)} ${this.keyboard}"
        lang=${this.texts.shown()}
        aria-label=${this.texts.term('consult-room.label')}
      >
        ${this.#renderAbove(state, room)} ${this.slots.renderDefault(() => this.#renderBuiltIn(state, room))}
        ${this.renderBeside(state)}
      </section>
    `;
  }

  /** The layout: `ceremony` leads through one screen after the other, and `session` shows the stage. */
  protected mode(_state: RoomState): string {
    return 'ceremony';
  }

  /** In the top bar, after the steps. */
  protected renderStatus(_state: RoomState): TemplateResult | typeof nothing {
    return nothing;
  }

  /** Below the screen. */
  protected renderBelow(_state: RoomState): unknown {
    return nothing;
  }

  /** In every layout, the site's own too. */
  protected renderBeside(_state: RoomState): TemplateResult | typeof nothing {
    return nothing;
  }

  /** The receipts of a room that is over. */
  protected renderOver(_state: Extract<RoomState, { phase: 'ended' | 'failed' }>): TemplateResult | typeof nothing {
    return nothing;
  }

  /** The screen of a phase between the notice and the end. */
  protected renderLater(_state: RoomState, _room: RoomInterface | undefined): TemplateResult {
    return this.narrow(renderIdle(this.texts));
  }

  /** Whether the house stands above the screen. */
  protected hasHouse(_state: RoomState): boolean {
    return true;
  }

  /** Shown above a site's own layout: problems, and at the end, when its elements are empty, why and what else is possible [R9]. */
  #renderAbove(state: RoomState, room: RoomInterface | undefined): TemplateResult | typeof nothing {
    if (!this.slots.filled) return nothing;
    if ('problems' in state) return this.#renderProblems(state, room);
    if (state.phase !== 'ended' && state.phase !== 'failed') return nothing;
    return html`<div class="view">${this.slots.render(state.phase, () => this.#renderView(state, room))}</div>`;
  }

  #renderProblems(
    { problems }: Extract<RoomState, { readonly problems: unknown }>,
    room: RoomInterface | undefined,
  ): TemplateResult | typeof nothing {
    return renderProblems(this.texts, problems, (id) => room?.dismissProblem(id));
  }

  #renderBuiltIn(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    const view = (): TemplateResult => this.#renderView(state, room);
    return html`
      <div class="top">
        ${renderSteps(this.texts, state.phase)} ${this.renderStatus(state)}
        <slot name="top"></slot>
        ${this.renderExit(state)}
      </div>
      ${'problems' in state ? this.#renderProblems(state, room) : nothing}
      ${
        this.hasHouse(state)
          ? html`<div class="house">${this.slots.render('scene', () => renderScene(sceneOf(state)))}</div>`
          : nothing
      }
      <div class="view">${state.phase === 'failed' ? this.slots.render('failed', view) : view()}</div>
      ${this.renderBelow(state)}
    `;
  }

  /** A site puts its own into `top` to choose where it leads. */
  renderExit(state: RoomState): TemplateResult | typeof nothing {
    if (!needsExit(state) || this.host.querySelector('quick-exit')) return nothing;
    return html`<quick-exit
      class="exit"
      href=${this.exitHref ?? nothing}
      exportparts=${exported(QuickExit)}
    ></quick-exit>`;
  }

  #renderView(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    switch (state.phase) {
      case 'idle':
        return this.narrow(renderIdle(this.texts));
      case 'notice':
        if (this.#inApp.needed) return this.narrow(this.#inApp.render());
        return this.step(
          'notice',
          () => html`<privacy-notice class="primary-view" exportparts=${exported(PrivacyNotice)}></privacy-notice>`,
        );
      case 'ended':
        return this.narrow(html`${renderEnded(this.texts, state)}<slot name="ended"></slot>${this.renderOver(state)}`);
      case 'failed':
        return this.narrow(
          html`${renderFailed(this.texts, state, () => location.reload())}${this.#renderCode(state)}${this.renderOver(state)}`,
        );
      default:
        return this.renderLater(state, room);
    }
  }

  /** Who was told a code on the telephone opens the page without a link. */
  #renderCode({ code }: Extract<RoomState, { phase: 'failed' }>): TemplateResult | typeof nothing {
    if (code !== 'invite-missing' || this.host.querySelector('room-code')) return nothing;
    return html`<room-code class="card" .signaling=${this.signaling} exportparts=${exported(RoomCode)}></room-code>`;
  }

  protected narrow(content: unknown): TemplateResult {
    return html`<div class="narrow">${content}</div>`;
  }

  protected step(name: Phase, content: () => unknown): TemplateResult {
    return this.narrow(this.slots.render(name, content));
  }
}
