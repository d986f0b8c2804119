/** Takes the texts of a site into use after a trial: a notice without one of its subjects is refused before anyone reads it. */
import { parsePublicConfiguration } from '../configuration.ts';
import { ConsultError } from '../errors.ts';
import { POLICIES, POLICY_NAMES } from '../policy.ts';
import { noticeIn, noticeLines, type Notice, type NoticeOptions } from './notice.ts';
import { german } from './notice.de.ts';
import { ruleText } from './rules.ts';
import { addSiteTexts, type AgreementTexts } from './site-texts.ts';
import { tidyLine } from './text.ts';

/** Ours: a site that replaced them would take the promises out of the notice. */
const BUILT_IN = ['de', 'en'];
const RULES = ['no-recording', 'group-rules'] as const;

/** With everything that a notice may have to say, and with as little as possible. */
const SAMPLES = [
  {
    operator: { name: 'A', address: 'B', email: 'c@d.example', country: 'DE', officer: 'E', authority: 'F' },
    servers: [
      { role: 'signaling', operator: 'A', country: 'DE' },
      { role: 'stun', urls: ['stun:s.example'], operator: 'G', country: 'AT' },
      { role: 'relay', urls: ['turn:t.example'], addresses: ['203.0.113.7'], operator: 'H', country: 'CH' },
    ],
    countries: ['CH'],
    retention: { rooms: 'PT45M', receipts: 'P30D' },
  },
  {
    operator: { name: 'A', country: 'DE' },
    servers: [{ role: 'signaling', operator: 'A', country: 'DE' }],
  },
];

/**
 * Adds a language to the texts that people agree to: the notice and the rules. The relay question comes from `registerTexts`, like all
 * buttons, so register the language's texts as well; while some are missing, everything that asks for a consent stays German.
 *
 * @param lang the language without a region, such as `fr`; not `de` or `en`
 * @throws {ConsultError} `argument-invalid`, with the path of what is missing or malformed; then nothing was registered
 */
export function registerAgreement(lang: string, texts: AgreementTexts): void {
  const code = lang.toLowerCase();
  if (!/^[a-z]{2,3}$/u.test(code)) throw invalid('lang: a language without a region, such as "fr"');
  if (BUILT_IN.includes(code)) throw invalid(`lang: "${code}" is built in`);
  if (typeof texts !== 'object' || texts === null) throw invalid('no texts');
  checkShape(texts);
  for (const sample of samples()) {
    const ours = noticeIn({ lang: 'de', version: '0', text: german }, sample);
    let theirs: Notice;
    try {
      theirs = noticeIn({ lang: code, version: texts.version, text: texts.notice }, sample);
    } catch (error: unknown) {
      throw invalid('notice: one of its functions throws', error);
    }
    checkSubjects('notice.summary', ours.summary, theirs.summary);
    checkSubjects('notice.sections', ours.sections, theirs.sections);
    if (noticeLines(theirs).some((line) => !isWords(line))) throw invalid('notice: a line is empty or no text');
  }
  addSiteTexts(code, texts);
}

function checkShape({ version, rules }: AgreementTexts): void {
  if (typeof version !== 'string' || !/^[\w.+-]{1,32}$/u.test(version))
    throw invalid('version: up to 32 letters, digits, dots, hyphens and plus signs');
  for (const rule of RULES) {
    const { title, lines }: Partial<AgreementTexts['rules'][typeof rule]> = rules?.[rule] ?? {};
    if (!isWords(title)) throw invalid(`rules.${rule}.title`);
    if (!Array.isArray(lines) || lines.length !== ruleText(rule, 'de').lines.length || !lines.every(isWords))
      throw invalid(`rules.${rule}.lines: as many as in German`);
  }
}

type Subjects = readonly { readonly id: string }[];

function checkSubjects(path: string, ours: Subjects, theirs: Subjects): void {
  const missing = ours.filter(({ id }) => !theirs.some((other) => other.id === id)).map(({ id }) => id);
  if (missing.length > 0) throw invalid(`${path}: without ${missing.join(', ')}`);
  if (theirs.length !== ours.length) throw invalid(`${path}: other subjects than in German`);
}

const isWords = (line: unknown): boolean => typeof line === 'string' && tidyLine(line) !== '';

function samples(): readonly NoticeOptions[] {
  return SAMPLES.flatMap((sample) =>
    POLICY_NAMES.flatMap((policy) =>
      (['host', 'guest'] as const).map((role) => ({
        configuration: parsePublicConfiguration(sample),
        policy: POLICIES[policy],
        role,
        lang: 'de',
      })),
    ),
  );
}

const invalid = (detail: string, cause?: unknown): ConsultError =>
  new ConsultError('argument-invalid', { detail: `agreement: ${detail}`, cause });
