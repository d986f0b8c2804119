/**
 * The privacy notice in the sense of Art. 13 GDPR [R1] [R2], generated from the configuration that the server runs with: what it says
 * and what is done cannot differ. Texts are versioned data, not interface strings, because a receipt must prove the wording.
 */
import type { DeclaredServer, PublicConfiguration } from '../configuration.ts';
import { german } from './notice.de.ts';
import { english } from './notice.en.ts';

export interface Notice {
  /** Rises with every change of a text, in any language. */
  readonly version: string;
  readonly lang: string;
  readonly title: string;
  /** The most important in a few sentences; `id` names the subject. */
  readonly summary: readonly { readonly id: SummaryId; readonly text: string }[];
  readonly sections: readonly NoticeSection[];
}

export interface NoticeSection {
  readonly id: SectionId;
  readonly title: string;
  readonly paragraphs: readonly string[];
}

export type SummaryId = 'direct' | 'encryption' | 'servers' | 'recording' | 'storage' | 'voluntary';
/** What Art. 13 GDPR asks for, and what the founding promises add. */
export type SectionId =
  | 'controller'
  | 'purpose'
  | 'data'
  | 'basis'
  | 'recipients'
  | 'path'
  | 'encryption'
  | 'retention'
  | 'room'
  | 'recording'
  | 'rights'
  | 'withdrawal';

export interface NoticeOptions {
  readonly configuration: PublicConfiguration;
  readonly policy: {
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
  readonly servers: Readonly<Record<DeclaredServer['role'], readonly DeclaredServer[]>>;
  readonly policy: NoticeOptions['policy'];
  readonly role: NoticeOptions['role'];
  /** A country's name in the notice's language. */
  country(code: string): string;
  /** How long the server keeps an empty room, in words. */
  readonly retention: string;
}

export interface NoticeText {
  readonly title: string;
  summary(facts: NoticeFacts): Notice['summary'];
  sections(facts: NoticeFacts): readonly NoticeSection[];
  duration(parts: {
    readonly days: number;
    readonly hours: number;
    readonly minutes: number;
    readonly seconds: number;
  }): string;
}

export const NOTICE_VERSION = '1';

const TEXTS: Readonly<Record<string, NoticeText>> = { de: german, en: english };
const FALLBACK = 'de';

export function buildNotice({ configuration, policy, role, lang }: NoticeOptions): Notice {
  const asked = lang.toLowerCase().split('-')[0] ?? FALLBACK;
  const shown = asked in TEXTS ? asked : FALLBACK;
  const text = TEXTS[shown] ?? german;
  const names = new Intl.DisplayNames([shown], { type: 'region' });
  const of = (wanted: DeclaredServer['role']): readonly DeclaredServer[] =>
    configuration.servers.filter(({ role: given }) => given === wanted);
  const facts: NoticeFacts = {
    configuration,
    policy,
    role,
    servers: { signaling: of('signaling'), stun: of('stun'), relay: of('relay') },
    country: (code) => names.of(code) ?? code,
    retention: text.duration(parts(configuration.retention.rooms)),
  };
  return {
    version: NOTICE_VERSION,
    lang: shown,
    title: text.title,
    summary: text.summary(facts),
    sections: text.sections(facts),
  };
}

function parts(iso: string): { days: number; hours: number; minutes: number; seconds: number } {
  const [, days, hours, minutes, seconds] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/u.exec(iso) ?? [];
  return {
    days: Number(days ?? 0),
    hours: Number(hours ?? 0),
    minutes: Number(minutes ?? 0),
    seconds: Number(seconds ?? 0),
  };
}

/** Every word of a notice in one order: what its hash is taken over. */
function canonicalText(notice: Notice): string {
  const lines = [
    `consult-room notice ${notice.version} ${notice.lang}`,
    notice.title,
    ...notice.summary.map(({ text }) => text),
    ...notice.sections.flatMap(({ title, paragraphs }) => [title, ...paragraphs]),
  ];
  return lines.join('\n').normalize('NFC');
}

/** SHA-384 of {@link canonicalText}, base64url. */
export async function noticeHash(notice: Notice): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-384', new TextEncoder().encode(canonicalText(notice)));
  const binary = String.fromCharCode(...new Uint8Array(digest));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}
