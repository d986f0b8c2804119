/**
 * The host hello (protocol.md §2, §3): which group the host runs now and under which keys, signed by the host key. A guest verifies it
 * before it sends anything of its own.
 */
import { ConsultError } from '../../errors.ts';
import { concat, copyBytes, equal, lp, random, readFields, u64, type Bytes } from '../bytes.ts';
import { createSuite, SUITE_NUMBER } from '../mls/suite.ts';
import { outranks, verifyAuthority, type Delegation, type HostAuthority, type Rank } from './delegation.ts';
import { signHost, verifyHost } from './host-key.ts';

/** The signed fields, fresh for each page load of the host. */
interface Hello {
  /** 16 bytes. */
  readonly hostSession: Bytes;
  /** Milliseconds since the epoch; rises with every page load of the host. */
  readonly incarnation: number;
  /** As in the delegation; with the host key 0, or when it took the room back (§13). */
  readonly since: number;
  readonly groupId: Bytes;
  readonly leafPublicKey: Bytes;
  /** Knocks are sealed to it. */
  readonly hpkePublicKey: Bytes;
}

/** The host's side: the hello as sent, and the private key that opens knocks. */
export interface HostHello extends Hello {
  readonly encoded: Bytes;
  readonly openingKey: Bytes;
}

/** The guest's side: a hello whose signature and host key were checked. */
export interface VerifiedHello extends Hello {
  /** The key under which this host signs. */
  readonly spki: Bytes;
  /** The SPKI of the host key that the invite names. */
  readonly root: Bytes;
  /** Null where the host key itself leads. */
  readonly delegation: Delegation | null;
}

/** How far in the future an incarnation may be: clocks differ, but one far ahead would lock out the true host (§9). */
const AHEAD = 5 * 60 * 1000;

/** Whether a guest accepts a host: above the last one it knew, and not far in the future. */
export function acceptsRank(rank: Rank, { last, now }: { readonly last: Rank | null; readonly now: number }): boolean {
  return (last === null || outranks(rank, last)) && Math.max(rank.incarnation, rank.since) <= now + AHEAD;
}

const helloFields = (roomId: Uint8Array, hello: Hello): readonly Uint8Array[] => [
  roomId,
  hello.hostSession,
  u64(BigInt(hello.incarnation)),
  hello.groupId,
  hello.leafPublicKey,
  hello.hpkePublicKey,
  u64(BigInt(SUITE_NUMBER)),
  u64(BigInt(hello.since)),
];

export async function createHello(o: {
  readonly authority: HostAuthority;
  readonly roomId: Uint8Array;
  readonly groupId: Bytes;
  readonly leafPublicKey: Bytes;
  readonly incarnation: number;
  readonly since: number;
}): Promise<HostHello> {
  const { hpke } = await createSuite();
  const pair = await hpke.generateKeyPair();
  const hello: Hello = {
    hostSession: random(16),
    incarnation: o.incarnation,
    since: o.since,
    groupId: o.groupId,
    leafPublicKey: o.leafPublicKey,
    hpkePublicKey: copyBytes(await hpke.exportPublicKey(pair.publicKey)),
  };
  const fields = helloFields(o.roomId, hello);
  const signature = await signHost(o.authority.key, 'host hello', fields);
  // The room id is signed and not sent: everyone who can open a seal knows it.
  const encoded = concat(...[...fields.slice(1), signature].map(lp));
  return { ...hello, encoded, openingKey: copyBytes(await hpke.exportPrivateKey(pair.privateKey)) };
}

/**
 * @param o.spki of the host key
 * @param o.delegation where the host is a delegate
 * @param o.thumb from the invite
 * @throws {ConsultError} `host-not-proven`, `message-invalid`
 */
export async function verifyHello(o: {
  readonly encoded: Uint8Array;
  readonly spki: Uint8Array;
  readonly delegation: Uint8Array | null;
  readonly thumb: Uint8Array;
  readonly roomId: Uint8Array;
}): Promise<VerifiedHello> {
  const { spki, delegation } = await verifyAuthority({ ...o, root: o.spki });
  const fields = readFields(o.encoded, 8);
  const [hostSession, incarnation, groupId, leafPublicKey, hpkePublicKey, suite, since, signature] = fields;
  if (!hostSession || !groupId || !leafPublicKey || !hpkePublicKey || !suite || !signature)
    throw new ConsultError('message-invalid', { detail: 'hello' });
  if (incarnation?.length !== 8 || since?.length !== 8) throw new ConsultError('message-invalid', { detail: 'hello' });
  if (!(await verifyHost(spki, 'host hello', [o.roomId, ...fields.slice(0, 7)], signature)))
    throw new ConsultError('host-not-proven', { detail: 'hello' });
  if (!equal(suite, u64(BigInt(SUITE_NUMBER)))) throw new ConsultError('host-not-proven', { detail: 'suite' });
  const rank = { incarnation: readTime(incarnation), since: readTime(since) };
  // A delegate leads since it was named, and cannot make that later.
  if (delegation && rank.since !== delegation.since) throw new ConsultError('host-not-proven', { detail: 'since' });
  return { hostSession, ...rank, groupId, leafPublicKey, hpkePublicKey, spki, root: copyBytes(o.spki), delegation };
}

const readTime = (bytes: Bytes): number => Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
