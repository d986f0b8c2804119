/**
 * The options of a `<select>`. What a person has picked once ignores the attribute `selected` (HTML, the option element's dirtiness),
 * and what is in use changes without them: so the property is set, compared with what is shown. Keyed, so that a list that grows
 * under an open popup moves nothing that is pointed at.
 */
import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';

/** @param all value and label of each @param chosen the value that is in use */
export function renderOptions(all: readonly (readonly [value: string, label: string])[], chosen: string): unknown {
  return repeat(
    all,
    ([value]) => value,
    ([value, label]) => html`<option value=${value} .selected=${live(value === chosen)}>${label}</option>`,
  );
}
