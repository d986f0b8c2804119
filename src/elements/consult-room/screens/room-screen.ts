/** What `<consult-room>` shows in each phase. Holds no session state, only where the focus goes next. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import {
  awaitsEveryone,
  isSession,
  type Phase,
  type RoomInterface,
  type RoomState,
  type SessionState,
  whyUnreachable,
} from '../../../room/room.ts';
import type { Texts } from '../../../ui/texts.ts';
import { CallControls } from '../../call-controls/call-controls.ts';
import { ConsentReceipts } from '../../consent-receipts/consent-receipts.ts';
import { DeviceCheck } from '../../device-check/device-check.ts';
import { PrivacyNotice } from '../../privacy-notice/privacy-notice.ts';
import { QuickExit } from '../../quick-exit/quick-exit.ts';
import { RelayConsentDialog } from '../../relay-consent-dialog/relay-consent-dialog.ts';
import { RoomCode } from '../../room-code/room-code.ts';
import { RoomOccupantsNotice } from '../../room-occupants-notice/room-occupants-notice.ts';
import { WaitingRoom } from '../../waiting-room/waiting-room.ts';
import { renderNoConnection } from './no-connection-screen.ts';
import { renderRelayPending } from './relay-pending-screen.ts';
import { pausedByOthers, renderPaused } from './paused-screen.ts';
import { renderScene, sceneOf } from '../scene.ts';
import { SessionView } from './session-screen.ts';
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

/** Someone has come into this room: what is on the screen must not tell them anything [R14]. */
function covered(state: RoomState): boolean {
  return state.phase === 'paused' && state.media.paused === 'someone-came-in';
}

export class RoomView {
  readonly #host: LitElement;
  readonly #texts: Texts;
  readonly #slots: Slots;
  readonly #session: SessionView;
  readonly #inApp: InAppScreen;
  /** `typing` while a soft keyboard covers part of the window. */
  keyboard: '' | 'typing' = '';
  /** The appointed time (ISO 8601), where the site knows it. */
  appointment: string | undefined;
  /** Where the quick exit leads, if the site says so. */
  exitHref: string | undefined;
  /** The signalling server, if the site says so. */
  signaling: string | undefined;
  /** Where the focus goes after the next rendering: to the heading, or there only if it was lost. */
  #focusAfter: 'as it is' | 'if lost' | 'heading' = 'as it is';

  constructor(host: LitElement, texts: Texts, link: () => string | null) {
    this.#inApp = new InAppScreen(host, texts, link);
    this.#host = host;
    this.#texts = texts;
    this.#slots = new Slots(host);
    this.#session = new SessionView(host, texts, this.#slots);
  }

  /** Whether the chat is open. */
  get readingChat(): boolean {
    return this.#session.reading;
  }

  /** Call before rendering the next snapshot: a replaced screen loses the focus unless the new heading gets it. */
  before(previous: RoomState, next: RoomState): void {
    // The pressed button may disappear in a nested element that renders later.
    if (this.#focusAfter === 'as it is' && this.#host.matches(':focus-within')) this.#focusAfter = 'if lost';
    if (previous.phase === next.phase) return;
    // A site's own layout becomes empty as well when the session is over.
    const over = next.phase === 'ended' || next.phase === 'failed';
    const left = over && this.#slots.filled ? this.#host : this.#host.renderRoot.querySelector('.view');
    const inView = left?.matches(':focus-within') ?? false;
    // The first screen does not take the focus from the page, and a button that stays keeps it.
    if (previous.phase !== 'idle' && (nowhere() || inView)) this.#focusAfter = 'heading';
    if (!isSession(next)) this.#session.close();
  }

  async updated(): Promise<void> {
    const after = this.#focusAfter;
    this.#focusAfter = 'as it is';
    if (after === 'as it is') return;
    if (after === 'if lost') {
      for (const inner of this.#host.renderRoot.querySelectorAll<LitElement>('*')) await inner.updateComplete;
      if (!nowhere()) return;
    }
    const heading = this.#host.renderRoot.querySelector<HTMLElement>('.view [tabindex="-1"], .view .primary-view');
    if (heading && 'updateComplete' in heading) await heading.updateComplete;
    heading?.focus();
  }

  render(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    const call = this.#isCall(state);
    return html`
      <section
        class="room ${call ? 'session' : 'ceremony'} ${call && this.#session.open ? 'open' : ''} ${this.keyboard}"
        lang=${this.#texts.shown()}
        aria-label=${this.#texts.term('consult-room.label')}
      >
        ${this.#renderAbove(state, room)} ${this.#slots.renderDefault(() => this.#renderBuiltIn(state, room))}
        ${isSession(state) ? this.#renderRelay() : nothing}
      </section>
    `;
  }

  /** Whether the stage is shown. Never while someone is in this room who must not see the others [R14]. */
  #isCall(state: RoomState): boolean {
    if (state.phase === 'active' || pausedByOthers(state)) return true;
    return state.phase === 'connecting' && !whyUnreachable(state) && !awaitsEveryone(state);
  }

  /** Shown above a site's own layout: problems, and at the end, when its elements are empty, why and what else is possible [R9]. */
  #renderAbove(state: RoomState, room: RoomInterface | undefined): TemplateResult | typeof nothing {
    if (!this.#slots.filled) return nothing;
    if ('problems' in state) return renderProblems(this.#texts, state.problems, (id) => room?.dismissProblem(id));
    if (state.phase !== 'ended' && state.phase !== 'failed') return nothing;
    return html`<div class="view">${this.#slots.render(state.phase, () => this.#renderView(state, room))}</div>`;
  }

  #renderBuiltIn(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    const view = (): TemplateResult => this.#renderView(state, room);
    return html`
      <div class="top">
        ${renderSteps(this.#texts, state.phase)}
        ${isSession(state) && !covered(state) ? this.#session.renderStatus(state) : nothing}
        <slot name="top"></slot>
        ${this.#renderExit(state)}
      </div>
      ${'problems' in state ? renderProblems(this.#texts, state.problems, (id) => room?.dismissProblem(id)) : nothing}
      ${
        this.#isCall(state)
          ? nothing
          : html`<div class="house">${this.#slots.render('scene', () => renderScene(sceneOf(state)))}</div>`
      }
      <div class="view">${state.phase === 'failed' ? this.#slots.render('failed', view) : view()}</div>
      ${this.#renderConsent(state)} ${isSession(state) ? this.#renderControls(state) : nothing}
    `;
  }

  /** Only guests need it. A site puts its own into `top` to choose where it leads. */
  #renderExit(state: RoomState): TemplateResult | typeof nothing {
    const needed = 'role' in state && state.role === 'guest' && state.phase !== 'ended';
    if (!needed || this.#host.querySelector('quick-exit')) return nothing;
    return html`<quick-exit
      class="exit"
      href=${this.exitHref ?? nothing}
      exportparts=${exported(QuickExit)}
    ></quick-exit>`;
  }

  /** Shown wherever a consent can be withdrawn; during a call it is in the security panel. */
  #renderConsent(state: RoomState): TemplateResult | typeof nothing {
    if (!('consent' in state) || this.#isCall(state) || covered(state)) return nothing;
    return html`<details class="consent">
      <summary>${this.#texts.term('consent-receipts.heading')}</summary>
      ${this.#renderReceipts()}
    </details>`;
  }

  /** Receipts can still be saved; folded, because the goodbye comes first. */
  #renderOver({ receipts }: Extract<RoomState, { phase: 'ended' | 'failed' }>): TemplateResult | typeof nothing {
    if (receipts.length === 0) return nothing;
    return html`<details class="consent kept">
      <summary>${this.#texts.term('consent-receipts.kept', receipts.length)}</summary>
      ${this.#renderReceipts()}
    </details>`;
  }

  #renderReceipts(): TemplateResult {
    return html`<consent-receipts exportparts=${exported(ConsentReceipts)}></consent-receipts>`;
  }

  #renderControls(state: SessionState): TemplateResult {
    const controls = (): TemplateResult =>
      html`<call-controls class="rail" exportparts=${exported(CallControls)} @more=${() => this.#session.onMore()}>
        ${this.#isCall(state) ? this.#session.renderPanelButtons(state) : nothing}
      </call-controls>`;
    return html`<div class="controls">${this.#slots.render('controls', controls)}</div>`;
  }

  /** Present in every layout: without the question some people would get no connection [R8]. */
  #renderRelay(): TemplateResult | typeof nothing {
    if (this.#host.querySelector('relay-consent-dialog')) return nothing;
    return html`<relay-consent-dialog exportparts=${exported(RelayConsentDialog)}></relay-consent-dialog>`;
  }

  #renderView(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    switch (state.phase) {
      case 'idle':
        return this.#narrow(renderIdle(this.#texts));
      case 'notice':
        if (this.#inApp.needed) return this.#narrow(this.#inApp.render());
        return this.#step(
          'notice',
          () => html`<privacy-notice class="primary-view" exportparts=${exported(PrivacyNotice)}></privacy-notice>`,
        );
      case 'devices':
        return this.#step(
          'devices',
          () => html`<device-check class="primary-view" exportparts=${exported(DeviceCheck)}></device-check>`,
        );
      case 'occupants':
        return this.#step('occupants', () => this.#renderOccupants());
      case 'waiting':
        return this.#narrow(html`${this.#renderWaiting()}<slot name="waiting"></slot>`);
      case 'connecting':
        return this.#renderConnecting(state, room);
      case 'paused':
        return this.#renderPaused(state, room);
      case 'active':
        return this.#session.render(state, room);
      case 'ended':
        return this.#narrow(
          html`${renderEnded(this.#texts, state)}<slot name="ended"></slot>${this.#renderOver(state)}`,
        );
      case 'failed':
        return this.#narrow(
          html`${renderFailed(this.#texts, state, () => location.reload())}${this.#renderCode(state)}${this.#renderOver(state)}`,
        );
    }
  }

  /** Who was told a code on the telephone opens the page without a link. */
  #renderCode({ code }: Extract<RoomState, { phase: 'failed' }>): TemplateResult | typeof nothing {
    if (code !== 'invite-missing' || this.#host.querySelector('room-code')) return nothing;
    return html`<room-code class="card" .signaling=${this.signaling} exportparts=${exported(RoomCode)}></room-code>`;
  }

  #narrow(content: unknown): TemplateResult {
    return html`<div class="narrow">${content}</div>`;
  }

  #step(name: Phase, content: () => unknown): TemplateResult {
    return this.#narrow(this.#slots.render(name, content));
  }

  #renderOccupants(): TemplateResult {
    return html`<room-occupants-notice
      class="primary-view"
      exportparts=${exported(RoomOccupantsNotice)}
    ></room-occupants-notice>`;
  }

  #renderWaiting(): TemplateResult {
    return html`<waiting-room
      class="primary-view"
      .appointment=${this.appointment}
      exportparts=${exported(WaitingRoom)}
    ></waiting-room>`;
  }

  #renderConnecting(state: SessionState, room: RoomInterface | undefined): TemplateResult {
    const calm = renderNoConnection(this.#texts, state) ?? this.#renderRelayPending(state);
    if (!calm) return this.#session.render(state, room);
    return this.#narrow(html`
      <div class="stack">${calm} ${state.knocks.length > 0 ? this.#renderWaiting() : nothing}</div>
    `);
  }

  /** People can still acknowledge declarations while they wait for an answer. */
  #renderRelayPending(state: SessionState): TemplateResult | null {
    const pending = renderRelayPending(this.#texts, state);
    if (!pending) return null;
    const confirmed = state.participants.every(({ acknowledged }) => acknowledged.byUs);
    return html`${pending} ${confirmed ? nothing : this.#renderOccupants()}`;
  }

  #renderPaused(state: Extract<RoomState, { phase: 'paused' }>, room: RoomInterface | undefined): TemplateResult {
    if (pausedByOthers(state)) return this.#session.render(state, room);
    // The person who reported it is asked again; the others are informed.
    if (state.media.paused === 'someone-came-in') return this.#narrow(this.#renderOccupants());
    return this.#narrow(renderPaused(this.#texts, state, room));
  }
}
