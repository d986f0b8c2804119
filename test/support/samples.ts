/** The samples of a page of the documentation. */

/** Text of HTML. */
export const unescaped = (html: string): string =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** Language and code of each. */
export const samplesOf = (html: string): readonly (readonly [language: string, code: string])[] =>
  [...html.matchAll(/<pre><code data-language="(\w*)">(.*?)<\/code><\/pre>/gsu)].map(([, language = '', code = '']) => [
    language,
    unescaped(code),
  ]);
