/** The elements after the first view, as one part. */
import { define } from '../define.ts';
import { addGerman } from '../ui/texts.ts';
import { part } from '../util/part.ts';

/**
 * Loads and defines every element; `import { loadElements }` and call it where a page uses one of them outside of a room.
 *
 * @throws {ConsultError} `part-unavailable`
 */
export const loadElements = part(async () => {
  const { elements, texts } = await import('./later-elements.ts');
  addGerman(texts);
  for (const element of Object.values(elements)) if (!customElements.get(element.tag)) define(element);
});
