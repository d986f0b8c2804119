/** Puts a room of one's own behind the elements of a page. */
import { ContextProvider } from '@lit/context';
import { roomContext } from '../context.ts';
import { ConsultError } from '../errors.ts';
import type { RoomInterface, RoomOptions } from '../room/room.ts';

/**
 * Gives the elements inside `target` this room, as a `<consult-room>` around them would.
 *
 * @returns gives them another one
 */
export function provideRoom(target: HTMLElement, room: RoomInterface): (next: RoomInterface) => void {
  const provider = new ContextProvider(target, { context: roomContext, initialValue: room });
  // Elements that are there already ask again.
  provider.hostConnected();
  return (next) => provider.setValue(next);
}

/**
 * From now on every `<consult-room>` shows the room that `create` returns instead of one that connects. Elements that show
 * one already keep it. `consult-room` has to be defined: import it first.
 *
 * @returns restores the real room, for elements that begin later
 * @throws {ConsultError} `argument-invalid` where `<consult-room>` is not defined
 */
export function replaceRooms(create: (options: RoomOptions) => RoomInterface): () => void {
  const prototype: unknown = customElements.get('consult-room')?.prototype;
  if (typeof prototype !== 'object' || prototype === null)
    throw new ConsultError('argument-invalid', { detail: 'replaceRooms: import consult-room first' });
  const before = Object.getOwnPropertyDescriptor(prototype, 'createRoom');
  Object.defineProperty(prototype, 'createRoom', { value: create, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(prototype, 'createRoom', before);
    else Reflect.deleteProperty(prototype, 'createRoom');
  };
}
