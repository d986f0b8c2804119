/** What the builder makes of its form: files and commands, or mistakes by field. Nothing here touches the page. */
import { serverConfigurationProblems } from '../../src/configuration.ts';
import { mistakesIn, snippetOf, type Hashes, type SnippetInput } from '../../src/server/snippet.ts';

export interface Form {
  /** By name of the field. */
  readonly fields: Readonly<Record<string, string>>;
  /** Own wording by text key. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface Mistakes {
  /** By name of the field: what is wrong, as a key of the page's words. */
  readonly fields: ReadonlyMap<string, 'missing' | 'invalid'>;
  /** Keys of texts that cannot be taken. */
  readonly texts: readonly string[];
}

export interface Embedding {
  readonly html: string;
  readonly csp: string;
  readonly config: string;
  readonly server: string;
  readonly command: string;
  /** Empty without own wording. */
  readonly texts: string;
}

const SNIPPET_FIELDS = ['lang', 'policy', 'theme', 'density', 'exit-href', 'base', 'signaling'] as const;
const TEXTS = '/texts.js';

const valueOf = ({ fields }: Form, name: string): string => fields[name]?.trim() ?? '';

/** The input of the command; what is its default is left out. */
function snippetInput(form: Form): SnippetInput {
  const defaults: SnippetInput = { base: '/consult-room/', density: 'usual', lang: 'de', policy: 'beratung' };
  const chosen = SNIPPET_FIELDS.map((name) => [name, valueOf(form, name)] as const).filter(
    ([name, value]) => value !== '' && value !== defaults[name],
  );
  return { ...Object.fromEntries(chosen), ...(Object.keys(form.texts).length > 0 ? { texts: TEXTS } : {}) };
}

/** @returns the server's configuration, valid or not */
export function configurationOf(form: Form): object {
  const value = (name: string): string => valueOf(form, name);
  const given = (entries: Readonly<Record<string, string>>): object =>
    Object.fromEntries(Object.entries(entries).filter(([, text]) => text !== ''));
  const declared = { operator: value('name'), country: value('country') };
  const host = value('relay-host');
  const relay = {
    role: 'relay',
    urls: [`turn:${host}:3478?transport=udp`],
    ...(value('relay-address') === '' ? {} : { addresses: [value('relay-address')] }),
    ...declared,
  };
  return {
    operator: {
      name: value('name'),
      ...given({ address: value('address'), email: value('email') }),
      country: value('country'),
    },
    policy: value('policy'),
    servers: [
      { role: 'signaling', ...declared },
      ...(host === '' ? [] : [{ role: 'stun', urls: [`stun:${host}:3478`], ...declared }, relay]),
    ],
    alternatives: given({ telephone: value('telephone'), email: value('email') }),
  };
}

/** The field that a problem of the configuration is about. */
function fieldOf(path: string): string {
  if (/country/u.test(path)) return 'country';
  if (/addresses/u.test(path)) return 'relay-address';
  if (/urls/u.test(path)) return 'relay-host';
  if (path === 'policy') return 'relay-host';
  if (/email/u.test(path)) return 'email';
  if (/operator$|name/u.test(path)) return 'name';
  return path.slice(path.lastIndexOf('.') + 1);
}

/** A trial on the own computer, to which browsers give camera and microphone without HTTPS. */
const isTrial = ({ protocol, hostname }: URL): boolean => protocol === 'http:' && hostname === 'localhost';

function isOrigin(text: string): boolean {
  if (/\s/u.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'https:' || isTrial(url)) && url.href === `${url.origin}/`;
}

/** Of a trial there is no web server in front: the folder `site` is that of the guide. */
function serverCommand(url: URL): string {
  const command = 'npx consult-room-server --config config.json';
  return isTrial(url)
    ? `${command} --static site --port ${url.port || '80'}`
    : `${command} --origin ${url.origin} --address-from x-forwarded-for`;
}

/** Characters that end a line or an attribute, or turn the direction of what follows. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}"<>\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong, by field; both maps are empty where nothing is. */
export function mistakesOf(form: Form): Mistakes {
  const fields = new Map<string, 'missing' | 'invalid'>();
  const refuse = (name: string): void => {
    if (!fields.has(name)) fields.set(name, valueOf(form, name) === '' ? 'missing' : 'invalid');
  };
  for (const { field } of mistakesIn(snippetInput(form))) refuse(field);
  for (const { path } of serverConfigurationProblems(configurationOf(form))) refuse(fieldOf(path));
  if (!isOrigin(valueOf(form, 'origin'))) refuse('origin');
  for (const [name, text] of Object.entries(form.fields)) if (UNFIT.test(text)) refuse(name);
  const texts = Object.entries(form.texts).filter(([, text]) => text.trim() === '' || UNFIT.test(text));
  return { fields, texts: texts.map(([key]) => key) };
}

/** A word of a shell command: quoted where it is not plain. */
const word = (text: string): string =>
  /^[\w./:=?@+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

function textsModule(base: string, lang: string, texts: Form['texts']): string {
  if (Object.keys(texts).length === 0) return '';
  return `import { registerTexts } from '${base}consult-room.js';

registerTexts('${lang}', ${JSON.stringify(texts, undefined, 2)});
`;
}

/**
 * @param form without mistakes
 * @throws {SnippetMistake}
 */
export function embeddingOf(form: Form, hashes: Hashes): Embedding {
  const input = snippetInput(form);
  const { html, policy } = snippetOf(input, hashes);
  const flags = Object.entries(input).map(([name, value]) => `--${name} ${word(value as string)}`);
  const schema = { $schema: './node_modules/consult-room/dist/server/config.schema.json' };
  return {
    html,
    csp: `Content-Security-Policy: ${policy}`,
    config: `${JSON.stringify({ ...schema, ...configurationOf(form) }, undefined, 2)}\n`,
    server: serverCommand(new URL(valueOf(form, 'origin'))),
    command: ['npx consult-room-server snippet', ...flags].join(' '),
    texts: textsModule(input.base ?? '/consult-room/', input.lang ?? 'de', form.texts),
  };
}
