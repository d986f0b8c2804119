/** What has to come before a person is in the room. */
import { expect } from '@open-wc/testing';
import { createInvite } from '../../src/invite.ts';
import { ConsultError, Room } from '../../src/room/room.ts';
import { CONFIGURATION } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('joining', () => {
  it('[R13] [R16] throws when join() is called before the rules are accepted and the declaration made', async () => {
    const { guestLink } = await createInvite({ base: location.href });
    const room = new Room({ invite: new URL(guestLink).hash, config: CONFIGURATION, signaling: 'broadcast:' });
    await room.start();
    room.acceptNotice({ notice: { version: '1', hash: 'h', lang: 'de' }, at: Date.now() });
    await room.useDevices({ camera: { kind: 'none' }, microphone: { kind: 'none' } });
    const refused = (method: string) => expect(() => room.join()).to.throw(ConsultError, `after ${method}()`);
    refused('acceptRules').with.property('code', 'wrong-phase');
    room.acceptRules('de');
    refused('declareOccupants');
    room.declareOccupants([]);
    room.join();
    // Both make a digest first; who calls does not wait for it.
    expect(room.state.phase).to.equal('occupants');
    await waitUntil(() => room.state.phase === 'waiting', 'waits');
    room.leave();
  });

  it('[R1] brings in devices that were still opening when the person continued', async () => {
    const { getUserMedia } = MediaDevices.prototype;
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    MediaDevices.prototype.getUserMedia = async function (this: MediaDevices, constraints) {
      await answered;
      return getUserMedia.call(this, constraints);
    };
    const { guestLink } = await createInvite({ base: location.href });
    const room = new Room({ invite: new URL(guestLink).hash, config: CONFIGURATION, signaling: 'broadcast:' });
    try {
      const choice = { camera: { kind: 'default' }, microphone: { kind: 'default' } } as const;
      await room.start();
      room.acceptNotice({ notice: { version: '1', hash: 'h', lang: 'de' }, at: Date.now() });
      void room.openDevices(choice);
      await room.useDevices(choice);
      const devices = () => ('devices' in room.state ? room.state.devices : undefined);
      expect([room.state.phase, devices()?.access, devices()?.microphone]).to.deep.equal([
        'occupants',
        'asking',
        false,
      ]);
      answer();
      await waitUntil(() => devices()?.access === 'answered', 'answered');
      expect([devices()?.camera, devices()?.microphone]).to.deep.equal([true, true]);
    } finally {
      MediaDevices.prototype.getUserMedia = getUserMedia;
      room.leave();
    }
  });
});
