/**
 * The guides, from `guides/NAME.LANGUAGE.md`. The first heading is the title, the first paragraph says what the guide is about. A line
 * `@include FILE LANGUAGE` shows a file of the repository, which its own tests keep true.
 */
import { readFileSync } from 'node:fs';
import { errorGuide } from './error-guide.ts';
import { LANGUAGES, type Language, type Words } from './page.ts';

export interface GuideText {
  readonly name: string;
  readonly title: Words;
  readonly about: Words;
  /** Markdown. */
  readonly text: Words;
}

const NAMES = [
  'first-call',
  'own-interface',
  'web-servers',
  'wordpress',
  'typo3',
  'from-jitsi',
  'from-whereby',
] as const;

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const included = (text: string): string =>
  text.replaceAll(/^@include (\S+) (\w+)$/gmu, (_, file: string, lang: string) => `\`\`\`${lang}\n${read(file)}\`\`\``);

const guideOf = (name: string, text: Words): GuideText => {
  const part = (pattern: RegExp): Words => {
    const found = (lang: Language): string => pattern.exec(text[lang])?.[1]?.replaceAll('\n', ' ').trim() ?? '';
    return { de: found('de'), en: found('en') };
  };
  return { name, title: part(/^# (.+)$/mu), about: part(/^# [^\n]+\n\n(.+?)(?:\n\n|$)/su), text };
};

const written = (name: string): GuideText => {
  const [de = '', en = ''] = LANGUAGES.map((lang) => included(read(`demo/guides/${name}.${lang}.md`)));
  return guideOf(name, { de, en });
};

export const GUIDE_TEXTS: readonly GuideText[] = [...NAMES.map(written), guideOf('errors', errorGuide())];
