/** Reads the site's configuration, or gives one to try the server with. */
import { readFile } from 'node:fs/promises';
import { parseServerConfiguration, type ServerConfiguration, type ServerConfigurationInput } from '../configuration.ts';
import { ConsultError } from '../errors.ts';
import { UsageError } from './settings.ts';
import { checkSecrets, withSecret } from './turn.ts';

/** Direct connections in one network only: it names no STUN server and no relay, because nobody here answers for one. */
const TRIAL: ServerConfigurationInput = {
  operator: { name: 'Demo-Beratungsstelle', country: 'DE' },
  servers: [{ role: 'signaling', operator: 'Demo-Beratungsstelle', country: 'DE' }],
};

/**
 * @param secret the relays', from the environment; goes to every relay whose entry has none
 * @throws {UsageError} naming the file and the path of the bad value
 */
export async function readConfiguration(
  file: string | undefined,
  secret: string | undefined,
): Promise<ServerConfiguration> {
  const given = file === undefined ? TRIAL : await readJson(file);
  let configuration: ServerConfiguration;
  try {
    configuration = withSecret(parseServerConfiguration(given), secret);
    checkSecrets(configuration);
  } catch (error: unknown) {
    if (error instanceof ConsultError) throw new UsageError(`${file ?? 'configuration'}: ${error.message}`);
    throw error;
  }
  return configuration;
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new UsageError(`${file}: cannot be read`);
  }
  try {
    // Some editors of Windows put a byte order mark before the text.
    return JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch (error: unknown) {
    // V8 quotes what stands around the mistake, and a configuration may hold a secret there: only its place is told.
    const place = error instanceof Error ? /(?:line \d+ column \d+|position \d+)/u.exec(error.message)?.[0] : undefined;
    throw new UsageError(`${file}: not JSON${place === undefined ? '' : ` (${place})`}`);
  }
}
