/** How else people can reach the operator, on every screen that ends or fails. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PublicConfiguration } from '../../../room/room.ts';
import { icon, type IconName } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';

/** Other ways to reach the operator, for people who get no connection [R9]. */
export function renderAlternatives(
  texts: Texts,
  configuration: PublicConfiguration | null,
): TemplateResult | typeof nothing {
  const { telephone, email, appointment, writing, text } = configuration?.alternatives ?? {};
  if (!telephone && !email && !appointment && !writing && !text) return nothing;
  return html`
    <div class="alternatives" part="alternatives">
      <h3>${texts.term('consult-room.alternatives')}</h3>
      ${text ? html`<p>${text}</p>` : nothing}
      ${
        telephone
          ? html`<p class="way">
              ${icon('phone')} <span>${texts.term('consult-room.alternatives.telephone')}:</span>
              <a href="tel:${telephone.replaceAll(/[^+\d]/gu, '')}"><bdi>${telephone}</bdi></a>
            </p>`
          : nothing
      }
      ${
        email
          ? html`<p class="way">
              ${icon('mail')} <span>${texts.term('consult-room.alternatives.email')}:</span>
              <a href="mailto:${email}"><bdi>${email}</bdi></a>
            </p>`
          : nothing
      }
      ${appointment ? renderWay(texts.term('consult-room.alternatives.appointment'), 'calendar', appointment) : nothing}
      ${writing ? renderWay(texts.term('consult-room.alternatives.writing'), 'message-circle', writing) : nothing}
    </div>
  `;
}

/** A link to a page of the site; following it leaves the room. */
function renderWay(label: string, name: IconName, page: string): TemplateResult {
  return html`<p class="way">${icon(name)} <a href=${page} rel="noreferrer">${label}</a></p>`;
}
