/**
 * The public face of the headless session: what elements call and sites with their own user interface build on. `Room` is
 * its implementation; a test may stand another one behind the same face.
 */
import type { LinkReport } from './mesh/link-report.ts';
import type { VideoKind } from './media/attachments.ts';
import type { RoomEventMap } from './state/room-events.ts';
import type { Blur, Consent, ConsentKind, DevicesChoice, PauseReason, RoomState } from './state/state.ts';

/**
 * What does not fit the phase throws `wrong-phase`, or rejects with it: all that people do before or in a session, from `acceptNotice` to `setCompared` and
 * `discard`. `start`, `dismissProblem`, `leave`, `quit`, `attach`, `microphoneLevel` and `reports` can be called at any time.
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

  /** Reads the invite and the configuration: `idle` → `notice`, or `failed`; after a reload straight to `waiting`. Never rejects. */
  start(): Promise<void>;
  /** `notice` → `devices`; a browser that cannot do it, or a recorder that is refused, leads to phase `failed` instead. */
  acceptNotice(consent: Consent): void;
  /** `notice` → `ended`: nothing was connected, nothing asked. */
  declineNotice(): void;
  /** The pseudonym, before joining: 1 to 64 characters without control characters. Empty falls back to the role's word. */
  rename(name: string): void;
  /** Opens camera and microphone for the preview; again after each other choice. Problems with them are in the state. */
  openDevices(choice: DevicesChoice): Promise<void>;
  /** `devices` → `occupants` with what is open now; opens `choice` first where it differs. Rejects with `name-missing` where the policy wants a name and there is none. */
  useDevices(choice: DevicesChoice): Promise<void>;
  /** Accepts the rules of the room, shown in this language (BCP 47): nobody records, and what holds among more than two. Needed to join. */
  acceptRules(lang: string): void;
  /** Says who is in the room: everyone beside the speaker. Again after «someone came in». @throws argument-invalid */
  declareOccupants(people: readonly string[]): void;
  /** `occupants` → `waiting`. @throws wrong-phase, also until the rules are accepted and a declaration is made */
  join(): void;
  /** Host: takes the room over from another device or window that has it open (`signaling` is `elsewhere`). */
  takeOver(): void;
  /**
   * Host: admits the person who knocks; for guests it does nothing.
   *
   * @param hash `Knock.hash` of the knock that was shown; by default that of the current snapshot. Where the knock has
   *   changed when the action runs, nobody is admitted and the problem `changed-meanwhile` is reported.
   */
  admit(id: string, hash?: string): void;
  /** Host: refuses the person who knocks; for guests it does nothing. `hash` as with {@link admit}. */
  refuse(id: string, hash?: string): void;
  /** Host: removes a participant; for guests it does nothing. */
  remove(id: string): void;
  /**
   * Confirms having read another side's declaration.
   *
   * @param hash `occupants.hash` of the declaration that was read; by default that of the current snapshot. Where another
   *   one has come, nothing is acknowledged and the problem `changed-meanwhile` is reported.
   */
  acknowledgeOccupants(id: string, hash?: string): void;
  /** Answers the relay question of one participant, or of all that are open; `lang` (BCP 47) is the language in which it was shown. */
  answerRelay(accept: boolean, id?: string, lang?: string): void;
  /** Takes every consent to a relay back and closes the relayed connections at once; the session goes on. */
  withdrawRelay(): void;
  /**
   * Takes a consent back and ends what it covered: the relay its relayed connections, every other one the session at once. With the
   * notice all others are withdrawn too. The receipts come into `state.receipts` and as `consent` events, also after the end.
   */
  withdraw(kind: ConsentKind): void;
  /** Leaves the relay for the direct ways that were found beside it, or are used already (`relay.direct`). */
  goDirect(): void;
  /** Camera and microphone off, for `someone-came-in` on both sides and until declared again. */
  pause(reason: PauseReason): void;
  /** Ends a pause for privacy; one for `someone-came-in` ends by declaring again. */
  resume(): void;
  /** Lets the others hear one, or no longer. */
  setMicrophone(on: boolean): void;
  /** Lets the others see one, or no longer; off, the camera itself is off. */
  setCamera(on: boolean): void;
  /** Softens the own picture, or no longer; one of `devices.blurs`. */
  setBlur(blur: Blur): void;
  /** Starts or ends sharing the screen. */
  setScreen(on: boolean): Promise<void>;
  /** Writes to everyone; trimmed, cut at 4000 characters (`LIMITS.chat`), and nothing where nothing is left. */
  sendChat(text: string): void;
  /** Says that the safety codes were compared, or takes it back. */
  setCompared(compared: boolean): void;
  /** Takes a problem out of the state, by its `id`. */
  dismissProblem(id: number): void;
  /**
   * Stops a room in which nothing has begun, so that another can take its place: tells nobody, and leaves what a reload needs. In `idle`,
   * `notice`, `ended` and `failed`. @throws wrong-phase
   */
  discard(): void;
  /** Ends it for this person; as the host, for everyone. In `idle` the room does not open any more. */
  leave(): void;
  /** As `leave`, in haste. */
  quit(): void;

  /**
   * Shows a participant, or yourself (`self`), in a `<video>`: the only way to room media. The video follows the stream
   * from then on, through outages and other devices, and is empty while there is none. Audio comes with `camera`; mute
   * the video of `self`. The same call again changes nothing. `video.srcObject` reads as an empty stream, and
   * `loadedmetadata` does not fire: use `playing` or `resize`. A video that a script captures stays empty, and the
   * attempt is a problem `recording-refused` on both sides.
   *
   * @returns detaches the video; without effect once it shows another participant
   * @throws {ConsultError} `argument-invalid` for anything but a `<video>`
   */
  attach(video: HTMLVideoElement, id: string, kind: VideoKind): () => void;
  /** Own microphone level now, 0 to 1 in proportion to decibels (-70 to -10 dBFS): ordinary speech is about the middle. */
  microphoneLevel(): number;
  /** The figures of every connection now; none outside a session. */
  reports(): Promise<readonly LinkReport[]>;
}
