/** The elements that the built-in layout is made of, and their parts as they can be reached from the page. */
import { type ConsultElementClass, exportedParts } from '../../ui/consult-element.ts';
import { CallControls } from '../call-controls/call-controls.ts';
import { ConnectionReport } from '../connection-report/connection-report.ts';
import { DeviceCheck } from '../device-check/device-check.ts';
import { ParticipantGrid } from '../participant-grid/participant-grid.ts';
import { PrivacyNotice } from '../privacy-notice/privacy-notice.ts';
import { RelayConsentDialog } from '../relay-consent-dialog/relay-consent-dialog.ts';
import { RoomChat } from '../room-chat/room-chat.ts';
import { RoomOccupantsNotice } from '../room-occupants-notice/room-occupants-notice.ts';
import { SafetyCode } from '../safety-code/safety-code.ts';
import { WaitingRoom } from '../waiting-room/waiting-room.ts';

export const VIEW_CLASSES = [
  PrivacyNotice,
  DeviceCheck,
  RoomOccupantsNotice,
  WaitingRoom,
  ParticipantGrid,
  CallControls,
  RelayConsentDialog,
  RoomChat,
  SafetyCode,
  ConnectionReport,
] as const satisfies readonly ConsultElementClass[];

/** Own parts, and those of all elements inside: under their own name, and prefixed with their tag. */
export const VIEW_PARTS: readonly string[] = [
  ...new Set([
    'steps',
    'problems',
    'alternatives',
    'reload-button',
    'resume-button',
    'withdraw-button',
    ...VIEW_CLASSES.flatMap(({ tag, parts }) => parts.flatMap((part) => [part, `${tag}-${part}`])),
  ]),
];

const EXPORTED: ReadonlyMap<string, string> = new Map(VIEW_CLASSES.map((cls) => [cls.tag, exportedParts(cls)]));

/** The `exportparts` of one of these elements. */
export function exported(cls: ConsultElementClass): string {
  return EXPORTED.get(cls.tag) ?? '';
}
