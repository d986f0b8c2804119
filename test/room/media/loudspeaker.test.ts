/** The loudspeaker that a person chose, in a whole room: who plays on it, and what happens when it is gone. */
import { expect } from '@open-wc/testing';
import { createInvite } from '../../../src/invite.ts';
import { Room } from '../../../src/room/room.ts';
import { CONFIGURATION } from '../../support/room-fixture.ts';
import { waitUntil } from '../../support/wait-until.ts';

const NONE = { camera: { kind: 'none' }, microphone: { kind: 'none' } } as const;

describe('a chosen loudspeaker', () => {
  const { enumerateDevices } = MediaDevices.prototype;
  let list: readonly Partial<MediaDeviceInfo>[];
  let room: Room;
  let sinks: string[];

  const output = (deviceId: string): Partial<MediaDeviceInfo> => ({ kind: 'audiooutput', deviceId, label: deviceId });
  const devices = () => ('devices' in room.state ? room.state.devices : null);
  const problems = () => ('problems' in room.state ? room.state.problems.map(({ code }) => code) : []);
  const listed = async (...ids: readonly string[]): Promise<void> => {
    list = ids.map(output);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await waitUntil(
      () =>
        devices()
          ?.loudspeakers.map(({ id }) => id)
          .join() === ids.join(),
      `lists ${ids.join()}`,
    );
  };

  beforeEach(async () => {
    list = ['default', 's1', 's2'].map(output);
    Object.assign(MediaDevices.prototype, { enumerateDevices: async () => list });
    const { guestLink } = await createInvite({ base: location.href });
    room = new Room({ invite: new URL(guestLink).hash, config: CONFIGURATION, signaling: 'broadcast:' });
    await room.start();
    room.acceptNotice({ notice: { version: '1', hash: 'h', lang: 'de' }, at: Date.now() });
    await room.useDevices(NONE);
    await listed('default', 's1', 's2');
    sinks = [];
    const video = Object.assign(document.createElement('video'), {
      setSinkId: async (id: string) => void sinks.push(id),
    });
    room.attach(video, 'self', 'camera');
  });
  afterEach(() => {
    room.leave();
    Object.assign(MediaDevices.prototype, { enumerateDevices });
  });

  it('is in the state once it plays, and stays while other devices come and go', async () => {
    expect(devices()?.loudspeaker).to.equal('');
    await room.switchDevice({ loudspeaker: 's1' });
    expect(devices()?.loudspeaker).to.equal('s1');
    await listed('default', 's1');
    await listed('default', 's1', 's3');
    expect([devices()?.loudspeaker, new Set(sinks), problems()]).to.deep.equal(['s1', new Set(['s1']), []]);
  });

  it('gives way to that of the system when it is gone, which is said until another one is chosen', async () => {
    await room.switchDevice({ loudspeaker: 's1' });
    await listed('default', 's2');
    expect([devices()?.loudspeaker, sinks.at(-1), problems()]).to.deep.equal(['', '', ['loudspeaker-lost']]);
    await room.switchDevice({ loudspeaker: 's2' });
    expect([devices()?.loudspeaker, sinks.at(-1), problems()]).to.deep.equal(['s2', 's2', []]);
  });
});
