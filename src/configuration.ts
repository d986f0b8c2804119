/**
 * The configuration of a site: one object that the notice, the relay dialog and the server all read, so that they cannot
 * disagree [R2] [R11]. Shared by the browser and the server; the server's file may hold secrets, which never leave it.
 */
import * as v from 'valibot';
import { ConsultError } from './errors.ts';
import { resolvePolicy } from './policy.ts';

/** Members of the European Economic Area, ISO 3166-1 alpha-2: where the GDPR applies by itself. */
export const EEA: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
);

/**
 * Countries beside the EEA for which the European Commission has decided that they protect personal data adequately (Art. 45 GDPR), ISO 3166-1
 * alpha-2. State of November 2026, after the Commission's list «Adequacy decisions: how the EU determines if a non-EU country has an adequate
 * level of data protection», commission.europa.eu; Brazil since 26 January 2026. Decisions are reviewed and can be repealed: whoever
 * changes this set says here when they looked.
 *
 * `US` holds only for organisations that joined the EU-US Data Privacy Framework, `CA` only for commercial ones; the notice says so.
 */
export const ADEQUATE: ReadonlySet<string> = new Set('AD AR BR CA CH FO GB GG IL IM JE JP KR NZ US UY'.split(' '));

/** No metadata is kept longer than this, whatever a file says [R12]: 90 days in milliseconds. */
export const RETENTION_CAP = 90 * 24 * 60 * 60 * 1000;

export const POLICY_NAMES = ['beratung', 'gruppe', 'anlage-31b', 'gewaltschutz'] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

const text = (maximum: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(maximum));
const country = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/u, 'two capital letters of ISO 3166-1, such as DE'));
const iceUrls = (pattern: RegExp, hint: string) =>
  v.pipe(v.array(v.pipe(v.string(), v.regex(pattern, hint))), v.minLength(1), v.maxLength(8));
const address = v.pipe(v.string(), v.regex(/^[0-9a-fA-F.:]{2,45}$/u, 'an IP address'));
/** ISO 8601 duration of days, hours, minutes and seconds. */
const duration = v.pipe(
  v.string(),
  v.regex(
    /^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/u,
    'days, hours, minutes and seconds only, such as P1095D or PT2H',
  ),
);

/** A link that a person may follow: on this site, or on another that was loaded safely. */
const page = v.pipe(
  v.string(),
  v.maxLength(400),
  v.regex(/^(?:https:\/\/[^\s/]+(?:\/[^\s]*)?|\/(?!\/)[^\s]*)$/u, 'an address beginning with https:// or with /'),
);
const whole = (minimum: number, maximum: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(minimum), v.maxValue(maximum));
/** Said in the JSON Schema, so that editors show it beside the entry. */
const described = <const S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));

const declared = { operator: text(200), country };
const Signaling = v.strictObject({ role: v.literal('signaling'), ...declared });
const Stun = v.strictObject({
  role: v.literal('stun'),
  urls: iceUrls(/^stuns?:[^\s]+$/u, 'stun:host:port'),
  ...declared,
});
const relay = {
  role: v.literal('relay'),
  urls: iceUrls(/^turns?:[^\s]+$/u, 'turn:host:port?transport=udp'),
  /** The relay's own addresses, so that a relayed path is recognised whatever it claims to be. */
  addresses: v.optional(v.pipe(v.array(address), v.maxLength(16)), []),
  ...declared,
};
const Relay = v.strictObject(relay);
/** In words of our own: those of the validator would repeat what was found there. */
const secret = v.pipe(
  v.string('a text'),
  v.trim(),
  v.minLength(1, 'empty'),
  v.maxLength(512, 'at most 512 characters'),
);
const RelayWithSecret = v.strictObject({ ...relay, secret: v.optional(secret) });

const common = {
  /** Who answers for the counselling: the controller in the sense of Art. 4(7) GDPR. */
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
  /** Rules that the site sets tighter than its policy preset. */
  rules: v.optional(
    v.strictObject({
      size: described(v.optional(whole(2, 9)), 'People in the room, the host counted.'),
      inviteHours: described(v.optional(whole(1, 48)), 'For how many hours at most an invite opens the room.'),
      graceSeconds: described(v.optional(whole(10, 600)), 'How long a lost person is waited for.'),
      selfView: described(v.optional(v.picklist(['hidden', 'shown'])), 'The own picture in the session.'),
      replayRecorders: described(
        v.optional(v.picklist(['refuse', 'warn', 'ignore'])),
        'What to do about session replay recorders in the page.',
      ),
    }),
    {},
  ),
  /** Countries beside the EEA that the site accepts because of an adequacy decision (Art. 45 GDPR); others than {@link ADEQUATE} are refused. */
  countries: v.optional(v.pipe(v.array(country), v.maxLength(64)), []),
  /** What a person can do when no connection is made [R9]. */
  alternatives: v.optional(
    v.strictObject({
      telephone: described(v.optional(text(60)), 'A number to call.'),
      email: described(v.optional(v.pipe(v.string(), v.email())), 'An address to write to.'),
      appointment: described(v.optional(page), 'The page on which another date can be arranged.'),
      writing: described(v.optional(page), 'The page of counselling in writing: chat, forum or mail.'),
      text: described(v.optional(text(400)), 'A sentence in the site’s own words, shown first.'),
    }),
    {},
  ),
  retention: v.optional(
    v.strictObject({
      rooms: described(v.optional(duration, 'PT2H'), 'How long the server keeps an empty room.'),
      receipts: described(
        v.optional(duration),
        'How long the site keeps receipts of consent, if it takes them from `consult-consent`. Without it the notice says that none are kept.',
      ),
    }),
    { rooms: 'PT2H' },
  ),
};

/** What everybody may read: `GET /config`, `config`, `config-url`. */
export const PublicConfiguration = v.strictObject({
  ...common,
  servers: v.pipe(v.array(v.variant('role', [Signaling, Stun, Relay])), v.minLength(1), v.maxLength(16)),
});
/** The server's file: the same, and the relay's secret. */
export const ServerConfiguration = v.strictObject({
  ...common,
  servers: v.pipe(v.array(v.variant('role', [Signaling, Stun, RelayWithSecret])), v.minLength(1), v.maxLength(16)),
});

export type PublicConfiguration = Readonly<v.InferOutput<typeof PublicConfiguration>>;
export type ServerConfiguration = Readonly<v.InferOutput<typeof ServerConfiguration>>;
/** The server's file as it is written, before defaults. */
export type ServerConfigurationInput = Readonly<v.InferInput<typeof ServerConfiguration>> & {
  readonly $schema?: string;
};
export type DeclaredServer = PublicConfiguration['servers'][number];
export type RelayServer = Extract<DeclaredServer, { role: 'relay' }>;

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds. */
export function durationMilliseconds(iso: string): number {
  const [, d, h, m, s] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/u.exec(iso) ?? [];
  const seconds = Number(d ?? 0) * 86_400 + Number(h ?? 0) * 3_600 + Number(m ?? 0) * 60 + Number(s ?? 0);
  return seconds * 1000;
}

/** As {@link durationMilliseconds}, at most {@link RETENTION_CAP} [R12]. */
export function retentionMilliseconds(iso: string): number {
  return Math.min(durationMilliseconds(iso), RETENTION_CAP);
}

function check<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? '(top)';
  // A server that nobody answers for is told apart from a slip of the pen [R11].
  const undeclared = /^servers\.\d+\.(?:operator|country)$/u.test(path) && (issue.input ?? '') === '';
  throw new ConsultError(undeclared ? 'server-undeclared' : 'configuration-invalid', { detail: inWords(path, issue) });
}

/** The validator speaks of keys and of `never`; whoever wrote the file wants to know which word is wrong, or not there. */
function inWords(path: string, { type, expected, input, message }: v.BaseIssue<unknown>): string {
  if (type === 'strict_object' && expected === 'never') return `${path}: unknown key`;
  return input === undefined ? `${path} is missing` : `${path}: ${message}`;
}

/** `$schema` tells editors where the JSON Schema is; it is no part of the configuration. */
function withoutSchema(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$schema' in value)) return value;
  const { $schema: _schema, ...rest } = value;
  return rest;
}

/**
 * A preset that no rule loosens, and the servers that it needs: hiding addresses is not possible without somebody in between.
 */
function checkPolicy(configuration: Pick<PublicConfiguration, 'policy' | 'rules' | 'servers'>): void {
  const { relay } = resolvePolicy(configuration);
  if (relay === 'always' && !configuration.servers.some(({ role }) => role === 'relay'))
    throw new ConsultError('configuration-invalid', {
      detail: `policy: "${configuration.policy}" needs a server with role "relay"`,
    });
}

/**
 * Refuses servers nobody answers for, or that stand where the GDPR does not reach [R11]. A site chooses among the adequacy decisions that there
 * are; it cannot add one, because the notice says in the Commission's name what the list holds.
 */
function checkServers(configuration: Pick<PublicConfiguration, 'servers' | 'countries'>): void {
  if (!configuration.servers.some((server) => server.role === 'signaling'))
    throw new ConsultError('server-undeclared', { detail: 'servers: no entry with role "signaling"' });
  for (const [index, accepted] of configuration.countries.entries()) {
    if (!EEA.has(accepted) && !ADEQUATE.has(accepted))
      throw new ConsultError('server-country-refused', { detail: `countries.${String(index)}` });
  }
  for (const [index, server] of configuration.servers.entries()) {
    if (!EEA.has(server.country) && !configuration.countries.includes(server.country))
      throw new ConsultError('server-country-refused', { detail: `servers.${String(index)}.country` });
  }
}

/**
 * @param value what `GET /config` or the `config` property gave
 * @throws {ConsultError} `configuration-invalid` (with the path of the bad value), `server-undeclared`, `server-country-refused`,
 *   `policy-loosened`
 */
export function parsePublicConfiguration(value: unknown): PublicConfiguration {
  const configuration = check(PublicConfiguration, value);
  checkServers(configuration);
  checkPolicy(configuration);
  return configuration;
}

/** As {@link parsePublicConfiguration}, for the server's file, which may say where its schema is. */
export function parseServerConfiguration(value: unknown): ServerConfiguration {
  const configuration = check(ServerConfiguration, withoutSchema(value));
  checkServers(configuration);
  checkPolicy(configuration);
  return configuration;
}

/** The part of a server's configuration that everybody may read: without any secret. */
export function publicPart(configuration: ServerConfiguration): PublicConfiguration {
  const servers = configuration.servers.map((server) => {
    if (server.role !== 'relay') return server;
    const { secret: _secret, ...rest } = server;
    return rest;
  });
  return { ...configuration, servers };
}
