/** The choice of a camera or a microphone: automatic, one of those found, or none. */
import { html, type TemplateResult } from 'lit';
import type { Device, DeviceChoice, DevicesChoice } from '../room/room.ts';
import { renderOptions } from './options.ts';
import type { Texts } from './texts.ts';

export interface DevicePickerOptions {
  readonly kind: keyof DevicesChoice;
  readonly found: readonly Device[];
  readonly choice: DeviceChoice;
  onChoice(choice: DeviceChoice): void;
}

/** A `<select>` with its label, as the part `camera-select` or `microphone-select`. */
export function renderDevicePicker(
  texts: Texts,
  { kind, found, choice, onChoice }: DevicePickerOptions,
): TemplateResult {
  const options = [
    ['default', texts.term('device-check.default')],
    ...labelled(texts, found).map(({ id, label }) => [`device:${id}`, label] as const),
    ['none', texts.term(`device-check.none.${kind}`)],
  ] as const;
  return html`
    <div class="field">
      <label for=${kind}>${texts.term(`device-check.${kind}`)}</label>
      <select
        id=${kind}
        part="${kind}-select"
        @change=${({ target }: Event) => onChoice(choiceOf((target as HTMLSelectElement).value))}
      >
        ${renderOptions(options, valueOf(choice))}
      </select>
    </div>
  `;
}

/** Browsers name devices only once one of them was allowed (mediacapture-streams §9.2). */
export function labelled(texts: Texts, found: readonly Device[]): readonly Device[] {
  return found.map(({ id, label }, index) => ({ id, label: label || texts.term('device-check.device', index + 1) }));
}

function valueOf(choice: DeviceChoice): string {
  return choice.kind === 'device' ? `device:${choice.id}` : choice.kind;
}

function choiceOf(value: string): DeviceChoice {
  if (value === 'none' || value === 'default') return { kind: value };
  return { kind: 'device', id: value.slice('device:'.length) };
}
