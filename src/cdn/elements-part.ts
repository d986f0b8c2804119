/** The elements after the first view, as one part. */
import { define } from '../define.ts';
import { part } from '../util/part.ts';

/**
 * Loads and defines every element; `import { loadElements }` and call it where a page uses one of them outside of a room.
 *
 * @throws {ConsultError} `part-unavailable`
 */
export const loadElements = part(async () => {
  const classes = Object.values(await import('../elements.ts'));
  for (const element of classes) if (!customElements.get(element.tag)) define(element);
});
