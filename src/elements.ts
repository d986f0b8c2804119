/** The one list of elements. Importing it defines nothing. */
export { CallControls } from './elements/call-controls/call-controls.ts';
export { ConsultRoom } from './elements/consult-room/consult-room.ts';
export { DeviceCheck } from './elements/device-check/device-check.ts';
export { ParticipantGrid } from './elements/participant-grid/participant-grid.ts';
export { ParticipantTile } from './elements/participant-tile/participant-tile.ts';
export { PrivacyNotice } from './elements/privacy-notice/privacy-notice.ts';
export { RoomOccupantsNotice } from './elements/room-occupants-notice/room-occupants-notice.ts';
export { WaitingRoom } from './elements/waiting-room/waiting-room.ts';
