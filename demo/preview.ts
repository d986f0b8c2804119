/** Shows both sides of a room on one page, connected by a BroadcastChannel, without a server. */
import '../src/index.ts';
import { createInvite } from '../src/invite.ts';
import { applyTexts } from './texts.ts';

applyTexts();

const english = document.documentElement.lang === 'en';
if (english) document.querySelector('#back')?.setAttribute('href', './en/index.html');

const { hostLink, guestLink } = await createInvite({ base: location.href });
const sides = [
  { name: english ? 'The counsellor' : 'Die Beratung', link: hostLink },
  { name: english ? 'The guest' : 'Der Gast', link: guestLink },
];
for (const { name, link } of sides) {
  const side = document.createElement('section');
  const heading = document.createElement('h2');
  heading.textContent = name;
  const room = document.createElement('consult-room');
  room.signaling = 'broadcast:';
  room.invite = new URL(link).hash;
  side.append(heading, room);
  document.querySelector('main')?.append(side);
}
