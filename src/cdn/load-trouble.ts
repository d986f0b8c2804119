import { addIcons } from '../ui/icons.ts';
import { addGerman } from '../ui/texts.ts';
import { part } from '../util/part.ts';
import { addScreens } from './late-screens.ts';

/** @throws {ConsultError} `part-unavailable` */
export const loadTrouble = part(async () => {
  const { icons, screens, texts } = await import('./trouble-part.ts');
  addScreens(screens);
  addIcons(icons);
  // Renders what is shown again.
  addGerman(texts, 'some');
});
