/**
 * The inputs of the reducer: people's actions and the reports of services. A service never changes the state directly.
 */
import type { Contact, PublicConfiguration } from '../../configuration.ts';
import type { ErrorCode } from '../../errors.ts';
import type { Policy } from '../../policy.ts';
import type {
  Authority,
  Blur,
  Consent,
  Devices,
  DevicesChoice,
  Encryption,
  EndReason,
  HandOver,
  Knock,
  Layout,
  Occupants,
  OwnMedia,
  Participant,
  ParticipantRole,
  RoomCode,
  Path,
  PathForecast,
  PauseReason,
  Receipt,
  RelayQuestion,
  Role,
  RulesConsent,
  SessionFields,
  Shown,
  ViewSize,
} from './state.ts';
import type { MediaNotice } from '../messages/messages.ts';

/** A member of the group beside us. */
export interface RosterEntry {
  readonly id: string;
  readonly name: string;
  readonly host: boolean;
  /** Host: the id of the member whose place this one took, after a reload; who rejoins keeps the role. */
  readonly replaces?: string;
}

/** What a reload restores (protocol.md §9). */
export interface Resumed {
  readonly consent: Consent;
  readonly rules: RulesConsent;
  readonly receipts: readonly Receipt[];
  readonly choice: DevicesChoice;
  readonly occupants: Occupants;
  /** What we showed: a camera that was off or blurred does not come back on or clear. */
  readonly shown: Shown;
  /** Host: whether the room was locked. */
  readonly locked: boolean;
}

/** Inputs before the session. */
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
      readonly devices: Omit<Devices, 'access' | 'choice' | 'blur' | 'loudspeaker'> & {
        readonly access: 'asking' | 'answered';
      };
    }
  | { readonly type: 'forecast'; readonly forecast: Exclude<PathForecast, 'unasked' | 'looking'> }
  | { readonly type: 'blurred'; readonly blur: Blur }
  /** The others are heard from this loudspeaker now; empty for the one of the system. */
  | { readonly type: 'loudspeaker'; readonly id: string }
  | { readonly type: 'devices-used' }
  | { readonly type: 'rules-accepted'; readonly rules: RulesConsent }
  | { readonly type: 'declared'; readonly occupants: Occupants }
  | { readonly type: 'joined' };

/** What links report. */
export type ParticipantInput = AboutParticipant | ChatDelivery;

/** They have a chat line of ours; `late`: they have not confirmed it in time, or left before. */
export interface ChatDelivery {
  readonly type: 'chat-delivery';
  readonly id: string;
  readonly line: number;
  readonly delivery: 'confirmed' | 'late';
}

/** Inputs about one participant. */
export type AboutParticipant =
  | { readonly type: 'their-occupants'; readonly id: string; readonly occupants: Occupants }
  /** `hash`: of the declaration that was read. */
  | { readonly type: 'acknowledged-by-us'; readonly id: string; readonly hash: string }
  | { readonly type: 'acknowledged-by-them'; readonly id: string; readonly hash: string }
  | { readonly type: 'connection'; readonly id: string; readonly connection: Participant['connection'] }
  /** A link did not come up in time and is replaced, or a granted relay cannot be used. */
  | { readonly type: 'attempt-failed'; readonly id: string; readonly attempts: number }
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
  | { readonly type: 'quality'; readonly id: string; readonly quality: Participant['quality'] }
  /** How large they show our camera. */
  | { readonly type: 'their-view'; readonly id: string; readonly view: ViewSize }
  | { readonly type: 'their-hand'; readonly id: string; readonly raised: boolean }
  /** Host: a participant needs a break, or no longer. */
  | { readonly type: 'their-break'; readonly id: string; readonly wanted: boolean }
  /** The host named this participant to lead where it is lost. */
  | { readonly type: 'their-stand-in'; readonly id: string }
  /** Host: gives a role, or takes it. */
  | { readonly type: 'role'; readonly id: string; readonly role: ParticipantRole | null };

/** Inputs about the session. */
export type SessionInput =
  | ParticipantInput
  | { readonly type: 'signaling'; readonly signaling: SessionFields['signaling'] }
  /** Host: this device takes the room over from the other one. */
  | { readonly type: 'taken-over' }
  | { readonly type: 'knocking'; readonly knocking: SessionFields['knocking'] }
  | { readonly type: 'knocked'; readonly knock: Knock }
  | { readonly type: 'knock-gone'; readonly id: string }
  | { readonly type: 'roster'; readonly members: readonly RosterEntry[]; readonly encryption: Encryption | null }
  | { readonly type: 'compared'; readonly compared: boolean }
  | { readonly type: 'media'; readonly media: Partial<OwnMedia> }
  | { readonly type: 'paused'; readonly reason: PauseReason }
  | { readonly type: 'resumed-media' }
  /** No beacon of the host for too long (protocol.md §9); `fresh` ends this pause and no other. */
  | { readonly type: 'stale' }
  | { readonly type: 'fresh' }
  /** Whether a session replay tool runs in this page [R16]. */
  | { readonly type: 'recorder'; readonly runs: 'yes' | 'no' }
  /** Host: locks the room, or unlocks it. */
  | { readonly type: 'locked'; readonly locked: boolean }
  /** Guest: what the host has decided about the room; `interpreters` are participant ids, `self` for ours. */
  | { readonly type: 'room-order'; readonly locked: boolean; readonly interpreters: readonly string[] }
  /** Guest: the host turned our microphone off, or asks us to turn it on. */
  | { readonly type: 'host-about-microphone'; readonly order: 'mute' | 'unmute-request' }
  | { readonly type: 'hand'; readonly raised: boolean }
  | { readonly type: 'break'; readonly wanted: boolean }
  | { readonly type: 'layout'; readonly layout: Layout }
  /** What this page may lead the room with. */
  | { readonly type: 'authority'; readonly authority: Authority }
  | { readonly type: 'hand-over'; readonly handOver: HandOver }
  /** Host: the spoken code, and what has become of it. */
  | { readonly type: 'code'; readonly code: RoomCode }
  /** We lead the room from now on, or no longer. */
  | { readonly type: 'role-changed'; readonly role: Role }
  /** A chat line of a participant, or of ours (`self`). */
  | { readonly type: 'chat'; readonly from: string; readonly text: string; readonly at: number }
  /** A line of ours is sent to those who came since. */
  | { readonly type: 'chat-again'; readonly line: number };

export type RoomInput =
  | CeremonyInput
  | SessionInput
  /** `about`: name of the participant in whose page it happened; absent for ours. */
  | { readonly type: 'problem'; readonly code: ErrorCode; readonly about?: string; readonly detail?: string }
  /** A consent was given or withdrawn, and its receipt is signed. */
  | { readonly type: 'receipt'; readonly receipt: Receipt }
  | { readonly type: 'problem-dismissed'; readonly id: number }
  | { readonly type: 'ended'; readonly reason: EndReason }
  | {
      readonly type: 'failed';
      readonly code: ErrorCode;
      /** For the site's developer. */
      readonly detail?: string;
      /** Where the room fails before it is `configured`: for other ways of contact. */
      readonly configuration?: PublicConfiguration | null;
      /** Where that could not be loaded, but names them. */
      readonly contact?: Contact | null;
    };
