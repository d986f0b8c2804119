/**
 * The public interface of the headless room, for our elements and for a site's own interface. `Room` implements it; a test may use
 * another implementation.
 */
import type { ErrorCode } from '../errors.ts';
import type { LinkReport } from './mesh/link-report.ts';
import type { VideoKind } from './media/attachments.ts';
import type { ServerReport } from './held/held-by-server.ts';
import type { RoomEventMap } from './state/room-events.ts';
import type {
  Blur,
  Consent,
  ConsentKind,
  DeviceChoice,
  DevicesChoice,
  Knock,
  ParticipantRole,
  PauseReason,
  RoomState,
} from './state/state.ts';

export type { DropReason, FrameCounts, LinkReport } from './mesh/link-report.ts';
export type { VideoKind } from './media/attachments.ts';
export type { HeldItem, ServerReport } from './held/held-by-server.ts';

/** Which devices to use instead; what is left out stays. */
export interface DeviceSwitch {
  readonly camera?: DeviceChoice;
  readonly microphone?: DeviceChoice;
  /** A device id of `state.devices.loudspeakers`; the empty string is the one of the system. */
  readonly loudspeaker?: string;
}

/**
 * Methods that do not fit the phase throw `wrong-phase`, or reject with it: from `acceptNotice` to `addProblem`, and
 * `discard`. `start`, `guestLink`, `dismissProblem`, `leave`, `quit`, `attach`, `microphoneLevel`, `reports` and
 * `serverReport` can be called at any time.
 */
export interface RoomInterface extends EventTarget {
  readonly state: RoomState;

  addEventListener<K extends keyof RoomEventMap>(
    type: K,
    listener: (event: RoomEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof RoomEventMap>(
    type: K,
    listener: (event: RoomEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;

  /** Reads the invite and the configuration: `idle` → `notice`, or `failed`; after a reload straight to `waiting`. Never rejects. Called again, it does nothing more. */
  start(): Promise<void>;
  /** `notice` → `devices`; or → `failed` where the browser lacks something, or the policy refuses a recorder in the page. */
  acceptNotice(consent: Consent): void;
  /** `notice` → `ended`: nothing was connected and no permission asked for. */
  declineNotice(): void;
  /** The pseudonym, before joining: 1 to 64 characters without control characters. Empty falls back to the role's word. */
  rename(name: string): void;
  /** Opens camera and microphone for the preview, and again with another choice. The state lists their problems. */
  openDevices(choice: DevicesChoice): Promise<void>;
  /**
   * `devices` → `occupants`; opens `choice` first where it is another one. Devices of the same choice that are still
   * opening follow when they are open: a permission prompt that nobody answers holds nothing up, and one that is
   * answered late is not lost. Rejects with `name-missing` where the policy requires a name and there is none.
   */
  useDevices(choice: DevicesChoice): Promise<void>;
  /** Accepts the rules of the room, shown in this language (BCP 47): nobody records, and what holds among more than two. Needed to join. */
  acceptRules(lang: string): void;
  /** Declares who else is in the room, by name or role; again after `someone-came-in`. @throws argument-invalid */
  declareOccupants(people: readonly string[]): void;
  /** `occupants` → `waiting`. @throws wrong-phase, also until the rules are accepted and a declaration is made */
  join(): void;
  /** Host: the link for guests, on this page; null for guests, and while nothing is open. */
  guestLink(): Promise<string | null>;
  /**
   * Host: takes the room over from another device or window that has it open (`signaling` is `elsewhere`); or takes it back where it was
   * handed over (`authority` is `host-key` and `role` is `guest`). Does nothing otherwise.
   */
  takeOver(): void;
  /**
   * Host: asks a participant to lead the room from now on. Who says yes leads it, and we stay as a guest who can take it back. Does nothing
   * for guests; a delegate, and an id that is not in the room, get the problem `hand-over-failed`.
   */
  handOver(id: string): void;
  /**
   * Host: asks a participant to lead the room where the host is lost for longer than the policy's `graceSeconds`. As {@link handOver}; the
   * problem `hand-over-failed` also where the policy's `standIn` is `no`.
   */
  nameStandIn(id: string): void;
  /** Host: takes back what was asked and not answered yet (`handOver.step` is `offered`). Does nothing otherwise. */
  withdrawHandOver(): void;
  /**
   * Answers whether we want to lead the room (`handOver.step` is `asked`). Does nothing otherwise.
   *
   * @param id `handOver.id` of the question that the person read: an answer to one that the host has replaced by another counts for
   *   neither. Default: the present one
   */
  answerHandOver(accept: boolean, id?: string): void;
  /**
   * Host: admits a waiting guest; does nothing for guests.
   *
   * @param hash `Knock.hash` of the knock that was shown; by default that of the current snapshot. Where the knock has
   *   changed when the action runs, nobody is admitted and the problem `changed-meanwhile` is reported.
   */
  admit(id: string, hash?: string): void;
  /**
   * Host: admits everyone who waits; does nothing for guests. Where there are fewer places than people, nobody is
   * admitted and the problem `room-full` is reported.
   *
   * @param shown the knocks that were shown; by default those of the current snapshot. A knock that has changed since is
   *   not admitted, and the problem `changed-meanwhile` is reported.
   */
  admitAll(shown?: readonly Pick<Knock, 'id' | 'hash'>[]): void;
  /** Host: refuses a waiting guest; does nothing for guests. `hash` as with {@link admit}. */
  refuse(id: string, hash?: string): void;
  /**
   * Host: makes another spoken code (`code` of the snapshot); the one before is void from then on. Does nothing where there is none.
   */
  renewCode(): void;
  /** Host: removes a participant; does nothing for guests. */
  remove(id: string): void;
  /**
   * Host: turns a participant's microphone off at their end, which is shown to them; does nothing for guests. Nobody can
   * turn on another's microphone or camera.
   */
  mute(id: string): void;
  /** Host: as {@link mute}, for everyone else in the room. */
  muteEveryone(): void;
  /** Host: asks a participant to turn the microphone on (`hostAbout` there); does nothing for guests. */
  askToUnmute(id: string): void;
  /** Host: admits nobody new until it is unlocked; who was in the room before may come back. Does nothing for guests. */
  lock(on: boolean): void;
  /** Host: makes a participant interpreter, or no longer; does nothing for guests. Who reloads keeps the role. */
  setRole(id: string, role: ParticipantRole | null): void;
  /** Host: ends the session for everyone, like {@link leave}; does nothing for guests. */
  endForEveryone(): void;
  /** Raises our hand, or lowers it; everyone sees it. */
  raiseHand(on: boolean): void;
  /** Guest: tells the host alone that we need a break, or no longer; does nothing for the host. */
  askForBreak(on: boolean): void;
  /** Shows a participant large, for us alone; null returns to the grid. Does nothing for one who is not in the room. */
  pin(id: string | null): void;
  /** Lays the stage out, for us alone: everyone alike, or the speaker large. */
  setLayout(kind: 'grid' | 'speaker'): void;
  /**
   * Confirms that a participant's declaration was read.
   *
   * @param hash `occupants.hash` of the declaration that was read; by default that of the current snapshot. Where another
   *   one has come, nothing is acknowledged and the problem `changed-meanwhile` is reported.
   */
  acknowledgeOccupants(id: string, hash?: string): void;
  /** Answers the relay question about one participant, or all open ones; `lang` (BCP 47) is the language it was shown in. */
  answerRelay(accept: boolean, id?: string, lang?: string): void;
  /** Withdraws every consent to a relay and closes the relayed connections at once; the session continues. */
  withdrawRelay(): void;
  /**
   * Withdraws a consent and ends what it covered: that to the relay ends the relayed connections, every other ends the session at once.
   * With the notice all others are withdrawn too. The receipts appear in `state.receipts` and as `consent` events, also after the end.
   */
  withdraw(kind: ConsentKind): void;
  /** Leaves the relay for the direct paths that were found or are already in use (`relay.direct`). */
  goDirect(): void;
  /** Turns camera and microphone off; for `someone-came-in` on both sides, until a new declaration. */
  pause(reason: PauseReason): void;
  /** Ends a pause for privacy; one for `someone-came-in` ends with a new declaration. */
  resume(): void;
  /** Sends our voice to the others, or stops sending it. */
  setMicrophone(on: boolean): void;
  /** Sends our picture to the others, or turns the camera itself off. */
  setCamera(on: boolean): void;
  /** Sets the blur of our picture; one of `devices.blurs`. */
  setBlur(blur: Blur): void;
  /**
   * Uses another camera, microphone or loudspeaker, also within the call. A device that does not open is in
   * `state.devices.problems`. Rejects with `action-failed` where the loudspeaker cannot be used; one that goes later is the problem
   * `loudspeaker-lost`, and the one of the system plays instead.
   */
  switchDevice(choice: DeviceSwitch): Promise<void>;
  /** Starts or stops sharing the screen. */
  setScreen(on: boolean): Promise<void>;
  /** Sends a chat line to everyone: trimmed, cut at 4000 characters (`LIMITS.chat`); an empty one is not sent. */
  sendChat(text: string): void;
  /**
   * Sends a line of ours, by its `id`, to those who came after it was sent, such as a participant who left before it arrived and is back. To
   * those who are still there a line goes again by itself.
   */
  resendChat(line: number): void;
  /** Notes that the safety codes were compared, or revokes that. */
  setCompared(compared: boolean): void;
  /**
   * Adds a problem to the state, where it is shown and told like the room's own: for what an interface finds out itself. After the notice.
   *
   * @throws {ConsultError} `argument-invalid` for anything but a code that does not end the session
   */
  addProblem(code: ErrorCode): void;
  /** Removes a problem from the state, by its `id`. */
  dismissProblem(id: number): void;
  /**
   * Stops a room in which nothing has begun, so that another can replace it: tells nobody, and keeps what a reload needs. In `idle`, `notice`,
   * `ended` and `failed`. @throws wrong-phase
   */
  discard(): void;
  /** Ends the session: for us, or as the host for everyone. In `idle` the room no longer opens. */
  leave(): void;
  /** Like `leave`, for a quick exit. */
  quit(): void;

  /**
   * Shows a participant, or yourself (`self`), in a `<video>`: the only way to room media. The video follows the stream
   * from then on, through outages and other devices, and is empty while there is none. Audio comes with `camera`; mute
   * the video of `self`. The same call again changes nothing. `video.srcObject` reads as an empty stream, and
   * `loadedmetadata` does not fire: use `playing` or `resize`. A video that a script captures stays empty, and the
   * attempt is a problem `recording-refused` on both sides. Participants learn how large the page shows their camera, and
   * send no larger picture than that.
   *
   * @returns detaches the video; without effect once it shows another participant
   * @throws {ConsultError} `argument-invalid` for anything but a `<video>`
   */
  attach(video: HTMLVideoElement, id: string, kind: VideoKind): () => void;
  /** Our microphone level now, 0 to 1, linear in decibels (-70 to -10 dBFS): ordinary speech is about 0.5. */
  microphoneLevel(): number;
  /** The figures of all connections now; empty outside a session. */
  reports(): Promise<readonly LinkReport[]>;
  /**
   * What the signalling server says that it holds of this room now, and when each of it is deleted. Asks the server each time. Null outside a
   * session, and where there is no server (`broadcast:`). Rejects with `part-unavailable` only.
   */
  serverReport(): Promise<ServerReport | null>;
}
