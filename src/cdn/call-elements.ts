/** The elements of every call after the first view. With those of the first view and the rare ones they are all that there are. */
import { CallControls } from '../elements/call-controls/call-controls.ts';
import { DeviceCheck } from '../elements/device-check/device-check.ts';
import { ParticipantGrid } from '../elements/participant-grid/participant-grid.ts';
import { ParticipantTile } from '../elements/participant-tile/participant-tile.ts';
import { RoomOccupantsNotice } from '../elements/room-occupants-notice/room-occupants-notice.ts';
import { WaitingRoom } from '../elements/waiting-room/waiting-room.ts';

export const callElements = [
  CallControls,
  DeviceCheck,
  ParticipantGrid,
  ParticipantTile,
  RoomOccupantsNotice,
  WaitingRoom,
];
