/**
 * `consult-room-server notice`: the privacy notice that the room shows, for the site's own pages and for paper [R2].
 */
import { publicPart, type PublicConfiguration } from '../configuration.ts';
import { buildNotice, loadNoticeText, noticeHash, type Notice } from '../consent/notice.ts';
import { NOTICE_FORMATS, renderNotice } from '../consent/render-notice.ts';
import { ConsultError } from '../errors.ts';
import { siteLanguages } from '../consent/site-texts.ts';
import { resolvePolicy } from '../policy.ts';
import { AGREEMENT_FLAG, readAgreements } from './agreement-file.ts';
import { readConfiguration } from './configuration-file.ts';
import { oneOf, readFlags, UsageError, type Flag } from './settings.ts';

export const NOTICE_FLAGS = {
  config: { value: 'FILE', help: 'configuration, JSON; without it a trial configuration' },
  lang: { value: 'de|en', help: 'language, or one of --agreement', initial: 'de' },
  agreement: AGREEMENT_FLAG,
  format: { value: NOTICE_FORMATS.join('|'), help: 'how it is written', initial: 'txt' },
  role: { value: 'guest|host', help: 'for whom', initial: 'guest' },
} as const satisfies Record<string, Flag>;

type Environment = Readonly<Record<string, string | undefined>>;

export interface PrintedNotice {
  readonly text: string;
  /** What Art. 13 GDPR asks for and the configuration does not say, by path. */
  readonly missing: readonly string[];
}

/** @throws {UsageError} */
export async function notice(argv: readonly string[], environment: Environment): Promise<PrintedNotice> {
  const flags = readFlags(NOTICE_FLAGS, argv, environment);
  const configuration = publicPart(await readConfiguration(flags.config[0], undefined));
  await readAgreements(flags.agreement);
  const built = await privacyNoticeOf(configuration, {
    lang: oneOf('lang', flags.lang, ['de', 'en', ...siteLanguages()]),
    role: oneOf('role', flags.role, ['guest', 'host']),
  });
  const format = oneOf('format', flags.format, NOTICE_FORMATS);
  return { text: renderNotice(built, await noticeHash(built), format), missing: missingIn(configuration) };
}

/** Art. 13(1)(a) GDPR: who answers, and how they are reached. */
export function missingIn({ operator: { address, email } }: Pick<PublicConfiguration, 'operator'>): readonly string[] {
  return [...(address ? [] : ['operator.address']), ...(email ? [] : ['operator.email'])];
}

/**
 * The notice that people in this role are shown under this configuration.
 *
 * @throws {UsageError} where the configuration loosens its policy
 */
export async function privacyNoticeOf(
  configuration: PublicConfiguration,
  o: { readonly lang: string; readonly role: 'guest' | 'host' },
): Promise<Notice> {
  await loadNoticeText(o.lang);
  try {
    return buildNotice({ configuration, policy: resolvePolicy(configuration), ...o });
  } catch (error: unknown) {
    if (error instanceof ConsultError) throw new UsageError(error.message);
    throw error;
  }
}
