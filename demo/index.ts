/** The landing page: makes a room with one click and shows both links. Nothing is sent anywhere for it. */
import { define } from '../src/define.ts';
import { createInvite } from '../src/e2ee/invite.ts';
import { RoomInvite } from '../src/elements/room-invite/room-invite.ts';
import { applyTexts, language } from './texts.ts';

define(RoomInvite);
applyTexts();

const links = document.querySelector<HTMLElement>('#links');
const invite = document.querySelector('room-invite');

document.querySelector('#create')?.addEventListener('click', () => void makeRoom());

async function makeRoom(): Promise<void> {
  const room = new URL('room.html', location.href);
  if (language !== 'de') room.searchParams.set('lang', language);
  const { hostLink, guestLink } = await createInvite({ base: room });
  if (!invite || !links) return;
  invite.hostLink = hostLink;
  invite.guestLink = guestLink;
  links.hidden = false;
  links.querySelector('h2')?.focus();
  links.scrollIntoView({ block: 'start' });
}
