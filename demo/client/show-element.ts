/** Shows one element in one state, with the fake room of `consult-room/testing`: no server, no camera, no network. */
import '../../src/index.ts';
import { provideRoom, replaceRooms, stopDrawnCameras } from '../../src/testing/testing.ts';
import { drawRoom } from '../states/draw-room.ts';
import { ELEMENT_STATES } from '../states/elements.ts';
import { STATES, type StateName } from '../states/states.ts';
import { demoAddress } from './language.ts';

/** Attributes that are addresses of pages of the demo. */
const PAGES: readonly string[] = ['href', 'exit-href', 'room-url'];

/**
 * Empties the stage and shows the element.
 *
 * @param state null for elements without a room
 */
export function showElement(stage: HTMLElement, tag: string, state: StateName | null): HTMLElement {
  stopDrawnCameras();
  const element = document.createElement(tag);
  const { attributes = {} } = ELEMENT_STATES[tag] ?? {};
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, PAGES.includes(name) ? demoAddress(value).href : value);
  const box = document.createElement('div');
  box.className = 'box';
  if (state !== null) {
    const room = drawRoom(STATES[state].state());
    room.level = 0.4;
    if (tag === 'consult-room') {
      element.setAttribute('exit-href', demoAddress('list.html').href);
      replaceRooms(() => room);
    } else provideRoom(box, room);
  }
  box.append(element);
  stage.replaceChildren(box);
  return element;
}
