import { addGerman } from '../ui/texts.ts';
import { part } from '../util/part.ts';
import { defineAll } from './define-all.ts';
import { loadTrouble } from './load-trouble.ts';

const loadFile = part(() => import('./rare-part.ts'));

/** @throws {ConsultError} `part-unavailable` */
export const loadRare = part(async () => {
  // An element can be shown without the words for its errors; they are still on their way.
  const [{ elements, texts }] = await Promise.all([loadFile(), loadTrouble().catch(() => undefined)]);
  addGerman(texts, 'last');
  defineAll(elements);
});
