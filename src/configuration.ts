/**
 * The configuration of a site: the notice, the relay dialog and the server read the same object, so they cannot
 * disagree [R2] [R11]. Shared by the browser and the server; the server's file may hold secrets, which never leave
 * the server.
 */
import * as v from 'valibot';
import { ConsultError, type ErrorCode } from './errors.ts';
import { iceUrlProblem, isIpAddress, STUN_URL, TURN_URL } from './ice-url.ts';
import { POLICY_NAMES, resolvePolicy } from './policy.ts';

/** Members of the European Economic Area, ISO 3166-1 alpha-2: the GDPR applies there directly. */
export const EEA: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
);

/**
 * Countries outside the EEA with an adequacy decision of the European Commission (Art. 45 GDPR), ISO 3166-1 alpha-2.
 * As of November 2026, from the Commission's list "Adequacy decisions: how the EU determines if a non-EU country has
 * an adequate level of data protection", commission.europa.eu; Brazil since 26 January 2026. Decisions are reviewed
 * and can be repealed: when you change this set, update the date.
 *
 * `US` covers only members of the EU-US Data Privacy Framework, `CA` only commercial organisations; the notice says
 * so.
 */
export const ADEQUATE: ReadonlySet<string> = new Set('AD AR BR CA CH FO GB GG IL IM JE JP KR NZ US UY'.split(' '));

/**
 * Upper limit for every retention period of metadata, whatever the configuration says [R12]: 90 days in milliseconds.
 */
export const RETENTION_CAP = 90 * 24 * 60 * 60 * 1000;

/* @__NO_SIDE_EFFECTS__ */
const text = (maximum: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(maximum));
const country = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/u, 'two capital letters of ISO 3166-1, such as DE'));
/* @__NO_SIDE_EFFECTS__ */
const iceUrls = (schemes: 'stun' | 'turn') => {
  const words = ({ input }: { readonly input: string }): string => iceUrlProblem(input, schemes) ?? 'not valid';
  const pattern = schemes === 'stun' ? STUN_URL : TURN_URL;
  // The pattern is for editors, which know it from the JSON Schema; the check is complete.
  const isValid = (url: string): boolean => iceUrlProblem(url, schemes) === null;
  return v.pipe(
    v.array(v.pipe(v.string(), v.regex(pattern, words), v.check(isValid, words))),
    v.minLength(1),
    v.maxLength(8),
  );
};
const address = v.pipe(
  v.string(),
  v.regex(/^[0-9a-fA-F.:]{2,45}$/u, 'an IP address'),
  v.check(isIpAddress, 'an IP address'),
);
/** Unencrypted to this machine only: a message in clear would tell the network when people are in counselling. */
function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isLocal = /^(?:(?:[^.]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u.test(hostname);
  return username === '' && password === '' && (protocol === 'https:' || (protocol === 'http:' && isLocal));
}

/** ISO 8601 duration of days, hours, minutes and seconds. */
const duration = v.pipe(
  v.string(),
  v.regex(
    /^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/u,
    'days, hours, minutes and seconds only, such as P1095D or PT2H',
  ),
);

/** A link for people to follow: a path on this site, or an `https:` address. */
const page = v.pipe(
  v.string(),
  v.maxLength(400),
  v.regex(/^(?:https:\/\/[^\s/]+(?:\/[^\s]*)?|\/(?!\/)[^\s]*)$/u, 'an address beginning with https:// or with /'),
);
/* @__NO_SIDE_EFFECTS__ */
const whole = (minimum: number, maximum: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(minimum), v.maxValue(maximum));
/**
 * Adds a description to the JSON Schema, which editors show beside the entry. Without side effects, so that browsers do not load the
 * schema of the server's file.
 */
/* @__NO_SIDE_EFFECTS__ */
const described = <const S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));

const declared = { operator: text(200), country };
const Signaling = v.strictObject({ role: v.literal('signaling'), ...declared });
const Stun = v.strictObject({
  role: v.literal('stun'),
  urls: iceUrls('stun'),
  ...declared,
});
const relay = {
  role: v.literal('relay'),
  urls: iceUrls('turn'),
  /** The relay's own addresses: a candidate with one of them is relayed, whatever type it claims. */
  addresses: v.optional(v.pipe(v.array(address), v.maxLength(16)), []),
  ...declared,
};
const Relay = v.strictObject(relay);
/** Messages of our own: the validator's messages would repeat the value. */
const secret = v.pipe(
  v.string('a text'),
  v.trim(),
  v.minLength(1, 'empty'),
  v.maxLength(512, 'at most 512 characters'),
);
/** The schemas of the server's file are pure calls, which bundles of browsers drop: a spread counts as a side effect. */
const RelayWithSecret = /* @__PURE__ */ (() => v.strictObject({ ...relay, secret: v.optional(secret) }))();

/** Reported without the value: an address may contain a token of its receiver. */
const WEBHOOK_URL = 'an address beginning with https:// (http:// on this machine only), without user and fragment';
/** Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
const WEBHOOK_SECRET = 'whsec_ and the base64 of 24 to 64 random bytes';
export const webhookSecret = v.pipe(
  v.string(WEBHOOK_SECRET),
  v.trim(),
  v.regex(/^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2,3}={0,2})?$/u, WEBHOOK_SECRET),
  v.maxLength(94, WEBHOOK_SECRET),
);
const Webhook = /* @__PURE__ */ (() =>
  v.strictObject({
    url: described(
      v.pipe(
        v.string(WEBHOOK_URL),
        v.maxLength(1000, WEBHOOK_URL),
        v.regex(/^https?:\/\/[^\s/@#]+(?:\/[^\s#]*)?$/u, WEBHOOK_URL),
        v.check(isWebhookUrl, WEBHOOK_URL),
      ),
      'Where to send that a room was opened or has ended.',
    ),
    ...declared,
    secrets: described(
      v.optional(v.pipe(v.array(webhookSecret), v.minLength(1), v.maxLength(2))),
      'Keys of the signature, as in Standard Webhooks; two while one is replaced, the new one first.',
    ),
    network: described(
      v.optional(v.picklist(['public', 'own']), 'public'),
      'own: the address may be in a private network of the site.',
    ),
  }))();

const common = {
  /** The controller of the counselling (Art. 4(7) GDPR). */
  operator: v.strictObject({
    name: text(200),
    address: v.optional(text(400)),
    email: v.optional(v.pipe(v.string(), v.email())),
    country,
    /** The data protection officer, if there is one. */
    officer: v.optional(text(400)),
    /** The supervisory authority people can complain to. */
    authority: v.optional(text(400)),
  }),
  policy: v.optional(v.picklist(POLICY_NAMES), 'beratung'),
  /** Rules that the site tightens beyond its policy preset. */
  rules: v.optional(
    v.strictObject({
      size: described(v.optional(whole(2, 9)), 'People in the room, including the host.'),
      inviteHours: described(v.optional(whole(1, 48)), 'How many hours an invite stays valid at most.'),
      graceSeconds: described(v.optional(whole(10, 600)), 'How many seconds to wait for a lost participant to return.'),
      selfView: described(
        v.optional(v.picklist(['hidden', 'shown'])),
        'Whether people see their own picture during the session.',
      ),
      replayRecorders: described(
        v.optional(v.picklist(['refuse', 'warn', 'ignore'])),
        'What to do about session replay recorders in the page.',
      ),
      standIn: described(
        v.optional(v.picklist(['takes-over', 'no'])),
        'Whether a second counsellor whom the host names leads the room when the host is lost.',
      ),
    }),
    {},
  ),
  /**
   * Countries outside the EEA that the site accepts because of an adequacy decision (Art. 45 GDPR); only those in
   * {@link ADEQUATE}.
   */
  countries: v.optional(v.pipe(v.array(country), v.maxLength(64)), []),
  /** Other ways to get in touch when no connection is possible [R9]. */
  alternatives: v.optional(
    v.strictObject({
      telephone: described(v.optional(text(60)), 'A number to call.'),
      email: described(v.optional(v.pipe(v.string(), v.email())), 'An address to write to.'),
      appointment: described(v.optional(page), 'The page for arranging another appointment.'),
      writing: described(v.optional(page), 'The page for counselling in writing: chat, forum or mail.'),
      text: described(v.optional(text(400)), 'A sentence in the site’s own words, shown first.'),
    }),
    {},
  ),
  retention: v.optional(
    v.strictObject({
      rooms: described(v.optional(duration, 'PT2H'), 'How long the server keeps an empty room.'),
      receipts: described(
        v.optional(duration),
        'How long the site keeps consent receipts, if it stores those of `consult-consent`. Without this entry the notice says that the site keeps none.',
      ),
    }),
    { rooms: 'PT2H' },
  ),
};

/** The public part: `GET /config`, `config`, `config-url`. */
export const PublicConfiguration = v.strictObject({
  ...common,
  /** Who is told that a room was opened or has ended, by the webhooks of the server's file: without addresses and secrets. */
  webhooks: v.optional(v.pipe(v.array(v.strictObject(declared)), v.maxLength(4))),
  servers: v.pipe(v.array(v.variant('role', [Signaling, Stun, Relay])), v.minLength(1), v.maxLength(16)),
});
/** The server's file: the public part, the relay's secret, and where to send webhooks. */
export const ServerConfiguration = /* @__PURE__ */ (() =>
  v.strictObject({
    ...common,
    servers: v.pipe(v.array(v.variant('role', [Signaling, Stun, RelayWithSecret])), v.minLength(1), v.maxLength(16)),
    webhooks: described(
      v.optional(v.pipe(v.array(Webhook), v.maxLength(4)), []),
      'Which of the site’s own systems are told that a room was opened or has ended, and nothing else.',
    ),
  }))();

export type PublicConfiguration = Readonly<v.InferOutput<typeof PublicConfiguration>>;
export type ServerConfiguration = Readonly<v.InferOutput<typeof ServerConfiguration>>;
/** The server's file as written, before defaults apply. */
export type ServerConfigurationInput = Readonly<v.InferInput<typeof ServerConfiguration>> & {
  readonly $schema?: string;
};
export type WebhookEntry = ServerConfiguration['webhooks'][number];
export type DeclaredServer = PublicConfiguration['servers'][number];
export type RelayServer = Extract<DeclaredServer, { role: 'relay' }>;

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds. */
export function durationMilliseconds(iso: string): number {
  const [, d, h, m, s] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/u.exec(iso) ?? [];
  const seconds = Number(d ?? 0) * 86_400 + Number(h ?? 0) * 3_600 + Number(m ?? 0) * 60 + Number(s ?? 0);
  return seconds * 1000;
}

/** Like {@link durationMilliseconds}, capped at {@link RETENTION_CAP} [R12]. */
export function retentionMilliseconds(iso: string): number {
  return Math.min(durationMilliseconds(iso), RETENTION_CAP);
}

/** One mistake in a configuration. */
export interface ConfigurationProblem {
  /** Such as `servers.1.urls.0`, or `(top)`. */
  readonly path: string;
  readonly code: Extract<
    ErrorCode,
    'configuration-invalid' | 'server-undeclared' | 'server-country-refused' | 'policy-loosened'
  >;
  /** English, for developers; begins with the path and never repeats a secret. */
  readonly words: string;
}

function schemaProblems(issues: readonly v.BaseIssue<unknown>[]): readonly ConfigurationProblem[] {
  return issues.map((issue) => {
    const path = v.getDotPath(issue) ?? '(top)';
    // An undeclared server has a code of its own, apart from typing errors [R11].
    const undeclared = /^(?:servers|webhooks)\.\d+\.(?:operator|country)$/u.test(path) && (issue.input ?? '') === '';
    return { path, code: undeclared ? 'server-undeclared' : 'configuration-invalid', words: inWords(path, issue) };
  });
}

/** Turns an issue of the validator into words that name the entry and say whether it is unknown, missing or wrong. */
function inWords(path: string, { type, expected, input, message }: v.BaseIssue<unknown>): string {
  if (type === 'strict_object' && expected === 'never') return `${path}: unknown key`;
  return input === undefined ? `${path} is missing` : `${path}: ${message}`;
}

/** Drops `$schema`, which tells editors where the JSON Schema is and is not part of the configuration. */
function withoutSchema(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$schema' in value)) return value;
  const { $schema: _schema, ...rest } = value;
  return rest;
}

/** The parts of a configuration that the rules below need, also where the schema finds mistakes elsewhere. */
function partsOf(value: unknown) {
  const { servers, webhooks, countries, policy, rules } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const entriesOf = (list: unknown) =>
    (Array.isArray(list) ? list : []).map((entry: unknown) => {
      const { role, operator, country: code } = (entry ?? {}) as Readonly<Record<string, unknown>>;
      return { role, operator, country: typeof code === 'string' ? code : '' };
    });
  return {
    servers: entriesOf(servers),
    webhooks: entriesOf(webhooks),
    countries: (Array.isArray(countries) ? countries : []).filter((code) => typeof code === 'string'),
    policy: POLICY_NAMES.find((name) => name === policy) ?? 'beratung',
    rules: (typeof rules === 'object' && rules !== null ? rules : {}) as PublicConfiguration['rules'],
  };
}

type Parts = ReturnType<typeof partsOf>;

/** Rules that loosen the preset, and a preset that hides addresses without a relay. */
function policyProblems({ policy, rules, servers }: Parts): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  for (const [rule, value] of Object.entries(rules))
    try {
      resolvePolicy({ policy, rules: { [rule]: value } });
    } catch (error: unknown) {
      if (!(error instanceof ConsultError)) throw error;
      problems.push({ path: `rules.${rule}`, code: 'policy-loosened', words: `rules.${rule}` });
    }
  const { relay } = resolvePolicy({ policy, rules: {} });
  if (relay === 'always' && !servers.some(({ role }) => role === 'relay'))
    problems.push({
      path: 'policy',
      code: 'configuration-invalid',
      words: `policy: "${policy}" needs a server with role "relay"`,
    });
  return problems;
}

/**
 * Undeclared servers, and servers in countries where the GDPR does not apply [R11]. A site chooses among the existing
 * adequacy decisions; it cannot add one, because the notice cites the Commission's decision.
 */
function serverProblems({ servers, webhooks, countries }: Parts): readonly ConfigurationProblem[] {
  const refused = (path: string) => ({ path, code: 'server-country-refused', words: path }) as const;
  const isCountry = (code: string): boolean => /^[A-Z]{2}$/u.test(code);
  return [
    ...(servers.some(({ role }) => role === 'signaling')
      ? []
      : [{ path: 'servers', code: 'server-undeclared', words: 'servers: no entry with role "signaling"' } as const]),
    ...countries.flatMap((code, index) =>
      isCountry(code) && !EEA.has(code) && !ADEQUATE.has(code) ? [refused(`countries.${String(index)}`)] : [],
    ),
    ...Object.entries({ servers, webhooks }).flatMap(([list, entries]) =>
      entries.flatMap(({ country: code }, index) =>
        isCountry(code) && !EEA.has(code) && !countries.includes(code)
          ? [refused(`${list}.${String(index)}.country`)]
          : [],
      ),
    ),
  ];
}

/** Receivers of webhooks: who runs them runs the site or one of its servers, and no other recipient comes in by a webhook [R11]. */
function webhookProblems(value: unknown): readonly ConfigurationProblem[] {
  const { operator } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { servers, webhooks } = partsOf(value);
  const named = [
    (operator as Readonly<Record<string, unknown>> | null | undefined)?.['name'],
    ...servers.map((one) => one.operator),
  ];
  return webhooks.flatMap((entry, index) => {
    const path = `webhooks.${String(index)}.operator`;
    const words = `${path}: neither the site’s operator nor that of one of its servers`;
    const isNamed = named.some((name) => textOf(name) === textOf(entry.operator));
    return isNamed ? [] : [{ path, code: 'server-undeclared', words } as const];
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

type Rule = (value: unknown) => readonly ConfigurationProblem[];

function problemsOf(schema: v.GenericSchema, value: unknown, rule: Rule = () => []): readonly ConfigurationProblem[] {
  const { issues = [] } = v.safeParse(schema, value);
  const found = schemaProblems(issues);
  const parts = partsOf(value);
  // What the schema refuses is not reported twice.
  const others = [...serverProblems(parts), ...policyProblems(parts), ...rule(value)].filter(
    ({ path }) => !found.some((problem) => problem.path === path),
  );
  return [...new Map([...found, ...others].map((problem) => [problem.words, problem])).values()];
}

/** All mistakes in a server's file at once; empty where there is none. */
export function serverConfigurationProblems(value: unknown): readonly ConfigurationProblem[] {
  return problemsOf(ServerConfiguration, withoutSchema(value), webhookProblems);
}

function parse<S extends v.GenericSchema>(schema: S, value: unknown, rule?: Rule): v.InferOutput<S> {
  const problems = problemsOf(schema, value, rule);
  const [first] = problems;
  if (first) throw new ConsultError(first.code, { detail: problems.map(({ words }) => words).join('; ') });
  return v.parse(schema, value);
}

/** Who answers for the counselling, and how else to reach them [R9]. */
export type Contact = Pick<PublicConfiguration, 'operator' | 'alternatives'>;

/** Reads the contact from a configuration that may be wrong elsewhere: a room that cannot open still says whom to call. */
export function contactOf(value: unknown): Contact | null {
  const { operator, alternatives } = common;
  const { success, output } = v.safeParse(v.object({ operator, alternatives }), value);
  return success ? output : null;
}

/**
 * @param value the answer of `GET /config`, or the `config` property
 * @throws {ConsultError} `configuration-invalid`, `server-undeclared`, `server-country-refused`, `policy-loosened`: the
 *   code of the first mistake, with the paths of all
 */
export function parsePublicConfiguration(value: unknown): PublicConfiguration {
  return parse(PublicConfiguration, value);
}

/** Like {@link parsePublicConfiguration}, for the server's file, which may contain `$schema`. */
export function parseServerConfiguration(value: unknown): ServerConfiguration {
  return parse(ServerConfiguration, withoutSchema(value), webhookProblems);
}

/** Removes the secrets, and of the webhooks where they go: what remains is the public part. */
export function publicPart({ webhooks, ...configuration }: ServerConfiguration): PublicConfiguration {
  const servers = configuration.servers.map((server) => {
    if (server.role !== 'relay') return server;
    const { secret: _secret, ...rest } = server;
    return rest;
  });
  const told = new Map(
    webhooks.map(({ operator, country: code }) => [`${operator} ${code}`, { operator, country: code }]),
  );
  return { ...configuration, servers, ...(told.size > 0 ? { webhooks: [...told.values()] } : {}) };
}
