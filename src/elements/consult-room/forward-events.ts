/** Forwards the room's events as the element's public events: bubbling, composed, without names or content. */
import { dispatchConsultEvent } from '../../events.ts';
import type { RoomInterface } from '../../room/room.ts';

/** @param signal aborted when the element uses another room */
export function forwardEvents(room: RoomInterface, target: EventTarget, signal: AbortSignal): void {
  room.addEventListener('phase', ({ detail }) => dispatchConsultEvent(target, 'consult-phase', detail), { signal });
  room.addEventListener('participant', ({ detail }) => dispatchConsultEvent(target, 'consult-participant', detail), {
    signal,
  });
  room.addEventListener('path', ({ detail }) => dispatchConsultEvent(target, 'consult-path', detail), { signal });
  room.addEventListener('consent', ({ detail }) => dispatchConsultEvent(target, 'consult-consent', detail), { signal });
  room.addEventListener('error', ({ detail }) => dispatchConsultEvent(target, 'consult-error', detail), { signal });
}
