/** The room of the CDN folder's first view, until the room itself is there. */
import { expect } from '@open-wc/testing';
import { createInvite } from '../../src/invite.ts';
import { LateRoom } from '../../src/room/late-room.ts';
import { Room, type RoomInterface, type RoomOptions } from '../../src/room/room.ts';
import { loadRecord } from '../../src/room/setup/load-record.ts';
import { saveRecord } from '../../src/room/setup/save-record.ts';
import { CONFIGURATION } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';
import { record } from './record.ts';
import { choice, consent, rules } from './states.ts';

const NONE = { camera: { kind: 'none' }, microphone: { kind: 'none' } } as const;
const make = (options: RoomOptions): Room => new Room(options);

/** Invite and options of a guest. */
async function optionsOf(): Promise<RoomOptions & { readonly invite: string }> {
  const { guestLink } = await createInvite({ base: location.href });
  return { invite: new URL(guestLink).hash, config: CONFIGURATION, signaling: 'broadcast:' };
}

/** Phases as the events tell them. */
function phasesOf(room: RoomInterface): string[] {
  const phases: string[] = [];
  room.addEventListener('phase', ({ detail }) => phases.push(`${detail.previous} ${detail.phase}`));
  return phases;
}

describe('the room of the first view', () => {
  it('[R1] takes the consent before the room is there, with the time of the press, and goes on when it is', async () => {
    let needs = 0;
    const room = new LateRoom(await optionsOf(), () => needs++);
    const phases = phasesOf(room);
    await room.start();
    expect([room.state.phase, room.needed, needs]).to.deep.equal(['notice', false, 0]);
    room.rename('Mia');
    room.acceptNotice(consent);
    // Of two presses the first counts.
    room.acceptNotice({ ...consent, at: consent.at + 1 });
    expect([room.state.phase, room.needed, needs > 0]).to.deep.equal(['notice', true, true]);
    await room.continueWith(make);
    expect(phases).to.deep.equal(['idle notice', 'notice devices']);
    expect(room.state).to.include({ phase: 'devices', name: 'Mia', consent });
    expect(room.needed).to.equal(false);
    // From here on it is the room itself.
    await room.useDevices(NONE);
    room.acceptRules('de');
    room.declareOccupants([]);
    room.join();
    await waitUntil(() => room.state.phase === 'waiting', 'waits');
    room.leave();
    expect(phases.at(-1)).to.equal('waiting ended');
  });

  it('hands over while people read, and changes nothing that they see', async () => {
    const room = new LateRoom(await optionsOf(), () => undefined);
    const phases = phasesOf(room);
    // The part may be there before the configuration is.
    const handed = room.continueWith(make);
    await Promise.all([room.start(), handed]);
    const { state } = room;
    expect([state.phase, phases]).to.deep.equal(['notice', ['idle notice']]);
    room.acceptNotice(consent);
    expect(room.state.phase).to.equal('devices');
    room.leave();
  });

  it('[R1] ends where the notice is declined, and nothing of the room follows, whatever comes later', async () => {
    const room = new LateRoom(await optionsOf(), () => undefined);
    await room.start();
    room.acceptNotice(consent);
    room.declineNotice();
    let made = 0;
    await room.continueWith((options) => {
      made++;
      return new Room(options);
    });
    expect([made, room.needed]).to.deep.equal([0, false]);
    expect(room.state).to.include({ phase: 'ended', reason: 'declined-notice' });
  });

  it('stays silent when it is left or discarded before it is open', async () => {
    for (const method of ['leave', 'quit', 'discard'] as const) {
      const room = new LateRoom(await optionsOf(), () => undefined);
      const phases = phasesOf(room);
      const opened = room.start();
      room[method]();
      await Promise.all([opened, room.continueWith(make)]);
      expect([room.state.phase, phases], method).to.deep.equal(['idle', []]);
    }
  });

  it('opens once where it is started twice, and stays ended', async () => {
    const room = new LateRoom(await optionsOf(), () => undefined);
    const phases = phasesOf(room);
    await Promise.all([room.start(), room.start()]);
    room.declineNotice();
    await room.start();
    expect(phases).to.deep.equal(['idle notice', 'notice ended']);
  });

  it('fails with the code of the room itself, and tells it', async () => {
    const room = new LateRoom({ config: CONFIGURATION, signaling: 'broadcast:' }, () => undefined);
    const codes: string[] = [];
    room.addEventListener('error', ({ detail }) => codes.push(detail.code));
    await room.start();
    expect(room.state).to.include({ phase: 'failed', code: 'invite-missing' });
    expect(codes).to.deep.equal(['invite-missing']);
  });

  it('[R15] keeps nothing for a reload when somebody leaves for good what could not be opened', async () => {
    for (const method of ['leave', 'quit'] as const) {
      const { invite, ...options } = await optionsOf();
      saveRecord(record(invite));
      const room = new LateRoom({ ...options, invite, config: { wrong: true } }, () => undefined);
      await room.start();
      expect(room.state.phase).to.equal('failed');
      expect(await loadRecord(60), method).to.not.equal(null);
      room[method]();
      expect(await loadRecord(60), method).to.equal(null);
    }
  });

  it('refuses what the room itself refuses before the notice is accepted', async () => {
    const room = new LateRoom(await optionsOf(), () => undefined);
    await room.start();
    for (const call of [() => room.join(), () => room.sendChat('x'), () => room.withdraw('relay')])
      expect(call).to.throw().with.property('code', 'wrong-phase');
    for (const call of [room.openDevices(NONE), room.useDevices(NONE), room.setScreen(true)])
      expect(
        await call.then(
          () => 'done',
          (error: unknown) => (error as { code?: string }).code,
        ),
      ).to.equal('wrong-phase');
    expect([await room.guestLink(), room.microphoneLevel(), await room.reports()]).to.deep.equal([null, 0, []]);
    room.discard();
  });

  it('continues a session after a reload as soon as the room is there, without asking again', async () => {
    const options = await optionsOf();
    saveRecord(record(options.invite, { name: 'Mia', consent, rules, choice }));
    let needs = 0;
    const room = new LateRoom(options, () => needs++);
    const phases = phasesOf(room);
    await room.start();
    expect([room.state.phase, room.needed, needs]).to.deep.equal(['idle', true, 1]);
    await room.continueWith(make);
    expect(phases).to.deep.equal(['idle notice', 'notice waiting']);
    expect(room.state).to.include({ phase: 'waiting', name: 'Mia' });
    room.leave();
    expect(await loadRecord(60)).to.equal(null);
  });
});
