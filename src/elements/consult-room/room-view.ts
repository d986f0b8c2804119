/** What `<consult-room>` shows in each phase. It holds nothing of the session, only which panel is open and where the focus goes. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { RoomInterface } from '../../room/room-interface.ts';
import { isSession, type Participant, type Phase, type RoomState, type SessionState } from '../../room/state.ts';
import { type ConsultElementClass, exportedParts } from '../../ui/consult-element.ts';
import { icon, type IconName } from '../../ui/icons.ts';
import type { Texts, TextKey } from '../../ui/texts.ts';
import { CallControls } from '../call-controls/call-controls.ts';
import { DeviceCheck } from '../device-check/device-check.ts';
import { ParticipantGrid } from '../participant-grid/participant-grid.ts';
import { PrivacyNotice } from '../privacy-notice/privacy-notice.ts';
import { RoomOccupantsNotice } from '../room-occupants-notice/room-occupants-notice.ts';
import { WaitingRoom } from '../waiting-room/waiting-room.ts';
import { Slots } from './slots.ts';
import { renderEnded, renderFailed, renderIdle, renderProblems, renderSteps } from './views.ts';

/** The elements that the built-in layout is made of. */
export const VIEW_CLASSES: readonly ConsultElementClass[] = [
  PrivacyNotice,
  DeviceCheck,
  RoomOccupantsNotice,
  WaitingRoom,
  ParticipantGrid,
  CallControls,
];

/** Own parts, and those of all elements inside, as they can be reached from the page. */
export const VIEW_PARTS: readonly string[] = [
  ...new Set([
    ...['steps', 'problems', 'alternatives', 'reload-button', 'resume-button'],
    ...VIEW_CLASSES.flatMap(({ tag, parts }) => parts.flatMap((part) => [part, `${tag}-${part}`])),
  ]),
];

const EXPORTED = new Map(VIEW_CLASSES.map((cls) => [cls.tag, exportedParts(cls)]));
const exported = (cls: ConsultElementClass): string => EXPORTED.get(cls.tag) ?? '';

type Panel = 'none' | 'people' | 'chat' | 'security';
type Rendered = TemplateResult | typeof nothing;

const PANELS: readonly { readonly panel: Panel; readonly icon: IconName; readonly text: TextKey }[] = [
  { panel: 'chat', icon: 'message-circle', text: 'consult-room.chat' },
  { panel: 'people', icon: 'users-round', text: 'consult-room.session.people' },
  { panel: 'security', icon: 'shield-check', text: 'consult-room.more' },
];

/** Somebody whose declaration waits for this person. */
function waitsForUs(p: Participant): boolean {
  return !p.acknowledged.byUs && (p.occupants !== null || p.media.paused === 'someone-came-in');
}

export class RoomView {
  readonly #host: LitElement;
  readonly #texts: Texts;
  readonly #slots: Slots;
  #panel: Panel = 'none';
  #focusHeading = false;

  constructor(host: LitElement, texts: Texts) {
    this.#host = host;
    this.#texts = texts;
    this.#slots = new Slots(host);
  }

  /** Before the next snapshot is rendered: a screen that goes takes the focus along unless its heading gets it. */
  before(previous: RoomState, next: RoomState): void {
    if (previous.phase === next.phase) return;
    const elsewhere = document.activeElement !== document.body && !this.#host.matches(':focus-within');
    // The first screen does not pull the page to itself.
    this.#focusHeading = !elsewhere && previous.phase !== 'idle';
    if (!isSession(next)) this.#panel = 'none';
  }

  async updated(): Promise<void> {
    if (!this.#focusHeading) return;
    this.#focusHeading = false;
    const heading = this.#host.renderRoot.querySelector<HTMLElement>('.view [tabindex="-1"], .view .primary-view');
    if (heading && 'updateComplete' in heading) await heading.updateComplete;
    heading?.focus();
  }

  render(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    // Who came in somewhere must not see the others [R14]: pictures are shown in phase `active` only.
    const kind = state.phase === 'active' ? 'session' : 'ceremony';
    return html`
      <section
        class="room ${kind} ${this.#panel === 'none' ? '' : 'open'}"
        lang=${this.#texts.shown()}
        aria-label=${this.#texts.term('consult-room.label')}
      >
        ${this.#slots.renderDefault(() => this.#renderBuiltIn(state, room))}
      </section>
    `;
  }

  #renderBuiltIn(state: RoomState, room: RoomInterface | undefined): TemplateResult {
    return html`
      <div class="top">
        ${renderSteps(this.#texts, state.phase)} ${isSession(state) ? this.#renderStatus(state) : nothing}
        <slot name="top"></slot>
      </div>
      ${'problems' in state ? renderProblems(this.#texts, state.problems, (id) => room?.dismissProblem(id)) : nothing}
      <div class="view">${this.#renderView(state, room)}</div>
      ${
        isSession(state)
          ? html`<div class="controls">
              ${this.#slots.render(
                'controls',
                () => html`<call-controls exportparts=${exported(CallControls)}></call-controls>`,
              )}
            </div>`
          : nothing
      }
    `;
  }

  #renderView(state: RoomState, room: RoomInterface | undefined): Rendered {
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
          html`<div class="card stack">${this.#renderWaiting()}</div>
            <slot name="waiting"></slot>`,
        );
      case 'connecting':
        return this.#renderConnecting(state);
      case 'paused':
        return this.#renderPaused(state, room);
      case 'active':
        return this.#renderSession(state);
      case 'ended':
        return this.#narrow(html`${renderEnded(this.#texts, state)}<slot name="ended"></slot>`);
      case 'failed':
        return this.#narrow(renderFailed(this.#texts, state, () => location.reload()));
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

  #renderConnecting(state: SessionState): TemplateResult {
    return this.#narrow(html`
      <div class="stack">
        <div class="card stack">
          <h2 tabindex="-1">${this.#texts.term('consult-room.connecting.heading')}</h2>
          <p class="lead">${this.#texts.term('consult-room.connecting.text')}</p>
          <room-occupants-notice exportparts=${exported(RoomOccupantsNotice)}></room-occupants-notice>
        </div>
        ${state.knocks.length > 0 ? html`<div class="card">${this.#renderWaiting()}</div>` : nothing}
      </div>
    `);
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
            : html`<room-occupants-notice exportparts=${exported(RoomOccupantsNotice)}></room-occupants-notice>`
        }
      </div>
    `);
  }

  #renderSession(state: SessionState): TemplateResult {
    return html`
      <h2 class="visually-hidden" tabindex="-1">${this.#texts.term('consult-room.session.heading')}</h2>
      <div class="inbox">
        ${state.knocks.length > 0 ? html`<div class="card">${this.#renderWaiting()}</div>` : nothing}
        ${
          state.participants.some(waitsForUs) && this.#panel !== 'people'
            ? html`<div class="card">${this.#renderOccupants()}</div>`
            : nothing
        }
      </div>
      <div class="stage">
        ${this.#slots.render('stage', () => html`<participant-grid exportparts=${exported(ParticipantGrid)}></participant-grid>`)}
      </div>
      ${this.#panel === 'none' ? nothing : this.#renderPanel(this.#panel)}
    `;
  }

  #renderPanel(panel: Panel): TemplateResult {
    return html`<div class="aside" id="panel">${panel === 'people' ? this.#renderOccupants() : nothing}</div>`;
  }

  #renderStatus({ encryption, participants, phase }: SessionState): TemplateResult {
    const running =
      encryption !== null && participants.length > 0 && participants.every((p) => p.encryption === 'running');
    return html`
      ${
        participants.length === 0
          ? nothing
          : html`<span class="safe ${running ? '' : 'pending'}">
              ${icon(running ? 'lock' : 'key-round')}
              ${this.#texts.term(running ? 'consult-room.encrypted' : 'consult-room.encrypting')}
            </span>`
      }
      ${phase === 'active' ? this.#renderPanelButtons() : nothing}
    `;
  }

  #renderPanelButtons(): TemplateResult {
    return html`
      <div class="panels">
        ${PANELS.map(
          ({ panel, icon: name, text }) => html`
            <button
              aria-expanded=${this.#panel === panel ? 'true' : 'false'}
              aria-controls="panel"
              @click=${() => this.#toggle(panel)}
            >
              ${icon(name)} ${this.#texts.term(text as 'consult-room.more')}
            </button>
          `,
        )}
      </div>
    `;
  }

  #toggle(panel: Panel): void {
    this.#panel = this.#panel === panel ? 'none' : panel;
    this.#host.requestUpdate();
  }
}
