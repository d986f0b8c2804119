/** Actions of a room that fail. */
import { expect, waitUntil } from '@open-wc/testing';
import { createInvite } from '../../src/invite.ts';
import { ConsultError, Room } from '../../src/room/room.ts';
import { CONFIGURATION } from '../support/room-fixture.ts';

describe('an action that fails', () => {
  /** The problem that the room reports when the digest of an action rejects with this error. */
  const problemAfter = async (error: Error): Promise<string | undefined> => {
    const { guestLink } = await createInvite({ base: location.href });
    const room = new Room({ invite: new URL(guestLink).hash, config: CONFIGURATION, signaling: 'broadcast:' });
    await room.start();
    room.acceptNotice({ notice: { version: '1', hash: 'h', lang: 'de' }, at: Date.now() });
    await room.useDevices({ camera: { kind: 'none' }, microphone: { kind: 'none' } });
    const problems = (): readonly { readonly code: string }[] => ('problems' in room.state ? room.state.problems : []);
    await waitUntil(() => 'receipts' in room.state && room.state.receipts.length > 0);
    expect(problems()).to.deep.equal([]);
    const digest = Object.getOwnPropertyDescriptor(crypto.subtle, 'digest');
    const failing = async (): Promise<never> => {
      throw error;
    };
    Object.defineProperty(crypto.subtle, 'digest', { configurable: true, value: failing });
    try {
      room.declareOccupants([]);
      await waitUntil(() => problems().length > 0);
    } finally {
      if (digest) Object.defineProperty(crypto.subtle, 'digest', digest);
      else Reflect.deleteProperty(crypto.subtle, 'digest');
    }
    const code = problems().at(-1)?.code;
    room.leave();
    return code;
  };

  it('is not reported as an unreadable message', async () => {
    expect(await problemAfter(new TypeError('a browser has its own reasons'))).to.equal('action-failed');
  });

  it('keeps its own error code', async () => {
    expect(await problemAfter(new ConsultError('screen-denied'))).to.equal('screen-denied');
  });
});
