import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { effects, streamsTo, tracksTo } from '../../../src/room/state/effects.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import { POLICIES } from '../../../src/policy.ts';
import { reduce } from '../../../src/room/state/reducer.ts';
import { isSession, mediaNoticeOf, type RoomState } from '../../../src/room/state/state.ts';
import {
  alone,
  answered,
  choice,
  configuration,
  consent,
  opening,
  quiet,
  roster,
  rules,
  run,
  STATES,
} from '../states.ts';

const step = (state: RoomState, input: RoomInput) => effects(state, reduce(state, input));
const types = (state: RoomState, input: RoomInput) => step(state, input).map(({ type }) => type);

describe('[R1] before the notice is accepted', () => {
  it('starts nothing, whatever is reported', () => {
    for (const input of [
      { type: 'devices-asked', choice },
      { type: 'joined' },
      { type: 'devices-used' },
      roster('host'),
    ] as const)
      assert.deepEqual(step(STATES.notice, input), []);
    assert.deepEqual(step(STATES.notice, { type: 'notice-accepted', consent }), []);
  });

  it('ends without anything to stop when the notice is declined', () => {
    assert.deepEqual(types(STATES.notice, { type: 'ended', reason: 'declined-notice' }), ['forget']);
  });
});

describe('devices', () => {
  it('are opened when requested, once per choice', () => {
    assert.deepEqual(types(STATES.devices, { type: 'devices-asked', choice }), ['open-devices']);
    const asking = reduce(STATES.devices, { type: 'devices-asked', choice });
    assert.deepEqual(types(asking, { type: 'problem', code: 'camera-denied' }), []);
  });

  it('are not opened a second time while one of them opens again by itself, and once more when requested again', () => {
    const waking = { ...answered, access: 'asking', microphone: true } as const;
    assert.ok(!types(STATES.active, { type: 'devices-answered', devices: waking }).includes('open-devices'));
    const settled = reduce(STATES.devices, { type: 'devices-answered', devices: answered });
    assert.ok('devices' in settled);
    const again = { type: 'devices-asked', choice: settled.devices.choice } as const;
    assert.deepEqual(types(settled, again), ['open-devices']);
    assert.deepEqual(types(reduce(settled, again), again), ['open-devices']);
  });
});

describe('the path forecast', () => {
  const at = (changes: object): RoomState => ({ ...STATES.devices, ...changes }) as RoomState;
  const servers = [...configuration.servers, { role: 'stun', urls: ['stun:s.example'], operator: 'S', country: 'DE' }];
  const withStun = at({ configuration: { ...configuration, servers } });

  it('[R7] starts once the devices are settled, asks once and stops when the guest continues', () => {
    assert.deepEqual(types(withStun, { type: 'devices-answered', devices: answered }), ['start-forecast']);
    const looking = reduce(withStun, { type: 'devices-answered', devices: answered });
    assert.deepEqual(types(looking, { type: 'devices-answered', devices: answered }), []);
    assert.deepEqual(types(looking, { type: 'devices-used' }), ['stop-forecast']);
    assert.ok(types(looking, { type: 'failed', code: 'room-full' }).includes('stop-forecast'));
    const seen = reduce(looking, { type: 'forecast', forecast: 'likely' });
    assert.equal('forecast' in seen && seen.forecast, 'likely');
    assert.deepEqual(types(looking, { type: 'forecast', forecast: 'likely' }), ['stop-forecast']);
  });

  it('is unknown without a declared server, and asks no server when all media is relayed', () => {
    const without = reduce(STATES.devices, { type: 'devices-answered', devices: answered });
    assert.equal('forecast' in without && without.forecast, 'unknown');
    const always = { ...withStun, policy: POLICIES.gewaltschutz } as RoomState;
    assert.deepEqual(types(always, { type: 'devices-answered', devices: answered }), []);
  });
});

describe('[R15] the local video', () => {
  it('is blurred before the camera opens, and the choice survives a reload', () => {
    const shown = { camera: false, microphone: true, blur: 'picture' } as const;
    const back = types(STATES.notice, {
      type: 'resumed',
      record: { consent, rules, receipts: [], choice, occupants: alone(), shown, locked: false },
    });
    assert.deepEqual(back.slice(0, 3), ['use-devices', 'blur', 'open-devices']);
    assert.ok(types(STATES.active, { type: 'blurred', blur: 'picture' }).includes('remember'));
    assert.ok(types(STATES.active, { type: 'media', media: { camera: false } }).includes('remember'));
  });
});

describe('the size of our picture', () => {
  const sizes = (state: RoomState, input: RoomInput) =>
    step(state, input).flatMap((command) => (command.type === 'resize' ? [command.size] : []));

  it('gets smaller when a third person comes, and larger when two remain', () => {
    assert.deepEqual(sizes(STATES.active, roster('host', 'jana')), ['small']);
    const three = reduce(STATES.active, roster('host', 'jana'));
    assert.deepEqual(sizes(three, roster('host', 'jana', 'sam')), []);
    assert.deepEqual(sizes(three, roster('host')), ['large']);
  });

  it('gets smaller on a relay and on a weak path, and larger after it', () => {
    for (const [worse, better] of [
      [
        { type: 'path', id: 'host', path: 'relay' },
        { type: 'path', id: 'host', path: 'direct' },
      ],
      [
        { type: 'quality', id: 'host', quality: 'weak' },
        { type: 'quality', id: 'host', quality: 'good' },
      ],
    ] as const satisfies readonly (readonly [RoomInput, RoomInput])[]) {
      assert.deepEqual(sizes(STATES.active, worse), ['small']);
      assert.deepEqual(sizes(reduce(STATES.active, worse), better), ['large']);
    }
  });

  for (const view of ['small', 'none'] as const)
    it(`gets smaller while the view of the other is ${view}`, () => {
      const smaller = { type: 'their-view', id: 'host', view } as const;
      assert.deepEqual(sizes(STATES.active, smaller), ['small']);
      const after = reduce(STATES.active, smaller);
      assert.equal(reduce(after, smaller), after);
      assert.deepEqual(sizes(after, { ...smaller, view: 'large' }), ['large']);
    });

  it('is small where it is blurred as a whole', () => {
    assert.deepEqual(sizes(STATES.devices, { type: 'blurred', blur: 'picture' }), ['small']);
    assert.deepEqual(sizes(STATES.devices, { type: 'blurred', blur: 'background' }), []);
  });
});

describe('[R15] the camera’s light', () => {
  const off = { camera: 'off', microphone: 'off' } as const;
  const on = { camera: 'on', microphone: 'on' } as const;
  const use = (state: RoomState, input: RoomInput) => step(state, input).filter(({ type }) => type === 'use-devices');

  it('goes off with the camera and on with it', () => {
    const camera: RoomInput = { type: 'media', media: { camera: false } };
    assert.deepEqual(use(STATES.active, camera), [{ type: 'use-devices', use: { ...on, camera: 'off' } }]);
    const dark = reduce(STATES.active, camera);
    assert.deepEqual(use(dark, { type: 'media', media: { camera: true } }), [{ type: 'use-devices', use: on }]);
  });

  it('goes off in every pause, with the microphone, and on after it', () => {
    for (const reason of ['privacy', 'someone-came-in'] as const)
      assert.deepEqual(use(STATES.active, { type: 'paused', reason }), [{ type: 'use-devices', use: off }]);
    assert.deepEqual(use(STATES.paused, { type: 'resumed-media' }), [{ type: 'use-devices', use: on }]);
    assert.deepEqual(use(STATES.intruded, { type: 'declared', occupants: alone('again') }), [
      { type: 'use-devices', use: on },
    ]);
  });

  it('goes off on both sides when another person entered on one', () => {
    const media = { ...quiet, paused: 'someone-came-in' } as const;
    assert.deepEqual(use(STATES.active, { type: 'their-media', id: 'host', media }), [
      { type: 'use-devices', use: off },
    ]);
  });

  it('goes off when no participant can be reached', () => {
    assert.deepEqual(use(STATES.connecting, { type: 'relay', id: 'host', relay: { step: 'declined' } }), [
      { type: 'use-devices', use: off },
    ]);
  });

  it('stays on while a failed link is replaced, even without a declared relay', () => {
    const failed = reduce(STATES.active, { type: 'connection', id: 'host', connection: 'failed' });
    assert.deepEqual(use(STATES.active, { type: 'connection', id: 'host', connection: 'failed' }), []);
    assert.deepEqual(use(failed, { type: 'connection', id: 'host', connection: 'connecting' }), []);
    // Nor beside somebody with whom there is to be no connection.
    const two = run([roster('host', 'other'), { type: 'relay', id: 'other', relay: { step: 'declined' } }], failed);
    assert.deepEqual(use(failed, roster('host', 'other')), []);
    assert.deepEqual(use(two, { type: 'connection', id: 'host', connection: 'connecting' }), []);
  });

  it('stays on while the host reconnects', () => {
    assert.deepEqual(use(STATES.active, { type: 'stale' }), []);
  });
});

describe('what the others are told of our devices', () => {
  const announced = (from: RoomState, input: RoomInput): readonly unknown[] =>
    effects(from, reduce(from, input)).flatMap((command) =>
      command.type === 'announce' && command.about === 'media' ? [command.media] : [],
    );
  const devices = (changes: Partial<typeof answered> | object): RoomInput => ({
    type: 'devices-answered',
    devices: { ...answered, ...changes },
  });
  const problemsOf = (state: RoomState): readonly string[] =>
    'problems' in state ? state.problems.map(({ code }) => code) : [];

  it('is off when a device is missing, refused or in use, whatever the person wished', () => {
    const refused = reduce(STATES.active, devices({ camera: false, microphone: false, problems: ['camera-denied'] }));
    assert.ok(isSession(refused) && refused.media.camera && refused.media.microphone);
    assert.deepEqual(mediaNoticeOf(refused), { ...quiet, camera: false, microphone: false });
  });

  for (const kind of ['camera', 'microphone'] as const) {
    it(`changes when the ${kind} is lost, and again when another opens`, () => {
      const lost = devices({ [kind]: false, problems: [`${kind}-lost`] });
      assert.deepEqual(announced(STATES.active, lost), [{ ...quiet, [kind]: false }]);
      const without = reduce(STATES.active, lost);
      assert.deepEqual(problemsOf(without), [`${kind}-lost`]);
      assert.deepEqual(announced(without, devices({})), [quiet]);
      assert.deepEqual(problemsOf(reduce(without, devices({}))), []);
    });

    it(`changes when the system mutes the ${kind}, and again when it stops`, () => {
      const silent = devices({ silent: { ...answered.silent, [kind]: true }, problems: [`${kind}-silent`] });
      assert.deepEqual(announced(STATES.active, silent), [{ ...quiet, [kind]: false }]);
      const muted = reduce(STATES.active, silent);
      assert.deepEqual(problemsOf(muted), [`${kind}-silent`]);
      assert.deepEqual(announced(muted, devices({})), [quiet]);
      assert.deepEqual(problemsOf(reduce(muted, devices({}))), []);
    });
  }

  it('stays as it is when only the list of devices changes', () => {
    assert.deepEqual(announced(STATES.active, devices({ cameras: [{ id: 'c', label: 'C' }] })), []);
  });

  it('does not bring a dismissed trouble back while it lasts', () => {
    const lost = devices({ camera: false, problems: ['camera-lost'] });
    const once = reduce(STATES.active, lost);
    const id = isSession(once) ? (once.problems[0]?.id ?? 0) : 0;
    const dismissed = reduce(once, { type: 'problem-dismissed', id });
    assert.deepEqual(problemsOf(reduce(dismissed, lost)), []);
  });
});

describe('media', () => {
  const all = { audio: true, camera: true, screen: false };
  const nothing = { audio: false, camera: false, screen: false };
  const toHost = { type: 'stream-to', id: 'host' };

  it('flows to no participant before both acknowledged (invariant 2)', () => {
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

  it('stops to all in the step that pauses', () => {
    for (const reason of ['privacy', 'someone-came-in'] as const) {
      const input: RoomInput = { type: 'paused', reason };
      assert.deepEqual(
        step(STATES.active, input).find(({ type }) => type === 'stream-to'),
        toHost,
      );
      assert.deepEqual(streamsTo(reduce(STATES.active, input) as never, 'host'), nothing);
    }
  });

  it('stops to the participant whose room another person entered', () => {
    const input: RoomInput = { type: 'their-media', id: 'host', media: { ...quiet, paused: 'someone-came-in' } };
    assert.deepEqual(
      step(STATES.active, input).filter(({ type }) => type !== 'use-devices'),
      [toHost],
    );
    assert.deepEqual(streamsTo(reduce(STATES.active, input) as never, 'host'), nothing);
  });

  it('stops to all without the host’s beacon, and resumes only with it', () => {
    const stale = reduce(STATES.active, { type: 'stale' });
    const told = { type: 'announce', about: 'media', media: { ...quiet, paused: 'stale' } };
    assert.deepEqual(step(STATES.active, { type: 'stale' }), [toHost, told]);
    assert.deepEqual(streamsTo(stale as never, 'host'), nothing);
    const resumed = run([{ type: 'paused', reason: 'privacy' }, { type: 'resumed-media' }], stale);
    assert.deepEqual(streamsTo(resumed as never, 'host'), nothing);
    assert.equal(resumed.phase, 'active');
    const intruded = run(
      [
        { type: 'paused', reason: 'someone-came-in' },
        { type: 'declared', occupants: alone('again') },
        { type: 'acknowledged-by-them', id: 'host', hash: 'again' },
        { type: 'recorder', runs: 'yes' },
        { type: 'recorder', runs: 'no' },
      ],
      stale,
    );
    assert.deepEqual(streamsTo(intruded as never, 'host'), nothing);
    assert.deepEqual(streamsTo(reduce(resumed, { type: 'fresh' }) as never, 'host'), all);
    assert.deepEqual(streamsTo(reduce(intruded, { type: 'fresh' }) as never, 'host'), all);
  });

  it('does not resume after a pause without the host’s beacon', () => {
    const resumed = run([{ type: 'stale' }, { type: 'resumed-media' }], STATES.paused);
    assert.deepEqual(streamsTo(resumed as never, 'host'), nothing);
    assert.ok(types(resumed, { type: 'fresh' }).includes('stream-to'));
  });

  it('is updated for a participant exactly when what it may receive changes', () => {
    const two = run([roster('host', 'other'), ...opening('other')], STATES.active);
    const to = (input: RoomInput, state = two) =>
      step(state, input).flatMap((command) => (command.type === 'stream-to' ? [command.id] : []));
    const inputs: readonly RoomInput[] = [
      { type: 'paused', reason: 'privacy' },
      { type: 'stale' },
      { type: 'media', media: { camera: false } },
      { type: 'media', media: { screen: true } },
    ];
    for (const input of inputs) assert.deepEqual(to(input), ['host', 'other'], JSON.stringify(input));
    const recorder: RoomInput = { type: 'their-media', id: 'other', media: { ...quiet, paused: 'recorder' } };
    assert.deepEqual(to(recorder), ['other']);
    assert.deepEqual(to({ ...recorder, media: quiet }, reduce(two, recorder)), ['other']);
    assert.deepEqual(to({ type: 'speaking', id: 'other', speaking: true }), []);
  });

  it('gives a link only the tracks that may flow in this state (invariant 2)', () => {
    const tracks = { audio: 'the voice', camera: 'the picture', screen: 'the screen' };
    const none = { audio: null, camera: null, screen: null };
    const input = (media: object): RoomInput => ({ type: 'media', media });
    assert.deepEqual(tracksTo(STATES.active, 'host', tracks), { ...tracks, screen: null });
    assert.deepEqual(tracksTo(reduce(STATES.active, input({ screen: true })), 'host', tracks), tracks);
    const muted = reduce(STATES.active, input({ microphone: false }));
    assert.deepEqual(tracksTo(muted, 'host', tracks), { ...none, camera: 'the picture' });
    const dark = reduce(STATES.active, input({ camera: false }));
    assert.deepEqual(tracksTo(dark, 'host', tracks), { ...none, audio: 'the voice' });
    // A device that is not there flows nowhere, and one that is runs for nobody by itself.
    assert.deepEqual(tracksTo(STATES.active, 'host', none), none);
    for (const [name, state] of Object.entries(STATES))
      if (name !== 'active') assert.deepEqual(tracksTo(state, 'host', tracks), none, name);
    assert.deepEqual(tracksTo(STATES.active, 'stranger', tracks), none);
    const recorder: RoomInput = { type: 'their-media', id: 'host', media: { ...quiet, paused: 'recorder' } };
    assert.deepEqual(tracksTo(reduce(STATES.active, recorder), 'host', tracks), none);
    assert.deepEqual(tracksTo(reduce(STATES.active, { type: 'stale' }), 'host', tracks), none);
  });

  it('is signalled to the others when it changes', () => {
    assert.deepEqual(types(STATES.active, { type: 'media', media: { microphone: false } }), [
      'stream-to',
      'announce',
      'remember',
    ]);
  });
});

describe('the session', () => {
  it('starts on joining, and is recorded for a reload', () => {
    assert.deepEqual(types(STATES.declared, { type: 'joined' }), ['start-session', 'remember', 'keep-awake']);
  });

  it('sends a new declaration', () => {
    const declared = reduce(STATES.intruded, { type: 'declared', occupants: alone('again') });
    const commands = effects(STATES.intruded, declared);
    assert.ok(commands.some((command) => command.type === 'announce' && command.about === 'declaration'));
  });

  it('[R6] keeps the screen awake from the waiting room to the end', () => {
    assert.ok(types(STATES.declared, { type: 'joined' }).includes('keep-awake'));
    assert.ok(!types(STATES.connecting, roster()).includes('let-sleep'));
    assert.ok(types(STATES.waiting, { type: 'ended', reason: 'left' }).includes('let-sleep'));
  });

  it('invariant 6: stops devices first, then the session, then deletes the record, when it ends', () => {
    for (const input of [
      { type: 'ended', reason: 'left' },
      { type: 'failed', code: 'removed-by-host' },
    ] as const)
      assert.deepEqual(types(STATES.active, input), ['close-devices', 'let-sleep', 'stop-session', 'forget']);
  });

  it('says goodbye only when the participant chose to leave', () => {
    const goodbye = (input: RoomInput) => step(STATES.active, input).find(({ type }) => type === 'stop-session');
    assert.deepEqual(goodbye({ type: 'ended', reason: 'left' }), { type: 'stop-session', goodbye: 'leave' });
    assert.deepEqual(goodbye({ type: 'ended', reason: 'quick-exit' }), { type: 'stop-session', goodbye: 'leave' });
    assert.deepEqual(goodbye({ type: 'ended', reason: 'host-ended' }), { type: 'stop-session', goodbye: 'none' });
    assert.deepEqual(goodbye({ type: 'failed', code: 'removed-by-host' }), { type: 'stop-session', goodbye: 'none' });
  });
});

describe('a second device of the host', () => {
  const elsewhere = reduce(STATES.waiting, { type: 'signaling', signaling: 'elsewhere' });

  it('restarts the session when it takes over', () => {
    assert.deepEqual(types(elsewhere, { type: 'taken-over' }), ['take-over']);
  });

  it('takes over only when the room is open elsewhere', () => {
    for (const state of [STATES.waiting, STATES.active, STATES.notice])
      assert.deepEqual(types(state, { type: 'taken-over' }), []);
  });
});
