/**
 * What is being written in a room's chat and not sent yet. It outlives the element, which goes in a pause, in an outage and with the panel;
 * it is kept in memory only, and goes with the session.
 */
import type { RoomInterface } from '../../room/room.ts';

const drafts = new WeakMap<RoomInterface, string>();

export function draftOf(room: RoomInterface): string {
  return drafts.get(room) ?? '';
}

export function keepDraft(room: RoomInterface, text: string): void {
  if (!drafts.has(room)) room.addEventListener('change', forget);
  drafts.set(room, text);
}

function forget({ currentTarget }: Event): void {
  const room = currentTarget as RoomInterface;
  if (room.state.phase !== 'ended' && room.state.phase !== 'failed') return;
  drafts.delete(room);
  room.removeEventListener('change', forget);
}
