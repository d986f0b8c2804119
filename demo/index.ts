/** The landing page: makes a room with one click and shows both links. Nothing is sent anywhere for it. */
import { define } from '../src/define.ts';
import { createInvite } from '../src/e2ee/invite.ts';
import { RoomInvite } from '../src/elements/room-invite/room-invite.ts';
import { applyTexts, language } from './texts.ts';

define(RoomInvite);
applyTexts();

function required<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (!element) throw new Error(`the page lacks ${selector}`);
  return element;
}

const links = required<HTMLElement>('#links');
const invite = required<RoomInvite>('room-invite');

required<HTMLButtonElement>('#create').addEventListener('click', () => void makeRoom());

async function makeRoom(): Promise<void> {
  const room = new URL('room.html', location.href);
  if (language !== 'de') room.searchParams.set('lang', language);
  const { hostLink, guestLink } = await createInvite({ base: room });
  invite.hostLink = hostLink;
  invite.guestLink = guestLink;
  links.hidden = false;
  required<HTMLElement>('#links h2').focus();
  links.scrollIntoView({ block: 'start' });
}
