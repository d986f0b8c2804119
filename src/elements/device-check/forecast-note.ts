/** Says in plain words how likely a direct connection is, so that people can think about a relay before anyone waits. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PathForecast } from '../../room/room.ts';
import { icon } from '../../ui/icons.ts';
import type { Texts } from '../../ui/texts.ts';

/** @param relays whether the site has a relay that people will be asked about */
export function renderForecast(
  texts: Texts,
  forecast: PathForecast,
  relays: 'some' | 'none',
): TemplateResult | typeof nothing {
  // An unknown path says nothing that a person can act on.
  if (forecast === 'unasked' || forecast === 'unknown') return nothing;
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
