/**
 * The name of a participant, with a mark beside the host's: a name is what people call themselves, and nothing else shows
 * who the counsellor is. Every view that shows a name shows it by this.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Texts } from './texts.ts';

export function named(texts: Texts, person: { readonly name: string; readonly host: boolean }): TemplateResult {
  return html`<bdi translate="no">${person.name}</bdi>${hostMark(texts, person)}`;
}

/** The mark alone, after a sentence that has the name in it; nothing for guests. */
export function hostMark(texts: Texts, { host }: { readonly host: boolean }): TemplateResult | typeof nothing {
  return host ? html` <span class="host-mark" part="host-mark">${texts.term('host-mark')}</span>` : nothing;
}

/** Says that a name can be taken for another one in the room; nothing where there is none. */
export function renderResembled(texts: Texts, other: string | null): TemplateResult | typeof nothing {
  return other === null
    ? nothing
    : html`<p class="small resembles" translate="no">${texts.term('host-mark.resembles', other)}</p>`;
}
