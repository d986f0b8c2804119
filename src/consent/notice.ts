/**
 * The privacy notice in the sense of Art. 13 GDPR [R1] [R2], generated from the configuration that the server runs with: what it says
 * and what is done cannot differ. Texts are versioned data, not interface strings, because a receipt must prove the wording.
 */
import {
  EEA,
  RETENTION_CAP,
  durationMilliseconds,
  retentionMilliseconds,
  type DeclaredServer,
  type PolicyName,
  type PublicConfiguration,
} from '../configuration.ts';
import { german } from './notice.de.ts';
import { english } from './notice.en.ts';
import { languageOf, textHash, tidyLine } from './text.ts';

export interface Notice {
  /** Rises with every change of a text, in any language. */
  readonly version: string;
  readonly lang: string;
  readonly title: string;
  /** To what it is added, and for what it holds. */
  readonly intro: string;
  readonly summaryTitle: string;
  /** The most important in a few sentences; `id` names the subject. */
  readonly summary: readonly { readonly id: SummaryId; readonly text: string }[];
  readonly sections: readonly NoticeSection[];
}

/** A paragraph, or the entries of a list. */
export type NoticeBlock = string | readonly string[];

export interface NoticeSection {
  readonly id: SectionId;
  readonly title: string;
  readonly body: readonly NoticeBlock[];
}

export type SummaryId = 'direct' | 'encryption' | 'servers' | 'recording' | 'storage' | 'voluntary';
/** What Art. 13 GDPR asks for, and what a counselling centre promises beyond it. */
export type SectionId =
  | 'controller'
  | 'roles'
  | 'purpose'
  | 'data'
  | 'basis'
  | 'voluntary'
  | 'recipients'
  | 'countries'
  | 'path'
  | 'encryption'
  | 'retention'
  | 'room'
  | 'recording'
  | 'quiet'
  | 'proof'
  | 'rights'
  | 'withdrawal'
  | 'decisions';

export interface NoticeOptions {
  readonly configuration: PublicConfiguration;
  readonly policy: {
    readonly name: PolicyName;
    readonly size: number;
    readonly relay: 'ask' | 'always';
    readonly naming: 'pseudonym' | 'full-name';
  };
  readonly role: 'host' | 'guest';
  /** BCP 47; what is not there is shown in German. */
  readonly lang: string;
}

/** What the texts are written from. */
export interface NoticeFacts {
  readonly configuration: PublicConfiguration;
  /** Those that are used under this policy. */
  readonly servers: Readonly<Record<DeclaredServer['role'], readonly DeclaredServer[]>>;
  /** Others than the operator who run a server: processors in the sense of Art. 28 GDPR. */
  readonly processors: readonly string[];
  /** Countries outside the EEA in which a server stands, ISO 3166-1. */
  readonly outside: readonly string[];
  readonly policy: NoticeOptions['policy'];
  readonly role: NoticeOptions['role'];
  /** A country's name in the notice's language. */
  country(code: string): string;
  /** How long the server keeps an empty room, in words. */
  readonly retention: string;
  /** How long the site keeps receipts, in words; null where nobody takes them, as nobody does by default. */
  readonly receipts: string | null;
  /** The longest that anything may be kept, in words [R12]. */
  readonly cap: string;
}

export interface Duration {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

export interface NoticeText {
  title(facts: NoticeFacts): string;
  intro(facts: NoticeFacts): string;
  readonly summaryTitle: string;
  summary(facts: NoticeFacts): Notice['summary'];
  sections(facts: NoticeFacts): readonly NoticeSection[];
  /** @param use how it stands in the sentence: «after 2 days» or «for 2 days» */
  duration(parts: Duration, use: 'after' | 'for'): string;
  /** Which text this is, for what is printed from it. */
  footer(version: string, hash: string): string;
}

const NOTICE_VERSION = '3';

const TEXTS = { de: german, en: english } as const satisfies Record<string, NoticeText>;

export function buildNotice(options: NoticeOptions): Notice {
  const lang = languageOf(options.lang);
  const text = TEXTS[lang];
  const facts = factsOf(options, lang);
  return {
    version: NOTICE_VERSION,
    lang,
    title: tidyLine(text.title(facts)),
    intro: tidyLine(text.intro(facts)),
    summaryTitle: text.summaryTitle,
    summary: text.summary(facts),
    sections: text.sections(facts).map(({ id, title, body }) => ({ id, title, body: body.map(tidyBlock) })),
  };
}

function factsOf({ configuration, policy, role }: NoticeOptions, lang: keyof typeof TEXTS): NoticeFacts {
  const { operator, servers: declared, countries, retention } = configuration;
  const names = new Intl.DisplayNames([lang], { type: 'region' });
  const country = (code: string): string => names.of(code) ?? code;
  // Who asks only the relay never asks a STUN server: where no direct way is looked for, none is spoken of.
  const servers = declared.filter((server) => policy.relay !== 'always' || server.role !== 'stun');
  const of = (wanted: DeclaredServer['role']): readonly DeclaredServer[] =>
    servers.filter(({ role: given }) => given === wanted);
  const others = servers.filter((server) => server.operator !== operator.name).map((server) => server.operator);
  const outside = countries.filter((code) => !EEA.has(code) && servers.some((server) => server.country === code));
  const inWords = (milliseconds: number, use: 'after' | 'for'): string =>
    TEXTS[lang].duration(durationOf(milliseconds), use);
  // Receipts prove something for longer than a session's metadata may live, so the cap is not theirs.
  const receipts = durationMilliseconds(retention.receipts ?? 'P0D');
  return {
    configuration,
    policy,
    role,
    servers: { signaling: of('signaling'), stun: of('stun'), relay: of('relay') },
    processors: [...new Set(others)],
    outside: [...new Set(outside)],
    country,
    // As the server applies it: never longer than the cap, whatever the file says.
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

/** Every line of a notice in one order: what is shown, printed and hashed is made of exactly these. */
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

/** The line below a printed notice. */
export function noticeFooter({ version, lang }: Notice, hash: string): string {
  return TEXTS[languageOf(lang)].footer(version, hash);
}
