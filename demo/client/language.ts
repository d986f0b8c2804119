/** Language of a page of the documentation. */
export const language = document.documentElement.lang === 'en' ? 'en' : 'de';

/** Address of a page of the demo that is in every language at once, such as the room. @param page relative to the top */
export function demoAddress(page: string): URL {
  const top = language === 'de' ? '.' : '..';
  const url = new URL(`${top}/${page}`, location.href);
  if (language !== 'de') url.searchParams.set('lang', language);
  return url;
}
