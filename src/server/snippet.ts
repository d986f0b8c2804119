/**
 * What a page needs to show the room from the CDN folder on its own site: HTML in which every script and stylesheet is pinned by its hash,
 * and the content security policy. The command `snippet` and the builder of the documentation both print what this file makes; it runs in
 * browsers too.
 */
import { sha384 } from '@noble/hashes/sha2.js';
import { POLICY_NAMES } from '../policy.ts';

export const THEMES = ['calm', 'dark', 'high-contrast'] as const;
export const DENSITIES = ['usual', 'compact'] as const;
export const LANGUAGES = ['de', 'en'] as const;

/** As someone writes it; what is left out or empty has its default. */
export interface SnippetInput {
  /** Where the folder dist/cdn stands on the site. */
  readonly base?: string;
  /** Language of the room. */
  readonly lang?: string;
  /** A signalling server on another origin. */
  readonly signaling?: string;
  /** A preset of rules instead of that of the configuration. */
  readonly policy?: string;
  readonly theme?: string;
  readonly density?: string;
  /** Where the quick exit leads. */
  readonly 'exit-href'?: string;
  /** A module of the site that registers its own wording. */
  readonly texts?: string;
}

export type SnippetField = keyof SnippetInput;

/** Name of a file in the folder → its integrity, such as `sha384-…`. */
export type Hashes = Readonly<Record<string, string>>;

export interface Snippet {
  readonly html: string;
  /** Value of the header `Content-Security-Policy`. */
  readonly policy: string;
}

/** An input that cannot stand in a page. The message is English and begins with the flag of the command. */
export class SnippetMistake extends Error {
  override readonly name = 'SnippetMistake';
  readonly field: SnippetField;

  constructor(field: SnippetField, value: string, reason: string) {
    super(`--${field}: ${JSON.stringify(value)} ${reason}`);
    this.field = field;
  }
}

export const ENTRY = 'consult-room.js';
/** Not loaded by the entry: the one-file version, and the workers, for which browsers check no hash. */
const APART: readonly string[] = [ENTRY, 'consult-room.all.js', 'frame-worker.js', 'worker-trial.js'];

/** Parts of a path that need no encoding (RFC 3986 §2.3), apart from `.` and `..`, which lead elsewhere. */
const SEGMENT = String.raw`(?!\.{1,2}(?:\/|$))[\w.~-]+`;
const FOLDER = new RegExp(String.raw`^\/(?:${SEGMENT}\/)*$`, 'u');
const SCRIPT = new RegExp(String.raw`^\/(?:${SEGMENT}\/)*[\w.~-]+\.m?js$`, 'u');
const PAGE = new RegExp(String.raw`^\/(?:${SEGMENT}\/)*[\w.~-]*(?:\?[\w.~=&-]*)?$`, 'u');

type Check = (value: string) => string;

const oneOf =
  (field: SnippetField, allowed: readonly string[]): Check =>
  (value) => {
    if (!allowed.includes(value)) throw new SnippetMistake(field, value, `is not one of ${allowed.join(', ')}`);
    return value;
  };

const matching =
  (field: SnippetField, pattern: RegExp, reason: string): Check =>
  (value) => {
    if (!pattern.test(value)) throw new SnippetMistake(field, value, reason);
    return value;
  };

/** An absolute address with this scheme, without credentials, which would stand in the page, and without a fragment. */
function address(field: SnippetField, value: string, scheme: 'https:' | 'wss:'): string {
  const refused = new SnippetMistake(field, value, `is not a ${scheme} address without a password and without #`);
  // A parser drops white space inside of an address without a word (URL §4.4).
  if (/\s/u.test(value) || !URL.canParse(value)) throw refused;
  const url = new URL(value);
  if (url.protocol !== scheme || url.username !== '' || url.password !== '' || value.includes('#')) throw refused;
  return url.href;
}

/** Checks one input. @throws {SnippetMistake} */
const CHECKS: Readonly<Record<SnippetField, Check>> = {
  base: matching('base', FOLDER, 'is not a path of your own site that begins and ends with /'),
  lang: oneOf('lang', LANGUAGES),
  signaling: (value) => address('signaling', value, 'wss:'),
  policy: oneOf('policy', POLICY_NAMES),
  theme: oneOf('theme', THEMES),
  density: oneOf('density', DENSITIES),
  'exit-href': (value) =>
    value.startsWith('/')
      ? matching('exit-href', PAGE, 'is neither a path of your own site nor an https: address')(value)
      : address('exit-href', value, 'https:'),
  texts: matching('texts', SCRIPT, 'is not the path of a script on your own site, such as /texts.js'),
};

const DEFAULTS: SnippetInput = { base: '/consult-room/', lang: 'de' };

/** @throws {SnippetMistake} */
function checked(input: SnippetInput): Readonly<Partial<Record<SnippetField, string>>> {
  const fields = Object.keys(CHECKS) as readonly SnippetField[];
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = input[field]?.trim() || DEFAULTS[field];
      return value === undefined ? [] : [[field, CHECKS[field](value)]];
    }),
  );
}

/** The mistakes of an input, at most one a field; empty where there is none. */
export const mistakesIn = (input: SnippetInput): readonly SnippetMistake[] =>
  (Object.keys(CHECKS) as readonly SnippetField[]).flatMap((field) => {
    try {
      checked({ [field]: input[field] ?? '' });
      return [];
    } catch (error: unknown) {
      if (error instanceof SnippetMistake) return [error];
      throw error;
    }
  });

/** The integrity of a content (W3C Subresource Integrity §3.5). */
export function integrityOf(content: Uint8Array): string {
  const binary = Array.from(sha384(content), (byte) => String.fromCodePoint(byte)).join('');
  return `sha384-${btoa(binary)}`;
}

function stylesheet(field: 'theme' | 'density', value: string, hashes: Hashes): string {
  const file = `themes/${value}.css`;
  if (!(file in hashes)) throw new SnippetMistake(field, value, `needs ${file}, which is not in the folder`);
  return file;
}

const attribute = (name: string, value: string | undefined): string =>
  value === undefined ? '' : ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;

/**
 * @param hashes of every file in the folder dist/cdn
 * @throws {SnippetMistake}
 */
export function snippetOf(input: SnippetInput, hashes: Hashes): Snippet {
  const { base = '/', theme, density, texts, ...o } = checked(input);
  const known = (name: string): string | undefined => hashes[name];
  const pinned = Object.keys(hashes).filter((name) => name.endsWith('.js') && !APART.includes(name));
  // A module of the site's own imports the entry before the tag that pins it.
  const mapped = texts === undefined ? pinned : [ENTRY, ...pinned];
  const integrity = Object.fromEntries(mapped.map((name) => [`${base}${name}`, known(name)]));
  const map = JSON.stringify({ integrity }, undefined, 2);
  const styles = [
    ...(theme === undefined ? [] : [stylesheet('theme', theme, hashes)]),
    ...(density === 'compact' ? [stylesheet('density', density, hashes)] : []),
  ];
  const room = [
    attribute('lang', o.lang),
    attribute('policy', o.policy),
    attribute('exit-href', o['exit-href']),
    attribute('signaling', o.signaling),
    attribute('config-url', o.signaling === undefined ? undefined : `${base}config.json`),
  ].join('');
  const html = [
    `<script type="importmap">${map}</script>`,
    ...styles.map((file) => `<link rel="stylesheet" href="${base}${file}"${attribute('integrity', known(file))} />`),
    // Before the entry: its wording is there when the room is first drawn.
    ...(texts === undefined ? [] : [`<script type="module" src="${texts}"></script>`]),
    `<script type="module" src="${base}${ENTRY}"${attribute('integrity', known(ENTRY))}></script>`,
    `<consult-room${room}></consult-room>`,
  ].join('\n');
  return { html, policy: policyOf(map, o.signaling) };
}

function policyOf(map: string, signaling: string | undefined): string {
  const host = signaling === undefined ? '' : new URL(signaling).host;
  const server = host === '' ? '' : ` https://${host} wss://${host}`;
  return [
    "default-src 'none'",
    `script-src 'self' '${integrityOf(new TextEncoder().encode(map))}'`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob: mediastream:",
    `connect-src 'self'${server}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'trusted-types consult-room lit-html',
    "require-trusted-types-for 'script'",
  ].join('; ');
}
