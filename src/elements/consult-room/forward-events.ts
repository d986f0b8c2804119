/** The room's events as the public events of the element: bubbling, composed, without names or content. */
import { dispatchConsultEvent } from '../../events.ts';
import type { RoomInterface } from '../../room/room-interface.ts';

export function forwardEvents(room: RoomInterface, target: EventTarget): void {
  room.addEventListener('phase', ({ detail }) => dispatchConsultEvent(target, 'consult-phase', detail));
  room.addEventListener('participant', ({ detail }) => dispatchConsultEvent(target, 'consult-participant', detail));
  room.addEventListener('path', ({ detail }) => dispatchConsultEvent(target, 'consult-path', detail));
  room.addEventListener('consent', ({ detail }) => dispatchConsultEvent(target, 'consult-consent', detail));
  room.addEventListener('error', ({ detail }) => dispatchConsultEvent(target, 'consult-error', detail));
}
