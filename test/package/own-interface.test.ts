/** A site's own interface carries a whole conversation with what `consult-room/room` exports. */
import { expect } from '@open-wc/testing';
import { createInvite } from '../../src/invite.ts';
import { Room } from '../../src/room/room.ts';
import { CONFIGURATION } from '../support/room-fixture.ts';
import { OwnInterface } from './own-interface.ts';
import { waitUntil } from '../support/wait-until.ts';

interface Side {
  readonly room: Room;
  readonly root: HTMLElement;
  readonly own: OwnInterface;
}

describe('an interface of a site’s own', () => {
  const sides: Side[] = [];

  afterEach(() => {
    for (const { room, root } of sides.splice(0)) {
      room.leave();
      root.remove();
    }
  });

  async function open(link: string, name: string): Promise<Side> {
    const root = document.createElement('div');
    document.body.append(root);
    const room = new Room({ invite: new URL(link).hash, config: CONFIGURATION, signaling: 'broadcast:', name });
    const side = { room, root, own: new OwnInterface(root, room) };
    sides.push(side);
    await room.start();
    return side;
  }

  const press = async ({ root }: Side, label: string): Promise<void> => {
    const find = (): HTMLButtonElement | undefined =>
      [...root.querySelectorAll('button')].find(({ textContent }) => textContent === label);
    await waitUntil(() => find() !== undefined, `no button “${label}” in: ${root.textContent}`, { timeout: 20_000 });
    find()?.click();
  };
  const shows = ({ root }: Side, text: string): Promise<void> =>
    waitUntil(() => root.textContent.includes(text), `“${text}” is not shown`, { timeout: 20_000 });
  const walkIn = async (side: Side): Promise<void> => {
    for (const label of ['accept', 'devices', 'join']) await press(side, label);
  };

  it('leads two participants from the notice to a chat and to the end', async function test() {
    this.timeout(60_000);
    const { hostLink, guestLink } = await createInvite({ base: location.href });
    const host = await open(hostLink, 'Frau Berger');
    const guest = await open(guestLink, 'Stern');
    await walkIn(host);
    await walkIn(guest);
    await shows(host, 'Stern knocks');
    await press(host, 'admit');
    await press(guest, 'acknowledge 0');
    await press(host, 'acknowledge 0');
    await shows(host, 'active');
    await shows(guest, 'active');
    await press(guest, 'say');
    await shows(host, 'Stern: Guten Tag von Stern');
    await shows(guest, 'Gast: Guten Tag von Stern');
    expect(await guest.own.figures()).to.have.length(1);
    await press(host, 'leave');
    await shows(guest, 'the host ended the room');
    expect([host.own.errors, guest.own.errors]).to.deep.equal([[], []]);
  });

  it('ends before anything was asked when the notice is declined', async () => {
    const { guestLink } = await createInvite({ base: location.href });
    const guest = await open(guestLink, 'Stern');
    await press(guest, 'decline');
    await shows(guest, 'declined');
  });
});
