/** What a process tells of a room in which nobody is. */
import type { RoomState } from '../../../src/server/backplane/process-messages.ts';

export const EMPTY_ROOM: RoomState = {
  created: 0,
  proof: null,
  led: 0,
  seats: [],
  keys: { stamp: 0, keys: [] },
  nonces: [],
  code: null,
  deleted: 0,
};
