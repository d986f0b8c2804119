/** The demo in two languages: German stands in the pages, English here. `?lang=en` chooses. */
const ENGLISH: Readonly<Record<string, string>> = {
  'label.language': 'Language',
  'label.promises': 'Promises',
  heading: 'A protected room for a conversation',
  lead: 'Two people talk by video, directly from device to device and end-to-end encrypted. Nobody listens, nobody records, nothing is stored. Whoever is invited needs only a link.',
  create: 'Create a room',
  preview: 'See both sides on one page',
  'links.heading': 'Your room is ready',
  'links.text': 'Open both links in two windows to try it. Or pass the second one on to somebody.',
  'direct.heading': 'Direct',
  'direct.text':
    'Picture and sound take the shortest way. If only a detour works, both are asked before, and no is a good answer.',
  'closed.heading': 'Closed',
  'closed.text':
    'Before the conversation each side says who else is in the room. If somebody comes in, picture and sound rest on both sides at once.',
  'quiet.heading': 'Quiet',
  'quiet.text':
    'No ringing, no account, no cookies, no advertising, no request to third parties. Nothing is left afterwards.',
  'room.title': 'Video counselling',
  'preview.title': 'consult-room: both sides',
  'preview.heading': 'Both sides on one page',
  'preview.text':
    'On the left the counsellor, on the right the guest. The two rooms talk to each other in the browser, without a server.',
};

export const language = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'de';

/** Another page of the demo, in the chosen language. */
export function addressOf(page: string): URL {
  const url = new URL(page, location.href);
  if (language !== 'de') url.searchParams.set('lang', language);
  return url;
}

/** Puts the chosen language into everything that has a `data-text`. */
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
