/** Shows both sides of a room on one page, connected by a BroadcastChannel, without a server. */
import '../src/index.ts';
import { createInvite } from '../src/invite.ts';
import { applyTexts } from './texts.ts';

applyTexts();

const { hostLink, guestLink } = await createInvite({ base: location.href });
for (const link of [hostLink, guestLink]) {
  const room = document.createElement('consult-room');
  room.signaling = 'broadcast:';
  room.invite = new URL(link).hash;
  document.querySelector('main')?.append(room);
}
