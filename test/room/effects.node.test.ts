import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { effects, streamsTo } from '../../src/room/effects.ts';
import type { RoomInput } from '../../src/room/inputs.ts';
import { reduce } from '../../src/room/reduce.ts';
import { isSession, type RoomState } from '../../src/room/state.ts';
import { alone, choice, consent, opening, quiet, roster, run, STATES } from './states.ts';

const step = (state: RoomState, input: RoomInput) => effects(state, reduce(state, input));
const types = (state: RoomState, input: RoomInput) => step(state, input).map(({ type }) => type);

describe('[R1] before the notice is accepted', () => {
  it('nothing is started, whatever is reported', () => {
    for (const input of [
      { type: 'devices-asked', choice },
      { type: 'joined' },
      { type: 'devices-used' },
      roster('host'),
    ] as const)
      assert.deepEqual(step(STATES.notice, input), []);
    assert.deepEqual(step(STATES.notice, { type: 'notice-accepted', consent }), []);
  });

  it('declining ends it, and there is nothing to stop', () => {
    assert.deepEqual(types(STATES.notice, { type: 'ended', reason: 'declined-notice' }), ['forget']);
  });
});

describe('devices', () => {
  it('are opened when asked for, once per choice', () => {
    assert.deepEqual(types(STATES.devices, { type: 'devices-asked', choice }), ['open-devices']);
    const asking = reduce(STATES.devices, { type: 'devices-asked', choice });
    assert.deepEqual(types(asking, { type: 'problem', code: 'camera-denied' }), []);
  });
});

describe('media', () => {
  const all = { audio: true, camera: true, screen: false };
  const nothing = { audio: false, camera: false, screen: false };

  it('goes to nobody before both acknowledged (invariant 2)', () => {
    let state: RoomState = STATES.connecting;
    for (const input of opening('host')) {
      assert.ok(isSession(state) && isSession(reduce(state, input)));
      const both = input.type === 'acknowledged-by-them';
      state = reduce(state, input);
      assert.ok(isSession(state));
      if (both) assert.deepEqual(streamsTo(state, 'host'), all);
    }
    assert.deepEqual(streamsTo(run(opening('host').slice(0, 2), STATES.connecting) as never, 'host'), nothing);
    assert.deepEqual(streamsTo(STATES.active as never, 'stranger'), nothing);
  });

  it('stops to everyone in the step that pauses', () => {
    for (const reason of ['privacy', 'someone-came-in'] as const) {
      const stopped = step(STATES.active, { type: 'paused', reason }).find(({ type }) => type === 'stream-to');
      assert.deepEqual(stopped, { type: 'stream-to', id: 'host', media: nothing });
    }
  });

  it('stops to one whose room somebody entered', () => {
    const input: RoomInput = { type: 'their-media', id: 'host', media: { ...quiet, paused: 'someone-came-in' } };
    assert.deepEqual(step(STATES.active, input), [{ type: 'stream-to', id: 'host', media: nothing }]);
  });

  it('is told to the others when it changes', () => {
    assert.deepEqual(types(STATES.active, { type: 'media', media: { camera: false } }), ['stream-to', 'tell-media']);
  });
});

describe('the session', () => {
  it('starts when joined, and is remembered for a reload', () => {
    assert.deepEqual(types(STATES.declared, { type: 'joined' }), ['start-session', 'remember']);
  });

  it('tells a new declaration', () => {
    assert.ok(types(STATES.intruded, { type: 'declared', occupants: alone('again') }).includes('tell-declaration'));
  });

  it('[R6] keeps the screen awake from the first person on', () => {
    assert.ok(types(STATES.waiting, roster('host')).includes('keep-awake'));
    assert.ok(types(STATES.connecting, roster()).includes('let-sleep'));
  });

  it('invariant 6: ending stops devices first, then the session, then forgets', () => {
    for (const input of [
      { type: 'ended', reason: 'left' },
      { type: 'failed', code: 'removed-by-host' },
    ] as const)
      assert.deepEqual(types(STATES.active, input), ['close-devices', 'let-sleep', 'stop-session', 'forget']);
  });

  it('says goodbye only where somebody leaves of their own will', () => {
    const goodbye = (input: RoomInput) => step(STATES.active, input).find(({ type }) => type === 'stop-session');
    assert.deepEqual(goodbye({ type: 'ended', reason: 'left' }), { type: 'stop-session', goodbye: 'own' });
    assert.deepEqual(goodbye({ type: 'ended', reason: 'quick-exit' }), { type: 'stop-session', goodbye: 'own' });
    assert.deepEqual(goodbye({ type: 'ended', reason: 'host-ended' }), { type: 'stop-session', goodbye: 'none' });
    assert.deepEqual(goodbye({ type: 'failed', code: 'removed-by-host' }), { type: 'stop-session', goodbye: 'none' });
  });
});

describe('a second device of the host', () => {
  const elsewhere = reduce(STATES.waiting, { type: 'signaling', signaling: 'elsewhere' });

  it('begins the session anew when it takes over', () => {
    assert.deepEqual(types(elsewhere, { type: 'taken-over' }), ['take-over']);
  });

  it('takes nothing over where nobody else has the room', () => {
    for (const state of [STATES.waiting, STATES.active, STATES.notice])
      assert.deepEqual(types(state, { type: 'taken-over' }), []);
  });
});
