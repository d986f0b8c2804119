/**
 * What can happen to a room: the inputs of its reducer. People's actions and services' reports alike; a service never
 * writes state, it reports here.
 */
import type { PublicConfiguration } from '../../configuration.ts';
import type { ErrorCode } from '../../errors.ts';
import type { Policy } from '../../policy.ts';
import type {
  Blur,
  Consent,
  Devices,
  DevicesChoice,
  Encryption,
  EndReason,
  Knock,
  Occupants,
  OwnMedia,
  Participant,
  Path,
  PathForecast,
  PauseReason,
  Receipt,
  RelayQuestion,
  Role,
  RulesConsent,
  SessionFields,
  Shown,
} from './state.ts';
import type { MediaNotice } from '../messages/messages.ts';

/** Who the group says is in the room beside us. */
export interface RosterEntry {
  readonly id: string;
  readonly name: string;
  readonly host: boolean;
}

/** Everything that a reload brings back (protocol.md §9). */
export interface Resumed {
  readonly consent: Consent;
  readonly rules: RulesConsent;
  readonly receipts: readonly Receipt[];
  readonly choice: DevicesChoice;
  readonly occupants: Occupants;
  /** What was shown: a camera that was off, or softened, does not come back on or clear. */
  readonly shown: Shown;
}

/** Before the session: the ceremony. */
export type CeremonyInput =
  | {
      readonly type: 'configured';
      readonly role: Role;
      readonly policy: Policy;
      readonly configuration: PublicConfiguration;
      readonly name: string;
    }
  | { readonly type: 'notice-accepted'; readonly consent: Consent }
  | { readonly type: 'resumed'; readonly record: Resumed }
  | { readonly type: 'named'; readonly name: string }
  | { readonly type: 'devices-asked'; readonly choice: DevicesChoice }
  | {
      readonly type: 'devices-answered';
      readonly devices: Pick<Devices, 'cameras' | 'microphones' | 'camera' | 'microphone' | 'blurs' | 'problems'>;
    }
  | { readonly type: 'forecast'; readonly forecast: Exclude<PathForecast, 'unasked' | 'looking'> }
  | { readonly type: 'blurred'; readonly blur: Blur }
  | { readonly type: 'devices-used' }
  | { readonly type: 'rules-accepted'; readonly rules: RulesConsent }
  | { readonly type: 'declared'; readonly occupants: Occupants }
  | { readonly type: 'joined' };

/** About one participant. */
export type ParticipantInput =
  | { readonly type: 'their-occupants'; readonly id: string; readonly occupants: Occupants }
  /** `hash`: of the declaration that was read. */
  | { readonly type: 'acknowledged-by-us'; readonly id: string; readonly hash: string }
  | { readonly type: 'acknowledged-by-them'; readonly id: string; readonly hash: string }
  | { readonly type: 'connection'; readonly id: string; readonly connection: Participant['connection'] }
  | { readonly type: 'encrypted'; readonly id: string; readonly encryption: Participant['encryption'] }
  | { readonly type: 'path'; readonly id: string; readonly path: Path }
  | { readonly type: 'relay'; readonly id: string; readonly relay: RelayQuestion }
  | { readonly type: 'their-media'; readonly id: string; readonly media: MediaNotice }
  | {
      readonly type: 'stream';
      readonly id: string;
      readonly stream: keyof Participant['streams'];
      readonly there: boolean;
    }
  | { readonly type: 'speaking'; readonly id: string; readonly speaking: boolean }
  | { readonly type: 'quality'; readonly id: string; readonly quality: Participant['quality'] };

/** About the session as a whole. */
export type SessionInput =
  | ParticipantInput
  | { readonly type: 'signaling'; readonly signaling: SessionFields['signaling'] }
  /** Host: this device is to be the room's, and the other one has to go. */
  | { readonly type: 'taken-over' }
  | { readonly type: 'knocking'; readonly knocking: SessionFields['knocking'] }
  | { readonly type: 'knocked'; readonly knock: Knock }
  | { readonly type: 'knock-gone'; readonly id: string }
  | { readonly type: 'roster'; readonly members: readonly RosterEntry[]; readonly encryption: Encryption | null }
  | { readonly type: 'compared'; readonly compared: boolean }
  | { readonly type: 'media'; readonly media: Partial<OwnMedia> }
  | { readonly type: 'paused'; readonly reason: PauseReason }
  | { readonly type: 'resumed-media' }
  /** No sign of life from the host (protocol.md §9), and its return, which ends that pause and no other. */
  | { readonly type: 'stale' }
  | { readonly type: 'fresh' }
  /** A session replay tool runs in this page, or no longer [R16]. */
  | { readonly type: 'recorder'; readonly runs: 'yes' | 'no' }
  /** A chat line of a participant, or of ours (`self`). */
  | { readonly type: 'chat'; readonly from: string; readonly text: string; readonly at: number };

export type RoomInput =
  | CeremonyInput
  | SessionInput
  /** `about`: the name of the participant in whose page it happened. */
  | { readonly type: 'problem'; readonly code: ErrorCode; readonly about?: string }
  /** A consent was given or withdrawn, and its receipt is signed. */
  | { readonly type: 'receipt'; readonly receipt: Receipt }
  | { readonly type: 'problem-dismissed'; readonly id: number }
  | { readonly type: 'ended'; readonly reason: EndReason }
  | { readonly type: 'failed'; readonly code: ErrorCode };
