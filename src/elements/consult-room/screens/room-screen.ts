/** What `<consult-room>` shows in each phase. It holds nothing of the session, only where the focus goes. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { RoomInterface } from '../../../room/room-api.ts';
import { isSession, type Phase, type RoomState, type SessionState } from '../../../room/state/state.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';
import { CallControls } from '../../call-controls/call-controls.ts';
import { ConsentReceipts } from '../../consent-receipts/consent-receipts.ts';
import { DeviceCheck } from '../../device-check/device-check.ts';
import { PrivacyNotice } from '../../privacy-notice/privacy-notice.ts';
import { QuickExit } from '../../quick-exit/quick-exit.ts';
import { RelayConsentDialog } from '../../relay-consent-dialog/relay-consent-dialog.ts';
import { RoomOccupantsNotice } from '../../room-occupants-notice/room-occupants-notice.ts';
import { WaitingRoom } from '../../waiting-room/waiting-room.ts';
import { renderRelayState, renderSilence, renderWithoutConnection } from './relay-screens.ts';
import { SessionView } from './session-screen.ts';
import { Slots } from '../slots.ts';
import { exported } from '../nested-elements.ts';
import { renderEnded, renderFailed, renderIdle, renderProblems, renderSteps } from './screens.ts';

/** Whether nothing in the page has the focus. */
function nowhere(): boolean {
  return document.activeElement === document.body;
}

export class RoomView {
  readonly #host: LitElement;
  readonly #texts: Texts;
  readonly #slots: Slots;
  readonly #session: SessionView;
  /** What the focus needs after the next rendering: the heading in any case, or only if nothing holds it any more. */
  #focusAfter: 'as it is' | 'if lost' | 'heading' = 'as it is';

  constructor(host: LitElement, texts: Texts) {
    this.#host = host;
    this.#texts = texts;
    this.#slots = new Slots(host);
    this.#session = new SessionView(host, texts, this.#slots);
  }

  /** Whether chat lines are being read as they come. */
  get readingChat(): boolean {
    return this.#session.reading;
  }

  /** Before the next snapshot is rendered: a screen that goes takes the focus along unless its heading gets it. */
  before(previous: RoomState, next: RoomState): void {
    // What was pressed may go with the change, in an element that renders after this one.
    if (this.#focusAfter === 'as it is' && this.#host.matches(':focus-within')) this.#focusAfter = 'if lost';
    if (previous.phase === next.phase) return;
    // What a site laid out itself goes as well when it is over.
    const over = next.phase === 'ended' || next.phase === 'failed';
    const left = over && this.#slots.filled ? this.#host : this.#host.renderRoot.querySelector('.view');
    const inView = left?.matches(':focus-within') ?? false;
    // The first screen does not pull the page to itself, and a button that stays keeps its focus.
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
    // Who came in somewhere must not see the others [R14]: pictures are shown in phase `active` only.
    const kind = state.phase === 'active' ? 'session' : 'ceremony';
    return html`
      <section
        class="room ${kind} ${this.#session.open ? 'open' : ''}"
        lang=${this.#texts.shown()}
        aria-label=${this.#texts.term('consult-room.label')}
      >
        ${this.#renderAbove(state, room)} ${this.#slots.renderDefault(() => this.#renderBuiltIn(state, room))}
        ${isSession(state) ? this.#renderRelay() : nothing}
      </section>
    `;
  }

  /** Above a layout of the site's own, whose elements are empty by then: nobody is left without a word and without another way [R9]. */
  #renderAbove(state: RoomState, room: RoomInterface | undefined): TemplateResult | typeof nothing {
    if (!this.#slots.filled || (state.phase !== 'ended' && state.phase !== 'failed')) return nothing;
    return html`<div class="view">${this.#slots.render(state.phase, () => this.#renderView(state, room))}</div>`;
  }

  #renderBuiltIn(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    const view = (): TemplateResult => this.#renderView(state, room);
    return html`
      <div class="top">
        ${renderSteps(this.#texts, state.phase)} ${isSession(state) ? this.#session.renderStatus(state) : nothing}
        <slot name="top"></slot>
        ${this.#renderExit(state)} ${state.phase === 'active' ? this.#session.renderPanelButtons(state) : nothing}
      </div>
      ${'problems' in state ? renderProblems(this.#texts, state.problems, (id) => room?.dismissProblem(id)) : nothing}
      <div class="view">${state.phase === 'failed' ? this.#slots.render('failed', view) : view()}</div>
      ${
        state.phase === 'notice' && state.role === 'guest'
          ? html`<p class="small foot">${this.#texts.term('quick-exit.hint')}</p>`
          : nothing
      }
      ${this.#renderConsent(state)} ${isSession(state) ? this.#renderControls() : nothing}
    `;
  }

  /** For guests: who is in danger at home is never the counsellor. A site puts its own into `top` to choose where it leads. */
  #renderExit(state: RoomState): TemplateResult | typeof nothing {
    const needed = 'role' in state && state.role === 'guest' && state.phase !== 'ended';
    if (!needed || this.#host.querySelector('quick-exit')) return nothing;
    const place = state.phase === 'active' ? 'exit beside-panels' : 'exit';
    return html`<quick-exit class=${place} exportparts=${exported(QuickExit)}></quick-exit>`;
  }

  /** In reach wherever there is a consent to take back; in the running session it stands in the panel. */
  #renderConsent(state: RoomState): TemplateResult | typeof nothing {
    if (!('consent' in state) || state.phase === 'active') return nothing;
    return html`<details class="consent">
      <summary>${this.#texts.term('consent-receipts.heading')}</summary>
      ${this.#renderReceipts()}
    </details>`;
  }

  /** What was agreed to can still be kept. */
  #renderOver({ receipts }: Extract<RoomState, { phase: 'ended' | 'failed' }>): TemplateResult | typeof nothing {
    return receipts.length === 0 ? nothing : html`<div class="card kept">${this.#renderReceipts()}</div>`;
  }

  #renderReceipts(): TemplateResult {
    return html`<consent-receipts exportparts=${exported(ConsentReceipts)}></consent-receipts>`;
  }

  #renderControls(): TemplateResult {
    const controls = (): TemplateResult => html`<call-controls exportparts=${exported(CallControls)}></call-controls>`;
    return html`<div class="controls">${this.#slots.render('controls', controls)}</div>`;
  }

  /** The question is never missing, whatever the layout: without it some people would get no connection [R8]. */
  #renderRelay(): TemplateResult | typeof nothing {
    if (this.#host.querySelector('relay-consent-dialog')) return nothing;
    return html`<relay-consent-dialog exportparts=${exported(RelayConsentDialog)}></relay-consent-dialog>`;
  }

  #renderView(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    switch (state.phase) {
      case 'idle':
        return this.#narrow(renderIdle(this.#texts));
      case 'notice':
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
        return this.#narrow(
          html`<div class="card">${this.#renderWaiting()}</div>
            <slot name="waiting"></slot>`,
        );
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
          html`${renderFailed(this.#texts, state, () => location.reload())}${this.#renderOver(state)}`,
        );
    }
  }

  #narrow(content: unknown): TemplateResult {
    return html`<div class="narrow">${content}</div>`;
  }

  #step(name: Phase, content: () => unknown): TemplateResult {
    return html`<div class="narrow wide">
      ${this.#slots.render(name, () => html`<div class="card">${content()}</div>`)}
    </div>`;
  }

  #renderOccupants(): TemplateResult {
    return html`<room-occupants-notice
      class="primary-view"
      exportparts=${exported(RoomOccupantsNotice)}
    ></room-occupants-notice>`;
  }

  #renderWaiting(): TemplateResult {
    return html`<waiting-room class="primary-view" exportparts=${exported(WaitingRoom)}></waiting-room>`;
  }

  #renderConnecting(state: SessionState, room: RoomInterface | undefined): TemplateResult {
    const without = renderWithoutConnection(this.#texts, state);
    return this.#narrow(html`
      <div class="stack">
        ${without ?? this.#renderSilence(state) ?? this.#renderCeremony(state, room)}
        ${state.knocks.length > 0 ? html`<div class="card">${this.#renderWaiting()}</div>` : nothing}
      </div>
    `);
  }

  /** Waiting for an answer takes nothing away that this person still has to do. */
  #renderSilence(state: SessionState): TemplateResult | null {
    const silence = renderSilence(this.#texts, state);
    if (!silence) return null;
    const confirmed = state.participants.every(({ acknowledged }) => acknowledged.byUs);
    return html`${silence} ${confirmed ? nothing : html`<div class="card">${this.#renderOccupants()}</div>`}`;
  }

  #renderCeremony(state: SessionState, room: RoomInterface | undefined): TemplateResult {
    return html`<div class="card stack">
      <h2 tabindex="-1">${this.#texts.term('consult-room.connecting.heading')}</h2>
      <p class="lead">${this.#texts.term('consult-room.connecting.text')}</p>
      ${this.#renderOccupants()} ${renderRelayState(this.#texts, state, () => room?.withdrawRelay())}
    </div>`;
  }

  #renderPaused(state: Extract<RoomState, { phase: 'paused' }>, room: RoomInterface | undefined): TemplateResult {
    const { reason } = state;
    // Who said so is asked again; the others are told.
    if (state.media.paused === 'someone-came-in')
      return this.#narrow(html`<div class="card">${this.#renderOccupants()}</div>`);
    return this.#narrow(html`
      <div class="card ${reason === 'privacy' ? 'calm' : 'stack'}">
        ${reason === 'privacy' ? html`<div class="sign">${icon('pause')}</div>` : nothing}
        <h2 tabindex="-1">${this.#texts.term(`consult-room.paused.heading.${reason}`)}</h2>
        <p>${this.#texts.term(`consult-room.paused.text.${reason}`)}</p>
        ${
          reason === 'privacy'
            ? html`<button part="resume-button" class="primary" @click=${() => room?.resume()}>
                ${icon('play')} ${this.#texts.term('consult-room.paused.resume')}
              </button>`
            : reason === 'someone-came-in'
              ? this.#renderOccupants()
              : nothing
        }
      </div>
    `);
  }
}
