/**
 * Builds the privacy notice (Art. 13 GDPR) [R1] [R2] from the configuration that the server runs with, so that the
 * notice and the server cannot disagree. Its texts are versioned data, not interface strings, because a receipt must
 * prove the wording.
 */
import {
  EEA,
  RETENTION_CAP,
  durationMilliseconds,
  retentionMilliseconds,
  type DeclaredServer,
} from '../configuration.ts';
import { german } from './notice.de.ts';
import type { Duration, Notice, NoticeBlock, NoticeFacts, NoticeOptions, NoticeText } from './notice-model.ts';
import { languageOf } from '../util/language.ts';
import { part } from '../util/part.ts';
import { siteTexts } from './site-texts.ts';
import { textHash, tidyLine } from './text.ts';

export type { Notice, NoticeBlock, NoticeOptions } from './notice-model.ts';

const NOTICE_VERSION = '7';

/** German is always there; the other languages once they are loaded, because most people need one only. */
const texts: { readonly de: NoticeText; en?: NoticeText } = { de: german };

const loadEnglish = part(() => import('./notice.en.ts'));

/**
 * Loads the notice's text in a language, so that {@link buildNotice} can use it. Resolves at once where it is there, or where there is
 * none.
 *
 * @param lang BCP 47
 * @throws {ConsultError} `part-unavailable`
 */
export async function loadNoticeText(lang: string): Promise<void> {
  if (languageOf(lang) === 'en') texts.en ??= (await loadEnglish()).english;
}

/** The words of a notice, and what identifies them. */
export interface NoticeWords {
  readonly lang: string;
  readonly version: string;
  readonly text: NoticeText;
}

function wordsIn(lang: string): NoticeWords {
  const wanted = languageOf(lang);
  const own = siteTexts(wanted);
  if (own) return { lang: wanted, version: own.version, text: own.notice };
  const text = wanted === 'en' ? texts.en : undefined;
  return { lang: text ? wanted : 'de', version: NOTICE_VERSION, text: text ?? texts.de };
}

/**
 * Builds the notice in a language that is loaded ({@link loadNoticeText}) or that the site has registered, otherwise in German; `lang` of
 * the result says which.
 */
export function buildNotice(options: NoticeOptions): Notice {
  return noticeIn(wordsIn(options.lang), options);
}

export function noticeIn({ lang, version, text }: NoticeWords, options: NoticeOptions): Notice {
  const facts = factsOf(options, lang, text);
  return {
    version,
    lang,
    title: tidyLine(text.title(facts)),
    intro: tidyLine(text.intro(facts)),
    summaryTitle: text.summaryTitle,
    summary: text.summary(facts),
    sections: text.sections(facts).map(({ id, title, body }) => ({ id, title, body: body.map(tidyBlock) })),
  };
}

function factsOf({ configuration, policy, role }: NoticeOptions, lang: string, text: NoticeText): NoticeFacts {
  const { operator, servers: declared, webhooks: told = [], countries, retention } = configuration;
  const names = new Intl.DisplayNames([lang], { type: 'region' });
  const country = (code: string): string => names.of(code) ?? code;
  // Relay-only policies never contact a STUN server, so the notice does not mention one.
  const servers = declared.filter((server) => policy.relay !== 'always' || server.role !== 'stun');
  const of = (wanted: DeclaredServer['role']): readonly DeclaredServer[] =>
    servers.filter(({ role: given }) => given === wanted);
  const all = [...servers, ...told];
  const others = all.filter((one) => one.operator !== operator.name).map((one) => one.operator);
  const outside = countries.filter((code) => !EEA.has(code) && all.some((one) => one.country === code));
  const inWords = (milliseconds: number, use: 'after' | 'for'): string => text.duration(durationOf(milliseconds), use);
  // The cap does not apply to receipts: they serve as proof for longer than metadata may exist.
  const receipts = durationMilliseconds(retention.receipts ?? 'P0D');
  return {
    configuration,
    policy,
    role,
    servers: { signaling: of('signaling'), stun: of('stun'), relay: of('relay') },
    told,
    processors: [...new Set(others)],
    outside: [...new Set(outside)],
    country,
    // The period that the server applies: the configured one, capped.
    retention: inWords(retentionMilliseconds(retention.rooms), 'after'),
    receipts: receipts > 0 ? inWords(receipts, 'for') : null,
    cap: inWords(RETENTION_CAP, 'after'),
  };
}

const tidyBlock = (block: NoticeBlock): NoticeBlock =>
  typeof block === 'string' ? tidyLine(block) : block.map(tidyLine);

function durationOf(milliseconds: number): Duration {
  const seconds = Math.floor(milliseconds / 1000);
  return {
    days: Math.floor(seconds / 86_400),
    hours: Math.floor(seconds / 3_600) % 24,
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
  };
}

/** All lines of a notice in order: the same lines are shown, printed and hashed. */
export function noticeLines({ title, intro, summaryTitle, summary, sections }: Notice): readonly string[] {
  return [
    title,
    intro,
    summaryTitle,
    ...summary.map(({ text }) => text),
    ...sections.flatMap((section) => [section.title, ...section.body.flat()]),
  ];
}

/** SHA-384 over version, language and every line, base64url. */
export function noticeHash(notice: Notice): Promise<string> {
  return textHash('notice', notice.version, notice.lang, noticeLines(notice));
}

/** The last line of a printed notice. */
export function noticeFooter({ version, lang }: Notice, hash: string): string {
  return wordsIn(lang).text.footer(version, hash);
}
