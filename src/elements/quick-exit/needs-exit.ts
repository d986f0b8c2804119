import type { RoomState } from '../../room/room.ts';

/**
 * Whether the quick exit is in sight: for guests from the notice on, also after the end, whose page still says what it was for. Where
 * the room has failed nobody knows the role, and a counsellor can do without it; but where the page has taken a name of ours, it may be
 * this one.
 */
export function needsExit(state: RoomState): boolean {
  if (state.phase === 'failed') return state.code !== 'element-name-taken';
  return 'role' in state && state.role === 'guest';
}
