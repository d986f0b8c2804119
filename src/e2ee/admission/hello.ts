/**
 * The host hello (protocol.md §2, §3): which group the host runs now and under which keys, signed by the host key. A guest verifies it
 * before it sends anything of its own.
 */
import { ConsultError } from '../../errors.ts';
import { concat, copyBytes, equal, lp, random, readFields, u64, type Bytes } from '../bytes.ts';
import { createSuite, SUITE_NUMBER } from '../mls/suite.ts';
import { checkThumb, signHost, verifyHost } from './host-key.ts';

/** The signed fields, fresh for each page load of the host. */
interface Hello {
  /** 16 bytes. */
  readonly hostSession: Bytes;
  /** Milliseconds since the epoch; rises with every page load of the host. */
  readonly incarnation: number;
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
  readonly spki: Bytes;
}

/** How far in the future an incarnation may be: clocks differ, but one far ahead would lock out the true host (§9). */
const AHEAD = 5 * 60 * 1000;

/** Whether a guest accepts a host's incarnation: above the last one it knew, and not far in the future. */
export function acceptsIncarnation(
  incarnation: number,
  { last, now }: { readonly last: number | null; readonly now: number },
): boolean {
  return (last === null || incarnation > last) && incarnation <= now + AHEAD;
}

const helloFields = (roomId: Uint8Array, hello: Hello): readonly Uint8Array[] => [
  roomId,
  hello.hostSession,
  u64(BigInt(hello.incarnation)),
  hello.groupId,
  hello.leafPublicKey,
  hello.hpkePublicKey,
  u64(BigInt(SUITE_NUMBER)),
];

export async function createHello(o: {
  readonly hostKey: CryptoKey;
  readonly roomId: Uint8Array;
  readonly groupId: Bytes;
  readonly leafPublicKey: Bytes;
  readonly incarnation: number;
}): Promise<HostHello> {
  const { hpke } = await createSuite();
  const pair = await hpke.generateKeyPair();
  const hello: Hello = {
    hostSession: random(16),
    incarnation: o.incarnation,
    groupId: o.groupId,
    leafPublicKey: o.leafPublicKey,
    hpkePublicKey: copyBytes(await hpke.exportPublicKey(pair.publicKey)),
  };
  const fields = helloFields(o.roomId, hello);
  const signature = await signHost(o.hostKey, 'host hello', fields);
  // The room id is signed and not sent: everyone who can open a seal knows it.
  const encoded = concat(...[...fields.slice(1), signature].map(lp));
  return { ...hello, encoded, openingKey: copyBytes(await hpke.exportPrivateKey(pair.privateKey)) };
}

/**
 * @param o.thumb from the invite
 * @throws {ConsultError} `host-not-proven`, `message-invalid`
 */
export async function verifyHello(o: {
  readonly encoded: Uint8Array;
  readonly spki: Uint8Array;
  readonly thumb: Uint8Array;
  readonly roomId: Uint8Array;
}): Promise<VerifiedHello> {
  await checkThumb(o.spki, o.thumb);
  const fields = readFields(o.encoded, 7);
  const [hostSession, incarnation, groupId, leafPublicKey, hpkePublicKey, suite, signature] = fields;
  if (!hostSession || incarnation?.length !== 8 || !groupId || !leafPublicKey || !hpkePublicKey || !suite || !signature)
    throw new ConsultError('message-invalid', { detail: 'hello' });
  if (!(await verifyHost(o.spki, 'host hello', [o.roomId, ...fields.slice(0, 6)], signature)))
    throw new ConsultError('host-not-proven', { detail: 'hello' });
  if (!equal(suite, u64(BigInt(SUITE_NUMBER)))) throw new ConsultError('host-not-proven', { detail: 'suite' });
  const view = new DataView(incarnation.buffer, incarnation.byteOffset);
  const milliseconds = Number(view.getBigUint64(0));
  return { hostSession, incarnation: milliseconds, groupId, leafPublicKey, hpkePublicKey, spki: copyBytes(o.spki) };
}
