/** The room's page: one element, in the language of the address. */
import '../src/index.ts';

const lang = new URLSearchParams(location.search).get('lang');
if (lang === 'en' || lang === 'de') document.documentElement.lang = lang;
