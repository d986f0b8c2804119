/**
 * Who may open a room as its host: everyone who holds a host link, the holders of listed host keys, or those to whom
 * the site's own backend gave a short token (a JWT, RFC 7519, signed with ES256 or ES384).
 */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import * as v from 'valibot';
import { ConsultError } from '../errors.ts';
import { toBase64Url } from '../util/base64url.ts';

const thumb = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{64}$/u, 'the thumb of a host key, 64 characters'));
const publicKey = v.union([v.string(), v.record(v.string(), v.unknown())], 'a public key, PEM or JWK');

/** As in the file of `--hosts`. */
export const HostRuleFile = v.union(
  [
    v.strictObject({ keys: v.pipe(v.array(thumb), v.minLength(1), v.maxLength(10_000)) }),
    v.strictObject({
      tokens: v.strictObject({
        /** `aud` of the tokens, such as the site's origin. */
        audience: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
        issuer: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(256))),
        /** Two while one is being replaced. */
        keys: v.pipe(v.array(publicKey), v.minLength(1), v.maxLength(8)),
      }),
    }),
  ],
  'either {"keys": […]} or {"tokens": {"audience": …, "keys": […]}}',
);
export type HostRule = 'everyone' | v.InferInput<typeof HostRuleFile>;

/** A used token: good for one host key only, until it ends. */
export interface SpentToken {
  /** SHA-256 of issuer and `jti`, in base64url. */
  readonly token: string;
  /** SHA-384 of the host's SPKI, in base64url. */
  readonly thumb: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

export interface HostClaim {
  /** base64url of 48 bytes. */
  readonly room: string;
  readonly thumb: Uint8Array;
  readonly token: string | undefined;
}

export interface HostGateOptions {
  readonly now: () => number;
  /** Tells other server processes. */
  readonly onSpent: (spent: SpentToken) => void;
}

const ALGORITHMS: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384' };
/** Seconds by which the clocks of backend and server may differ. */
const CLOCKS = 30;
/** Milliseconds that a token may be valid at most: it opens a room, and need not live as long as that. */
const LONGEST = 60 * 60 * 1000;
/** Tokens remembered; only the site's backend can make them. */
const MOST = 50_000;

interface Key {
  readonly key: KeyObject;
  readonly algorithm: string;
  readonly id: string | undefined;
}

export class HostGate {
  readonly #rule: HostRule;
  readonly #keys: readonly Key[];
  readonly #o: HostGateOptions;
  readonly #spent = new Map<string, SpentToken>();

  /** @throws {ConsultError} `argument-invalid` for a rule or key of another shape, and for a private key */
  constructor(rule: HostRule, o: HostGateOptions) {
    this.#o = o;
    this.#rule = rule === 'everyone' ? rule : checkRule(rule);
    this.#keys = rule !== 'everyone' && 'tokens' in rule ? rule.tokens.keys.map(readKey) : [];
  }

  /** Call only once the host has proved its key. */
  async admits(claim: HostClaim): Promise<boolean> {
    if (this.#rule === 'everyone') return true;
    if ('keys' in this.#rule) return this.#rule.keys.includes(toBase64Url(claim.thumb));
    return this.#admitsToken(claim, this.#rule.tokens);
  }

  /** Tokens in use: what a new process has to know. */
  spent(): readonly SpentToken[] {
    this.#sweep();
    return [...this.#spent.values()];
  }

  /** Tokens that were used with this host key, the SHA-384 of its SPKI in base64url. */
  spentBy(key: string): readonly SpentToken[] {
    return this.spent().filter((spent) => spent.thumb === key);
  }

  /** A token was used at another process: the first use counts, wherever it was. */
  learn(spent: SpentToken): void {
    if (!this.#spent.has(spent.token) && this.#spent.size < MOST) this.#spent.set(spent.token, spent);
  }

  async #admitsToken(
    { room, thumb: bytes, token }: HostClaim,
    { audience, issuer }: { readonly audience: string; readonly issuer?: string | undefined },
  ): Promise<boolean> {
    const payload = token === undefined ? null : await this.#verified(token, { audience, issuer });
    if (!payload?.jti || payload.exp === undefined) return false;
    const until = payload.exp * 1000;
    if (until > this.#o.now() + LONGEST + CLOCKS * 1000) return false;
    // A backend that knows the room may bind the token to it.
    if (payload['room'] !== undefined && payload['room'] !== room) return false;
    return this.#spend({
      token: createHash('sha256')
        .update(`${payload.iss ?? ''}\n${payload.jti}`)
        .digest('base64url'),
      thumb: toBase64Url(bytes),
      until: until + CLOCKS * 1000,
    });
  }

  /** The same host may use it again, to reconnect; nobody else can. */
  #spend(spent: SpentToken): boolean {
    const before = this.#spent.get(spent.token);
    if (before) return before.thumb === spent.thumb;
    this.#sweep();
    if (this.#spent.size >= MOST) return false;
    this.#spent.set(spent.token, spent);
    this.#o.onSpent(spent);
    return true;
  }

  async #verified(
    token: string,
    { audience, issuer }: { readonly audience: string; readonly issuer: string | undefined },
  ): Promise<JWTPayload | null> {
    const options = {
      audience,
      ...(issuer === undefined ? {} : { issuer }),
      requiredClaims: ['exp', 'jti', 'aud'],
      clockTolerance: CLOCKS,
      currentDate: new Date(this.#o.now()),
    };
    for (const { key, algorithm, id } of this.#keys) {
      try {
        const { kid } = decodeProtectedHeader(token);
        if (kid !== undefined && id !== undefined && kid !== id) continue;
        return (await jwtVerify(token, key, { ...options, algorithms: [algorithm] })).payload;
      } catch {
        // Not of this key, forged, or expired; the next key may be its own.
      }
    }
    return null;
  }

  #sweep(): void {
    const now = this.#o.now();
    for (const [token, { until }] of this.#spent) if (until <= now) this.#spent.delete(token);
  }
}

const invalid = (detail: string): ConsultError => new ConsultError('argument-invalid', { detail: `hosts: ${detail}` });

function checkRule(rule: unknown): v.InferOutput<typeof HostRuleFile> {
  const result = v.safeParse(HostRuleFile, rule);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw invalid(`${v.getDotPath(issue) ?? '(top)'}: ${issue.message}`);
}

function readKey(given: v.InferInput<typeof publicKey>, index: number): Key {
  const at = `tokens.keys.${String(index)}`;
  // `createPublicKey` would take a private key and derive the public one; a private key here could make tokens.
  if (typeof given === 'string' ? given.includes('PRIVATE KEY') : 'd' in given)
    throw invalid(`${at}: a private key; put the public one here`);
  let key: KeyObject;
  try {
    key = createPublicKey(typeof given === 'string' ? given : { key: given as JsonWebKey, format: 'jwk' });
  } catch {
    throw invalid(`${at}: not a public key, PEM or JWK`);
  }
  const algorithm = ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (algorithm === undefined) throw invalid(`${at}: only P-256 (ES256) and P-384 (ES384)`);
  const id = typeof given === 'object' && typeof given['kid'] === 'string' ? given['kid'] : undefined;
  return { key, algorithm, id };
}
