/** What comes after the first view, in two parts: what every call needs (the room itself, its screens), and what it may never show. */
import { addIcons } from '../ui/icons.ts';
import { addGerman } from '../ui/texts.ts';
import { openPartsBy, part } from '../util/part.ts';
import { untilLoaded } from '../util/until-loaded.ts';
import { whenIdle } from '../util/when-idle.ts';
import { defineAll } from './define-all.ts';
import { addView } from './late-view.ts';

/** @throws {ConsultError} `part-unavailable` */
export const loadRest = part(async () => {
  const {
    elements,
    icons,
    loadRare,
    loadTrouble,
    openFile,
    RareElementsOfRoom,
    Room,
    RoomView,
    styles,
    texts,
    watchPage,
  } = await import('./later-elements.ts');
  openPartsBy(openFile);
  addGerman(texts, 'some');
  addIcons(icons);
  addView({ RoomView, styles });
  defineAll(elements);
  watchPage();
  // Long before a session: who has an error without it reads no more than that something did not work.
  whenIdle(() => void untilLoaded(loadTrouble));
  return { loadRare, RareElementsOfRoom, Room };
});

/**
 * Loads and defines every element; `import { loadElements }` and call it where a page uses one of them outside of a room, in a shadow
 * tree of its own.
 *
 * @throws {ConsultError} `part-unavailable`
 */
export async function loadElements(): Promise<void> {
  const { loadRare } = await loadRest();
  await loadRare();
}
