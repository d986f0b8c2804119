import { addIcons } from '../ui/icons.ts';
import { addGerman } from '../ui/texts.ts';
import { part } from '../util/part.ts';
import { addScreens } from './late-screens.ts';

const loadFile = part(() => import('./trouble-part.ts'));

/** @throws {ConsultError} `part-unavailable` */
export const loadTrouble = part(async () => {
  const { icons, screens, texts } = await loadFile();
  addScreens(screens);
  addIcons(icons);
  // Renders what is shown again.
  addGerman(texts, 'some');
});
