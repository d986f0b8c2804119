/** The landing page: creates a room with one click and shows both links. Nothing is sent to a server. */
import { define } from '../src/define.ts';
import type { PolicyName } from '../src/policy.ts';
import { createInvite } from '../src/invite.ts';
import { RoomInvite } from '../src/elements/room-invite/room-invite.ts';
import { addressOf, applyTexts } from './texts.ts';

define(RoomInvite);
applyTexts();

const preview = document.querySelector<HTMLAnchorElement>('#preview');
if (preview) preview.href = addressOf('preview.html').href;

const links = document.querySelector<HTMLElement>('#links');
const invite = document.querySelector('room-invite');

document.querySelector('#create')?.addEventListener('click', () => void makeRoom());

async function makeRoom(): Promise<void> {
  const policy = await policyOfThisSite();
  const { hostLink, guestLink } = await createInvite({ base: addressOf('room.html'), ...(policy ? { policy } : {}) });
  if (!invite || !links) return;
  invite.hostLink = hostLink;
  invite.guestLink = guestLink;
  links.hidden = false;
  links.querySelector('h2')?.focus();
  links.scrollIntoView({ block: 'start' });
}

/** The policy in the configuration decides how long an invite may be valid. */
async function policyOfThisSite(): Promise<PolicyName | null> {
  try {
    const { policy } = (await (await fetch('/config')).json()) as { policy?: PolicyName };
    return policy ?? null;
  } catch {
    // Without an answer, create an invite that every policy accepts.
    return null;
  }
}
