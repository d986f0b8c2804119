/** A room that goes the whole way without a server, in Node. What it refuses is compared with the real room in a browser. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConsultError, isSession, type ErrorCode, type Phase, type SessionState } from '../../src/room/room.ts';
import { ScriptedRoom, type ScriptedRoomOptions } from '../../src/testing/testing.ts';

const DEFAULTS = { camera: { kind: 'default' }, microphone: { kind: 'default' } } as const;
const CONSENT = { notice: { version: '1', hash: 'h', lang: 'de' }, at: 1 };

async function walkIn(room: ScriptedRoom): Promise<void> {
  await room.start();
  room.acceptNotice(CONSENT);
  await room.useDevices(DEFAULTS);
  room.acceptRules('de');
  room.declareOccupants([]);
  room.join();
}

async function waiting(options: ScriptedRoomOptions = {}): Promise<ScriptedRoom> {
  const room = new ScriptedRoom(options);
  await walkIn(room);
  return room;
}

const phaseOf = ({ state }: ScriptedRoom): Phase => state.phase;

function session({ state }: ScriptedRoom): SessionState {
  assert.ok(isSession(state), state.phase);
  return state;
}

const code = (expected: ErrorCode) => (error: unknown) => error instanceof ConsultError && error.code === expected;

describe('a scripted room', () => {
  it('leads a guest from the notice to a call and to the end', async () => {
    const room = new ScriptedRoom();
    const phases: string[] = [];
    const consents: string[] = [];
    room.addEventListener('phase', ({ detail }) => phases.push(detail.phase));
    room.addEventListener('consent', ({ detail }) => consents.push(detail.receipt.record.consent_kind));
    await room.start();
    room.acceptNotice(CONSENT);
    await room.openDevices(DEFAULTS);
    await room.useDevices(DEFAULTS);
    room.acceptRules('de');
    room.declareOccupants(['Kind']);
    room.join();
    assert.equal(session(room).knocking, 'sent');
    const id = room.others.enter();
    assert.deepEqual([session(room).knocking, session(room).participants[0]?.host], ['admitted', true]);
    room.acknowledgeOccupants(id);
    assert.deepEqual(session(room).participants[0]?.streams, { audio: true, camera: true, screen: false });
    room.others.say(id, 'Guten Tag');
    room.sendChat('  Hallo  ');
    assert.deepEqual(
      session(room).chat.map(({ name, text }) => `${name}: ${text}`),
      ['Frau Sommer: Guten Tag', 'Gast: Hallo'],
    );
    room.leave();
    assert.deepEqual(phases, ['notice', 'devices', 'occupants', 'waiting', 'connecting', 'active', 'ended']);
    assert.deepEqual(consents, ['notice', 'no-recording', 'group-rules']);
  });

  it('refuses to join before the rules and the declaration', async () => {
    const room = new ScriptedRoom();
    await room.start();
    room.acceptNotice(CONSENT);
    await room.useDevices(DEFAULTS);
    room.acceptRules('de');
    assert.throws(() => room.join(), code('wrong-phase'));
    assert.throws(
      () => room.declareOccupants(Array.from({ length: 13 }, (_, n) => `n${String(n)}`)),
      code('argument-invalid'),
    );
    room.declareOccupants([]);
    room.join();
    assert.equal(room.state.phase, 'waiting');
  });

  it('asks for a name where the policy does', async () => {
    const room = new ScriptedRoom({ policy: 'anlage-31b' });
    await room.start();
    room.acceptNotice(CONSENT);
    await assert.rejects(room.useDevices(DEFAULTS), code('name-missing'));
    room.rename('Lina Kramer');
    await room.useDevices(DEFAULTS);
    assert.equal(room.state.phase, 'occupants');
  });

  it('finds the devices it was given', async () => {
    const room = await waiting({ devices: { camera: false, problems: ['camera-denied'] } });
    const { devices } = session(room);
    assert.deepEqual([devices.camera, devices.microphone, devices.problems], [false, true, ['camera-denied']]);
  });

  it('lets a host admit, one by one and all at once, and nobody whose knock has changed', async () => {
    const room = await waiting({ role: 'host', policy: 'gruppe' });
    const [first, second, third] = [room.others.knock({ name: 'Stern' }), room.others.knock(), room.others.knock()];
    room.admit(first, 'what was shown before');
    assert.deepEqual(
      session(room).problems.map((problem) => problem.code),
      ['changed-meanwhile'],
    );
    assert.equal(session(room).knocks.length, 3);
    room.admit(first);
    room.admitAll();
    assert.deepEqual(
      session(room).participants.map(({ id }) => id),
      [first, second, third],
    );
    assert.deepEqual([session(room).knocks, session(room).participants[0]?.name], [[], 'Stern']);
    room.mute(second);
    room.remove(third);
    assert.deepEqual(
      session(room).participants.map(({ media }) => media.microphone),
      [true, false],
    );
  });

  it('has a code for a host, which the fifth wrong try voids', async () => {
    const room = await waiting({ role: 'host' });
    const shown = () => session(room).code;
    assert.deepEqual(shown(), { text: 'K7M-2QX-9TD', step: 'open', wrong: 0 });
    for (let count = 0; count < 4; count++) room.others.mistypeCode();
    assert.equal(shown()?.step, 'open');
    room.others.mistypeCode();
    assert.deepEqual([shown()?.step, shown()?.wrong], ['used-up', 5]);
    assert.ok(session(room).problems.some((problem) => problem.code === 'code-used-up'));
    assert.throws(() => room.others.mistypeCode(), code('argument-invalid'));
    room.renewCode();
    assert.deepEqual(shown(), { text: 'R3F-8HW-5CN', step: 'open', wrong: 0 });
  });

  it('admits nobody where the room is full', async () => {
    const room = await waiting({ role: 'host' });
    for (const _ of [1, 2, 3]) room.others.knock();
    room.admitAll();
    assert.deepEqual(session(room).participants, []);
    assert.deepEqual(
      session(room).problems.map((problem) => problem.code),
      ['room-full'],
    );
  });

  it('[R8] [R9] needs two yeses for a relay, and one no is final', async () => {
    for (const [ours, theirs, step] of [
      [true, true, 'granted'],
      [true, false, 'declined'],
      [false, true, 'declined'],
    ] as const) {
      const room = await waiting();
      const id = room.others.enter();
      room.acknowledgeOccupants(id);
      room.others.askForRelay(id);
      assert.equal(room.state.phase, 'connecting');
      room.answerRelay(ours, id, 'de');
      if (ours) {
        assert.equal(session(room).participants[0]?.relay.step, 'asked');
        room.others.answerRelay(id, theirs);
      }
      assert.equal(session(room).participants[0]?.relay.step, step);
      assert.equal(room.state.phase, step === 'granted' ? 'active' : 'connecting');
    }
  });

  it('pauses both sides when someone comes in, until a new declaration', async () => {
    const room = await waiting();
    room.acknowledgeOccupants(room.others.enter());
    room.pause('someone-came-in');
    room.resume();
    assert.equal(phaseOf(room), 'paused');
    room.declareOccupants(['Mutter']);
    assert.equal(phaseOf(room), 'active');
    room.others.show('p1', { paused: 'someone-came-in' });
    assert.equal(phaseOf(room), 'paused');
  });

  it('runs the script at each phase it names', async () => {
    const entered: string[] = [];
    const room = new ScriptedRoom({
      script: {
        notice: () => entered.push('notice'),
        waiting: ({ others }) => others.enter({ name: 'Birke' }),
        connecting: (it) => it.acknowledgeOccupants('p1'),
        active: (it) => it.end('host-ended'),
      },
    });
    const ended = new Promise((resolve) => {
      room.addEventListener('phase', ({ detail }) => detail.phase === 'ended' && resolve(undefined));
    });
    await walkIn(room);
    await ended;
    assert.deepEqual(entered, ['notice']);
    const { state } = room;
    assert.deepEqual([state.phase, 'reason' in state ? state.reason : null], ['ended', 'host-ended']);
  });

  it('refuses a script that moves people who are not there', async () => {
    const room = new ScriptedRoom();
    assert.throws(() => room.others.enter(), code('wrong-phase'));
    await waiting().then(({ others }) => {
      assert.throws(() => others.say('p1', 'hm'), code('argument-invalid'));
      assert.throws(() => others.knock(), code('argument-invalid'));
      const id = others.enter();
      assert.throws(() => others.enter({ id }), code('argument-invalid'));
      assert.throws(() => others.answerRelay(id, true), code('argument-invalid'));
    });
  });

  it('opens no more after it was left or discarded', async () => {
    for (const method of ['leave', 'quit', 'discard'] as const) {
      const room = new ScriptedRoom();
      room[method]();
      await room.start();
      assert.equal(room.state.phase, 'idle', method);
    }
  });

  it('refuses a configuration as the room does', async () => {
    await assert.rejects(new ScriptedRoom({ config: {} }).start(), code('configuration-invalid'));
  });

  it('withdraws what was given, and ends', async () => {
    const room = await waiting();
    room.withdraw('notice');
    assert.ok(room.state.phase === 'ended');
    const consents = room.state.receipts.map(
      ({ record }) => `${record.consent_kind} ${record.events.at(-1)?.event_state}`,
    );
    const kinds = ['notice', 'no-recording', 'group-rules'];
    assert.deepEqual(consents, [...kinds.map((kind) => `${kind} given`), ...kinds.map((kind) => `${kind} withdrawn`)]);
  });
});

/** A guest or host in a call with one other person. */
async function calling(
  options: ScriptedRoomOptions = {},
): Promise<{ readonly room: ScriptedRoom; readonly id: string }> {
  const room = await waiting(options);
  const id = room.others.enter();
  room.acknowledgeOccupants(id);
  assert.equal(room.state.phase, 'active');
  return { room, id };
}

const problems = (room: ScriptedRoom): readonly ErrorCode[] => session(room).problems.map((problem) => problem.code);
const other = (room: ScriptedRoom) => {
  const [first] = session(room).participants;
  assert.ok(first);
  return first;
};

describe('in a session of a scripted room', () => {
  it('the host refuses one knock, and none that has changed', async () => {
    const room = await waiting({ role: 'host' });
    const id = room.others.knock();
    room.refuse(id, 'what was shown before');
    assert.deepEqual([session(room).knocks.length, problems(room)], [1, ['changed-meanwhile']]);
    room.refuse(id, session(room).knocks[0]?.hash);
    assert.deepEqual([session(room).knocks.length, problems(room)], [0, ['changed-meanwhile']]);
  });

  it('a declaration is acknowledged as it stands, not as it stood', async () => {
    const { room, id } = await calling();
    const before = other(room).occupants?.hash;
    room.others.declare(id, ['Mutter']);
    assert.equal(other(room).acknowledged.byUs, false);
    room.acknowledgeOccupants(id, before);
    assert.deepEqual([other(room).acknowledged.byUs, problems(room)], [false, ['changed-meanwhile']]);
    room.acknowledgeOccupants(id, other(room).occupants?.hash);
    assert.equal(other(room).acknowledged.byUs, true);
  });

  it('a relayed connection ends with the consent, and becomes direct only where there is a way', async () => {
    const { room, id } = await calling();
    room.others.askForRelay(id);
    room.answerRelay(true, id, 'de');
    room.others.answerRelay(id, true);
    assert.equal(other(room).path, 'relay');
    room.goDirect();
    assert.deepEqual([other(room).relay.step, other(room).path], ['granted', 'relay']);
    room.withdrawRelay();
    assert.deepEqual([other(room).relay.step, room.state.phase], ['withdrawn', 'connecting']);
  });

  it('everyone is muted by the host, and by nobody else', async () => {
    const { room } = await calling({ role: 'host', policy: 'gruppe' });
    room.others.enter();
    room.muteEveryone();
    assert.deepEqual(
      session(room).participants.map(({ media }) => media.microphone),
      [false, false],
    );
    const guest = await calling();
    guest.room.muteEveryone();
    assert.equal(other(guest.room).media.microphone, true);
  });

  it('no screen is shown in a pause', async () => {
    const { room } = await calling();
    await room.setScreen(true);
    assert.equal(session(room).media.screen, true);
    await room.setScreen(false);
    room.pause('privacy');
    await room.setScreen(true);
    assert.equal(session(room).media.screen, false);
  });

  it('the own picture is blurred as asked', async () => {
    const { room } = await calling();
    for (const blur of ['picture', 'off'] as const) {
      room.setBlur(blur);
      assert.equal(session(room).devices.blur, blur);
    }
  });

  it('a stand-in is named where the policy has stand-ins', async () => {
    for (const [policy, step] of [
      ['gruppe', 'offered'],
      ['gewaltschutz', 'none'],
    ] as const) {
      const { room, id } = await calling({ role: 'host', policy });
      room.nameStandIn(id);
      assert.equal(session(room).handOver.step, step);
      assert.deepEqual(problems(room), step === 'none' ? ['hand-over-failed'] : []);
      room.withdrawHandOver();
      room.handOver(id);
      assert.equal(session(room).handOver.step, 'offered');
    }
  });
});
