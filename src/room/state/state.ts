/**
 * What a room is at one moment: one frozen snapshot, a union by phase, so that an impossible state does not type-check.
 * Only `reduce.ts` makes the next one. Snapshots hold names and are for the page's own eyes; events carry none of it.
 */
import type { PublicConfiguration } from '../../configuration.ts';
import type { ConsentKind, Receipt, ShownText } from '../../consent/receipt.ts';
import type { ErrorCode } from '../../errors.ts';
import type { Path } from '../../peer/path.ts';
import type { Policy } from '../../policy.ts';
import type { MediaNotice } from '../messages/messages.ts';

export type Role = 'host' | 'guest';
export type Phase = RoomState['phase'];

export type { ConsentKind, Path, Receipt, ShownText };

/** Consent to the notice [R1]: which text, in which version and language, and when. */
export interface Consent {
  /** Version and SHA-384 (base64url) of the text that was shown. */
  readonly notice: ShownText;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** That the rules of the room were accepted: nobody records [R16], and in rooms for more than two what holds among everyone [R17]. */
export interface RulesConsent {
  readonly recording: ShownText;
  readonly group: ShownText | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Device {
  readonly id: string;
  readonly label: string;
}

/** A device id, the browser's own choice, or none at all: a call without a camera or microphone is a call. */
export type DeviceChoice =
  { readonly kind: 'default' } | { readonly kind: 'none' } | { readonly kind: 'device'; readonly id: string };

export interface DevicesChoice {
  readonly camera: DeviceChoice;
  readonly microphone: DeviceChoice;
}

/** How the own picture is shown: as it is, with the background softened by the system, or softened as a whole [R15]. */
export type Blur = 'off' | 'background' | 'picture';

/** What a person shows of themselves. */
export interface Shown {
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly blur: Blur;
}

export interface Devices {
  readonly access: 'unasked' | 'asking' | 'answered';
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  readonly choice: DevicesChoice;
  /** Whether there is one of that kind: open, or turned off and there to be turned on again. */
  readonly camera: boolean;
  readonly microphone: boolean;
  /** What is wanted of the own picture, and what there is to choose from. */
  readonly blur: Blur;
  readonly blurs: readonly Blur[];
  /** Why a wanted one is not there. */
  readonly problems: readonly ErrorCode[];
}

/** What one side says of its room [R13] [R14] [R16]. */
export interface Occupants {
  /** Everyone beside the speaker, by name or role; empty means alone. */
  readonly people: readonly string[];
  /** base64url SHA-384 of the declaration as sent: what an acknowledgement names. */
  readonly hash: string;
}

/** Somebody who waits for admission; known to the host only. */
export interface Knock {
  readonly id: string;
  readonly name: string;
  /** Proved to be somebody who was in this session before. */
  readonly returning: boolean;
  /** Under which name they were admitted then, where it was another: they must not change it unseen. */
  readonly formerName?: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Stands for everything shown of this knock, opaque: `admit(id, hash)` admits nobody else under the same id. */
  readonly hash: string;
}

export type Answer = 'open' | 'yes' | 'no';

/** The question of one pair whether a relay may be used [R8] [R9]. */
export type RelayQuestion =
  | { readonly step: 'none' }
  | { readonly step: 'asked'; readonly ours: Answer; readonly theirs: Answer }
  /**
   * `direct: 'found'`: the two could be connected without it by now. `'used'`: they are, because the browser went there by itself; the
   * relay is held ready for nothing.
   */
  | { readonly step: 'granted'; readonly direct?: 'found' | 'used' }
  | { readonly step: 'declined' }
  | { readonly step: 'withdrawn' };

export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly host: boolean;
  /** Their declaration, once it came. */
  readonly occupants: Occupants | null;
  /** Whose declaration has been acknowledged by whom. Both are needed before media [R13]. */
  readonly acknowledged: { readonly byUs: boolean; readonly byThem: boolean };
  readonly connection: 'none' | 'connecting' | 'connected' | 'interrupted' | 'failed';
  /** Whether we two were connected before: what ended then is told otherwise than what never began. */
  readonly wasConnected: boolean;
  /** An attempt has failed, and none has succeeded since: others follow by themselves, and nothing shown changes with each of them. */
  readonly retrying: boolean;
  readonly encryption: 'pending' | 'running' | 'broken';
  readonly path: Path;
  readonly relay: RelayQuestion;
  /** What they say they show. */
  readonly media: MediaNotice;
  /** Which of their streams have arrived; `room.attach(video, id, kind)` shows them. */
  readonly streams: { readonly audio: boolean; readonly camera: boolean; readonly screen: boolean };
  readonly speaking: boolean;
  readonly quality: 'unknown' | 'good' | 'weak';
}

export type PauseReason = 'privacy' | 'someone-came-in';

/** Why a session is paused: by a person, or because a recorder runs in this page [R16]. */
export type PausedBecause = PauseReason | 'recorder';

/** What a person wants to show, and what of their own doing pauses it. */
export type OwnMedia = Omit<MediaNotice, 'paused'> & { readonly paused: 'no' | PausedBecause };

/** Something that went wrong beside a running session. */
export interface Problem {
  readonly id: number;
  readonly code: ErrorCode;
  /** Whose page it happened in, by name, where not in ours. */
  readonly about?: string;
}

export interface ChatLine {
  readonly id: number;
  /** Participant id, or `self`. */
  readonly from: string;
  readonly name: string;
  /** Whether the host wrote it: a name alone proves nothing. */
  readonly host: boolean;
  readonly text: string;
  readonly at: number;
}

/** The epoch that keys and roster are in (protocol.md §5, §11). */
export interface Encryption {
  readonly suite: string;
  readonly epoch: string;
  /** Six groups of five digits, the same on every side. */
  readonly safetyCode: readonly string[];
  /** Whether this person said that the codes were compared; falls with every change of the roster. */
  readonly compared: boolean;
}

interface Known {
  readonly role: Role;
  readonly policy: Policy;
  readonly configuration: PublicConfiguration;
  readonly name: string;
  readonly problems: readonly Problem[];
}

/** Whether a direct connection is likely from here; `unasked` also where nothing direct is wanted. */
export type PathForecast = 'unasked' | 'looking' | 'likely' | 'unlikely' | 'unknown';

interface Prepared extends Known {
  readonly consent: Consent;
  /** What this person agreed to and took back, in order; each newer receipt of a record stands for the older. */
  readonly receipts: readonly Receipt[];
  readonly devices: Devices;
  readonly forecast: PathForecast;
}

/** What every phase of a session has. */
export interface SessionFields extends Prepared {
  readonly rules: RulesConsent;
  /** `elsewhere`: host only; the room is open on another device, and this one may take over (protocol.md §9). */
  readonly signaling: 'connecting' | 'online' | 'offline' | 'elsewhere';
  readonly occupants: Occupants;
  readonly participants: readonly Participant[];
  /** Host only; empty for guests. */
  readonly knocks: readonly Knock[];
  /** Guest only: whether the host is there and has our knock. */
  readonly knocking: 'host-absent' | 'sent' | 'admitted';
  /** What we show, and whether by our own will we show nothing; what the others are told: {@link mediaNoticeOf}. */
  readonly media: OwnMedia;
  /**
   * That the host has given no sign of life: nothing of ours flows until it does, whatever pauses begin and end meanwhile (protocol.md §9).
   */
  readonly stale: boolean;
  readonly encryption: Encryption | null;
  readonly chat: readonly ChatLine[];
}

export type EndReason = 'left' | 'host-ended' | 'host-lost' | 'declined-notice' | 'quick-exit' | 'withdrawn';

export type RoomState =
  | { readonly phase: 'idle' }
  | (Known & { readonly phase: 'notice' })
  | (Prepared & { readonly phase: 'devices' })
  | (Prepared & {
      readonly phase: 'occupants';
      readonly declared: Occupants | null;
      readonly rules: RulesConsent | null;
    })
  | (SessionFields & { readonly phase: 'waiting' | 'connecting' | 'active' })
  | (SessionFields & { readonly phase: 'paused'; readonly reason: PausedBecause })
  | {
      readonly phase: 'ended';
      readonly reason: EndReason;
      readonly role: Role;
      readonly configuration: PublicConfiguration;
      /** Held so that they can still be saved; gone with the page. */
      readonly receipts: readonly Receipt[];
    }
  | {
      readonly phase: 'failed';
      readonly code: ErrorCode;
      readonly receipts: readonly Receipt[];
      /** Absent where it could not be loaded. */
      readonly configuration: PublicConfiguration | null;
    };

export type SessionState = Extract<RoomState, SessionFields>;

export function isSession(state: RoomState): state is SessionState {
  return 'participants' in state;
}

/** Whether media may flow between us and this person (invariant 2), the encryption of each stream aside. */
export function mayStream(participant: Participant): boolean {
  return participant.acknowledged.byUs && participant.acknowledged.byThem;
}

/** What we show, as it is said to the others and in our own tile: the gravest reason to show nothing. */
export function mediaNoticeOf({ media, stale }: Pick<SessionFields, 'media' | 'stale'>): MediaNotice {
  return stale && media.paused === 'no' ? { ...media, paused: 'stale' } : media;
}

export function sameChoice(a: DevicesChoice, b: DevicesChoice): boolean {
  return JSON.stringify([a.camera, a.microphone]) === JSON.stringify([b.camera, b.microphone]);
}
