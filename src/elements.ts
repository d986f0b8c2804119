/** The one list of elements. Importing it defines nothing. */
export { CallControls } from './elements/call-controls/call-controls.ts';
export { ConnectionReport } from './elements/connection-report/connection-report.ts';
export { ConsentReceipts } from './elements/consent-receipts/consent-receipts.ts';
export { ConsultRoom } from './elements/consult-room/consult-room.ts';
export { DeviceCheck } from './elements/device-check/device-check.ts';
export { HostTools } from './elements/host-tools/host-tools.ts';
export { ParticipantGrid } from './elements/participant-grid/participant-grid.ts';
export { ParticipantTile } from './elements/participant-tile/participant-tile.ts';
export { PrivacyNotice } from './elements/privacy-notice/privacy-notice.ts';
export { QuickExit } from './elements/quick-exit/quick-exit.ts';
export { RecordingGuard } from './elements/recording-guard/recording-guard.ts';
export { RelayConsentDialog } from './elements/relay-consent-dialog/relay-consent-dialog.ts';
export { RoomChat } from './elements/room-chat/room-chat.ts';
export { RoomInvite } from './elements/room-invite/room-invite.ts';
export { RoomOccupantsNotice } from './elements/room-occupants-notice/room-occupants-notice.ts';
export { SafetyCode } from './elements/safety-code/safety-code.ts';
export { WaitingRoom } from './elements/waiting-room/waiting-room.ts';
