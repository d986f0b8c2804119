/** What `<consult-room>` shows in each phase: the first and the last ones are those of `early-view.ts`. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import {
  awaitsEveryone,
  isRegrouping,
  isSession,
  type RoomInterface,
  type RoomState,
  type SessionState,
  whyUnreachable,
} from '../../../room/room.ts';
import { announcements } from '../../../ui/announcements.ts';
import type { Texts } from '../../../ui/texts.ts';
import { CallControls } from '../../call-controls/call-controls.ts';
import { ConsentReceipts } from '../../consent-receipts/consent-receipts.ts';
import { DeviceCheck } from '../../device-check/device-check.ts';
import { RelayConsentDialog } from '../../relay-consent-dialog/relay-consent-dialog.ts';
import { RoomOccupantsNotice } from '../../room-occupants-notice/room-occupants-notice.ts';
import { WaitingRoom } from '../../waiting-room/waiting-room.ts';
import { exported } from '../nested-elements.ts';
import { EarlyView } from './early-view.ts';
import { renderNoConnection } from './no-connection-screen.ts';
import { renderRelayPending } from './relay-pending-screen.ts';
import { pausedByOthers } from './paused-by-others.ts';
import { renderPaused } from './paused-screen.ts';
import { SessionView } from './session-screen.ts';
import { tellUnknownSlots } from '../../../ui/unknown-slots.ts';

const SLOTS = ' top scene notice devices occupants waiting stage controls ended failed ';

/** Someone has come into this room: what is on the screen must not tell them anything [R14]. */
function covered(state: RoomState): boolean {
  return state.phase === 'paused' && state.media.paused === 'someone-came-in';
}

export class RoomView extends EarlyView {
  readonly #session: SessionView;

  constructor(host: LitElement, texts: Texts, link: () => string | null) {
    super(host, texts, link);
    this.#session = new SessionView(host, texts, this.slots);
  }

  override announcements(previous: RoomState, next: RoomState): readonly string[] {
    return announcements(previous, next, this.texts, this.#session.reading ? 'seen' : 'unseen', this.heading);
  }

  override before(previous: RoomState, next: RoomState): void {
    super.before(previous, next);
    if (previous.phase !== next.phase && !isSession(next)) this.#session.close();
  }

  protected override mode(state: RoomState): string {
    if (!this.#isCall(state)) return 'ceremony';
    return this.#session.open ? 'session open' : 'session';
  }

  protected override hasHouse(state: RoomState): boolean {
    return !this.#isCall(state);
  }

  /** Whether the stage is shown. Never while someone is in this room who must not see the others [R14]. */
  #isCall(state: RoomState): boolean {
    if (state.phase === 'active' || pausedByOthers(state) || isRegrouping(state)) return true;
    return state.phase === 'connecting' && !whyUnreachable(state) && !awaitsEveryone(state);
  }

  protected override renderStatus(state: RoomState): TemplateResult | typeof nothing {
    return isSession(state) && !covered(state) ? this.#session.renderStatus(state) : nothing;
  }

  protected override renderBelow(state: RoomState): TemplateResult {
    return html`${this.#renderConsent(state)} ${isSession(state) ? this.#renderControls(state) : nothing}`;
  }

  /** Without the question some people would get no connection [R8]. */
  protected override renderBeside(state: RoomState): TemplateResult | typeof nothing {
    if (!isSession(state) || this.host.querySelector('relay-consent-dialog')) return nothing;
    return html`<relay-consent-dialog exportparts=${exported(RelayConsentDialog)}></relay-consent-dialog>`;
  }

  /** Shown wherever a consent can be withdrawn; during a call it is in the security panel. */
  #renderConsent(state: RoomState): TemplateResult | typeof nothing {
    if (!('consent' in state) || this.#isCall(state) || covered(state)) return nothing;
    return html`<details class="consent">
      <summary part="summary">${this.texts.term('consent-receipts.heading')}</summary>
      ${this.#renderReceipts()}
    </details>`;
  }

  /** Receipts can still be saved; folded, because the goodbye comes first. */
  protected override renderOver({
    receipts,
  }: Extract<RoomState, { phase: 'ended' | 'failed' }>): TemplateResult | typeof nothing {
    if (receipts.length === 0) return nothing;
    return html`<details class="consent kept">
      <summary part="summary">${this.texts.term('consent-receipts.kept', receipts.length)}</summary>
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
    return html`<div class="controls">${this.slots.render('controls', controls)}</div>`;
  }

  protected override renderLater(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    // Here and not at the start: nobody waits for it.
    tellUnknownSlots(this.host, SLOTS);
    switch (state.phase) {
      case 'devices':
        return this.step(
          'devices',
          () => html`<device-check class="primary-view" exportparts=${exported(DeviceCheck)}></device-check>`,
        );
      case 'occupants':
        return this.step('occupants', () => this.#renderOccupants());
      case 'waiting':
        return isRegrouping(state)
          ? this.#session.render(state, room)
          : this.narrow(html`${this.#renderWaiting()}<slot name="waiting"></slot>`);
      case 'connecting':
        return this.#renderConnecting(state, room);
      case 'paused':
        return this.#renderPaused(state, room);
      case 'active':
        return this.#session.render(state, room);
      default:
        return super.renderLater(state, room);
    }
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
    const calm = renderNoConnection(this.texts, state) ?? this.#renderRelayPending(state);
    if (!calm) return this.#session.render(state, room);
    return this.narrow(html`
      <div class="stack">${calm} ${state.knocks.length > 0 ? this.#renderWaiting() : nothing}</div>
    `);
  }

  /** People can still acknowledge declarations while they wait for an answer. */
  #renderRelayPending(state: SessionState): TemplateResult | null {
    const pending = renderRelayPending(this.texts, state);
    if (!pending) return null;
    const confirmed = state.participants.every(({ acknowledged }) => acknowledged.byUs);
    return html`${pending} ${confirmed ? nothing : this.#renderOccupants()}`;
  }

  #renderPaused(state: Extract<RoomState, { phase: 'paused' }>, room: RoomInterface | undefined): TemplateResult {
    if (pausedByOthers(state)) return this.#session.render(state, room);
    // The person who reported it is asked again; the others are informed.
    if (state.media.paused === 'someone-came-in') return this.narrow(this.#renderOccupants());
    return this.narrow(renderPaused(this.texts, state, room));
  }
}
