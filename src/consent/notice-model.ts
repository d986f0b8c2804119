/** The shape of a privacy notice (Art. 13 GDPR), and what its texts are written from. */
import type { DeclaredServer, PublicConfiguration } from '../configuration.ts';
import type { Policy } from '../policy.ts';

export interface Notice {
  /** Increases with every change of a text in any language. */
  readonly version: string;
  readonly lang: string;
  readonly title: string;
  /** What the notice covers, and which privacy policy it supplements. */
  readonly intro: string;
  readonly summaryTitle: string;
  /** The main points in a few sentences; `id` names the subject. */
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
/** The contents that Art. 13 GDPR requires, and what a counselling centre promises beyond them. */
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
  readonly policy: Pick<Policy, 'name' | 'size' | 'relay' | 'naming'>;
  readonly role: 'host' | 'guest';
  /** BCP 47; German where the language is not available, or not loaded. */
  readonly lang: string;
}

/** The facts that the texts state. */
export interface NoticeFacts {
  readonly configuration: PublicConfiguration;
  /** The servers used under this policy. */
  readonly servers: Readonly<Record<DeclaredServer['role'], readonly DeclaredServer[]>>;
  /** Who is told that the room was opened or has ended; mostly nobody. */
  readonly told: readonly Pick<DeclaredServer, 'operator' | 'country'>[];
  /** Other organisations that run a server, or are told: processors in the sense of Art. 28 GDPR. */
  readonly processors: readonly string[];
  /** Countries outside the EEA with a server, or with a system that is told; ISO 3166-1. */
  readonly outside: readonly string[];
  readonly policy: NoticeOptions['policy'];
  readonly role: NoticeOptions['role'];
  /** A country's name in the notice's language. */
  country(code: string): string;
  /** How long the server keeps an empty room, in words. */
  readonly retention: string;
  /** How long the site keeps receipts, in words; null when it keeps none, which is the default. */
  readonly receipts: string | null;
  /** The upper limit of all retention periods of metadata, in words [R12]. */
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
  /** @param use its place in the sentence: "after 2 days" or "for 2 days" */
  duration(parts: Duration, use: 'after' | 'for'): string;
  /** The last line of a printed notice, which identifies the text. */
  footer(version: string, hash: string): string;
}
