import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import {
  type Device,
  type DeviceChoice,
  type Devices,
  type DevicesChoice,
  LIMITS,
  type PathForecast,
  type Policy,
  type Role,
  type RoomState,
  wordFor,
} from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { renderDevicePicker } from '../../ui/device-picker.ts';
import { icon } from '../../ui/icons.ts';
import { LevelMeter } from '../../ui/level-meter.ts';
import { mediaSource } from '../../ui/media-source.ts';
import { privateField } from '../../ui/private-field.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { renderBlurChoice } from './blur-choice.ts';
import { styles } from './device-check.styles.ts';
import { renderForecast } from './forecast-note.ts';

interface Slice {
  readonly devices: Devices;
  readonly naming: Policy['naming'];
  readonly name: string;
  readonly role: Role;
  readonly forecast: PathForecast;
  /** Whether the site has a relay that people will be asked about. */
  readonly relays: 'some' | 'none';
}

function select(room: RoomState): Slice | undefined {
  if (room.phase !== 'devices') return undefined;
  const { devices, policy, name, role, forecast, configuration } = room;
  const relays = configuration.servers.some((server) => server.role === 'relay') ? 'some' : 'none';
  return { devices, naming: policy.naming, name, role, forecast, relays };
}

type Kind = keyof DevicesChoice;
const AUTOMATIC: DevicesChoice = { camera: { kind: 'default' }, microphone: { kind: 'default' } };

/**
 * Sets up camera, microphone and display name. Only the person sees the picture, and the step works without a camera, a
 * microphone, a permission or a name [R1] [R5]. People who do not want to see themselves can hide the picture [R15].
 *
 * Shown in phase `devices`; opens camera and microphone when it appears.
 *
 * @tag device-check
 * @csspart name-input - The pseudonym.
 * @csspart camera-select - The choice of a camera.
 * @csspart microphone-select - The choice of a microphone.
 * @csspart continue-button - Continues with the chosen devices.
 * @csspart blur-select - The choice of how the own picture is sent: clear or blurred.
 * @csspart self-view-button - Hides the own picture here, and shows it again.
 * @csspart retry-button - Asks for the devices again.
 * @csspart summary - Unfolds the choices.
 * @since 0.1.0
 */
export class DeviceCheck extends ConsultElement {
  static readonly tag: string = 'device-check';
  static override readonly parts: readonly string[] = [
    'name-input',
    'camera-select',
    'microphone-select',
    'continue-button',
    'blur-select',
    'self-view-button',
    'retry-button',
    'summary',
  ];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);
  /** Whether the devices were opened automatically; after that, only a person's choice opens them. */
  #opened = false;
  /** Whether the choices were unfolded for a person: folded again, they would go from under the hand that mends it. */
  #unfolded = false;

  @state() private pictureShown = true;
  @state() private leaving = false;
  @state() private nameMissing = false;

  constructor() {
    super();
    new LevelMeter(
      this,
      () => this.#room.room?.microphoneLevel() ?? 0,
      () => this.renderRoot.querySelector('[role="meter"]'),
    );
  }

  protected override updated(): void {
    const slice = this.#room.value;
    if (slice?.devices.access !== 'unasked' || this.#opened) return;
    this.#opened = true;
    void this.#room.room?.openDevices(AUTOMATIC);
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const { devices } = slice;
    return html`
      <form class="step" @submit=${this.#onSubmit} novalidate>
        <div class="stack head">
          <h2 tabindex="-1">${this.t('device-check.heading')}</h2>
          <p class="lead">${this.t('device-check.lead')}</p>
        </div>
        <div class="check">
          <div class="left stack">
            ${this.#renderPicture(devices)}
            <div class="problems stack" role="status">${this.#renderProblems(devices)}</div>
            ${this.#renderLevel(devices)}
          </div>
          <div class="right stack">
            ${this.#renderName(slice)} ${this.#renderChoices(devices)}
            ${renderForecast(this.texts, slice.forecast, slice.relays)}
          </div>
        </div>
        <div class="foot">
          <button part="continue-button" class="primary" type="submit" ?disabled=${this.leaving}>
            ${
              devices.access === 'answered' && !devices.camera && !devices.microphone
                ? this.t('device-check.continue.neither')
                : this.t('device-check.continue')
            }
          </button>
        </div>
      </form>
    `;
  }

  /** Folded: most people need none of it. Open once a device was missing. */
  #renderChoices(devices: Devices): TemplateResult {
    this.#unfolded ||= devices.problems.length > 0;
    return html`
      <details ?open=${this.#unfolded}>
        <summary part="summary">${this.t('device-check.choices')}</summary>
        <div class="stack">
          ${this.#renderPicker('camera', devices.cameras, devices.choice.camera)}
          ${this.#renderPicker('microphone', devices.microphones, devices.choice.microphone)}
          ${renderBlurChoice(this.texts, devices, (blur) => this.#room.room?.setBlur(blur))}
        </div>
      </details>
    `;
  }

  #renderPicture(devices: Devices): TemplateResult {
    return html`
      <div class="picture">
        ${devices.camera && this.pictureShown ? this.#renderVideo() : this.#renderNoPicture(devices)}
        ${
          devices.camera
            ? html`<button part="self-view-button" class="own-picture" type="button" @click=${this.#onPicture}>
                ${icon(this.pictureShown ? 'eye-off' : 'eye')}
                ${this.t(this.pictureShown ? 'device-check.hide' : 'device-check.show')}
              </button>`
            : nothing
        }
      </div>
    `;
  }

  #renderVideo(): TemplateResult {
    return html`<video
      autoplay
      playsinline
      disablepictureinpicture
      .muted=${true}
      aria-label=${this.t('device-check.preview')}
      ${mediaSource({ room: this.#room.room ?? null, id: 'self', kind: 'camera' })}
    ></video>`;
  }

  #renderNoPicture({ access, camera, microphone }: Devices): TemplateResult {
    if (access !== 'answered')
      return html`<div class="empty">
        ${icon('video')}
        <p>${this.t('device-check.asking')}</p>
        <p>${this.t('device-check.ask.text')}</p>
      </div>`;
    const without = microphone ? 'device-check.no-picture' : 'device-check.no-picture.neither';
    return html`<div class="empty">
      ${icon(camera ? 'eye-off' : 'video-off')}
      <p>${this.t(camera ? 'device-check.hidden' : without)}</p>
    </div>`;
  }

  #renderName({ naming, name, role }: Slice): TemplateResult {
    // The placeholder for people without a name is not a name to start with.
    const given = name === wordFor(role, 'de') || name === wordFor(role, 'en') ? '' : name;
    return html`
      <div class="field">
        <label for="pseudonym">${this.t(`device-check.name.${naming}`)}</label>
        <input
          part="name-input"
          id="pseudonym"
          name="pseudonym"
          maxlength=${LIMITS.name}
          aria-describedby=${this.nameMissing ? 'name-missing name-hint' : 'name-hint'}
          aria-required=${naming === 'full-name' ? 'true' : nothing}
          aria-invalid=${this.nameMissing ? 'true' : nothing}
          .defaultValue=${given}
          ${privateField(naming === 'full-name' ? 'name' : 'off')}
        />
        ${this.nameMissing ? html`<p class="missing" id="name-missing" role="alert">${icon('info')} ${this.texts.error('name-missing').what}</p>` : nothing}
        <p class="small" id="name-hint">${this.t(`device-check.name.${naming}.hint`)}</p>
      </div>
    `;
  }

  #renderPicker(kind: Kind, found: readonly Device[], choice: DeviceChoice): TemplateResult {
    return renderDevicePicker(this.texts, { kind, found, choice, onChoice: (chosen) => this.#onChoice(kind, chosen) });
  }

  #renderLevel({ microphone }: Devices): TemplateResult | typeof nothing {
    if (!microphone) return nothing;
    return html`
      <div class="field">
        <div
          class="level-track"
          role="meter"
          aria-label=${this.t('device-check.level')}
          title=${this.t('device-check.level.hint')}
          aria-valuemin="0"
          aria-valuemax="100"
          aria-valuenow="0"
        >
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="level" width="0" height="10"></rect>
          </svg>
        </div>
      </div>
    `;
  }

  #renderProblems({ problems, choice }: Devices): TemplateResult | typeof nothing {
    if (problems.length === 0) return nothing;
    return html`
      ${problems.map((code) => {
        const { what, advice } = this.texts.error(code);
        return html`<div class="hint">
          ${icon('info')}
          <p>${what}</p>
          <p class="small">${advice}</p>
        </div>`;
      })}
      <div class="actions">
        <button part="retry-button" type="button" @click=${() => this.#room.room?.openDevices(choice)}>
          ${icon('refresh-cw')} ${this.t('device-check.retry')}
        </button>
      </div>
    `;
  }

  #onPicture(): void {
    this.pictureShown = !this.pictureShown;
  }

  #onChoice(kind: Kind, chosen: DeviceChoice): void {
    const choice = this.#room.value?.devices.choice ?? AUTOMATIC;
    void this.#room.room?.openDevices({ ...choice, [kind]: chosen });
  }

  async #onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { room, value: slice } = this.#room;
    if (!room || !slice || this.leaving) return;
    const name = new FormData(event.target as HTMLFormElement).get('pseudonym');
    room.rename(typeof name === 'string' ? name : '');
    this.nameMissing = slice.naming === 'full-name' && (typeof name !== 'string' || name.trim() === '');
    if (this.nameMissing) {
      // Screen readers read the error with the field, so it has to be rendered first.
      await this.updateComplete;
      return this.renderRoot.querySelector<HTMLInputElement>('#pseudonym')?.focus();
    }
    this.leaving = true;
    try {
      await room.useDevices(slice.devices.choice);
    } finally {
      this.leaving = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-check': DeviceCheck;
  }
}
