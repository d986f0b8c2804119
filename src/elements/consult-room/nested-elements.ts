/** The elements of the built-in layout, and the `exportparts` that make their parts available to the page. */
import { type ConsultElementClass, exportedParts } from '../../ui/consult-element.ts';
import { CallControls } from '../call-controls/call-controls.ts';
import { ConnectionReport } from '../connection-report/connection-report.ts';
import { ConsentReceipts } from '../consent-receipts/consent-receipts.ts';
import { DeviceCheck } from '../device-check/device-check.ts';
import { DeviceMenu } from '../device-menu/device-menu.ts';
import { HostTools } from '../host-tools/host-tools.ts';
import { ParticipantGrid } from '../participant-grid/participant-grid.ts';
import { PrivacyNotice } from '../privacy-notice/privacy-notice.ts';
import { QuickExit } from '../quick-exit/quick-exit.ts';
import { RecordingGuard } from '../recording-guard/recording-guard.ts';
import { RelayConsentDialog } from '../relay-consent-dialog/relay-consent-dialog.ts';
import { RoomChat } from '../room-chat/room-chat.ts';
import { RoomCode } from '../room-code/room-code.ts';
import { RoomOccupantsNotice } from '../room-occupants-notice/room-occupants-notice.ts';
import { SafetyCode } from '../safety-code/safety-code.ts';
import { ServerReport } from '../server-report/server-report.ts';
import { WaitingRoom } from '../waiting-room/waiting-room.ts';

export const VIEW_CLASSES = [
  PrivacyNotice,
  DeviceCheck,
  DeviceMenu,
  RoomOccupantsNotice,
  WaitingRoom,
  ParticipantGrid,
  CallControls,
  RelayConsentDialog,
  RoomChat,
  SafetyCode,
  RecordingGuard,
  QuickExit,
  ConnectionReport,
  ConsentReceipts,
  ServerReport,
  HostTools,
  RoomCode,
] as const satisfies readonly ConsultElementClass[];

const EXPORTED: ReadonlyMap<string, string> = new Map(VIEW_CLASSES.map((cls) => [cls.tag, exportedParts(cls)]));

/** Value of `exportparts` for one of these elements. */
export function exported(cls: ConsultElementClass): string {
  return EXPORTED.get(cls.tag) ?? '';
}
