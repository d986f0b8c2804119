/** The panel next to the pictures, or below them: what people have opened. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RoomInterface, SessionState } from '../../../room/room.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';
import { ConnectionReport } from '../../connection-report/connection-report.ts';
import { ConsentReceipts } from '../../consent-receipts/consent-receipts.ts';
import { DeviceMenu } from '../../device-menu/device-menu.ts';
import { HostTools } from '../../host-tools/host-tools.ts';
import { RecordingGuard } from '../../recording-guard/recording-guard.ts';
import { RoomChat } from '../../room-chat/room-chat.ts';
import { RoomOccupantsNotice } from '../../room-occupants-notice/room-occupants-notice.ts';
import { SafetyCode } from '../../safety-code/safety-code.ts';
import { ServerReport } from '../../server-report/server-report.ts';
import { exported } from '../nested-elements.ts';
import { renderRelayState } from './relay-state.ts';

export type Panel = 'chat' | 'people' | 'devices' | 'security';

interface SidePanelActions {
  readonly room: RoomInterface | undefined;
  readonly close: () => void;
}

export function renderSidePanel(
  texts: Texts,
  panel: Panel,
  state: SessionState,
  { room, close }: SidePanelActions,
): TemplateResult {
  return html`<div
    class="aside"
    id="panel"
    role="region"
    tabindex="0"
    aria-label=${texts.term(`consult-room.panel.${panel}`)}
  >
    <div class="close">
      <button part="close-button" class="quiet" @click=${close}>
        ${icon('x')} <span>${texts.term('consult-room.panel.close')}</span>
      </button>
    </div>
    ${renderContent(texts, panel, state, room)}
  </div>`;
}

function renderContent(
  texts: Texts,
  panel: Panel,
  state: SessionState,
  room: RoomInterface | undefined,
): TemplateResult {
  switch (panel) {
    case 'people':
      return html`<div class="stack">
        ${state.role === 'host' || state.authority === 'host-key' ? html`<host-tools exportparts=${exported(HostTools)}></host-tools>` : nothing}
        <room-occupants-notice exportparts=${exported(RoomOccupantsNotice)}></room-occupants-notice>
        ${state.authority === 'stand-in' ? html`<p>${texts.term('consult-room.stand-in.self')}</p>` : nothing}
      </div>`;
    case 'chat':
      return html`<room-chat exportparts=${exported(RoomChat)}></room-chat>`;
    case 'devices':
      return html`<device-menu exportparts=${exported(DeviceMenu)}></device-menu>`;
    case 'security':
      return html`<div class="stack">
        ${renderRelayState(texts, state, () => room?.withdrawRelay(), 'all')}
        <safety-code exportparts=${exported(SafetyCode)}></safety-code>
        <connection-report exportparts=${exported(ConnectionReport)}></connection-report>
        <server-report exportparts=${exported(ServerReport)}></server-report>
        <recording-guard exportparts=${exported(RecordingGuard)}></recording-guard>
        <consent-receipts exportparts=${exported(ConsentReceipts)}></consent-receipts>
      </div>`;
  }
}
