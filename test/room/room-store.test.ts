/** What a room says of its own actions that do not work. */
import { expect } from '@open-wc/testing';
import { ConsultError } from '../../src/errors.ts';
import { createInvite } from '../../src/invite.ts';
import { Room } from '../../src/room/room.ts';

class Clumsy extends Room {
  stumble(error: Error): void {
    this.act(async () => {
      throw error;
    });
  }
}

const config = {
  operator: { name: 'Beratungsstelle', country: 'DE' },
  servers: [{ role: 'signaling', operator: 'Beratungsstelle', country: 'DE' }],
};

describe('an action that fails', () => {
  const problemAfter = async (error: Error): Promise<string | undefined> => {
    const { guestLink } = await createInvite({ base: location.href });
    const room = new Clumsy({ invite: new URL(guestLink).hash, config });
    await room.start();
    const told = new Promise((resolve) => room.addEventListener('change', resolve, { once: true }));
    room.stumble(error);
    await told;
    return 'problems' in room.state ? room.state.problems.at(-1)?.code : undefined;
  };

  it('is not called a message that could not be read', async () => {
    expect(await problemAfter(new TypeError('a browser has its own reasons'))).to.equal('action-failed');
  });

  it('keeps its own reason where it has one', async () => {
    expect(await problemAfter(new ConsultError('screen-denied'))).to.equal('screen-denied');
  });
});
