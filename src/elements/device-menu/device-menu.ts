import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import {
  type Device,
  type DeviceChoice,
  type Devices,
  type ErrorCode,
  isSession,
  type RoomState,
} from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { labelled, renderDevicePicker } from '../../ui/device-picker.ts';
import { icon } from '../../ui/icons.ts';
import { renderOptions } from '../../ui/options.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { styles } from './device-menu.styles.ts';

interface Slice {
  readonly devices: Devices;
}

function select(room: RoomState): Slice | undefined {
  return isSession(room) ? { devices: room.devices } : undefined;
}

type Kind = 'camera' | 'microphone';

/** Audio Output Devices API §3, §4: browsers have one, both or none of them. */
interface AudioOutput {
  selectAudioOutput?(): Promise<{ readonly deviceId: string }>;
}

const canChooseOutput = typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;

function audioOutput(): AudioOutput | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.mediaDevices as AudioOutput | undefined;
}

/**
 * Camera, microphone and loudspeaker within the call. Whatever is wrong with one of them is said here, with a button that
 * tries again. The loudspeaker is offered where the browser can switch it.
 *
 * @tag device-menu
 * @csspart camera-select - Chooses the camera, or none.
 * @csspart microphone-select - Chooses the microphone, or none.
 * @csspart loudspeaker-select - Chooses the loudspeaker.
 * @csspart loudspeaker-button - Lets the browser ask which loudspeaker, where it lists none by itself.
 * @csspart retry-button - Opens the chosen devices again.
 * @since 0.1.0
 */
export class DeviceMenu extends ConsultElement {
  static readonly tag: string = 'device-menu';
  static override readonly parts: readonly string[] = [
    'camera-select',
    'microphone-select',
    'loudspeaker-select',
    'loudspeaker-button',
    'retry-button',
  ];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);

  /** Why the last loudspeaker could not be used. */
  @state() private refused: ErrorCode | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const { devices } = slice;
    return html`
      <section class="stack">
        <h3>${this.t('device-menu.heading')}</h3>
        ${this.#renderPicker('camera', devices.cameras, devices.choice.camera)}
        ${this.#renderPicker('microphone', devices.microphones, devices.choice.microphone)}
        ${canChooseOutput ? this.#renderLoudspeaker(devices) : nothing} ${this.#renderProblems(devices)}
      </section>
    `;
  }

  #renderPicker(kind: Kind, found: readonly Device[], choice: DeviceChoice): TemplateResult {
    return renderDevicePicker(this.texts, { kind, found, choice, onChoice: (chosen) => this.#onChoice(kind, chosen) });
  }

  #renderLoudspeaker({ loudspeakers: found, loudspeaker }: Devices): TemplateResult | typeof nothing {
    if (found.length === 0) {
      if (!audioOutput()?.selectAudioOutput) return nothing;
      return html`<div>
        <button part="loudspeaker-button" @click=${this.#onAsk}>
          ${icon('volume-2')} ${this.t('device-menu.loudspeaker.choose')}
        </button>
      </div>`;
    }
    const others = labelled(
      this.texts,
      found.filter(({ id }) => id !== 'default'),
    );
    return html`
      <div class="field">
        <label for="loudspeaker">${this.t('device-menu.loudspeaker')}</label>
        <select
          id="loudspeaker"
          part="loudspeaker-select"
          @change=${({ target }: Event) => void this.#playOn((target as HTMLSelectElement).value)}
        >
          ${renderOptions(
            [['', this.t('device-check.default')], ...others.map(({ id, label }) => [id, label] as const)],
            loudspeaker,
          )}
        </select>
      </div>
    `;
  }

  #renderProblems({ problems, access }: Devices): TemplateResult {
    const all = this.refused === null ? problems : [...problems, this.refused];
    return html`
      <div role="status" class="stack">
        ${all.map((code) => {
          const { what, advice } = this.texts.error(code);
          return html`<div class="hint">
            ${icon('info')}
            <p>${what}</p>
            <p class="small">${advice}</p>
          </div>`;
        })}
      </div>
      ${
        problems.length > 0 && access === 'answered'
          ? html`<div>
              <button part="retry-button" @click=${this.#onRetry}>
                ${icon('refresh-cw')} ${this.t('device-check.retry')}
              </button>
            </div>`
          : nothing
      }
    `;
  }

  #onChoice(kind: Kind, choice: DeviceChoice): void {
    const { room } = this.#room;
    void room?.switchDevice({ [kind]: choice });
    // Who chooses a device wants it to be on.
    if (choice.kind === 'none') return;
    if (kind === 'camera') room?.setCamera(true);
    else room?.setMicrophone(true);
  }

  readonly #onRetry = (): void => {
    const { choice } = this.#room.value?.devices ?? {};
    if (choice) void this.#room.room?.switchDevice({ camera: choice.camera, microphone: choice.microphone });
  };

  readonly #onAsk = (): void => void this.#ask();

  /** The browser asks; a person who cancels has chosen nothing. */
  async #ask(): Promise<void> {
    const chosen = await audioOutput()
      ?.selectAudioOutput?.()
      .catch(() => null);
    if (chosen) await this.#playOn(chosen.deviceId);
  }

  async #playOn(loudspeaker: string): Promise<void> {
    try {
      await this.#room.room?.switchDevice({ loudspeaker });
      this.refused = null;
    } catch {
      this.refused = 'action-failed';
      // The list shows what is really used, also where the last one was refused as well.
      this.requestUpdate();
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-menu': DeviceMenu;
  }
}
