/** Reads the site's configuration file, or provides a trial configuration. */
import { readFile } from 'node:fs/promises';
import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import {
  parseServerConfiguration,
  serverConfigurationProblems,
  type ConfigurationProblem,
  type ServerConfiguration,
  type ServerConfigurationInput,
} from '../configuration.ts';
import { ConsultError, ERROR_CODES } from '../errors.ts';
import { UsageError } from './settings.ts';
import { checkSecrets, withSecret } from './turn.ts';

/**
 * Direct connections within one network only: it names no STUN server and no relay, because no operator answers for
 * one.
 */
const TRIAL: ServerConfigurationInput = {
  operator: { name: 'Demo-Beratungsstelle', country: 'DE' },
  servers: [{ role: 'signaling', operator: 'Demo-Beratungsstelle', country: 'DE' }],
};

/** Mistakes printed at most: after many, the rest only repeats the cause. */
const MOST = 20;

/**
 * @param secret the relays', from the environment; used for every relay whose entry has none
 * @throws {UsageError} with a line for each mistake: file, line, column, path
 */
export async function readConfiguration(
  file: string | undefined,
  secret: string | undefined,
): Promise<ServerConfiguration> {
  const value = file === undefined ? TRIAL : await readJson(file);
  try {
    const configuration = withSecret(parseServerConfiguration(value), secret);
    checkSecrets(configuration);
    return configuration;
  } catch (error: unknown) {
    if (error instanceof ConsultError) throw new UsageError(`${file ?? 'configuration'}: ${error.message}`);
    throw error;
  }
}

async function readJson(file: string): Promise<unknown> {
  const { json, tree } = await readTree(file);
  const value: unknown = getNodeValue(tree);
  report(file, json, [
    ...repeatedKeys(tree),
    ...serverConfigurationProblems(value).map((problem) => ({
      offset: offsetOf(tree, problem),
      words: `${ERROR_CODES[problem.code].meaning} (${problem.words})`,
    })),
  ]);
  return value;
}

/**
 * Any other JSON file.
 *
 * @throws {UsageError} with a line for each mistake: file, line, column
 */
export async function readJsonFile(file: string): Promise<unknown> {
  const { json, tree } = await readTree(file);
  report(file, json, repeatedKeys(tree));
  return getNodeValue(tree);
}

async function readTree(file: string): Promise<{ readonly json: string; readonly tree: Node }> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`${file}: cannot be read`);
  });
  // Some editors on Windows write a byte order mark.
  const json = text.replace(/^\uFEFF/u, '');
  const errors: ParseError[] = [];
  const tree = parseTree(json, errors, { disallowComments: true, allowTrailingComma: false });
  if (!tree || errors.length > 0)
    throw new UsageError(
      errors
        .slice(0, MOST)
        .map(
          ({ error, offset }) => `${file}: not JSON (${placeOf(json, offset)}: ${inWords(printParseErrorCode(error))})`,
        )
        .join('\n') || `${file}: not JSON (empty)`,
    );
  return { json, tree };
}

interface Mistake {
  readonly offset: number;
  readonly words: string;
}

function report(file: string, json: string, mistakes: readonly Mistake[]): void {
  if (mistakes.length === 0) return;
  const problems = mistakes.toSorted((one, other) => one.offset - other.offset);
  // The text is never quoted: it may hold a secret.
  const lines = problems.slice(0, MOST).map(({ offset, words }) => `${file}: ${placeOf(json, offset)}: ${words}`);
  throw new UsageError(lines.join('\n'));
}

/** `CloseBraceExpected` → `close brace expected` */
const inWords = (code: string): string => code.replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`).trim();

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${String(before.length)}, column ${String((before.at(-1) ?? '').length + 1)}`;
}

/** Where a mistake is; a missing entry is reported where it should be, an unknown one at its key. */
function offsetOf(tree: Node, { path, words }: ConfigurationProblem): number {
  const segments = path.split('.').map((segment) => (/^\d+$/u.test(segment) ? Number(segment) : segment));
  for (let length = segments.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, segments.slice(0, length));
    if (node) return (words.endsWith(': unknown key') ? node.parent : node)?.offset ?? 0;
  }
  return tree.offset;
}

/** JSON parsers keep the last of two equal keys; the reader of the file may have meant the first. */
function repeatedKeys(node: Node): readonly Mistake[] {
  const seen = new Set<string>();
  return (node.children ?? []).flatMap((child) => {
    const key = child.type === 'property' ? (child.children?.[0]?.value as string) : undefined;
    const isRepeated = key !== undefined && seen.has(key);
    if (key !== undefined) seen.add(key);
    const own = isRepeated
      ? [
          {
            offset: child.offset,
            words: `${ERROR_CODES['configuration-invalid'].meaning} (${key}: repeated key)`,
          },
        ]
      : [];
    return [...own, ...repeatedKeys(child)];
  });
}
