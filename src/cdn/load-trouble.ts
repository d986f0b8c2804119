import { addGerman } from '../ui/texts.ts';
import { part } from '../util/part.ts';

/** @throws {ConsultError} `part-unavailable` */
export const loadTrouble = part(async () => {
  const { texts } = await import('./trouble-part.ts');
  addGerman(texts, 'some');
});
