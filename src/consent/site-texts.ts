/**
 * Texts that people agree to in languages of the site's own. They count as ours do: a consent names their version and their hash, and
 * buttons are in their language.
 */
import { addConsentLanguage } from '../util/language.ts';
import type { NoticeText } from './notice-model.ts';

export type AgreementRule = 'no-recording' | 'group-rules';

export interface RuleWords {
  readonly title: string;
  readonly lines: readonly string[];
}

/** All texts that people agree to, in one language. */
export interface AgreementTexts {
  /** Up to 32 letters, digits, dots, hyphens and plus signs. Give another one with every change; receipts name it. */
  readonly version: string;
  /** The notice as functions of what the configuration says, with the same subjects as the German one. */
  readonly notice: NoticeText;
  readonly rules: Readonly<Record<AgreementRule, RuleWords>>;
}

const texts = new Map<string, AgreementTexts>();

export const siteTexts = (lang: string): AgreementTexts | undefined => texts.get(lang);

/** The languages that a site has added. */
export const siteLanguages = (): readonly string[] => [...texts.keys()];

export function addSiteTexts(lang: string, given: AgreementTexts): void {
  texts.set(lang, given);
  addConsentLanguage(lang);
}
