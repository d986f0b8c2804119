/** What a step from one snapshot to the next means for the site: the events, which carry no name and no content. */
import { ERROR_CODES, type ErrorCode } from '../../errors.ts';
import type { RoomEventMap } from '../room-api.ts';
import { isSession, type Participant, type RoomState } from './state.ts';

type Detail<K extends keyof RoomEventMap> = RoomEventMap[K] extends CustomEvent<infer D> ? D : never;
export type RoomNotification = {
  [K in 'phase' | 'participant' | 'path' | 'consent' | 'error']: { readonly type: K; readonly detail: Detail<K> };
}['phase' | 'participant' | 'path' | 'consent' | 'error'];

export function notices(previous: RoomState, next: RoomState): readonly RoomNotification[] {
  const list: RoomNotification[] = [];
  if (previous.phase !== next.phase)
    list.push({ type: 'phase', detail: { phase: next.phase, previous: previous.phase } });
  const before = isSession(previous) ? previous.participants : [];
  const after = isSession(next) ? next.participants : [];
  for (const p of after)
    list.push(
      ...about(
        before.find(({ id }) => id === p.id),
        p,
      ),
    );
  for (const { id } of before)
    if (!after.some((p) => p.id === id)) list.push({ type: 'participant', detail: { id, change: 'left' } });
  return [...list, ...consents(previous, next), ...errors(previous, next)];
}

/** Those that a reload brings back have been told of before it. */
function consents(previous: RoomState, next: RoomState): readonly RoomNotification[] {
  if (!('receipts' in previous) || !('receipts' in next)) return [];
  return next.receipts.slice(previous.receipts.length).map((receipt) => ({ type: 'consent', detail: { receipt } }));
}

function about(before: Participant | undefined, after: Participant): readonly RoomNotification[] {
  const { id, path } = after;
  if (!before) return [{ type: 'participant', detail: { id, change: 'joined' } }];
  const list: RoomNotification[] = [];
  if (before !== after) list.push({ type: 'participant', detail: { id, change: 'updated' } });
  if (before.path !== path) list.push({ type: 'path', detail: { id, path } });
  return list;
}

function errors(previous: RoomState, next: RoomState): readonly RoomNotification[] {
  const error = (code: ErrorCode): RoomNotification => ({
    type: 'error',
    detail: { code, message: ERROR_CODES[code].meaning },
  });
  if (next.phase === 'failed' && previous.phase !== 'failed') return [error(next.code)];
  const known = 'problems' in previous ? previous.problems : [];
  const now = 'problems' in next ? next.problems : [];
  return now.filter(({ id }) => !known.some((problem) => problem.id === id)).map(({ code }) => error(code));
}
