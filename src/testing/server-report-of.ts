/** What a server would say that it holds of a room in a given state. */
import type { HeldItem, ServerReport } from '../room/room-api.ts';
import { isSession, type RoomState } from '../room/state/state.ts';

const HOUR = 60 * 60 * 1000;

/** @returns null outside a session */
export function serverReportOf(state: RoomState): ServerReport | null {
  if (!isSession(state)) return null;
  const asked = Date.now();
  const since = new Date(asked - HOUR / 4).toISOString();
  const deleted = asked + 2 * HOUR;
  const one = (item: string, holds: HeldItem['holds']): HeldItem => ({ item, holds, deleted });
  const connected = (id: string, isHost: boolean): HeldItem =>
    one('connection', { id, role: isHost ? 'host' : 'guest', since, until: 'it closes' });
  const { role, participants, knocks } = state;
  const hasHost = role === 'host' || participants.some(({ host }) => host);
  return {
    step: 'answered',
    trust: 'plausible',
    asked,
    held: [
      one('room', { id: 'room', created: since }),
      ...(hasHost ? [one('host proof', { thumb: 'thumb', expires: new Date(deleted).toISOString() })] : []),
      connected('self', role === 'host'),
      ...participants.map(({ id, host }) => connected(id, host)),
      ...knocks.map(({ id }) => connected(id, false)),
      ...(participants.length > 0 ? [one('admitted keys', { count: participants.length + 1 })] : []),
    ],
  };
}
