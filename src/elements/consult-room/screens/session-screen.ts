/** The screen of a call: pictures, open questions above them, and a panel next to them. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import { type Participant, type RoomInterface, type SessionState, whyUnreachable } from '../../../room/room.ts';
import { icon, type IconName } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';
import { ConnectionReport } from '../../connection-report/connection-report.ts';
import { ConsentReceipts } from '../../consent-receipts/consent-receipts.ts';
import { ParticipantGrid } from '../../participant-grid/participant-grid.ts';
import { RecordingGuard } from '../../recording-guard/recording-guard.ts';
import { RoomChat } from '../../room-chat/room-chat.ts';
import { RoomOccupantsNotice } from '../../room-occupants-notice/room-occupants-notice.ts';
import { SafetyCode } from '../../safety-code/safety-code.ts';
import { WaitingRoom } from '../../waiting-room/waiting-room.ts';
import { DirectOffer } from '../direct-offer.ts';
import { QualityChoice } from '../quality-choice.ts';
import { renderRelayState } from './relay-state.ts';
import type { Slots } from '../slots.ts';
import { exported } from '../nested-elements.ts';

type Panel = 'chat' | 'people' | 'security';

const PANELS: readonly (readonly [panel: Panel, icon: IconName])[] = [
  ['chat', 'message-circle'],
  ['people', 'users-round'],
  ['security', 'shield-check'],
];

/** Whether this person still has to acknowledge the participant's declaration. */
function waitsForUs(p: Participant): boolean {
  return !p.acknowledged.byUs && (p.occupants !== null || p.media.paused === 'someone-came-in');
}

export class SessionView {
  readonly #host: LitElement;
  readonly #texts: Texts;
  readonly #slots: Slots;
  readonly #quality: QualityChoice;
  readonly #direct: DirectOffer;
  #panel: Panel | null = null;
  /** Id of the last chat line seen in the open panel. */
  #read = 0;

  constructor(host: LitElement, texts: Texts, slots: Slots) {
    this.#host = host;
    this.#texts = texts;
    this.#slots = slots;
    this.#quality = new QualityChoice(host, texts);
    this.#direct = new DirectOffer(host, texts);
  }

  /** Whether a panel is open. */
  get open(): boolean {
    return this.#panel !== null;
  }

  /** Whether the chat is open. */
  get reading(): boolean {
    return this.#panel === 'chat';
  }

  close(): void {
    this.#panel = null;
    this.#read = 0;
  }

  render(state: SessionState, room: RoomInterface | undefined): TemplateResult {
    if (this.reading) this.#read = state.chat.at(-1)?.id ?? 0;
    return html`
      <h2 class="visually-hidden" tabindex="-1">${this.#texts.term('consult-room.session.heading')}</h2>
      <div class="inbox">
        ${this.#quality.render(state, room)} ${this.#direct.render(state, room)}
        ${
          state.knocks.length > 0
            ? html`<div class="card"><waiting-room exportparts=${exported(WaitingRoom)}></waiting-room></div>`
            : nothing
        }
        ${
          state.participants.some(waitsForUs) && this.#panel !== 'people'
            ? html`<div class="card">${this.#renderOccupants()}</div>`
            : nothing
        }
      </div>
      <div class="stage ${state.participants.length > 4 ? 'many' : ''}">
        ${this.#slots.render(
          'stage',
          () => html`<participant-grid exportparts=${exported(ParticipantGrid)}></participant-grid>`,
        )}
      </div>
      ${this.#panel ? this.#renderAside(this.#panel, state, room) : nothing}
    `;
  }

  /** Encryption status of the whole room. */
  renderStatus(state: SessionState): TemplateResult {
    const { encryption, participants } = state;
    const running = encryption !== null && participants.every((p) => p.encryption === 'running');
    return html`
      ${
        participants.length === 0 || whyUnreachable(state)
          ? nothing
          : html`<span class="safe ${running ? '' : 'pending'}">
              ${icon(running ? 'lock' : 'key-round')}
              ${this.#texts.term(running ? 'consult-room.encrypted' : 'consult-room.encrypting')}
            </span>`
      }
    `;
  }

  renderPanelButtons(state: SessionState): TemplateResult {
    return html`
      <div class="panels">
        ${PANELS.map(
          ([panel, name]) => html`
            <button
              aria-expanded=${this.#panel === panel ? 'true' : 'false'}
              aria-controls="panel"
              @click=${() => this.#toggle(panel)}
            >
              ${icon(name)} ${this.#texts.term(`consult-room.panel.${panel}`)}
              ${
                panel === 'chat' && this.#unread(state)
                  ? html`<span class="unread"
                      ><span class="visually-hidden">${this.#texts.term('consult-room.panel.unread')}</span></span
                    >`
                  : nothing
              }
            </button>
          `,
        )}
      </div>
    `;
  }

  #renderAside(panel: Panel, state: SessionState, room: RoomInterface | undefined): TemplateResult {
    return html`<div
      class="aside"
      id="panel"
      role="region"
      tabindex="0"
      aria-label=${this.#texts.term(`consult-room.panel.${panel}`)}
    >
      <div class="close">
        <button class="quiet" @click=${this.#onClose}>
          ${icon('x')} ${this.#texts.term('consult-room.panel.close')}
        </button>
      </div>
      ${this.#renderPanel(panel, state, room)}
    </div>`;
  }

  #renderPanel(panel: Panel, state: SessionState, room: RoomInterface | undefined): TemplateResult {
    switch (panel) {
      case 'people':
        return this.#renderOccupants();
      case 'chat':
        return html`<room-chat exportparts=${exported(RoomChat)}></room-chat>`;
      case 'security':
        return html`<div class="stack">
          ${renderRelayState(this.#texts, state, () => room?.withdrawRelay())}
          <safety-code exportparts=${exported(SafetyCode)}></safety-code>
          <connection-report exportparts=${exported(ConnectionReport)}></connection-report>
          <recording-guard exportparts=${exported(RecordingGuard)}></recording-guard>
          <consent-receipts exportparts=${exported(ConsentReceipts)}></consent-receipts>
        </div>`;
    }
  }

  #renderOccupants(): TemplateResult {
    return html`<room-occupants-notice exportparts=${exported(RoomOccupantsNotice)}></room-occupants-notice>`;
  }

  #unread({ chat }: SessionState): boolean {
    return !this.reading && chat.some(({ id, from }) => id > this.#read && from !== 'self');
  }

  /** Returns the focus to the button that opened the panel, because the close button disappears. */
  readonly #onClose = (): void => {
    this.#host.renderRoot.querySelector<HTMLElement>('.panels [aria-expanded="true"]')?.focus();
    this.#panel = null;
    this.#host.requestUpdate();
  };

  #toggle(panel: Panel): void {
    this.#panel = this.#panel === panel ? null : panel;
    this.#host.requestUpdate();
  }
}
