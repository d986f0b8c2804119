/** Shows one element in one state, with the fake room of `consult-room/testing`: no server, no camera, no network. */
import '../../src/index.ts';
import { drawnCamera, FakeRoom, provideRoom, replaceRooms, stopDrawnCameras } from '../../src/testing/testing.ts';
import { ELEMENT_STATES } from '../states/elements.ts';
import { STATES, type StateName } from '../states/states.ts';
import { demoAddress } from './language.ts';

/** Attributes that are addresses of pages of the demo. */
const PAGES: readonly string[] = ['href', 'exit-href', 'room-url'];

function roomIn(name: StateName): FakeRoom {
  const state = STATES[name].state();
  const room = new FakeRoom(state);
  room.streams.set('self camera', drawnCamera(8));
  const people = 'participants' in state ? state.participants : [];
  for (const [index, { id, streams }] of people.entries()) {
    room.streams.set(`${id} camera`, drawnCamera(index));
    if (streams.screen) room.streams.set(`${id} screen`, drawnCamera(index, 'wide'));
  }
  room.level = 0.4;
  return room;
}

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
    const room = roomIn(state);
    if (tag === 'consult-room') {
      element.setAttribute('exit-href', demoAddress('list.html').href);
      replaceRooms(() => room);
    } else provideRoom(box, room);
  }
  box.append(element);
  stage.replaceChildren(box);
  return element;
}
