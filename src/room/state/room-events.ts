/** The events of a room, derived from the step between two snapshots: pure, and without names or content. */
import { messageOf, type ErrorCode } from '../../errors.ts';
import { isSession, type Participant, type Path, type Phase, type Receipt, type RoomState } from './state.ts';

/** Events of a room. None carries a name or content; the snapshot does. */
export interface RoomEventMap {
  /** `room.state` is a new snapshot. */
  change: Event;
  phase: CustomEvent<{ readonly phase: Phase; readonly previous: Phase }>;
  participant: CustomEvent<{ readonly id: string; readonly change: 'joined' | 'left' | 'updated' }>;
  path: CustomEvent<{ readonly id: string; readonly path: Path }>;
  /** A consent was given or withdrawn; the receipt holds no name (`Receipt`). */
  consent: CustomEvent<{ readonly receipt: Receipt }>;
  error: CustomEvent<{ readonly code: ErrorCode; readonly message: string }>;
}

type Detail<K extends keyof RoomEventMap> = RoomEventMap[K] extends CustomEvent<infer D> ? D : never;
export type RoomEventInit = {
  [K in 'phase' | 'participant' | 'path' | 'consent' | 'error']: { readonly type: K; readonly detail: Detail<K> };
}['phase' | 'participant' | 'path' | 'consent' | 'error'];

export function eventsBetween(previous: RoomState, next: RoomState): readonly RoomEventInit[] {
  const list: RoomEventInit[] = [];
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

/** New receipts only: those that a reload restores were announced before it. */
function consents(previous: RoomState, next: RoomState): readonly RoomEventInit[] {
  if (!('receipts' in previous) || !('receipts' in next)) return [];
  return next.receipts.slice(previous.receipts.length).map((receipt) => ({ type: 'consent', detail: { receipt } }));
}

function about(before: Participant | undefined, after: Participant): readonly RoomEventInit[] {
  const { id, path } = after;
  if (!before) return [{ type: 'participant', detail: { id, change: 'joined' } }];
  const list: RoomEventInit[] = [];
  if (before !== after) list.push({ type: 'participant', detail: { id, change: 'updated' } });
  if (before.path !== path) list.push({ type: 'path', detail: { id, path } });
  return list;
}

function errors(previous: RoomState, next: RoomState): readonly RoomEventInit[] {
  const error = ({ code, detail }: { readonly code: ErrorCode; readonly detail?: string }): RoomEventInit => ({
    type: 'error',
    detail: { code, message: messageOf(code, detail) },
  });
  if (next.phase === 'failed' && previous.phase !== 'failed') return [error(next)];
  const known = 'problems' in previous ? previous.problems : [];
  const now = 'problems' in next ? next.problems : [];
  return now.filter(({ id }) => !known.some((problem) => problem.id === id)).map((problem) => error(problem));
}
