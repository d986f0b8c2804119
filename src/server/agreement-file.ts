/** The texts of a site in languages of its own, as its pages register them: what they agree to, printed and compared on a server. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { registerAgreement } from '../consent/register-agreement.ts';
import type { AgreementTexts } from '../consent/site-texts.ts';
import { UsageError, type Flag } from './settings.ts';

export const AGREEMENT_FLAG = {
  value: 'FILE',
  help: "the site's own texts: a module whose default export has an entry for each language; several allowed",
  multiple: true,
} as const satisfies Flag;

/**
 * Registers what the modules export, such as `export default { fr: texts }`.
 *
 * @throws {UsageError} with the file and what is wrong with it
 */
export async function readAgreements(files: readonly string[]): Promise<void> {
  for (const file of files) {
    try {
      const { default: texts } = (await import(/* @vite-ignore */ pathToFileURL(resolve(file)).href)) as {
        readonly default?: Readonly<Record<string, AgreementTexts>>;
      };
      for (const [lang, one] of Object.entries(texts ?? {})) registerAgreement(lang, one);
      if (Object.keys(texts ?? {}).length === 0) throw new UsageError('its default export has no language');
    } catch (error: unknown) {
      throw new UsageError(`${file}: ${error instanceof Error ? error.message.split('\n')[0] : 'cannot be read'}`);
    }
  }
}
