/** `consult-room-server verify-receipt`: checks a receipt without asking anybody, and says in words what holds. */
import { readFile } from 'node:fs/promises';
import { publicPart, type PublicConfiguration } from '../configuration.ts';
import { noticeHash } from '../consent/notice.ts';
import { parseReceipts, signedText, stateOf, type Receipt } from '../consent/receipt.ts';
import { ruleHash, ruleText } from '../consent/rules.ts';
import { fromBase64Url, toBase64Url } from '../util/base64url.ts';
import { sha384, utf8 } from '../e2ee/bytes.ts';
import { verifyLeaf } from '../e2ee/mls/leaf-key.ts';
import { ConsultError } from '../errors.ts';
import { POLICY_NAMES, resolvePolicy } from '../policy.ts';
import { relayTermsHash } from '../room/relay/relay-terms.ts';
import { readConfiguration } from './configuration-file.ts';
import { privacyNoticeOf } from './notice-command.ts';
import { readFlags, UsageError, type Flag } from './settings.ts';

export const RECEIPT_FLAGS = {
  config: { value: 'FILE', help: 'also checks that the text is the one of this configuration' },
} as const satisfies Record<string, Flag>;

/** Exit codes; 2 is a mistake of whoever typed the command. */
const CODES = { valid: 0, changed: 1, 'no-receipt': 3, 'other-text': 4 } as const;

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
    return [{ verdict: 'no-receipt', words: [`not a receipt: ${error.message}`] }];
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
    'valid: the receipt is as it was signed',
    `  ${title}, version ${version}, read in ${record.language} as ${role}`,
    ...record.events.map(({ event_state, event_time }) => `  ${event_state} ${event_time}`),
    `  now: ${stateOf(record)}`,
    `  controller: ${record.parties[0]?.party_name ?? 'none'}`,
    signer.member
      ? '  signed with a key that a member of an encrypted group vouched for'
      : '  signed before a group existed: the key is vouched for by the other receipts of the session only',
  ];
  if (!configuration) return { verdict: 'valid', words };
  const same = await isTextOf(receipt, configuration);
  return same
    ? { verdict: 'valid', words: [...words, '  text: the one of this configuration'] }
    : { verdict: 'other-text', words: [...words, '  TEXT DIFFERS: not the one that this configuration gives today'] };
}

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
    // Bytes that are no bytes sign nothing.
    if (error instanceof ConsultError) return false;
    throw error;
  }
}

async function isTextOf({ record }: Receipt, configuration: PublicConfiguration): Promise<boolean> {
  const { consent_kind: kind, language: lang, privacy_notice: shown, purposes } = record;
  // A page may choose another preset than the configuration's by its attribute; the receipt says which.
  const policy = POLICY_NAMES.find((name) => purposes[0]?.service.endsWith(` policy ${name}`)) ?? configuration.policy;
  const given = { ...configuration, policy };
  switch (kind) {
    case 'notice':
      return shown.hash === (await noticeHash(privacyNoticeOf(given, { lang, role: shown.role })));
    case 'no-recording':
    case 'group-rules':
      return shown.hash === (await ruleHash(ruleText(kind, lang)));
    case 'relay':
      return shown.hash === toBase64Url(await relayTermsHash(given, resolvePolicy(given).relay));
  }
}
