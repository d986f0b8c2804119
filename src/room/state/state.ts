/**
 * The state of a room: one frozen snapshot, a union by phase, so that impossible states do not type-check. Only `reducer.ts`
 * creates the next snapshot. Snapshots hold names and stay in the page; events carry none.
 */
import type { Contact, PublicConfiguration } from '../../configuration.ts';
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

/** Acceptance of the room's rules: nobody records [R16], and in rooms for more than two the rules among everyone [R17]. */
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

/** A device id, the browser's default, or none: a call without camera or microphone is possible. */
export type DeviceChoice =
  { readonly kind: 'default' } | { readonly kind: 'none' } | { readonly kind: 'device'; readonly id: string };

export interface DevicesChoice {
  readonly camera: DeviceChoice;
  readonly microphone: DeviceChoice;
}

/** Blur of our camera picture: off, of the background by the system, or of the whole picture [R15]. */
export type Blur = 'off' | 'background' | 'picture';

/** What we show of ourselves. */
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
  /** Where `setSinkId` is supported; empty where the browser does not list them. */
  readonly loudspeakers: readonly Device[];
  /** Device id of the one that the others are heard from; empty for the one of the system. */
  readonly loudspeaker: string;
  /** Whether a device of that kind is available: open, or turned off and ready to be turned on again. */
  readonly camera: boolean;
  readonly microphone: boolean;
  /** Whether an open one gives nothing: muted by the system, or blurred in a hidden window. */
  readonly silent: { readonly camera: boolean; readonly microphone: boolean };
  /** The chosen blur, and those that are available. */
  readonly blur: Blur;
  readonly blurs: readonly Blur[];
  /** Why a chosen device is not available. */
  readonly problems: readonly ErrorCode[];
}

/** A participant's declaration of who is in their room [R13] [R14] [R16]. */
export interface Occupants {
  /** Everyone in the room beside the participant, by name or role; empty means alone. */
  readonly people: readonly string[];
  /** base64url SHA-384 of the declaration as sent; an acknowledgement refers to it. */
  readonly hash: string;
}

/** A guest who waits for admission; known to the host only. */
export interface Knock {
  readonly id: string;
  readonly name: string;
  /** Proved to have been in this session before. */
  readonly returning: boolean;
  /** The name under which they were admitted then, where it differs: a change of name must not go unnoticed. */
  readonly formerName?: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Stands for everything shown of this knock, opaque: `admit(id, hash)` admits nobody else under the same id. */
  readonly hash: string;
}

export type Answer = 'open' | 'yes' | 'no';

/** The question between us and one participant whether a relay may be used [R8] [R9]. */
export type RelayQuestion =
  | { readonly step: 'none' }
  | { readonly step: 'asked'; readonly ours: Answer; readonly theirs: Answer }
  /**
   * `direct: 'found'`: a direct path has become possible. `'used'`: the browser has switched to one by itself, and the relay is no longer
   * needed.
   */
  | { readonly step: 'granted'; readonly direct?: 'found' | 'used' }
  | { readonly step: 'declined' }
  | { readonly step: 'withdrawn' };

export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly host: boolean;
  /** Their declaration, once received. */
  readonly occupants: Occupants | null;
  /** Whose declaration has been acknowledged by whom. Media needs both [R13]. */
  readonly acknowledged: { readonly byUs: boolean; readonly byThem: boolean };
  readonly connection: 'none' | 'connecting' | 'connected' | 'interrupted' | 'failed';
  /** Whether we were connected before: an ended connection is explained differently from one that never began. */
  readonly wasConnected: boolean;
  /** An attempt has failed and none has succeeded since; retries run automatically, and the display does not change with each. */
  readonly retrying: boolean;
  /**
   * Attempts given up since the last connection, or since a relay was granted. ICE reports no failure where there is no
   * candidate at all (RFC 8445 §6.1.2.6): then this alone tells that nothing comes of it.
   */
  readonly failedAttempts: number;
  readonly encryption: 'pending' | 'running' | 'broken';
  readonly path: Path;
  readonly relay: RelayQuestion;
  /** What they say that they show. */
  readonly media: MediaNotice;
  /** Which of their streams have arrived; `room.attach(video, id, kind)` shows them. */
  readonly streams: { readonly audio: boolean; readonly camera: boolean; readonly screen: boolean };
  readonly speaking: boolean;
  readonly quality: 'unknown' | 'good' | 'weak';
  /** How large their page shows our camera; `large` where nothing else is known. */
  readonly view: ViewSize;
  /** Given by the host; null for everyone else. */
  readonly role: ParticipantRole | null;
  /** Whether they have raised a hand. */
  readonly hand: boolean;
  /** Whether they need a break. Known to the host only: false for everyone else. */
  readonly break: boolean;
  /** Whether the host named them to lead where the host is lost. */
  readonly standIn: boolean;
}

/**
 * How large a page shows a camera: `small` below 240 CSS pixels of height or 15 % of the window, and in a page that nobody
 * sees; `few` where its device is too slow for more than some small pictures a second; `none` where no video shows it.
 */
export type ViewSize = 'large' | 'small' | 'few' | 'none';

/** What the host may make a participant. */
export type ParticipantRole = 'interpreter';

/** How the stage is laid out, for us alone. `pinned` falls back to `grid` when that participant leaves. */
export type Layout =
  { readonly kind: 'grid' } | { readonly kind: 'speaker' } | { readonly kind: 'pinned'; readonly id: string };

export type PauseReason = 'privacy' | 'someone-came-in';

/** Why a session is paused: by a person, or because a recorder runs in this page [R16]. */
export type PausedBecause = PauseReason | 'recorder';

/** What we want to show, and which pause of ours prevents it. */
export type OwnMedia = Omit<MediaNotice, 'paused'> & { readonly paused: 'no' | PausedBecause };

/** An error that does not end the session. */
export interface Problem {
  readonly id: number;
  readonly code: ErrorCode;
  /** Name of the participant in whose page it happened; absent for ours. */
  readonly about?: string;
  /** English, for the site's developer. */
  readonly detail?: string;
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
  /** Ours: ids of the participants to whom it was sent. */
  readonly to?: readonly string[];
  /** Ours: those of them who have not confirmed it within five seconds, or left before; absent while there are none. See {@link deliveryOf}. */
  readonly missing?: readonly string[];
}

/** The group's present epoch and its safety code (protocol.md §5, §11). */
export interface Encryption {
  readonly suite: string;
  readonly epoch: string;
  /** Six groups of five digits, the same for every participant. */
  readonly safetyCode: readonly string[];
  /** Whether we said that the codes were compared; reset with every change of the roster. */
  readonly compared: boolean;
}

/** What every phase has from `notice` on, until the end. */
export interface NoticeFields {
  readonly role: Role;
  readonly policy: Policy;
  readonly configuration: PublicConfiguration;
  readonly name: string;
  readonly problems: readonly Problem[];
}

/** Whether a direct connection is likely from here; `unasked` also where the policy always uses a relay. */
export type PathForecast = 'unasked' | 'looking' | 'likely' | 'unlikely' | 'unknown';

/** What every phase has from `devices` on, until the end. */
export interface DevicesFields extends NoticeFields {
  readonly consent: Consent;
  /** Receipts of consents given and withdrawn, in order; the newest receipt of a record replaces earlier ones. */
  readonly receipts: readonly Receipt[];
  readonly devices: Devices;
  readonly forecast: PathForecast;
}

/** What every phase of a session has. */
export interface SessionFields extends DevicesFields {
  readonly rules: RulesConsent;
  /** `elsewhere`: host only; the room is open on another device, and this one may take over (protocol.md §9). */
  readonly signaling: 'connecting' | 'online' | 'offline' | 'elsewhere';
  readonly occupants: Occupants;
  readonly participants: readonly Participant[];
  /** Host only; empty for guests. */
  readonly knocks: readonly Knock[];
  /** Guest only: whether the host is present and has our knock. */
  readonly knocking: 'host-absent' | 'sent' | 'locked' | 'admitted';
  /** What we want to show; {@link mediaNoticeOf} is what we send to the others. */
  readonly media: OwnMedia;
  /**
   * Names of those who were in the call when its group began again, until each of them is back: after a reload of the host,
   * a repair, or a hand-over. Nobody has left then, and nobody has joined. In the phase `waiting` they are awaited.
   */
  readonly regrouping: readonly string[];
  /** No beacon of the host: nothing of ours is sent until the next one, whatever pauses begin and end meanwhile (protocol.md §9). */
  readonly stale: boolean;
  readonly encryption: Encryption | null;
  readonly chat: readonly ChatLine[];
  /** Whether the host admits nobody new. Who was in the room before may come back. */
  readonly locked: boolean;
  /** Whether the host made us interpreter. */
  readonly interpreting: boolean;
  /** Whether we have raised a hand. */
  readonly hand: boolean;
  /** Guest: whether we asked the host for a break. */
  readonly break: boolean;
  /** What the host did about our microphone: turned it off, or asks us to turn it on. Ends with our next own choice. */
  readonly hostAbout: 'nothing' | 'muted' | 'unmute-request';
  readonly layout: Layout;
  /** What this page may lead the room with (protocol.md §13). */
  readonly authority: Authority;
  readonly handOver: HandOver;
  /** Host: the spoken code of this room; null for guests, for a delegate, and without a server. */
  readonly code: RoomCode | null;
}

/** What a host reads out, so that a guest needs no link (protocol.md §14). */
export interface RoomCode {
  /** `K7M-2QX-9TD` */
  readonly text: string;
  /**
   * `opening`: not yet at the server. `used-up`: typed wrong too often, and void. `unavailable`: the server has no place for a code of this
   * room. `Room.renewCode()` makes another one.
   */
  readonly step: 'opening' | 'open' | 'used-up' | 'unavailable';
  /** How often a wrong code was typed for this one. */
  readonly wrong: number;
}

/** Wrong codes that void one. */
export const WRONG_CODES = 5;

/**
 * `host-key`: it holds the host link, and may take the room back where it was handed over. `delegation`: the room was handed over to it.
 * `stand-in`: it leads where the host is lost.
 */
export type Authority = 'none' | 'host-key' | 'delegation' | 'stand-in';

/** `now`: the participant leads from now on. `stand-in`: where the host is lost for longer than the grace time. */
export type HandOverKind = 'now' | 'stand-in';

/** A hand-over that is not decided yet: `offered` as host to the participant `id`, `asked` where we are to answer. */
export type HandOver =
  | { readonly step: 'none' }
  | { readonly step: 'offered'; readonly id: string; readonly as: HandOverKind }
  /** `id` of this question: the next one has another. */
  | { readonly step: 'asked'; readonly id: string; readonly as: HandOverKind };

export type EndReason = 'left' | 'host-ended' | 'host-lost' | 'declined-notice' | 'quick-exit' | 'withdrawn';

export type RoomState =
  | { readonly phase: 'idle' }
  | (NoticeFields & { readonly phase: 'notice' })
  | (DevicesFields & { readonly phase: 'devices' })
  | (DevicesFields & {
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
      /** Kept so that they can still be saved; deleted with the page. */
      readonly receipts: readonly Receipt[];
    }
  | {
      readonly phase: 'failed';
      readonly code: ErrorCode;
      /** English, for the site's developer. */
      readonly detail?: string;
      readonly receipts: readonly Receipt[];
      /** Absent where it could not be loaded. */
      readonly configuration: PublicConfiguration | null;
      /** Who to turn to where the link or the rest of the configuration is wrong [R9]; absent where `configuration` is there. */
      readonly contact?: Contact;
    };

export type SessionState = Extract<RoomState, SessionFields>;

export function isSession(state: RoomState): state is SessionState {
  return 'participants' in state;
}

/** Whether the people of the call are on their way into its next group: a call to wait for, not a room to be let into. */
export function isRegrouping(state: RoomState): boolean {
  return state.phase === 'waiting' && state.signaling !== 'elsewhere' && state.regrouping.length > 0;
}

/** What stands for everything shown of a knock; empty where there is none. */
export function knockHash(state: RoomState, id: string): string {
  const knocks = isSession(state) ? state.knocks : [];
  return knocks.find((knock) => knock.id === id)?.hash ?? '';
}

/** Whether media may flow between us and this participant (invariant 2), apart from the encryption of each stream. */
export function mayStream(participant: Participant): boolean {
  return participant.acknowledged.byUs && participant.acknowledged.byThem;
}

/**
 * What we really send, as the others and our own tile show it: a wish counts only where a device fulfils it. While
 * nothing is sent, the most serious reason for it.
 */
export function mediaNoticeOf({
  media,
  stale,
  devices: { camera, microphone, silent },
}: Pick<SessionFields, 'media' | 'stale' | 'devices'>): MediaNotice {
  return {
    microphone: media.microphone && microphone && !silent.microphone,
    camera: media.camera && camera && !silent.camera,
    screen: media.screen,
    paused: stale && media.paused === 'no' ? 'stale' : media.paused,
  };
}

/** Ids of the participants whom the host made interpreters, without ourselves. */
export function interpretersOf({ participants }: Pick<SessionFields, 'participants'>): readonly string[] {
  return participants.filter(({ role }) => role === 'interpreter').map(({ id }) => id);
}

export function sameNotice(a: MediaNotice, b: MediaNotice): boolean {
  return a.microphone === b.microphone && a.camera === b.camera && a.screen === b.screen && a.paused === b.paused;
}

export function sameChoice(a: DevicesChoice, b: DevicesChoice): boolean {
  return JSON.stringify([a.camera, a.microphone]) === JSON.stringify([b.camera, b.microphone]);
}
