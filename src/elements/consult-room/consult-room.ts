import { ContextProvider } from '@lit/context';
import { html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import {
  ConsultError,
  holdsInvite,
  isSession,
  type HostToken,
  type Phase,
  type PolicyName,
  Room,
  type RoomInterface,
  type RoomOptions,
  type RoomState,
  takeInvite,
} from '../../room/room.ts';
import { roomContext } from '../../context.ts';
import { dispatchConsultEvent } from '../../events.ts';
import { Announcer } from '../../ui/announce.ts';
import { sameSlice } from '../../ui/room-controller.ts';
import { ConsultElement, foreignTags, type ConsultElementClass } from '../../ui/consult-element.ts';
import { refreshTexts } from '../../ui/texts.ts';
import { styles } from './consult-room.styles.ts';
import { forwardEvents } from './forward-events.ts';
import { HiddenWatch } from './hidden-watch.ts';
import { RoomView } from './screens/room-screen.ts';
import { VIEW_CLASSES } from './nested-elements.ts';

/** CSS pixels that nothing but a soft keyboard takes from the visible part of a window. */
const KEYBOARD = 120;

/** Milliseconds in which another element may take the place of one that is gone. */
const REPLACED_WITHIN = 10_000;

/**
 * The invite that an element took out of the address bar, until its person continues or leaves: where a framework replaces
 * the element, the next one finds the bar empty.
 */
let taken: string | undefined;
let forgetting: ReturnType<typeof setTimeout> | undefined;

/** What a configuration says; the room refuses what is no JSON, such as an object that contains itself. */
function said(config: unknown): string {
  try {
    return JSON.stringify(config) ?? typeof config;
  } catch {
    return typeof config;
  }
}

/**
 * A private room for video counselling: everything from the privacy notice to goodbye. Nothing happens before the notice is
 * accepted; media goes directly from device to device, end-to-end encrypted; nobody records.
 *
 * The invite is read from the page's fragment and removed from the address bar immediately. Moving the element within the page
 * keeps the call; removing it leaves the call.
 *
 * Style the parts of nested elements by their own name, or prefixed with their tag where two share a name:
 * `consult-room::part(privacy-notice-accept-button)`.
 *
 * @tag consult-room
 * @attr {string} lang - BCP 47; default: the closest ancestor's `lang`.
 * @attr {string} phase - Phase of the session, read-only: `idle` `notice` `devices` `occupants` `waiting` `connecting` `active` `paused` `ended` `failed`.
 * @slot - The site's own layout of this library's elements; replaces the built-in one. White space and text alone are no layout. The room still shows above it what went wrong, that it ended, or why it failed; `ended` and `failed` replace the last two.
 * @slot top - In the top bar: a brand line, a link, or a `<quick-exit>` with an `href` of its own.
 * @slot scene - Instead of the house above the steps; an empty element hides it.
 * @slot notice - Instead of the built-in privacy notice.
 * @slot devices - Instead of the built-in device check.
 * @slot occupants - Instead of the built-in question about who is in the room.
 * @slot waiting - Below the waiting room: something calm to read.
 * @slot stage - Instead of the pictures.
 * @slot controls - Instead of the call controls.
 * @slot ended - Below the goodbye; with a layout of the site's own, instead of it.
 * @slot failed - Instead of the built-in page that says why the room failed and how else to get help.
 * @csspart scene - The house above the steps.
 * @csspart chat-button - Opens and closes the chat.
 * @csspart people-button - Opens the list of people.
 * @csspart devices-button - Opens camera, microphone and loudspeaker.
 * @csspart security-button - Opens what is to be known about security.
 * @csspart steps - Progress on the way in.
 * @csspart problems - Problems that do not end the session.
 * @csspart alternatives - Other ways to reach the operator.
 * @csspart reload-button - Reloads the page after a failure.
 * @csspart resume-button - Ends a break.
 * @csspart direct-button - Leaves the relay for a direct connection.
 * @csspart stay-button - Keeps the relay.
 * @csspart audio-only-button - Turns the camera off when the connection is weak.
 * @csspart copy-link-button - In the browser of an app: copies the link, to open it elsewhere.
 * @csspart continue-here-button - Continues in the browser of the app.
 * @csspart keep-button - Changes nothing.
 * @csspart withdraw-button - Withdraws the consent to a relay.
 * @csspart lead-button - Agrees to lead the room, or to lead it where the host is lost.
 * @csspart not-lead-button - Declines that.
 * @csspart unmute-button - Turns the microphone on, after the host has asked for it.
 * @csspart stay-muted-button - Leaves it off.
 * @csspart alternative-link - Telephone, e-mail or a page of the operator.
 * @csspart link-input - In the browser of an app: the link as text.
 * @csspart dismiss-button - Takes a problem off the list.
 * @csspart close-button - Closes a panel.
 * @csspart summary - Unfolds the receipts.
 * @fires {CustomEvent<{ phase: Phase, previous: Phase }>} consult-phase - The phase has changed.
 * @fires {CustomEvent<{ id: string, change: 'joined' | 'left' | 'updated' }>} consult-participant - A participant joined, left or changed.
 * @fires {CustomEvent<{ id: string, path: Path }>} consult-path - The network path to a participant has changed.
 * @fires {CustomEvent<{ receipt: Receipt }>} consult-consent - A consent was given or withdrawn; carries the signed receipt, without a name.
 * @fires {CustomEvent<{ code: ErrorCode, message: string }>} consult-error - Something went wrong; carries a stable code and no personal data.
 * @cssproperty [--consult-color-surface=light-dark(#f4f1ea, #1b2724)] - Behind everything; the night behind the pictures is the dark one.
 * @cssproperty [--consult-color-raised=light-dark(#fffdf8, #263430)] - Buttons, fields and cards.
 * @cssproperty [--consult-color-sunken=light-dark(#ebe6da, #141d1b)] - Areas that recede.
 * @cssproperty [--consult-color-text=light-dark(#1d2b28, #eef2ec)] - Text.
 * @cssproperty [--consult-color-muted=light-dark(#51605b, #aab7b2)] - Secondary text.
 * @cssproperty [--consult-color-line=light-dark(#dcd7ca, #3a4a45)] - Separating lines.
 * @cssproperty [--consult-color-control=light-dark(#7b857f, #84938e)] - Outlines of controls.
 * @cssproperty [--consult-color-accent=light-dark(#1f5a4a, #8fd3b6)] - Primary actions.
 * @cssproperty [--consult-color-on-accent=light-dark(#ffffff, #0e231c)] - Text on it.
 * @cssproperty [--consult-color-glow=light-dark(#e5ece3, #2d3f39)] - Ground of hints.
 * @cssproperty [--consult-color-good=light-dark(#1c664e, #8fd3b6)] - What is in order.
 * @cssproperty [--consult-color-lamp=#f4c26b] - Light: who speaks, and “someone is here”.
 * @cssproperty [--consult-color-on-lamp=#2b1a02] - Text on it.
 * @cssproperty [--consult-color-danger=light-dark(#9c2f45, #ffa3b1)] - Errors and what cannot be undone.
 * @cssproperty [--consult-color-on-danger=light-dark(#ffffff, #33060f)] - Text on it.
 * @cssproperty [--consult-color-leave=#9c2f45] - The button that leaves.
 * @cssproperty [--consult-color-on-leave=#ffffff] - Text on it.
 * @cssproperty [--consult-color-tile=#2a3935] - Behind pictures.
 * @cssproperty [--consult-color-on-tile=#eef2ec] - Text on it.
 * @cssproperty [--consult-color-speaking=#f4c26b] - The ring around who speaks; default: the lamp.
 * @cssproperty [--consult-color-focus=light-dark(#0b5d7e, #9bd8f3)] - The focus ring.
 * @cssproperty [--consult-font-family=system-ui] - Text.
 * @cssproperty [--consult-font-heading=ui-serif] - Headings.
 * @cssproperty [--consult-font-size-s=0.9375rem] - Small text.
 * @cssproperty [--consult-font-size-m=1.0625rem] - Text.
 * @cssproperty [--consult-font-size-l=1.25rem] - Headings within a screen.
 * @cssproperty [--consult-font-size-xl=clamp(1.625rem, 1.4rem + 1vw, 2rem)] - The heading of a screen.
 * @cssproperty [--consult-space-1=0.25rem] - The smallest distance.
 * @cssproperty [--consult-space-2=0.5rem] - Between what belongs together.
 * @cssproperty [--consult-space-3=0.75rem] - Between the parts of a group.
 * @cssproperty [--consult-space-4=1rem] - The usual distance.
 * @cssproperty [--consult-space-5=1.5rem] - Within cards.
 * @cssproperty [--consult-space-6=2.5rem] - The largest distance.
 * @cssproperty [--consult-radius-s=0.875rem] - Corners of fields and buttons.
 * @cssproperty [--consult-radius-m=1.25rem] - Corners of pictures and the house.
 * @cssproperty [--consult-shadow=0 1px 2px rgb(20 30 28 / 6%), 0 12px 32px -12px rgb(20 30 28 / 18%)] - Below the own picture and dialogs.
 * @cssproperty [--consult-target-size=3rem] - The smallest size of what can be pressed.
 * @cssproperty [--consult-duration=180ms] - Of transitions.
 * @since 0.1.0
 */
export class ConsultRoom extends ConsultElement {
  static readonly tag: string = 'consult-room';
  static override readonly uses: readonly ConsultElementClass[] = VIEW_CLASSES;
  static override readonly parts: readonly string[] = [
    'scene',
    'chat-button',
    'people-button',
    'devices-button',
    'security-button',
    'steps',
    'problems',
    'alternatives',
    'reload-button',
    'resume-button',
    'direct-button',
    'stay-button',
    'audio-only-button',
    'copy-link-button',
    'continue-here-button',
    'keep-button',
    'withdraw-button',
    'lead-button',
    'not-lead-button',
    'unmute-button',
    'stay-muted-button',
    'alternative-link',
    'link-input',
    'dismiss-button',
    'close-button',
    'summary',
  ];
  static override readonly styles = [ConsultElement.styles, styles];

  /**
   * WebSocket URL of the signalling server; default `/signal` of the page's origin.
   *
   * @default '/signal'
   */
  @property() signaling: string | undefined;

  /** Invite token; default: the page's fragment. Never reflected. */
  @property() invite: string | undefined;

  /** The pseudonym that the name field starts with. */
  @property({ attribute: 'display-name' }) displayName: string | undefined;

  /** The public configuration. */
  @property({ attribute: false }) config: unknown;

  /**
   * URL of the public configuration on the page's own origin.
   *
   * @default '/config'
   */
  @property({ attribute: 'config-url' }) configUrl: string | undefined;

  /**
   * A token of the site's backend that lets this host open the room, where the server asks for one; or a function that
   * fetches it, called at each connection.
   */
  @property({ attribute: false }) hostToken: HostToken | undefined;

  /** Overrides the configuration's preset of rules: `beratung`, `gruppe`, `anlage-31b` or `gewaltschutz`. */
  @property() policy: PolicyName | undefined;

  /** The appointed time (ISO 8601), shown in the waiting room; the room itself does not know it. */
  @property() appointment: string | undefined;

  /**
   * The page to which the quick exit leads. Set it to one that draws no attention, such as a weather page: the default is
   * an empty tab, and that is itself a sign.
   *
   * @default 'about:blank'
   */
  @property({ attribute: 'exit-href' }) exitHref: string | undefined;

  /** A same-origin copy of the frame worker, for sites whose CSP forbids `blob:`. */
  @property({ attribute: 'worker-url' }) workerUrl: string | undefined;

  @state() private snapshot: RoomState = { phase: 'idle' };

  readonly #provider = new ContextProvider(this, { context: roomContext });
  readonly #announcer = new Announcer(this);
  readonly #view = new RoomView(this, this.texts, () => this.#link());
  #room: RoomInterface | undefined;
  #token: string | undefined;
  #opened: RoomOptions = {};
  #listening = new AbortController();
  #following = new AbortController();

  /** @internal */
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    // Nested elements take their language from here; the localisation library only observes the root element.
    if (name === 'lang' && old !== value) refreshTexts();
  }

  /** The headless room, for sites with their own user interface. */
  get room(): RoomInterface | undefined {
    return this.#room;
  }

  /** Phase of the session, from `idle` to `ended` or `failed`. */
  get phase(): Phase {
    return this.snapshot.phase;
  }

  constructor() {
    super();
    new HiddenWatch(this, () => this.#onHidden());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    clearTimeout(forgetting);
    const found = takeInvite();
    taken = found ?? taken;
    this.#token = found ?? this.#token ?? taken;
    this.setAttribute('phase', this.phase);
    window.addEventListener('hashchange', this.#onHashChange, { signal: this.#listening.signal });
    window.visualViewport?.addEventListener('resize', this.#onViewport, { signal: this.#listening.signal });
    // The keyboard may have come or gone while it was out of the page.
    this.#onViewport();
    // Removed and inserted again later: the old session is over, start a new one.
    if (this.hasUpdated && !this.#room) this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
    this.#listening = new AbortController();
    // Frameworks move elements by removing and inserting them: only an element still detached a microtask later is gone.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#close();
      clearTimeout(forgetting);
      forgetting = setTimeout(() => (taken = undefined), REPLACED_WITHIN);
    });
  }

  /** Creates the session that this element shows. Override it to use another implementation. */
  protected createRoom(options: RoomOptions): RoomInterface {
    return new Room(options);
  }

  protected override firstUpdated(): void {
    // Not earlier: sites often set `config` in the same task that inserts the element.
    this.#open();
  }

  protected override updated(): void {
    // An option that is set late still counts, as long as the person has not been asked anything.
    const early = this.phase === 'idle' || this.phase === 'notice' || this.phase === 'failed';
    if (this.#room && early && !sameSlice(this.#opened, this.#options())) this.#open();
    void this.#view.updated();
  }

  protected override render(): TemplateResult {
    this.#view.appointment = this.appointment;
    this.#view.exitHref = this.exitHref;
    this.#view.signaling = this.signaling;
    return html`${this.#announcer.render()}${this.#view.render(this.snapshot, this.#room)}`;
  }

  /** The link of this invite, to be opened elsewhere. */
  #link(): string | null {
    const invite = this.invite ?? this.#token;
    if (invite === undefined) return null;
    const link = new URL(location.href);
    link.hash = invite.includes('consult') ? invite : `consult=${invite}`;
    return link.href;
  }

  #onHidden(): void {
    if (!isSession(this.snapshot) || this.snapshot.media.paused !== 'no') return;
    // oxlint-disable-next-line no-console -- to the site's developer, who hides the room
    console.warn('<consult-room> is hidden while a session runs: camera and microphone are paused.');
    this.#room?.pause('privacy');
  }

  #options(): RoomOptions {
    const invite = this.invite ?? this.#token;
    return {
      ...(this.signaling ? { signaling: this.signaling } : {}),
      ...(invite ? { invite } : {}),
      ...(this.displayName ? { name: this.displayName } : {}),
      ...(this.config ? { config: this.#configuration() } : {}),
      ...(this.configUrl ? { configUrl: this.configUrl } : {}),
      // Passed on unchecked: the room refuses a mistyped policy, whereas ignoring it would apply a laxer one.
      ...(this.policy ? { policy: this.policy } : {}),
      ...(this.hostToken === undefined ? {} : { hostToken: this.#latestToken }),
      ...(this.workerUrl ? { workerUrl: this.workerUrl } : {}),
    };
  }

  /** Frameworks pass a new object at each render: one that says the same is the same, and opens no other room. */
  #configuration(): unknown {
    const { config } = this.#opened;
    return said(config) === said(this.config) ? config : this.config;
  }

  /** Frameworks pass a new function at each render: the room asks the latest, and only when it connects. */
  readonly #latestToken = async (): Promise<string> => {
    const { hostToken = '' } = this;
    return typeof hostToken === 'string' ? hostToken : hostToken();
  };

  #open(): void {
    // Removed before its texts were loaded: it opens when it is inserted again.
    if (!this.isConnected) return;
    // The replaced room must not report anything to the site any more, not even its end.
    this.#following.abort();
    this.#room?.discard();
    this.#following = new AbortController();
    const { signal } = this.#following;
    if (this.refuseForeign()) return;
    this.#opened = this.#options();
    const room = this.createRoom({ ...this.#opened, lang: this.texts.shown() });
    this.#room = room;
    room.addEventListener('change', this.#onChange, { signal });
    forwardEvents(room, this, signal);
    this.#provider.setValue(room);
    this.#onChange();
    void room.start();
  }

  /**
   * Makes or keeps no room in which elements of the page would stand: the site gets the reason, and people read that it is not
   * their fault.
   *
   * @internal
   * @returns whether there are any
   */
  protected refuseForeign(): boolean {
    const detail = foreignTags(VIEW_CLASSES).join(', ');
    if (detail === '') return false;
    const { code, message } = new ConsultError('element-name-taken', { detail });
    const previous = this.phase;
    this.#following.abort();
    this.#close();
    this.#provider.setValue(undefined);
    this.snapshot = { phase: 'failed', code, receipts: [], configuration: null };
    this.setAttribute('phase', 'failed');
    // oxlint-disable-next-line no-console -- to the site's developer: what people read names no detail
    console.error(message);
    dispatchConsultEvent(this, 'consult-phase', { phase: 'failed', previous });
    dispatchConsultEvent(this, 'consult-error', { code, message });
    return true;
  }

  /**
   * Leaves for good. Events still reach the site: the receipt of a consent is signed a moment later. Before the notice is
   * accepted there is nothing to leave, and whatever takes this element's place continues, also after a reload.
   */
  #close(): void {
    const room = this.#room;
    if (!room) return;
    const { phase } = room.state;
    if (phase === 'idle' || phase === 'notice') room.discard();
    else room.leave();
    room.removeEventListener('change', this.#onChange);
    this.#room = undefined;
  }

  /** Browsers that lay a soft keyboard over the page tell its height only here; others make the window smaller. */
  readonly #onViewport = (): void => {
    const { height = window.innerHeight, scale = 1 } = window.visualViewport ?? {};
    // By pinch zoom less is visible as well; as large as the page is, it is as high as before.
    const visible = height * scale;
    const covered = window.innerHeight - visible > KEYBOARD;
    const keyboard = covered ? 'typing' : '';
    if (this.#view.keyboard !== keyboard) this.requestUpdate();
    this.#view.keyboard = keyboard;
    if (covered) this.style.setProperty('--_viewport', `${String(Math.round(visible))}px`);
    else this.style.removeProperty('--_viewport');
  };

  readonly #onChange = (): void => {
    const room = this.#room;
    if (!room) return;
    this.#view.before(this.snapshot, room.state);
    this.snapshot = room.state;
    this.#announcer.follow(room.state, (previous, next) => this.#view.announcements(previous, next));
    const { phase } = room.state;
    if (phase !== 'idle' && phase !== 'notice' && phase !== 'failed') taken = undefined;
    this.setAttribute('phase', phase);
  };

  /** Another link pasted into the same window loads no page; it only changes the fragment. */
  readonly #onHashChange = (): void => {
    if (!holdsInvite()) return;
    const token = takeInvite();
    // What has begun continues; to enter the other room, a person has to leave this one.
    if ('devices' in this.snapshot) return this.#room?.addProblem('another-invite');
    this.#token = taken = token;
    this.invite = undefined;
    this.#open();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'consult-room': ConsultRoom;
  }
}
