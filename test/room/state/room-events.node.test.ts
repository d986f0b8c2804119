/** The events between two snapshots. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import { reduce } from '../../../src/room/state/reducer.ts';
import { eventsBetween } from '../../../src/room/state/room-events.ts';
import type { Receipt, RoomState } from '../../../src/room/state/state.ts';
import { roster, STATES } from '../states.ts';

const after = (state: RoomState, input: RoomInput) => eventsBetween(state, reduce(state, input));

describe('the events of a room', () => {
  it('tell each change of phase with the one before', () => {
    assert.deepEqual(after(STATES.active, { type: 'paused', reason: 'privacy' })[0], {
      type: 'phase',
      detail: { phase: 'paused', previous: 'active' },
    });
    assert.deepEqual(eventsBetween(STATES.active, STATES.active), []);
  });

  it('tell who joined, changed and left, by id alone', () => {
    const joined = after(STATES.active, roster('host', 'mia'));
    assert.deepEqual(joined, [{ type: 'participant', detail: { id: 'mia', change: 'joined' } }]);
    const both = reduce(STATES.active, roster('host', 'mia'));
    assert.deepEqual(after(both, { type: 'speaking', id: 'mia', speaking: true }), [
      { type: 'participant', detail: { id: 'mia', change: 'updated' } },
    ]);
    assert.deepEqual(after(both, roster('host')), [{ type: 'participant', detail: { id: 'mia', change: 'left' } }]);
  });

  it('tell a new path beside the change of its participant', () => {
    assert.deepEqual(after(STATES.active, { type: 'path', id: 'host', path: 'direct' }), [
      { type: 'participant', detail: { id: 'host', change: 'updated' } },
      { type: 'path', detail: { id: 'host', path: 'direct' } },
    ]);
  });

  it('tell each problem once, and a failure with its code', () => {
    const input = { type: 'problem', code: 'camera-denied' } as const;
    assert.deepEqual(
      after(STATES.active, input).map(({ type, detail }) => [type, 'code' in detail && detail.code]),
      [['error', 'camera-denied']],
    );
    const once = reduce(STATES.active, input);
    assert.deepEqual(eventsBetween(once, { ...once }), []);
    const failed = after(STATES.active, { type: 'failed', code: 'room-full' });
    assert.deepEqual(
      failed.filter(({ type }) => type === 'error').map(({ detail }) => 'code' in detail && detail.code),
      ['room-full'],
    );
  });

  it('tell receipts that are new, not those that a reload restores', () => {
    const receipt = { receipt_id: 'r' } as Receipt;
    assert.deepEqual(after(STATES.active, { type: 'receipt', receipt }), [{ type: 'consent', detail: { receipt } }]);
    const restored = { ...STATES.waiting, receipts: [receipt] } as RoomState;
    assert.ok(!eventsBetween(STATES.notice, restored).some(({ type }) => type === 'consent'));
  });

  it('carry no name and no chat line', () => {
    const named = reduce(STATES.active, {
      type: 'roster',
      members: [{ id: 'x', name: 'Frau Geheim', host: true }],
      encryption: null,
    });
    const chatted = reduce(named, { type: 'chat', from: 'x', text: 'vertraulich', at: 1 });
    const all = [...eventsBetween(STATES.active, named), ...eventsBetween(named, chatted)];
    assert.ok(all.length > 0);
    assert.doesNotMatch(JSON.stringify(all), /Geheim|vertraulich/u);
  });
});
