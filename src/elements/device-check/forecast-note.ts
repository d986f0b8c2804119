/** Whether a direct connection is likely, in plain words: so that people can think about it in peace, before anybody waits for them. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PathForecast } from '../../room/state/state.ts';
import { icon } from '../../ui/icons.ts';
import type { Texts } from '../../ui/texts.ts';

/** @param relays whether there is a relay that people will be asked about */
export function renderForecast(
  texts: Texts,
  forecast: PathForecast,
  relays: 'some' | 'none',
): TemplateResult | typeof nothing {
  if (forecast === 'unasked') return nothing;
  return html`
    <div class="forecast hint" role="status">
      ${icon('route')}
      <p>${texts.term(`device-check.forecast.${forecast}`)}</p>
      ${
        forecast === 'unlikely'
          ? html`<p class="small">${texts.term(`device-check.forecast.then.${relays}`)}</p>`
          : nothing
      }
    </div>
  `;
}
