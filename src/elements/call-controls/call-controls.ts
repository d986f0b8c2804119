import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import {
  type Blur,
  isSession,
  mediaNoticeOf,
  type MediaNotice,
  type Phase,
  type Role,
  type RoomState,
  whyUnreachable,
} from '../../room/room.ts';
import { renderQuestion } from '../../ui/confirm.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { EscapeController } from '../../ui/escape.ts';
import { icon, type IconName } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { SelfViewController } from '../../ui/self-view.ts';
import { ShortcutController, SOMEONE_CAME_IN_KEY } from '../../ui/shortcut.ts';
import { styles } from './call-controls.styles.ts';
import { tellUnknownSlots } from '../../ui/unknown-slots.ts';

interface Slice {
  readonly phase: Phase;
  readonly role: Role;
  readonly media: MediaNotice;
  readonly camera: boolean;
  readonly blur: Blur;
  /** What the blur button applies: only the background where the system supports it. */
  readonly softer: Exclude<Blur, 'off'>;
  readonly microphone: boolean;
  /** Whether leaving affects more than one other person. */
  readonly company: boolean;
  /** Nobody can be reached: only leaving makes sense. */
  readonly over: boolean;
  readonly hand: boolean;
  readonly break: boolean;
  /** Whether the person who speaks is shown large. */
  readonly speaker: boolean;
}

function select(room: RoomState): Slice | undefined {
  if (!isSession(room)) return undefined;
  const { phase, role, devices, participants } = room;
  const { camera, microphone, blur, blurs } = devices;
  // What is really sent: a device that is gone or muted by the system is off here too.
  const media = mediaNoticeOf(room);
  const softer = blurs.includes('background') ? 'background' : 'picture';
  return {
    phase,
    role,
    media,
    camera,
    blur,
    softer,
    microphone,
    company: participants.length > 1,
    over: whyUnreachable(room) !== null,
    hand: room.hand,
    break: room.break,
    speaker: room.layout.kind === 'speaker',
  };
}

/** Phones cannot share their screen, so the button is left out there. */
const canShare = typeof MediaDevices !== 'undefined' && 'getDisplayMedia' in MediaDevices.prototype;

interface Toggle {
  readonly part: string;
  readonly kind: 'device' | 'option';
  readonly pressed: boolean;
  readonly icon: IconName;
  readonly label: string;
  /** What a press does now, in words. */
  readonly title: string;
  readonly disabled?: boolean;
  readonly act: () => void;
}

/**
 * The controls of the session: one row with microphone, camera, “someone came in” and leaving, and a sheet for the rest. In a low
 * wide window the row is a rail. Leaving does not ask for confirmation, except once for the host of a group, whose leaving ends
 * the call for everyone.
 *
 * @tag call-controls
 * @slot bar - More buttons in the row.
 * @slot more - More buttons in the sheet.
 * @csspart more-button - Opens and closes the sheet.
 * @csspart microphone-button - Microphone on and off.
 * @csspart camera-button - Camera on and off.
 * @csspart blur-button - Blurs the own picture, and shows it clearly again.
 * @csspart share-button - Starts and ends sharing the screen.
 * @csspart self-view-button - Shows and hides the self view.
 * @csspart pause-button - Takes a break: camera and microphone off.
 * @csspart hand-button - In a group: raises a hand, which everyone sees.
 * @csspart break-button - In a group: asks the host, and nobody else, for a break.
 * @csspart layout-button - In a group: shows the person who speaks large, or everyone alike.
 * @csspart someone-came-in-button - Pauses picture and sound on both sides until a new declaration is acknowledged.
 * @csspart leave-button - Leaves; for the host, ends the session.
 * @csspart end-dialog - Asks the host before ending the call for everyone.
 * @csspart confirm-button - Carries out what the question is about.
 * @csspart cancel-button - Changes nothing.
 * @since 0.1.0
 */
export class CallControls extends ConsultElement {
  static readonly tag: string = 'call-controls';
  static override readonly parts: readonly string[] = [
    'microphone-button',
    'camera-button',
    'blur-button',
    'share-button',
    'self-view-button',
    'pause-button',
    'hand-button',
    'break-button',
    'layout-button',
    'someone-came-in-button',
    'more-button',
    'leave-button',
    'end-dialog',
    'confirm-button',
    'cancel-button',
  ];
  static override readonly styles = [ConsultElement.styles, styles];

  /**
   * The key for “someone came in”, from anywhere on the page, such as `F8` or `Alt+Shift+J`; empty for none.
   *
   * @default 'F8'
   */
  @property({ attribute: 'someone-came-in-key' }) someoneCameInKey: string = SOMEONE_CAME_IN_KEY;

  readonly #room = new RoomController(this, select);
  readonly #selfView = new SelfViewController(this, () => this.#room.room);

  @state() private more = false;

  protected override updated(): void {
    tellUnknownSlots(this, ' bar more ');
  }

  constructor() {
    super();
    new EscapeController(
      this,
      () => this.more,
      () => this.#closeByChoice(),
    );
    new ShortcutController(
      this,
      () => this.someoneCameInKey,
      () => this.#onSomeoneCameIn(),
    );
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    return html`
      <div class="controls">${slice.over ? nothing : this.#renderSheet(slice)} ${this.#renderBar(slice)}</div>
      ${slice.role === 'host' ? this.#renderDialog() : nothing}
    `;
  }

  /** One row, within reach of a thumb: what is needed at once. */
  #renderBar(slice: Slice): TemplateResult {
    const { phase, over } = slice;
    return html`<div class="bar" role="group" aria-label=${this.t('call-controls.label')}>
      ${phase === 'paused' || over ? nothing : this.#renderDevices(slice)}
      <slot name="bar"></slot>
      ${over ? nothing : this.#renderSomeoneCameIn(slice)}
      ${
        over || phase === 'paused'
          ? nothing
          : html`<button
              class="more"
              part="more-button"
              title=${this.t('call-controls.more.label')}
              aria-expanded=${this.more ? 'true' : 'false'}
              aria-controls="sheet"
              @click=${() => void this.#toggleMore()}
            >
              ${icon('ellipsis')} <span>${this.t('call-controls.more')}</span>
            </button>`
      }
      ${this.#renderLeave(slice)}
    </div>`;
  }

  /** Everything else; it takes its place above the bar, so that the pictures get smaller and stay in sight. */
  #renderSheet(slice: Slice): TemplateResult {
    const { phase } = slice;
    return html`<div
      class="sheet"
      id="sheet"
      role="group"
      aria-label=${this.t('call-controls.more.label')}
      ?hidden=${!this.more || phase === 'paused'}
      @click=${this.#onChoice}
    >
      ${phase === 'active' ? this.#renderPause() : nothing} ${this.#renderBlur(slice)}
      ${phase === 'active' ? this.#renderShare(slice) : nothing} ${slice.company ? this.#renderSigns(slice) : nothing}
      <slot name="more"></slot>
    </div>`;
  }

  #renderDevices({ media, camera, microphone }: Slice): TemplateResult {
    const microphoneOn = media.microphone && microphone;
    const cameraOn = media.camera && camera;
    return html`
      ${this.#renderToggle({
        part: 'microphone-button',
        kind: 'device',
        pressed: microphoneOn,
        icon: microphoneOn ? 'mic' : 'mic-off',
        label: this.t('call-controls.microphone'),
        title: this.t(microphoneOn ? 'call-controls.microphone.on' : 'call-controls.microphone.off'),
        act: () => this.#room.room?.setMicrophone(!microphoneOn),
      })}
      ${this.#renderToggle({
        part: 'camera-button',
        kind: 'device',
        pressed: cameraOn,
        icon: cameraOn ? 'video' : 'video-off',
        label: this.t('call-controls.camera'),
        title: this.t(cameraOn ? 'call-controls.camera.on' : 'call-controls.camera.off'),
        act: () => this.#room.room?.setCamera(!cameraOn),
      })}
    `;
  }

  #renderBlur({ media, camera, blur, softer }: Slice): TemplateResult {
    const cameraOn = media.camera && camera;
    return html`
      ${this.#renderToggle({
        part: 'blur-button',
        kind: 'option',
        pressed: blur !== 'off',
        icon: 'blend',
        label: this.t('call-controls.blur'),
        title: this.t(blur === 'off' ? `call-controls.blur.${softer}` : 'call-controls.blur.on'),
        // Disabled rather than removed, so that the other buttons do not move under a finger.
        disabled: !cameraOn,
        act: () => this.#room.room?.setBlur(blur === 'off' ? softer : 'off'),
      })}
    `;
  }

  #renderShare({ media }: Slice): TemplateResult {
    const { shown } = this.#selfView;
    return html`
      ${
        canShare
          ? this.#renderToggle({
              part: 'share-button',
              kind: 'option',
              pressed: media.screen,
              icon: media.screen ? 'screen-share-off' : 'screen-share',
              label: this.t('call-controls.share'),
              title: this.t(media.screen ? 'call-controls.share.on' : 'call-controls.share.off'),
              act: () => void this.#room.room?.setScreen(!media.screen),
            })
          : nothing
      }
      ${this.#renderToggle({
        part: 'self-view-button',
        kind: 'option',
        pressed: shown,
        icon: shown ? 'eye' : 'eye-off',
        label: this.t('call-controls.self-view'),
        title: this.t(shown ? 'call-controls.self-view.on' : 'call-controls.self-view.off'),
        act: () => this.#selfView.toggle(),
      })}
    `;
  }

  /** What one says in a group without words; the break is for the host alone. */
  #renderSigns({ role, hand, break: wanted, speaker }: Slice): TemplateResult {
    return html`
      ${this.#renderToggle({
        part: 'hand-button',
        kind: 'option',
        pressed: hand,
        icon: 'hand',
        label: this.t('call-controls.hand'),
        title: this.t(hand ? 'call-controls.hand.on' : 'call-controls.hand.off'),
        act: () => this.#room.room?.raiseHand(!hand),
      })}
      ${
        role === 'guest'
          ? this.#renderToggle({
              part: 'break-button',
              kind: 'option',
              pressed: wanted,
              icon: 'coffee',
              label: this.t('call-controls.break'),
              title: this.t(wanted ? 'call-controls.break.on' : 'call-controls.break.off'),
              act: () => this.#room.room?.askForBreak(!wanted),
            })
          : nothing
      }
      ${this.#renderToggle({
        part: 'layout-button',
        kind: 'option',
        pressed: speaker,
        icon: 'gallery-thumbnails',
        label: this.t('call-controls.layout'),
        title: this.t(speaker ? 'call-controls.layout.on' : 'call-controls.layout.off'),
        act: () => this.#room.room?.setLayout(speaker ? 'grid' : 'speaker'),
      })}
    `;
  }

  #renderToggle(toggle: Toggle): TemplateResult {
    return html`<button
      class=${toggle.kind}
      part=${toggle.part}
      aria-pressed=${toggle.pressed ? 'true' : 'false'}
      title=${toggle.title}
      ?disabled=${toggle.disabled ?? false}
      @click=${toggle.act}
    >
      ${icon(toggle.icon)} <span>${toggle.label}</span>
    </button>`;
  }

  #renderPause(): TemplateResult {
    return html`<button
      class="option"
      part="pause-button"
      title=${this.t('call-controls.pause.label')}
      @click=${() => this.#room.room?.pause('privacy')}
    >
      ${icon('pause')} <span>${this.t('call-controls.pause')}</span>
    </button>`;
  }

  #renderSomeoneCameIn({ media }: Slice): TemplateResult | typeof nothing {
    if (media.paused === 'someone-came-in') return nothing;
    const key = this.someoneCameInKey;
    return html`<button
      class="halt"
      part="someone-came-in-button"
      title=${key === '' ? this.t('call-controls.someone-came-in.label') : this.t('call-controls.someone-came-in.key', key)}
      aria-keyshortcuts=${key || nothing}
      @click=${this.#onSomeoneCameIn}
    >
      ${icon('user-round-plus')} <span>${this.t('call-controls.someone-came-in')}</span>
    </button>`;
  }

  #renderLeave({ role, company }: Slice): TemplateResult {
    const asks = role === 'host' && company;
    return html`<button
      class="leave"
      part="leave-button"
      title=${this.t(role === 'host' ? 'call-controls.leave.host.label' : 'call-controls.leave.label')}
      aria-haspopup=${asks ? 'dialog' : nothing}
      @click=${asks ? this.#onAsk : this.#onLeave}
    >
      ${icon('log-out')}
      <span>${this.t(role === 'host' ? 'call-controls.leave.host' : 'call-controls.leave')}</span>
    </button>`;
  }

  #renderDialog(): TemplateResult {
    return renderQuestion({
      part: 'end-dialog',
      heading: this.t('call-controls.end.heading'),
      text: this.t('call-controls.end.text'),
      yes: this.t('call-controls.end.confirm'),
      no: this.t('call-controls.end.cancel'),
      act: this.#onLeave,
    });
  }

  /** The sheet stands before the row, so the focus goes there: with the tab key nobody would find it behind the button. */
  async #toggleMore(): Promise<void> {
    this.more = !this.more;
    if (!this.more) return;
    /** @internal For the room alone, which closes what it has open in this place: it does not bubble. */
    this.dispatchEvent(new CustomEvent('more'));
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.sheet button:not([disabled])')?.focus();
  }

  /** Sets the focus on the button that opens the sheet. */
  focusMore(): void {
    this.renderRoot.querySelector<HTMLElement>('.more')?.focus();
  }

  /** Closes what “More” has opened. */
  closeMore(): void {
    this.more = false;
  }

  /**
   * A choice closes the sheet; the button that opened it gets the focus, because the chosen one disappears with the sheet. Before the
   * chosen button acts, which may set the focus on what it opens.
   */
  readonly #onChoice = {
    capture: true,
    handleEvent: (event: Event): void => {
      if (event.composedPath().some((target) => target instanceof HTMLButtonElement)) this.#closeByChoice();
    },
  };

  #closeByChoice(): void {
    this.renderRoot.querySelector<HTMLElement>('.more')?.focus();
    this.more = false;
  }

  readonly #onSomeoneCameIn = (): void => {
    if (this.#room.value) this.#room.room?.pause('someone-came-in');
  };

  readonly #onAsk = (): void => {
    this.renderRoot.querySelector('dialog')?.showModal();
  };

  readonly #onLeave = (): void => {
    this.#room.room?.leave();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'call-controls': CallControls;
  }
}
