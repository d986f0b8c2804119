/** `consult-room-server verify-receipt`: checks a receipt offline, and says exactly what was verified and what was not. */
import { readFile } from 'node:fs/promises';
import { publicPart, type PublicConfiguration } from '../configuration.ts';
import { noticeHash } from '../consent/notice.ts';
import { consentRecord, withdrawnRecord } from '../consent/consent-record.ts';
import { parseReceipts } from '../consent/parse-receipt.ts';
import { signedText, stateOf, type ConsentRecord, type Receipt, type ShownText } from '../consent/receipt.ts';
import { ruleHash, ruleText } from '../consent/rules.ts';
import { fromBase64Url, toBase64Url } from '../util/base64url.ts';
import { languageOf } from '../util/language.ts';
import { sha384, utf8 } from '../e2ee/bytes.ts';
import { verifyLeaf } from '../e2ee/mls/leaf-key.ts';
import { ConsultError } from '../errors.ts';
import { POLICY_NAMES, resolvePolicy } from '../policy.ts';
import { RELAY_TERMS_VERSION, relayTermsHash } from '../room/relay/relay-terms.ts';
import { AGREEMENT_FLAG, readAgreements } from './agreement-file.ts';
import { readConfiguration } from './configuration-file.ts';
import { privacyNoticeOf } from './notice-command.ts';
import { readFlags, UsageError, type Flag } from './settings.ts';

export const RECEIPT_FLAGS = {
  config: { value: 'FILE', help: 'also compares every entry of the receipt with what this configuration gives' },
  agreement: AGREEMENT_FLAG,
} as const satisfies Record<string, Flag>;

/** Exit codes; 2 is a mistake in the command line. */
const CODES = { valid: 0, changed: 1, 'no-receipt': 3, 'other-text': 4, 'other-record': 4 } as const;

export interface Verdict {
  readonly verdict: keyof typeof CODES;
  readonly words: readonly string[];
}

/** @throws {UsageError} */
export async function verifyReceiptFile(
  [file, ...argv]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly text: string; readonly code: number }> {
  if (file === undefined || file.startsWith('--'))
    throw new UsageError('verify-receipt: the receipt’s file is missing');
  const flags = readFlags(RECEIPT_FLAGS, argv, environment);
  await readAgreements(flags.agreement);
  const [path] = flags.config;
  const configuration = path === undefined ? null : publicPart(await readConfiguration(path, undefined));
  const json = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`${file}: cannot be read`);
  });
  const verdicts = await verify(json, configuration);
  return {
    text: verdicts.map(({ words }) => words.join('\n')).join('\n\n'),
    code: Math.max(...verdicts.map(({ verdict }) => CODES[verdict])),
  };
}

/** @param json one receipt, or a list of them */
export async function verify(json: string, configuration: PublicConfiguration | null): Promise<readonly Verdict[]> {
  let receipts: readonly Receipt[];
  try {
    receipts = parseReceipts(json);
  } catch (error: unknown) {
    if (!(error instanceof ConsultError)) throw error;
    return [{ verdict: 'no-receipt', words: [`not a receipt: ${printable(error.message)}`] }];
  }
  return Promise.all(receipts.map((receipt) => verifyOne(receipt, configuration)));
}

async function verifyOne(receipt: Receipt, configuration: PublicConfiguration | null): Promise<Verdict> {
  const { record, signer } = receipt;
  if (!(await isUnchanged(receipt)))
    return {
      verdict: 'changed',
      words: ['CHANGED: the signature does not fit what the receipt says. Do not rely on it.'],
    };
  const { title, version, role } = record.privacy_notice;
  const words = [
    'valid: nothing was changed since the receipt was signed',
    `  ${quote(title)}, version ${quote(version)}, read in ${quote(record.language)} as ${role}`,
    ...record.events.map(
      ({ event_state, event_time }) => `  ${event_state} ${event_time}, by the clock of that device`,
    ),
    `  now: ${stateOf(record)}`,
    `  controller: ${quote(record.parties[0]?.party_name ?? 'none')}`,
    `  key of the session: ${record.pii_principal_id}; receipts with this key were signed on one device`,
    ...(signer.member ? ['  a second key signed this key; nothing here proves whose that one is'] : []),
    '  not proved: who the person is, when this was, and that a conversation took place',
  ];
  if (!configuration)
    return { verdict: 'valid', words: [...words, '  not compared with any configuration: see --config'] };
  const differences = await differencesFrom(receipt, configuration);
  if (differences.length === 0)
    return { verdict: 'valid', words: [...words, '  every entry, text included, is the one of this configuration'] };
  const verdict = differences.includes(TEXT) ? 'other-text' : 'other-record';
  return {
    verdict,
    words: [
      ...words,
      `  DIFFERS from what this configuration gives today: ${differences.slice(0, SHOWN).join(', ')}`,
      ...(differences.length > SHOWN ? [`  and ${String(differences.length - SHOWN)} more`] : []),
      ...(isKnown(record)
        ? []
        : ['  texts in this language are not known here; name those of the site: see --agreement']),
    ],
  };
}

/** Whether the text that was agreed to is there in the language of the receipt. The relay's terms are the same in every language. */
const isKnown = ({ consent_kind: kind, language }: ConsentRecord): boolean =>
  kind === 'relay' || languageOf(language) === language;

/** The path of the hash of the text that was agreed to. */
const TEXT = 'privacy_notice.hash';
/** Differences that are named. */
const SHOWN = 8;

/**
 * A value of the receipt on one line, in quotes: the maker of the receipt chose it, so it must neither look like a line
 * of ours nor reach the terminal as a control sequence.
 */
const quote = (text: string): string => JSON.stringify(printable(text));
const printable = (text: string): string => text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();

async function isUnchanged(receipt: Receipt): Promise<boolean> {
  const { signer, signature, record } = receipt;
  try {
    const key = fromBase64Url(signer.public_key);
    const principal = toBase64Url((await sha384(key)).slice(0, 16));
    const { member } = signer;
    const vouched =
      member === null ||
      (await verifyLeaf(fromBase64Url(member.public_key), 'receipt key', [key], fromBase64Url(member.signature)));
    const signed = await verifyLeaf(key, 'receipt', [utf8(signedText(receipt))], fromBase64Url(signature));
    return signed && vouched && record.pii_principal_id === principal;
  } catch (error: unknown) {
    // A key or signature that cannot be decoded.
    if (error instanceof ConsultError) return false;
    throw error;
  }
}

async function differencesFrom(receipt: Receipt, configuration: PublicConfiguration): Promise<readonly string[]> {
  try {
    return differencesBetween(receipt.record, await recordOf(receipt, configuration));
  } catch (error: unknown) {
    // The preset that the receipt names does not allow the rules of this configuration.
    if (error instanceof ConsultError) return ['purposes.0.service'];
    throw error;
  }
}

/** The record that this configuration gives for the same consent: same kind, role, language, times and ids. */
async function recordOf({ record }: Receipt, configuration: PublicConfiguration): Promise<ConsentRecord> {
  const { consent_kind: kind, privacy_notice: shown, purposes, events } = record;
  // A page may choose another preset than the configuration's by its attribute; the receipt says which.
  const name =
    POLICY_NAMES.find((preset) => purposes[0]?.service.endsWith(` policy ${preset}`)) ?? configuration.policy;
  const given = { ...configuration, policy: name };
  // A time that is none becomes the epoch, and so a difference.
  const [first, second] = events.map(({ event_time }) => Date.parse(event_time) || 0);
  const rebuilt = consentRecord({
    kind,
    configuration: given,
    policy: resolvePolicy(given),
    role: shown.role,
    text: await textOf(record, given),
    at: first ?? 0,
    recordId: record.record_id,
    principal: record.pii_principal_id,
  });
  return second === undefined ? rebuilt : withdrawnRecord(rebuilt, second);
}

async function textOf(record: ConsentRecord, configuration: PublicConfiguration): Promise<ShownText> {
  const { consent_kind: kind, language: lang, privacy_notice: shown } = record;
  switch (kind) {
    case 'notice': {
      const notice = await privacyNoticeOf(configuration, { lang, role: shown.role });
      return { version: notice.version, hash: await noticeHash(notice), lang: notice.lang };
    }
    case 'no-recording':
    case 'group-rules': {
      const text = ruleText(kind, lang);
      return { version: text.version, hash: await ruleHash(text), lang: text.lang };
    }
    case 'relay': {
      const hash = toBase64Url(await relayTermsHash(configuration, resolvePolicy(configuration).relay));
      return { version: RELAY_TERMS_VERSION, hash, lang };
    }
  }
}

/** The paths at which two records differ, such as `purposes.0.purpose`. */
function differencesBetween(a: unknown, b: unknown, path = ''): readonly string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b ? [] : [path];
  const [ours, theirs] = [a, b] as readonly Readonly<Record<string, unknown>>[];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differencesBetween(ours?.[key], theirs?.[key], path === '' ? key : `${path}.${key}`),
  );
}
