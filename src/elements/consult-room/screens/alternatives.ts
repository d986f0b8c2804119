/** How else people can reach the operator, on every screen that ends or fails. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Contact } from '../../../room/room.ts';
import { icon, type IconName } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';

/** The operator and the other ways to reach them [R9]. */
export function renderAlternatives(texts: Texts, contact: Contact | null | undefined): TemplateResult | typeof nothing {
  const { telephone, email, appointment, writing, text } = contact?.alternatives ?? {};
  if (!contact) return nothing;
  const ways = telephone ?? email ?? appointment ?? writing ?? text;
  return html`
    <div class="alternatives" part="alternatives">
      ${ways ? html`<h3>${texts.term('consult-room.alternatives')}</h3>` : nothing}
      <p class="operator"><bdi>${contact.operator.name}</bdi></p>
      ${text ? html`<p>${text}</p>` : nothing}
      ${
        telephone
          ? html`<p class="way">
              ${icon('phone')} <span>${texts.term('consult-room.alternatives.telephone')}:</span>
              <a part="alternative-link" href="tel:${telephone.replaceAll(/[^+\d]/gu, '')}"><bdi>${telephone}</bdi></a>
            </p>`
          : nothing
      }
      ${
        email
          ? html`<p class="way">
              ${icon('mail')} <span>${texts.term('consult-room.alternatives.email')}:</span>
              <a part="alternative-link" href="mailto:${email}"><bdi>${email}</bdi></a>
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
  return html`<p class="way">${icon(name)} <a part="alternative-link" href=${page} rel="noreferrer">${label}</a></p>`;
}
