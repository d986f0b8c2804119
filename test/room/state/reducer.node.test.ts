import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../support/property.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import { cleanName as tidyName } from '../../../src/util/clean-name.ts';
import { nameFor } from '../../../src/room/state/display-name.ts';
import { POLICIES } from '../../../src/policy.ts';
import { isOpen } from '../../../src/room/state/session-reducer.ts';
import { INITIAL, reduce } from '../../../src/room/state/reducer.ts';
import { isSession, type RoomState } from '../../../src/room/state/state.ts';
import { LIMITS } from '../../../src/room/messages/message-limits.ts';
import {
  alone,
  answered,
  CEREMONY,
  choice,
  consent,
  guest,
  opening,
  quiet,
  roster,
  rules,
  run,
  shown,
  STATES,
} from '../states.ts';

/** Every input once, and the phase that each state goes to with it; a state that is not listed does not move. */
const TABLE: readonly (readonly [RoomInput, Partial<Record<keyof typeof STATES, string>>])[] = [
  [guest, { idle: 'notice' }],
  [{ type: 'notice-accepted', consent }, { notice: 'devices' }],
  [
    { type: 'resumed', record: { consent, rules, receipts: [], choice, occupants: alone(), shown, locked: false } },
    { notice: 'waiting' },
  ],
  [{ type: 'devices-used' }, { devices: 'occupants' }],
  [{ type: 'rules-accepted', rules }, {}],
  [{ type: 'joined' }, { declared: 'waiting' }],
  [roster('host'), { waiting: 'connecting' }],
  [roster(), { connecting: 'waiting', active: 'waiting' }],
  [
    { type: 'paused', reason: 'privacy' },
    { waiting: 'paused', connecting: 'paused', active: 'paused' },
  ],
  [
    { type: 'paused', reason: 'someone-came-in' },
    { waiting: 'paused', connecting: 'paused', active: 'paused' },
  ],
  [{ type: 'resumed-media' }, { paused: 'active' }],
  [
    { type: 'declared', occupants: alone('again') },
    { intruded: 'connecting', active: 'connecting' },
  ],
  [{ type: 'connection', id: 'host', connection: 'failed' }, { active: 'connecting' }],
  [{ type: 'connection', id: 'host', connection: 'interrupted' }, {}],
  [{ type: 'encrypted', id: 'host', encryption: 'broken' }, { active: 'connecting' }],
  [
    { type: 'their-media', id: 'host', media: { ...quiet, paused: 'someone-came-in' } },
    { connecting: 'paused', active: 'paused' },
  ],
  [{ type: 'their-occupants', id: 'host', occupants: alone('other') }, { active: 'connecting' }],
  [{ type: 'acknowledged-by-us', id: 'host', hash: 'theirs' }, {}],
  [{ type: 'acknowledged-by-them', id: 'host', hash: 'own' }, {}],
  [{ type: 'named', name: 'Mia' }, {}],
  [{ type: 'devices-asked', choice }, {}],
  [{ type: 'forecast', forecast: 'likely' }, {}],
  [{ type: 'blurred', blur: 'picture' }, {}],
  [{ type: 'loudspeaker', id: 's1' }, {}],
  [
    {
      type: 'devices-answered',
      devices: answered,
    },
    {},
  ],
  [{ type: 'signaling', signaling: 'offline' }, {}],
  [{ type: 'taken-over' }, {}],
  [{ type: 'knocking', knocking: 'sent' }, {}],
  [{ type: 'knocked', knock: { id: 'k', name: 'Mia', returning: false, since: 1, hash: 'h' } }, {}],
  [{ type: 'knock-gone', id: 'k' }, {}],
  [{ type: 'compared', compared: true }, {}],
  [{ type: 'media', media: { camera: false } }, {}],
  [{ type: 'stale' }, {}],
  [{ type: 'fresh' }, {}],
  [{ type: 'chat', from: 'host', text: 'hallo', at: 1 }, {}],
  [{ type: 'path', id: 'host', path: 'direct' }, {}],
  [{ type: 'relay', id: 'host', relay: { step: 'declined' } }, {}],
  [{ type: 'stream', id: 'host', stream: 'audio', there: true }, {}],
  [{ type: 'speaking', id: 'host', speaking: true }, {}],
  [{ type: 'quality', id: 'host', quality: 'weak' }, {}],
  [
    { type: 'recorder', runs: 'yes' },
    { waiting: 'paused', connecting: 'paused', active: 'paused' },
  ],
  [{ type: 'recorder', runs: 'no' }, {}],
  [{ type: 'problem', code: 'message-invalid' }, {}],
  [{ type: 'problem-dismissed', id: 1 }, {}],
];
const OVER = ['ended', 'failed'] as const;
const NAMES = Object.keys(STATES) as (keyof typeof STATES)[];

describe('a server that does not answer', () => {
  it('is said until it answers, and no longer', () => {
    let state: RoomState = STATES.active;
    const codes = (): readonly string[] => (isSession(state) ? state.problems.map(({ code }) => code) : []);
    for (const code of ['signaling-unreachable', 'signaling-busy', 'device-offline'] as const) {
      state = reduce(state, { type: 'signaling', signaling: 'offline' });
      state = reduce(state, { type: 'problem', code });
      state = reduce(state, { type: 'problem', code: 'recording-refused' });
      assert.deepEqual(codes().toSorted(), [code, 'recording-refused'].toSorted());
      state = reduce(state, { type: 'signaling', signaling: 'connecting' });
      assert.ok(codes().includes(code));
      state = reduce(state, { type: 'signaling', signaling: 'online' });
      assert.deepEqual(codes(), ['recording-refused']);
    }
  });
});

describe('the phase machine', () => {
  for (const [input, moves] of TABLE) {
    it('[R15] keeps camera, microphone and blur as they were when the page reloads', () => {
      const shown = { camera: false, microphone: false, blur: 'picture' } as const;
      const back = run([
        guest,
        { type: 'resumed', record: { consent, rules, receipts: [], choice, occupants: alone(), shown, locked: false } },
      ]);
      assert.ok(isSession(back));
      assert.deepEqual([back.media.camera, back.media.microphone, back.devices.blur], [false, false, 'picture']);
    });

    it('[R15] blurs only when blur is available', () => {
      const next = reduce(STATES.active, { type: 'blurred', blur: 'background' });
      assert.equal(next, STATES.active);
      const soft = reduce(STATES.active, { type: 'blurred', blur: 'picture' });
      assert.ok(isSession(soft) && soft.devices.blur === 'picture');
    });

    it('[R1] requires a name only when the policy asks for one', () => {
      const named = (name: string, policy: keyof typeof POLICIES): RoomState =>
        run([
          { ...(guest as Extract<RoomInput, { type: 'configured' }>), policy: POLICIES[policy], name },
          { type: 'notice-accepted', consent },
          { type: 'devices-used' },
        ]);
      assert.equal(named('', 'anlage-31b').phase, 'devices');
      assert.equal(named('Mia Sommer', 'anlage-31b').phase, 'occupants');
      assert.equal(named('Gast', 'beratung').phase, 'occupants');
      // And a name that was given cannot be taken back on the way.
      const taken = reduce(named('Mia Sommer', 'anlage-31b'), { type: 'named', name: '' });
      assert.equal('name' in taken && taken.name, 'Mia Sommer');
      assert.equal(nameFor('', { role: 'guest', policy: POLICIES['anlage-31b'], lang: 'de' }), '');
      assert.equal(nameFor('', { role: 'guest', policy: POLICIES.beratung, lang: 'de' }), 'Gast');
    });

    it(`${input.type}${'reason' in input ? ` ${input.reason}` : ''}: moves ${JSON.stringify(moves)} and nothing else`, () => {
      for (const name of NAMES)
        assert.equal(reduce(STATES[name], input).phase, moves[name] ?? STATES[name].phase, name);
    });
  }

  it('cuts a name between characters to what the wire accepts', () => {
    for (const name of ['a'.repeat(63) + '\u{1F319}', '\u{1F319}'.repeat(40), 'a'.repeat(70)]) {
      const tidy = tidyName(name);
      assert.ok(tidy.length <= LIMITS.name && tidy.length >= LIMITS.name - 1, String(tidy.length));
      assert.doesNotMatch(tidy, /\p{Cs}/u);
      assert.ok(name.startsWith(tidy));
    }
  });

  it('ends and fails from every phase except the last two, and never leaves those', () => {
    for (const name of NAMES) {
      const over = (OVER as readonly string[]).includes(STATES[name].phase);
      assert.equal(
        reduce(STATES[name], { type: 'failed', code: 'room-full' }).phase,
        over ? STATES[name].phase : 'failed',
      );
      const ended = reduce(STATES[name], { type: 'ended', reason: 'left' }).phase;
      assert.equal(ended, over || name === 'idle' ? STATES[name].phase : 'ended');
    }
  });

  it('returns the same snapshot when nothing changes', () => {
    for (const [input, moves] of TABLE)
      for (const name of ['idle', 'ended', 'failed'] as const)
        if (!(name in moves)) assert.equal(reduce(STATES[name], input), STATES[name], `${name} ${input.type}`);
  });

  it('[R13] does not join without a declaration', () => {
    assert.equal(reduce(STATES.occupants, { type: 'joined' }), STATES.occupants);
  });
});

describe('trouble with a device', () => {
  it('is said again when the person tries again in the call and it lasts, and goes when it is over', () => {
    const denied = { ...answered, camera: false, problems: ['camera-denied'] } as const;
    const problemsAfter = (...inputs: readonly RoomInput[]): readonly string[] => {
      const state = run(inputs, run(CEREMONY.slice(0, 2), INITIAL));
      return isSession(state) ? state.problems.map(({ code }) => code) : [];
    };
    const before: readonly RoomInput[] = [{ type: 'devices-answered', devices: denied }, ...CEREMONY.slice(2, 6)];
    // Known from the device check, where it was said.
    assert.deepEqual(problemsAfter(...before), []);
    const again: readonly RoomInput[] = [
      { type: 'devices-asked', choice },
      { type: 'devices-answered', devices: denied },
    ];
    assert.deepEqual(problemsAfter(...before, ...again), ['camera-denied']);
    assert.deepEqual(problemsAfter(...before, ...again, ...again), ['camera-denied']);
    const mended: RoomInput = { type: 'devices-answered', devices: answered };
    assert.deepEqual(problemsAfter(...before, ...again, { type: 'devices-asked', choice }, mended), []);
  });
});

describe('the chosen loudspeaker', () => {
  const chosen: RoomInput = { type: 'loudspeaker', id: 's1' };
  const listing = (...ids: readonly string[]): RoomInput => ({
    type: 'devices-answered',
    devices: {
      ...answered,
      microphones: [{ id: 'm', label: '' }],
      loudspeakers: ids.map((id) => ({ id, label: '' })),
    },
  });
  const after = (...inputs: readonly RoomInput[]) => {
    const state = run(inputs, STATES.active);
    assert.ok(isSession(state));
    return [state.devices.loudspeaker, ...state.problems.map(({ code }) => code)];
  };
  const nothing: RoomInput = { type: 'devices-answered', devices: answered };

  it('is lost when it was listed and is not any more, also when it was the only one', () => {
    assert.deepEqual(after(listing('s1', 's2'), chosen, listing('s2')), ['', 'loudspeaker-lost']);
    assert.deepEqual(after(listing('s1'), chosen, listing()), ['', 'loudspeaker-lost']);
  });

  it('is not lost before the browser lists it', () => {
    assert.deepEqual(after(chosen, listing()), ['s1']);
    assert.deepEqual(after(chosen, listing(), listing('s1')), ['s1']);
  });

  it('is not lost by a list without any device, and is by the next one', () => {
    assert.deepEqual(after(listing('s1'), chosen, nothing), ['s1']);
    assert.deepEqual(after(listing('s1'), chosen, nothing, listing('s1')), ['s1']);
    assert.deepEqual(after(listing('s1'), chosen, nothing, listing('s2')), ['', 'loudspeaker-lost']);
  });

  it('takes the word about the lost one back when another is chosen', () => {
    assert.deepEqual(after(listing('s1'), chosen, listing('s2'), { type: 'loudspeaker', id: 's2' }), ['s2']);
  });
});

describe('the pair', () => {
  it('[R13] opens in any order, and only when all five conditions hold', () => {
    const steps = opening('host');
    fc.assert(
      fc.property(fc.shuffledSubarray([...steps], { minLength: steps.length }), (order) => {
        // An acknowledgement can only follow the declaration it is about.
        const [first, ...rest] = [steps[0], ...order.filter((step) => step !== steps[0])];
        for (let done = 0; done < rest.length; done++)
          assert.equal(run([first!, ...rest.slice(0, done)], STATES.connecting).phase, 'connecting');
        assert.equal(run([first!, ...rest], STATES.connecting).phase, 'active');
      }),
    );
  });

  it('[R13] ignores an acknowledgement of an old declaration', () => {
    const state = run(
      [
        ...opening('host').filter(({ type }) => type !== 'acknowledged-by-them'),
        { type: 'acknowledged-by-them', id: 'host', hash: 'old' },
      ],
      STATES.connecting,
    );
    assert.equal(state.phase, 'connecting');
  });

  const participantOf = (state: RoomState) => {
    assert.ok(isSession(state));
    return state.participants[0]!;
  };

  it('[R13] acknowledges the declaration that was read, never one that came between reading and pressing', () => {
    const state = run(
      [
        { type: 'their-occupants', id: 'host', occupants: { people: [], hash: 'read' } },
        { type: 'their-occupants', id: 'host', occupants: { people: ['Papa', 'Oma'], hash: 'unread' } },
        { type: 'acknowledged-by-us', id: 'host', hash: 'read' },
      ],
      STATES.connecting,
    );
    assert.equal(participantOf(state).acknowledged.byUs, false);
    const read = reduce(state, { type: 'acknowledged-by-us', id: 'host', hash: 'unread' });
    assert.equal(participantOf(read).acknowledged.byUs, true);
  });

  it('[R14] voids the acknowledgement when another person enters, until the next declaration', () => {
    const state = run(
      [
        { type: 'their-media', id: 'host', media: { ...quiet, paused: 'someone-came-in' } },
        { type: 'acknowledged-by-us', id: 'host', hash: 'theirs' },
      ],
      STATES.active,
    );
    assert.ok(isSession(state) && !state.participants[0]?.acknowledged.byUs);
  });

  it('[R14] stays paused after another person entered until the next declaration, not by resuming', () => {
    assert.equal(reduce(STATES.intruded, { type: 'resumed-media' }), STATES.intruded);
    assert.equal(reduce(STATES.intruded, { type: 'paused', reason: 'privacy' }), STATES.intruded);
  });

  it('keeps the safety code compared until the roster changes', () => {
    const compared = run([{ type: 'compared', compared: true }], STATES.active);
    const same = reduce(compared, roster('host'));
    const other = reduce(compared, roster('host', 'mia'));
    assert.ok(isSession(same) && same.encryption?.compared);
    assert.ok(isSession(other) && other.encryption && !other.encryption.compared);
  });

  it('keeps nothing compared when another code takes its place under the same roster', () => {
    const compared = run([{ type: 'compared', compared: true }], STATES.active);
    const next = roster('host');
    assert.ok(next.type === 'roster' && next.encryption);
    const other = reduce(compared, { ...next, encryption: { ...next.encryption, epoch: '2', safetyCode: ['2'] } });
    assert.ok(isSession(other) && other.encryption && !other.encryption.compared);
    assert.deepEqual(other.encryption.safetyCode, ['2']);
  });

  it('[R13] keeps a participant’s name when a later epoch gives another for the same key', () => {
    const later = roster('host');
    assert.ok(later.type === 'roster');
    const renamed = { ...later, members: later.members.map((member) => ({ ...member, name: 'Somebody else' })) };
    const state = reduce(STATES.active, renamed);
    assert.ok(isSession(state));
    assert.deepEqual(
      state.participants.map(({ name }) => name),
      ['host'],
    );
  });

  it('removes the knock of an admitted guest', () => {
    const knock = { id: 'mia', name: 'Mia', returning: false, since: 1, hash: 'h' };
    const state = run([{ type: 'knocked', knock }, roster('host', 'mia')], STATES.waiting);
    assert.ok(isSession(state) && state.knocks.length === 0);
  });
});

describe('any sequence of actions', () => {
  const inputs: readonly RoomInput[] = [
    ...CEREMONY,
    ...TABLE.map(([input]) => input),
    ...opening('host'),
    ...opening('mia'),
    roster('host', 'mia'),
    { type: 'ended', reason: 'left' },
    { type: 'failed', code: 'room-full' },
  ];
  const histories = fc.array(fc.constantFrom(...inputs), { maxLength: 60 });
  const check = (holds: (state: RoomState) => boolean): void =>
    fc.assert(
      fc.property(histories, (history) => {
        history.reduce<RoomState>((state, input) => {
          const next = reduce(state, input);
          assert.ok(holds(next), `${next.phase} after ${input.type}`);
          return next;
        }, INITIAL);
      }),
      { numRuns: 500 },
    );

  it('is active only with an open pair and no pause of our own', () => {
    check(
      (state) =>
        state.phase !== 'active' ||
        (state.participants.some(isOpen) && !['privacy', 'someone-came-in', 'recorder'].includes(state.media.paused)),
    );
  });

  it('[R1] carries the consent in every phase after the notice', () => {
    check((state) => ['idle', 'notice', 'ended', 'failed'].includes(state.phase) || 'consent' in state);
  });

  it('[R13] carries our declaration in every session', () => {
    check((state) => !isSession(state) || state.occupants.hash !== '');
  });

  it('never shows more than four problems', () => {
    check((state) => !('problems' in state) || state.problems.length <= 4);
  });
});
