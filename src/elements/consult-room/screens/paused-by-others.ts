import type { RoomState } from '../../../room/room.ts';

/** Whether the pause comes from another participant: then this person sees the stage, with a word in the tile of that one. */
export function pausedByOthers(state: RoomState): boolean {
  return state.phase === 'paused' && state.reason === 'someone-came-in' && state.media.paused !== 'someone-came-in';
}
