import { addGerman } from '../ui/texts.ts';
import { part } from '../util/part.ts';
import { defineAll } from './define-all.ts';

/** @throws {ConsultError} `part-unavailable` */
export const loadRare = part(async () => {
  const { elements, texts } = await import('./rare-part.ts');
  addGerman(texts, 'last');
  defineAll(elements);
});
