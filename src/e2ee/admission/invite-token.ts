/**
 * The invite (protocol.md §1): a secret and the host's key, in a link's fragment, which no browser sends to a server.
 * From it both sides derive the room's id, its seal keys and its pre-shared key. Runs in browsers and in Node.
 *
 * Token, base64url: version (1) ‖ role (1: `h`, `g` or `c`) ‖ expires (8, seconds) ‖ site (8) ‖ S (32) ‖ thumb (48) ‖ for the
 * host its private key as PKCS#8 and public key as SPKI, both lp, or where its browser keeps the key (`c`, §15) C (32) ‖
 * checksum (4).
 */
import { ConsultError } from '../../errors.ts';
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import {
  concat,
  equal,
  hkdfExpand,
  hkdfExtract,
  label,
  lp,
  random,
  readFields,
  sha384,
  u64,
  utf8,
  type Bytes,
} from '../bytes.ts';
import { generateHostKey, importHostKey, signHost, verifyHost } from './host-key.ts';
import { readings } from './invite-text.ts';

export interface Invite {
  readonly role: 'host' | 'guest';
  /** S: 32 random bytes. */
  readonly secret: Bytes;
  /** SHA-384 of the host's SPKI. */
  readonly thumb: Bytes;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** Host only: ECDSA P-384, not extractable. Absent where the host's browser keeps it (§15). */
  readonly hostKey?: CryptoKey;
  readonly hostSpki?: Bytes;
  /** Host only: from it the spoken codes of the room follow, which no holder of the guest link can derive (§14). */
  readonly codeRoot?: Bytes;
}

/** What all participants derive from the invite. */
export interface RoomKeys {
  /** 48 bytes. The server recomputes it, so nobody else can claim the room. */
  readonly roomId: Bytes;
  /** 32 bytes; the host shows it to the server. */
  readonly roomTag: Bytes;
  /** 48 bytes (§8). */
  readonly sealRoot: Bytes;
  /** The external pre-shared key of a group, 48 bytes (§4). */
  psk(groupId: Uint8Array): Promise<Bytes>;
}

const VERSION = 1;
const HOST = 0x68;
const GUEST = 0x67;
/** A host whose browser keeps the key. */
const KEPT = 0x63;
const CODE_SECRET = 32;
const FIXED = 1 + 1 + 8 + 8 + 32 + 48;
const CHECKSUM = 4;
/** Mail programs take a sign at the end of a link for the sentence's, so a token ends in a letter or digit. */
const WHOLE = /[A-Za-z0-9]$/u;

/**
 * Creates the links of a new room. Nothing is registered anywhere.
 *
 * @param options.base the page that holds `<consult-room>`; its own fragment is replaced
 * @param options.expires the end of the invite
 */
export async function createInvite(options: {
  readonly base: string | URL;
  readonly expires: Date;
}): Promise<{ hostLink: string; guestLink: string }> {
  const { privateKey, publicKey } = await generateHostKey();
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
  return linksOf({ ...options, thumb: await sha384(spki), role: HOST, rest: () => concat(lp(pkcs8), lp(spki)) });
}

/**
 * Creates the links of a room for a host whose browser keeps the key (§15): neither contains it.
 *
 * @param options.thumb of the host key, from its public part
 */
export function createInviteFor(options: {
  readonly base: string | URL;
  readonly expires: Date;
  readonly thumb: Uint8Array;
}): Promise<{ hostLink: string; guestLink: string }> {
  return linksOf({ ...options, role: KEPT, rest: () => random(CODE_SECRET) });
}

async function linksOf(o: {
  readonly base: string | URL;
  readonly expires: Date;
  readonly thumb: Uint8Array;
  readonly role: typeof HOST | typeof KEPT;
  /** What only the host's token has. */
  readonly rest: () => Uint8Array;
}): Promise<{ hostLink: string; guestLink: string }> {
  const base = new URL(o.base);
  const expires = u64(BigInt(Math.floor(o.expires.getTime() / 1000)));
  const site = await siteOf(base.origin);
  for (;;) {
    const fixed = concat(expires, site, random(32), o.thumb);
    const host = await tokenOf(concat(Uint8Array.of(VERSION, o.role), fixed, o.rest()));
    const guest = await tokenOf(concat(Uint8Array.of(VERSION, GUEST), fixed));
    // Another secret where one of them does not: two in 64.
    if (WHOLE.test(host) && WHOLE.test(guest)) return { hostLink: link(base, host), guestLink: link(base, guest) };
  }
}

/** Names the site, so that a link of another site is reported as foreign, not as damaged. */
export async function siteOf(origin: string): Promise<Bytes> {
  return (await sha384(concat(label('site'), lp(utf8(origin))))).slice(0, 8);
}

async function checksum(body: Uint8Array): Promise<Bytes> {
  return (await sha384(concat(label('invite'), lp(body)))).slice(0, CHECKSUM);
}

async function tokenOf(body: Uint8Array): Promise<string> {
  return toBase64Url(concat(body, await checksum(body)));
}

/** The guest link of an invite, as {@link createInvite} gave it: so that a host can pass it on from the room itself. */
export async function guestLinkOf({ secret, thumb, expires }: Invite, base: string | URL): Promise<string> {
  const url = new URL(base);
  const seconds = u64(BigInt(Math.floor(expires / 1000)));
  return link(
    url,
    await tokenOf(concat(Uint8Array.of(VERSION, GUEST), seconds, await siteOf(url.origin), secret, thumb)),
  );
}

function link(base: URL, token: string): string {
  const url = new URL(base);
  url.hash = `consult=${token}`;
  return url.href;
}

/**
 * @param invite a token, or a fragment or link that holds one, as mail programs may have altered it
 * @throws {ConsultError} `invite-missing`, `invite-damaged`, `invite-expired`, `invite-foreign`
 */
export async function parseInvite(
  invite: string,
  { origin, now = Date.now() }: { readonly origin: string; readonly now?: number },
): Promise<Invite> {
  const body = await readToken(invite);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [version, role] = body;
  if (version !== VERSION || (role !== HOST && role !== GUEST && role !== KEPT)) throw damaged('version');
  if (!equal(body.subarray(10, 18), await siteOf(origin))) throw new ConsultError('invite-foreign');
  const expires = Number(view.getBigUint64(2)) * 1000;
  const secret = body.slice(18, 50);
  const thumb = body.slice(50, 98);
  const guest = { secret, thumb, expires };
  const rest = body.slice(FIXED);
  if (rest.length !== { [GUEST]: 0, [KEPT]: CODE_SECRET, [HOST]: rest.length }[role]) throw damaged('length');
  const host = await hostPartOf(role, rest, { secret, thumb });
  // Checked last, so that a link that is both damaged and expired is reported as damaged.
  if (!(expires > now)) throw new ConsultError('invite-expired');
  return host ? { ...guest, role: 'host', ...host } : { ...guest, role: 'guest' };
}

const damaged = (detail: string, cause?: unknown): ConsultError =>
  new ConsultError('invite-damaged', { detail, cause });

async function readToken(invite: string): Promise<Bytes> {
  const tokens = readings(invite);
  if (tokens.length === 0) throw new ConsultError('invite-missing');
  for (const token of tokens) {
    const body = await bodyOf(token);
    if (body) return body;
  }
  throw damaged('checksum');
}

/** @returns null where the token is not as it was made */
async function bodyOf(token: string): Promise<Bytes | null> {
  let bytes: Bytes;
  try {
    bytes = fromBase64Url(token);
  } catch {
    return null;
  }
  if (bytes.length < FIXED + CHECKSUM) return null;
  const body = bytes.slice(0, -CHECKSUM);
  return equal(bytes.subarray(-CHECKSUM), await checksum(body)) ? body : null;
}

type HostPart = Pick<Invite, 'hostKey' | 'hostSpki'> & { readonly codeRoot: Bytes };

/** @returns null for a guest */
async function hostPartOf(
  role: typeof HOST | typeof GUEST | typeof KEPT,
  rest: Bytes,
  invite: { readonly secret: Bytes; readonly thumb: Bytes },
): Promise<HostPart | null> {
  if (role === GUEST) return null;
  return role === HOST ? readHostKey(rest, invite) : { codeRoot: await codeRootOf(rest) };
}

const codeRootOf = (material: Uint8Array): Promise<Bytes> => hkdfExtract(utf8('consult-room v1 code'), material);

/** Checks by a signature that the private key belongs to the public key that the invite names. */
async function readHostKey(
  bytes: Uint8Array,
  { secret, thumb }: { readonly secret: Bytes; readonly thumb: Bytes },
): Promise<HostPart> {
  try {
    const [pkcs8, spki] = readFields(bytes, 2);
    if (!pkcs8 || !spki || !equal(await sha384(spki), thumb)) throw damaged('host key');
    const hostKey = await importHostKey(pkcs8);
    const proof = await signHost(hostKey, 'host hello', []);
    if (!(await verifyHost(spki, 'host hello', [], proof))) throw damaged('host key');
    // With S: one key may serve many rooms, and each has codes of its own.
    return { hostKey, hostSpki: spki, codeRoot: await codeRootOf(concat(lp(pkcs8), secret)) };
  } catch (error: unknown) {
    if (error instanceof ConsultError && error.code === 'invite-damaged') throw error;
    throw damaged('host key', error);
  }
}

/** `SHA-384("consult-room v1 room" ‖ thumb ‖ roomTag ‖ expires)`: clients derive it, the server verifies it. */
export async function roomIdOf(spki: Uint8Array, roomTag: Uint8Array, expiresSeconds: number): Promise<Bytes> {
  return roomIdOfThumb(await sha384(spki), roomTag, expiresSeconds);
}

function roomIdOfThumb(thumb: Uint8Array, roomTag: Uint8Array, expiresSeconds: number): Promise<Bytes> {
  return sha384(concat(label('room'), thumb, roomTag, u64(BigInt(expiresSeconds))));
}

/** The key schedule of §1. */
export async function deriveRoom({
  secret,
  thumb,
  expires,
}: Pick<Invite, 'secret' | 'thumb' | 'expires'>): Promise<RoomKeys> {
  const prk = await hkdfExtract(utf8('consult-room v1'), secret);
  const roomTag = await hkdfExpand(prk, label('room tag'), 32);
  return {
    roomTag,
    roomId: await roomIdOfThumb(thumb, roomTag, Math.floor(expires / 1000)),
    sealRoot: await hkdfExpand(prk, label('seal'), 48),
    psk: (groupId) => hkdfExpand(prk, concat(label('mls psk'), lp(groupId)), 48),
  };
}
