/** Languages of the demo: German is in the pages, English here. `?lang=en` selects it. */
const ENGLISH: Readonly<Record<string, string>> = {
  'label.language': 'Language',
  'label.promises': 'Promises',
  heading: 'A protected room for a conversation',
  lead: 'Two people talk by video, directly from device to device and end-to-end encrypted. Nobody listens in, nobody records, nothing is stored. Guests only need a link.',
  create: 'Create a room',
  preview: 'See both sides on one page',
  'links.heading': 'Your room is ready',
  'links.text': 'Open both links in two windows to try it. Or send the second one to someone.',
  'direct.heading': 'Direct',
  'direct.text':
    'Picture and sound take the shortest path. If a direct connection fails, both people are asked before a relay is used, and no is a good answer.',
  'closed.heading': 'Closed',
  'closed.text':
    'Before the call, each side says who else is in the room. If someone comes in, picture and sound pause on both sides immediately.',
  'quiet.heading': 'Quiet',
  'quiet.text':
    'No ringing, no account, no cookies, no advertising, no requests to third parties. Nothing is left behind.',
  'room.title': 'Video counselling',
  'list.title': 'Shopping list',
  'list.bread': 'Bread',
  'list.milk': 'Milk',
  'list.apples': 'Apples',
  'list.noodles': 'Noodles',
  'list.tea': 'Tea',
  'preview.title': 'consult-room: both sides',
  'preview.heading': 'Both sides on one page',
  'preview.text':
    'The counsellor is on the left, the guest on the right. The two rooms talk to each other inside the browser, without a server.',
};

export const language = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'de';

/** URL of another demo page in the chosen language. */
export function addressOf(page: string): URL {
  const url = new URL(page, location.href);
  if (language !== 'de') url.searchParams.set('lang', language);
  return url;
}

/** Translates every element with a `data-text` attribute. */
export function applyTexts(): void {
  document.documentElement.lang = language;
  if (language === 'de') return;
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    const text = ENGLISH[element.dataset['text'] ?? ''];
    if (text === undefined) continue;
    if (element.hasAttribute('aria-label')) element.setAttribute('aria-label', text);
    else element.textContent = text;
  }
}
