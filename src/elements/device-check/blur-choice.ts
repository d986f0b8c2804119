/** Choice of how the own picture is sent: clear, background blurred, or blurred completely. Clear by default [R15]. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Blur, Devices } from '../../room/room.ts';
import { renderOptions } from '../../ui/options.ts';
import type { Texts } from '../../ui/texts.ts';

export function renderBlurChoice(
  texts: Texts,
  { camera, blur, blurs }: Devices,
  onChoice: (blur: Blur) => void,
): TemplateResult | typeof nothing {
  if (!camera) return nothing;
  const choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    const chosen = blurs.find((one) => one === value);
    if (chosen) onChoice(chosen);
  };
  return html`
    <div class="field">
      <label for="blur">${texts.term('device-check.blur')}</label>
      <select part="blur-select" id="blur" aria-describedby=${blur === 'off' ? nothing : 'blur-hint'} @change=${choose}>
        ${renderOptions(
          blurs.map((one) => [one, texts.term(`device-check.blur.${one}`)]),
          blur,
        )}
      </select>
      ${blur === 'off' ? nothing : html`<p class="small" id="blur-hint">${texts.term(`device-check.blur.${blur}.hint`)}</p>`}
    </div>
  `;
}
