/** What the room model demands of both sides before and during media, whatever a user interface does [R13] [R14] [R16]. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { declare } from '../../src/room/consent/declaration.ts';
import { effects, streamsTo } from '../../src/room/state/effects.ts';
import type { RoomInput } from '../../src/room/state/actions.ts';
import { reduce } from '../../src/room/state/reducer.ts';
import { isSession, type RoomState, type SessionState } from '../../src/room/state/state.ts';
import { encodeGroup, parseGroup, type GroupContent } from '../../src/room/messages/messages.ts';
import { alone, CEREMONY, opening, quiet, roster, run, STATES } from './states.ts';

const NOTHING = { audio: false, camera: false, screen: false };
const ALL = { audio: true, camera: true, screen: false };

function session(state: RoomState): SessionState {
  assert.ok(isSession(state));
  return state;
}

/** A counsellor and two others, everybody open to everybody. */
const group = run([
  ...CEREMONY,
  roster('host', 'stern', 'mond'),
  ...opening('host'),
  ...opening('stern'),
  ...opening('mond'),
]);
const flows = (state: RoomState) =>
  Object.fromEntries(session(state).participants.map(({ id }) => [id, streamsTo(session(state), id)]));
const their = (id: string, paused: 'no' | 'someone-came-in' | 'recorder'): RoomInput => ({
  type: 'their-media',
  id,
  media: { ...quiet, paused },
});

describe('[R14] another person entering, in a group', () => {
  it('here: stops media to all in the same step', () => {
    assert.deepEqual(flows(group), { host: ALL, stern: ALL, mond: ALL });
    const intruded = reduce(group, { type: 'paused', reason: 'someone-came-in' });
    assert.deepEqual(flows(intruded), { host: NOTHING, stern: NOTHING, mond: NOTHING });
    assert.equal(intruded.phase, 'paused');
  });

  it('here: resumes media to each participant who acknowledged the new declaration', () => {
    const declared = run(
      [
        { type: 'paused', reason: 'someone-came-in' },
        { type: 'declared', occupants: alone('again') },
      ],
      group,
    );
    assert.deepEqual(flows(declared), { host: NOTHING, stern: NOTHING, mond: NOTHING });
    const one = reduce(declared, { type: 'acknowledged-by-them', id: 'stern', hash: 'again' });
    assert.deepEqual(flows(one), { host: NOTHING, stern: ALL, mond: NOTHING });
  });

  it('there: stops media to that room, while the others continue', () => {
    const intruded = reduce(group, their('stern', 'someone-came-in'));
    assert.deepEqual(flows(intruded), { host: ALL, stern: NOTHING, mond: ALL });
    assert.equal(intruded.phase, 'active');
  });

  it('there: voids the old acknowledgement and requires one for the new declaration', () => {
    const again: readonly RoomInput[] = [
      their('stern', 'someone-came-in'),
      { type: 'acknowledged-by-us', id: 'stern', hash: 'stern again' },
      { type: 'their-occupants', id: 'stern', occupants: alone('stern again') },
      their('stern', 'no'),
    ];
    assert.deepEqual(flows(run(again, group))['stern'], NOTHING);
    assert.deepEqual(
      flows(run([...again, { type: 'acknowledged-by-us', id: 'stern', hash: 'stern again' }], group))['stern'],
      ALL,
    );
  });

  it('while waiting: requires a new declaration before joining', () => {
    const intruded = reduce(STATES.waiting, { type: 'paused', reason: 'someone-came-in' });
    assert.equal(intruded.phase, 'paused');
    assert.equal(reduce(intruded, { type: 'resumed-media' }).phase, 'paused');
    assert.equal(reduce(intruded, { type: 'declared', occupants: alone('again') }).phase, 'waiting');
  });
});

describe('[R16] no recording', () => {
  it('is declared by both before any media flows', async () => {
    const { declaration } = await declare([]);
    const sent = { type: 'declaration', body: declaration, to: 'everyone', link: '', seq: 1 } as const;
    assert.deepEqual(parseGroup(encodeGroup(sent)), sent);
    for (const noRecording of [false, undefined, 'yes']) {
      const body = { ...declaration, noRecording } as unknown as typeof declaration;
      assert.throws(() => parseGroup(encodeGroup({ ...sent, body } as GroupContent & typeof sent)), {
        code: 'message-invalid',
      });
    }
    const withoutTheirs = opening('host').filter(({ type }) => type !== 'their-occupants');
    assert.deepEqual(flows(run(withoutTheirs, STATES.connecting)), { host: NOTHING });
  });

  it('reports a local attempt to the others once, not at each try', () => {
    const tried = reduce(STATES.active, { type: 'problem', code: 'recording-refused' });
    assert.deepEqual(effects(STATES.active, tried), [{ type: 'announce', about: 'recording-refused' }]);
    const again = reduce(tried, { type: 'problem', code: 'recording-refused' });
    assert.equal(again, tried);
  });

  it('shows a remote attempt with its participant’s name, and does not forward it', () => {
    const there = reduce(STATES.active, { type: 'problem', code: 'recording-refused', about: 'Mond' });
    assert.deepEqual(effects(STATES.active, there), []);
    const both = session(reduce(there, { type: 'problem', code: 'recording-refused' }));
    assert.deepEqual(
      both.problems.map(({ about }) => about),
      ['Mond', undefined],
    );
    assert.deepEqual(effects(there, both), [{ type: 'announce', about: 'recording-refused' }]);
  });

  it('stops media both ways while a recorder runs in this page', () => {
    const found = reduce(STATES.active, { type: 'recorder', runs: 'yes' });
    assert.equal(found.phase, 'paused');
    assert.deepEqual(flows(found), { host: NOTHING });
    assert.ok(
      effects(STATES.active, found).some((command) => command.type === 'announce' && command.about === 'media'),
    );
    assert.equal(reduce(found, { type: 'recorder', runs: 'yes' }), found);
    assert.equal(reduce(found, { type: 'resumed-media' }).phase, 'paused');
    assert.equal(reduce(found, { type: 'paused', reason: 'privacy' }), found);
    assert.equal(reduce(found, { type: 'recorder', runs: 'no' }).phase, 'active');
  });

  it('sends nothing to a participant whose page has a recorder, while the others continue', () => {
    const found = reduce(group, their('mond', 'recorder'));
    assert.deepEqual(flows(found), { host: ALL, stern: ALL, mond: NOTHING });
    assert.deepEqual(flows(reduce(found, their('mond', 'no'))), { host: ALL, stern: ALL, mond: ALL });
  });

  it('does not lift the pause for another person when a recorder stops', () => {
    const intruded = reduce(STATES.intruded, { type: 'recorder', runs: 'yes' });
    assert.equal(session(intruded).media.paused, 'someone-came-in');
    assert.equal(session(reduce(intruded, { type: 'recorder', runs: 'no' })).media.paused, 'someone-came-in');
  });
});
