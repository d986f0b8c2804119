/** Elements that a call may never show, with their texts: panels until someone opens them, questions until they are asked. */
import { AppointmentSheet } from '../elements/appointment-sheet/appointment-sheet.ts';
import { ConnectionReport } from '../elements/connection-report/connection-report.ts';
import { ConsentReceipts } from '../elements/consent-receipts/consent-receipts.ts';
import { DeviceMenu } from '../elements/device-menu/device-menu.ts';
import { HostTools } from '../elements/host-tools/host-tools.ts';
import { RecordingGuard } from '../elements/recording-guard/recording-guard.ts';
import { RelayConsentDialog } from '../elements/relay-consent-dialog/relay-consent-dialog.ts';
import { RoomChat } from '../elements/room-chat/room-chat.ts';
import { RoomCode } from '../elements/room-code/room-code.ts';
import { RoomInvite } from '../elements/room-invite/room-invite.ts';
import { SafetyCode } from '../elements/safety-code/safety-code.ts';
import { ServerReport } from '../elements/server-report/server-report.ts';

export const rareElements = [
  AppointmentSheet,
  ConnectionReport,
  ConsentReceipts,
  DeviceMenu,
  HostTools,
  RecordingGuard,
  RelayConsentDialog,
  RoomChat,
  RoomCode,
  RoomInvite,
  SafetyCode,
  ServerReport,
];
