/**
 * The name of a participant, with a mark beside the host's: a name is what people call themselves, and nothing else shows
 * who the counsellor is. Every view that shows a name shows it by this.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Texts } from './texts.ts';

export function named(texts: Texts, person: { readonly name: string; readonly host: boolean }): TemplateResult {
  return html`<bdi translate="no">${person.name}</bdi>${hostMark(texts, person)}`;
}

/** Stands for the names in a sentence until they are put there. */
const PLACE = '\uFFFC';

/** A sentence about several people, each named with the mark. @param sentence gives it for the names in it */
export function sentenceWithNames(
  texts: Texts,
  sentence: (names: string) => string,
  people: readonly { readonly name: string; readonly host: boolean }[],
): TemplateResult {
  const [before = '', after = ''] = sentence(PLACE).split(PLACE);
  // Indices in place of the names: a name may read like the words between two names.
  const parts = new Intl.ListFormat(texts.lang(), { type: 'conjunction' }).formatToParts(
    people.map((_, i) => String(i)),
  );
  const list = parts.map(({ type, value }) => {
    const person = type === 'element' ? people[Number(value)] : undefined;
    return person ? named(texts, person) : value;
  });
  return html`${before}${list}${after}`;
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
