/** The first page: creates a room with one click and shows both links. Nothing is sent to a server. */
import { define } from '../../src/define.ts';
import type { PolicyName } from '../../src/policy.ts';
import { createInvite } from '../../src/invite.ts';
import { RoomInvite } from '../../src/elements/room-invite/room-invite.ts';
import { demoAddress, language } from './language.ts';

// Links of earlier versions chose the language by `?lang=`.
if (language === 'de' && new URLSearchParams(location.search).get('lang') === 'en') location.replace('en/index.html');

define(RoomInvite);

const preview = document.querySelector<HTMLAnchorElement>('#preview');
if (preview) preview.href = demoAddress('preview.html').href;

const links = document.querySelector<HTMLElement>('#links');
const invite = document.querySelector('room-invite');

document.querySelector('#create')?.addEventListener('click', () => void makeRoom());

async function makeRoom(): Promise<void> {
  const site = await configurationOfThisSite();
  const policy = site?.policy;
  const base = demoAddress('room.html');
  const { hostLink, guestLink } = await createInvite({ base, ...(policy ? { policy } : {}) });
  const alone = document.querySelector<HTMLElement>('#alone');
  if (!invite || !links || !alone) return;
  alone.hidden = site !== null;
  invite.hostLink = hostLink;
  invite.guestLink = guestLink;
  links.hidden = false;
  links.querySelector('h2')?.focus();
  links.scrollIntoView({ block: 'start' });
}

/** The policy in the configuration decides how long an invite may be valid; null where no server answers. */
async function configurationOfThisSite(): Promise<{ readonly policy?: PolicyName } | null> {
  try {
    return (await (await fetch('/config')).json()) as { readonly policy?: PolicyName };
  } catch {
    // Without an answer, create an invite that every policy accepts.
    return null;
  }
}
