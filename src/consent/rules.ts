/**
 * The rules that people accept beside the notice before they join: no recording [R16] and, in rooms for more than
 * two, the rules of the group [R17]. Versioned data like the notice, because a receipt contains the hash of the
 * words.
 */
import { languageOf } from '../util/language.ts';
import { siteTexts, type AgreementRule, type RuleWords } from './site-texts.ts';
import { textHash } from './text.ts';

export type { AgreementRule } from './site-texts.ts';

export interface RuleText {
  readonly rule: AgreementRule;
  readonly version: string;
  readonly lang: string;
  readonly title: string;
  readonly lines: readonly string[];
}

const RULES_VERSION = '2';

const TEXTS: Readonly<Record<'de' | 'en', Readonly<Record<AgreementRule, RuleWords>>>> = {
  de: {
    'no-recording': {
      title: 'Keine Aufzeichnung',
      lines: ['Niemand nimmt das Gespräch auf, auch nicht mit einem anderen Gerät.'],
    },
    'group-rules': {
      title: 'Regeln für alle, wenn mehr als zwei im Gespräch sind',
      lines: [
        'Was andere hier sagen und wer hier ist, bleibt unter uns.',
        'Wir lassen einander ausreden. Niemand muss etwas sagen.',
        'Alle dürfen jederzeit gehen, ohne einen Grund zu nennen.',
      ],
    },
  },
  en: {
    'no-recording': {
      title: 'No recording',
      lines: ['Nobody records the conversation, including with another device.'],
    },
    'group-rules': {
      title: 'Rules for everyone when more than two people are in the conversation',
      lines: [
        'What others say here, and who is here, stays between us.',
        'We let each other finish speaking. Nobody has to say anything.',
        'Everyone may leave at any time without giving a reason.',
      ],
    },
  },
};

/** The rules of a room of this size, in display order. */
export function rulesFor({ size }: { readonly size: number }): readonly AgreementRule[] {
  return size > 2 ? ['no-recording', 'group-rules'] : ['no-recording'];
}

/** @param lang BCP 47; German where the language is not available */
export function ruleText(rule: AgreementRule, lang: string): RuleText {
  const shown = languageOf(lang);
  const own = siteTexts(shown);
  if (own) {
    const { title, lines } = own.rules[rule];
    return { rule, version: own.version, lang: shown, title, lines };
  }
  return { rule, version: RULES_VERSION, lang: shown, ...TEXTS[shown === 'en' ? 'en' : 'de'][rule] };
}

/** SHA-384 over version, language and every line, base64url. */
export function ruleHash({ rule, version, lang, title, lines }: RuleText): Promise<string> {
  return textHash(rule, version, lang, [title, ...lines]);
}
