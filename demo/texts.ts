/** Languages of the pages around a room: German is in them, English here. `?lang=en` selects it. */
const ENGLISH: Readonly<Record<string, string>> = {
  'room.title': 'Video counselling',
  'list.title': 'Shopping list',
  'list.bread': 'Bread',
  'list.milk': 'Milk',
  'list.apples': 'Apples',
  'list.noodles': 'Noodles',
  'list.tea': 'Tea',
  'preview.title': 'consult-room: both sides',
  'preview.heading': 'Both sides on one page',
  'preview.text': 'A counsellor and a guest: the two rooms talk to each other inside the browser, without a server.',
};

const language = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'de';

/** Translates every element with a `data-text` attribute. */
export function applyTexts(): void {
  document.documentElement.lang = language;
  if (language === 'de') return;
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    const text = ENGLISH[element.dataset['text'] ?? ''];
    if (text === undefined) continue;
    element.textContent = text;
  }
}
