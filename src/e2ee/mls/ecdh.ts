/**
 * ECDH over P-384 (SEC 1 §3.3.1), uncompressed points. Scalar multiplication runs in WebCrypto: native code, whose time does not depend on
 * the secret. Only where an engine computes no public point (Firefox 153) does JavaScript do that, in a part that is loaded there.
 */
import { part } from '../../util/part.ts';
import { concat, equal, type Bytes } from '../bytes.ts';
import { checkPoint, checkScalar, P384_SIZES } from './p384.ts';

export { checkPoint, P384_SIZES as ECDH_SIZES } from './p384.ts';

const ECDH = { name: 'ECDH', namedCurve: 'P-384' } as const;
/** PKCS#8 (RFC 5958) around an EC private key (RFC 5915) up to the scalar, with a public point and without one. */
const BEFORE_SCALAR = Uint8Array.from([
  0x30, 0x81, 0xb6, 0x02, 0x01, 0x00, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05,
  0x2b, 0x81, 0x04, 0x00, 0x22, 0x04, 0x81, 0x9e, 0x30, 0x81, 0x9b, 0x02, 0x01, 0x01, 0x04, 0x30,
]);
const BEFORE_LONE_SCALAR = Uint8Array.from([
  0x30, 0x4e, 0x02, 0x01, 0x00, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
  0x81, 0x04, 0x00, 0x22, 0x04, 0x37, 0x30, 0x35, 0x02, 0x01, 0x01, 0x04, 0x30,
]);
const BEFORE_POINT = Uint8Array.of(0xa1, 0x64, 0x03, 0x62, 0x00);

export interface EcdhKey {
  readonly privateKey: CryptoKey;
  readonly point: Bytes;
}

export async function generateEcdhKey(): Promise<EcdhKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDH, false, ['deriveBits']);
  return { privateKey, point: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)) };
}

type PointOf = (scalar: Uint8Array) => Bytes | Promise<Bytes>;

/** By WebCrypto: a key that is imported without its public point is exported with it. */
async function pointByEngine(scalar: Uint8Array): Promise<Bytes> {
  const lone = concat(BEFORE_LONE_SCALAR, scalar);
  let whole = new Uint8Array(0);
  try {
    const key = await crypto.subtle.importKey('pkcs8', lone, ECDH, true, ['deriveBits']);
    whole = new Uint8Array(await crypto.subtle.exportKey('pkcs8', key));
    const point = whole.slice(-P384_SIZES.point);
    if (!equal(whole, wholeKey(scalar, point))) throw new TypeError('another encoding');
    return point;
  } finally {
    for (const spent of [lone, whole]) spent.fill(0);
  }
}

const wholeKey = (scalar: Uint8Array, point: Uint8Array): Bytes => concat(BEFORE_SCALAR, scalar, BEFORE_POINT, point);

/** Whether this engine computes the points that it computes for keys of its own. */
async function computesPoints(): Promise<boolean> {
  try {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDH, true, ['deriveBits']);
    const key = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
    const scalar = key.slice(BEFORE_SCALAR.length, BEFORE_SCALAR.length + P384_SIZES.scalar);
    return equal(await pointByEngine(scalar), new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)));
  } catch {
    return false;
  }
}

const loadInScript = part(() => import('./p384-in-script.ts'));

/**
 * Loads what the engine lacks; call it before the keys of a session are made, so that none waits for the network.
 *
 * @throws {ConsultError} `part-unavailable`
 */
export const preparePoints = part(async (): Promise<PointOf> =>
  (await computesPoints()) ? pointByEngine : (await loadInScript()).pointInScript,
);

/**
 * @param scalar 48 bytes, big-endian
 * @throws {TypeError} where it is zero or not below the order of the curve
 */
export async function pointOf(scalar: Uint8Array): Promise<Bytes> {
  checkScalar(scalar);
  const compute = await preparePoints();
  return compute(scalar);
}

/** Takes and throws what {@link pointOf} does. */
export async function importEcdhKey(scalar: Uint8Array): Promise<EcdhKey> {
  const point = await pointOf(scalar);
  // With the public point: Firefox requires it.
  const pkcs8 = wholeKey(scalar, point);
  try {
    return { privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, ECDH, false, ['deriveBits']), point };
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * @returns the x coordinate of the agreed point, 48 bytes
 * @throws as {@link checkPoint}
 */
export async function agree(own: CryptoKey, point: Bytes): Promise<Bytes> {
  checkPoint(point);
  const theirs = await crypto.subtle.importKey('raw', point, ECDH, false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, own, 384));
}
