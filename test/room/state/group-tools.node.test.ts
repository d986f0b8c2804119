/** What the host decides and what everyone may signal, as the reducer and the commands know it (protocol.md §12). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../support/property.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import { effects } from '../../../src/room/state/effects.ts';
import { reduce } from '../../../src/room/state/reducer.ts';
import type { ErrorCode } from '../../../src/errors.ts';
import { isRegrouping, isSession, type RoomState, type SessionState } from '../../../src/room/state/state.ts';
import { hostWaiting, roster, run, STATES } from '../states.ts';

function session(state: RoomState): SessionState {
  assert.ok(isSession(state));
  return state;
}

const guest = session(run([roster('host', 'mia', 'tom')], STATES.active));
const host = session(run([roster('mia', 'tom')], hostWaiting()));
const mute: RoomInput = { type: 'host-about-microphone', order: 'mute' };
const request: RoomInput = { type: 'host-about-microphone', order: 'unmute-request' };
const commands = (before: SessionState, ...inputs: readonly RoomInput[]): readonly string[] =>
  effects(before, run(inputs, before)).map((command) =>
    command.type === 'announce' ? `announce ${command.about}` : command.type,
  );

describe('the microphone', () => {
  it('goes off when the host mutes it, tells the others, and says so until the next own choice', () => {
    const muted = session(reduce(guest, mute));
    assert.deepEqual([muted.media.microphone, muted.hostAbout], [false, 'muted']);
    assert.ok(commands(guest, mute).includes('announce media'));
    const own = session(reduce(muted, { type: 'media', media: { microphone: true } }));
    assert.deepEqual([own.media.microphone, own.hostAbout], [true, 'nothing']);
  });

  it('is not turned on by anything that another says', () => {
    const asked = session(run([mute, request], guest));
    assert.deepEqual([asked.media.microphone, asked.hostAbout], [false, 'unmute-request']);
    const orders = fc.constantFrom<RoomInput>(
      mute,
      request,
      { type: 'room-order', locked: false, interpreters: ['self'] },
      { type: 'their-media', id: 'host', media: { microphone: true, camera: true, screen: true, paused: 'no' } },
      { type: 'their-hand', id: 'mia', raised: true },
      { type: 'chat', from: 'host', text: 'an', at: 1 },
      roster('host', 'mia'),
      roster('host', 'mia', 'tom', 'eva'),
    );
    fc.assert(
      fc.property(fc.array(orders, { maxLength: 40 }), (inputs) => {
        const { media } = session(run(inputs, session(reduce(guest, mute))));
        assert.equal(media.microphone, false);
      }),
    );
  });

  it('of the host obeys nobody, and a request where it is on asks nothing', () => {
    assert.equal(reduce(host, mute), host);
    assert.equal(reduce(guest, request), guest);
    assert.equal(reduce(session(reduce(guest, { type: 'media', media: { microphone: false } })), mute).phase, 'active');
  });

  it('request stands once, however often it comes', () => {
    const off = session(reduce(guest, { type: 'media', media: { microphone: false } }));
    const asked = reduce(off, request);
    assert.equal(
      run(
        Array.from({ length: 1000 }, () => request),
        asked,
      ),
      asked,
    );
    // The host muted everyone after it.
    assert.equal(session(reduce(asked, mute)).hostAbout, 'nothing');
  });
});

describe('roles and the lock', () => {
  it('are set by the host, told to everyone, and ignored at a guest who calls them', () => {
    const lock: RoomInput = { type: 'locked', locked: true };
    const role: RoomInput = { type: 'role', id: 'tom', role: 'interpreter' };
    assert.equal(session(run([lock, role], host)).participants[1]?.role, 'interpreter');
    // Also for a reload of the host's page.
    assert.deepEqual(commands(host, lock, role), ['announce room-order', 'remember']);
    assert.equal(run([lock, role], guest), guest);
    assert.deepEqual(commands(session(reduce(host, lock)), { type: 'locked', locked: false }), [
      'announce room-order',
      'unlock',
      'remember',
    ]);
  });

  it('arrive as a whole: a later order takes back what it leaves out', () => {
    const ordered = session(
      reduce(guest, { type: 'room-order', locked: true, interpreters: ['tom', 'self', 'unknown', 'host'] }),
    );
    assert.deepEqual(
      ordered.participants.map(({ role }) => role),
      [null, null, 'interpreter'],
    );
    assert.deepEqual([ordered.locked, ordered.interpreting], [true, true]);
    const after = session(reduce(ordered, { type: 'room-order', locked: false, interpreters: [] }));
    assert.deepEqual([after.locked, after.interpreting, after.participants[2]?.role], [false, false, null]);
  });

  it('of the host’s own room are not changed by a message', () => {
    assert.equal(reduce(host, { type: 'room-order', locked: true, interpreters: ['mia'] }), host);
  });

  it('stay with an interpreter who reloads, and are told again', () => {
    const named = session(reduce(host, { type: 'role', id: 'tom', role: 'interpreter' }));
    const back: RoomInput = {
      type: 'roster',
      members: [
        { id: 'mia', name: 'mia', host: false },
        { id: 'tom again', name: 'tom', host: false, replaces: 'tom' },
      ],
      encryption: null,
    };
    assert.equal(session(reduce(named, back)).participants[1]?.role, 'interpreter');
    assert.ok(commands(named, back).includes('announce room-order'));
  });
});

describe('hands and breaks', () => {
  it('are told once each, a break to the host alone', () => {
    assert.deepEqual(commands(guest, { type: 'hand', raised: true }), ['announce hand']);
    assert.deepEqual(commands(guest, { type: 'break', wanted: true }), ['ask-for-break']);
    assert.deepEqual(commands(guest, { type: 'hand', raised: false }, { type: 'break', wanted: false }), []);
    assert.equal(reduce(host, { type: 'break', wanted: true }), host);
  });

  it('of others: everyone sees a hand, only the host a break', () => {
    const hand: RoomInput = { type: 'their-hand', id: 'mia', raised: true };
    const rest: RoomInput = { type: 'their-break', id: 'mia', wanted: true };
    assert.deepEqual(
      session(run([hand, rest], guest)).participants.map((p) => [p.hand, p.break]),
      [
        [false, false],
        [true, false],
        [false, false],
      ],
    );
    assert.equal(session(reduce(host, rest)).participants[0]?.break, true);
  });
});

describe('the layout', () => {
  it('pins only who is here, and returns to the grid when they leave', () => {
    const pinned = session(reduce(guest, { type: 'layout', layout: { kind: 'pinned', id: 'mia' } }));
    assert.deepEqual(pinned.layout, { kind: 'pinned', id: 'mia' });
    assert.deepEqual(session(reduce(pinned, roster('host', 'tom'))).layout, { kind: 'grid' });
    assert.equal(reduce(guest, { type: 'layout', layout: { kind: 'pinned', id: 'nobody' } }), guest);
  });

  it('is nobody else’s business', () => {
    assert.deepEqual(commands(guest, { type: 'layout', layout: { kind: 'speaker' } }), []);
  });
});

describe('a group that begins again', () => {
  const none: RoomInput = { type: 'roster', members: [], encryption: null };

  it('expects everyone who was in it, until each is back, and takes none of them for new', () => {
    for (const over of [none, { type: 'role-changed', role: 'host' }] as const) {
      const begun = session(reduce(guest, over));
      assert.deepEqual([begun.phase, begun.regrouping, isRegrouping(begun)], ['waiting', ['host', 'mia', 'tom'], true]);
      const founded = session(reduce(begun, roster()));
      assert.deepEqual(founded.regrouping, ['host', 'mia', 'tom']);
      const first = session(reduce(founded, roster('host', 'tom')));
      assert.deepEqual([first.regrouping, isRegrouping(first)], [['mia'], false]);
      assert.deepEqual(session(reduce(first, roster('host', 'tom', 'mia'))).regrouping, []);
    }
  });

  it('is none where the last one leaves, and the question of another device comes first', () => {
    assert.deepEqual(session(reduce(host, roster())).regrouping, []);
    const begun = session(run([none, roster('mia'), roster()], host));
    assert.deepEqual([begun.regrouping, isRegrouping(begun)], [[], false]);
    assert.equal(isRegrouping(run([none, { type: 'signaling', signaling: 'elsewhere' }], host)), false);
    assert.equal(isRegrouping(hostWaiting()), false);
  });
});

describe('a missing beacon', () => {
  it('is said until the next one, or until the group begins again', () => {
    const stale = run([{ type: 'stale' }, { type: 'problem', code: 'group-stale' }], guest);
    for (const end of [{ type: 'fresh' }, { type: 'role-changed', role: 'host' }] as const) {
      const after = session(reduce(stale, end));
      assert.deepEqual([after.stale, after.problems], [false, []]);
    }
  });
});

describe('what is said of who leads', () => {
  const problem = (code: ErrorCode, about?: string): RoomInput => ({
    type: 'problem',
    code,
    ...(about === undefined ? {} : { about }),
  });
  const codes = (state: RoomState): readonly string[] =>
    session(state).problems.map(({ code, about }) => [code, about].join(' '));

  it('is replaced by what is true next, and leaves everything else', () => {
    const declined = run([problem('camera-lost'), problem('hand-over-declined', 'mia')], host);
    assert.deepEqual(codes(declined), ['camera-lost ', 'hand-over-declined mia']);
    const again = reduce(declined, { type: 'hand-over', handOver: { step: 'offered', id: 'mia', as: 'now' } });
    assert.deepEqual(codes(again), ['camera-lost ']);
    // Said a second time, so it is announced a second time.
    assert.deepEqual(codes(reduce(again, problem('hand-over-declined', 'mia'))).length, 2);
    const changes = [problem('host-changed', 'mia'), problem('host-changed', 'tom'), problem('you-lead')];
    assert.deepEqual(codes(run(changes, declined)), ['camera-lost ', 'you-lead ']);
    assert.deepEqual(codes(reduce(declined, { type: 'role-changed', role: 'guest' })), ['camera-lost ']);
    assert.deepEqual(codes(reduce(declined, { type: 'role-changed', role: 'host' })), codes(declined));
  });
});

describe('the spoken code', () => {
  const input = { type: 'code', code: { text: 'K7M-2QX-9TD', step: 'open', wrong: 1 } } as const;

  it('is the host’s alone, is remembered for a reload, and goes with the role', () => {
    assert.equal(reduce(guest, input), guest);
    const shown = session(reduce(host, input));
    assert.deepEqual(shown.code, input.code);
    assert.ok(commands(host, input).includes('remember'));
    assert.equal(session(reduce(shown, { type: 'role-changed', role: 'guest' })).code, null);
  });
});
