import { addGerman } from '../ui/texts.ts';
import { part } from '../util/part.ts';
import { addScreens } from './late-screens.ts';

/** @throws {ConsultError} `part-unavailable` */
export const loadTrouble = part(async () => {
  const { screens, texts } = await import('./trouble-part.ts');
  addScreens(screens);
  // Renders what is shown again.
  addGerman(texts, 'some');
});
