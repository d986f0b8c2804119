/** Errors by code, from the list of codes and the texts that people read. */
import { ERROR_CODES, SITE_FAULTS, type ErrorCode } from '../../src/errors.ts';
import { de } from '../../src/locales/de.ts';
import { en } from '../../src/locales/en.ts';
import type { Language, Words } from './page.ts';

const WORDS = {
  de: {
    title: 'Fehler nach Code',
    about:
      'Jeder Fehler hat einen Code, der sich nicht ändert. Er steht im Ereignis `consult-error`, in `problems` und `failed` des Zustands und als `code` jedes `ConsultError`.',
    texts:
      'Was Menschen lesen, ändern Sie mit `registerTexts`: `error.CODE` ist der Satz, `error.CODE.advice` der Rat.',
    reads: 'Menschen lesen',
    means: 'Für die Entwicklung (englisch)',
    fatal: 'Beendet die Sitzung oder lässt sie nicht beginnen.',
    site: 'Nur die Seite kann das beheben; die Einzelheit steht in der Konsole.',
  },
  en: {
    title: 'Errors by code',
    about:
      'Every error has a code that does not change. It is in the event `consult-error`, in `problems` and `failed` of the state, and it is the `code` of every `ConsultError`.',
    texts:
      'Change what people read with `registerTexts`: `error.CODE` is the sentence, `error.CODE.advice` the advice.',
    reads: 'People read',
    means: 'For developers',
    fatal: 'Ends the session or keeps it from opening.',
    site: 'Only the site can mend this; the detail is in the console.',
  },
} as const;

const TEXTS: Readonly<Record<Language, Readonly<Record<string, unknown>>>> = { de, en };

function entry(code: ErrorCode, lang: Language): string {
  const words = WORDS[lang];
  const { fatal, meaning } = ERROR_CODES[code];
  const shown = [`error.${code}`, `error.${code}.advice`].map((key) => {
    const text = TEXTS[lang][key];
    return typeof text === 'string' ? text : '';
  });
  const notes = [...(fatal ? [words.fatal] : []), ...(SITE_FAULTS.has(code) ? [words.site] : [])];
  return [
    `## ${code}`,
    `- **${words.reads}**: ${shown.join(' ').trim()}`,
    `- **${words.means}**: ${meaning}`,
    ...notes.map((note) => `- ${note}`),
  ].join('\n');
}

/** The guide as Markdown. */
export function errorGuide(): Words {
  const written = (lang: Language): string => {
    const { title, about, texts } = WORDS[lang];
    const codes = Object.keys(ERROR_CODES) as readonly ErrorCode[];
    return [`# ${title}`, about, texts, ...codes.map((code) => entry(code, lang))].join('\n\n');
  };
  return { de: written('de'), en: written('en') };
}
