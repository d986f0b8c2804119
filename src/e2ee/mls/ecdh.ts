/**
 * ECDH over P-384 (SEC 1 §3.3.1), uncompressed points. Scalar multiplication with other people's points runs in WebCrypto: native code,
 * whose time does not depend on the secret.
 */
import { concat, type Bytes } from '../bytes.ts';
import { checkPoint, pointOf } from './p384.ts';

export { checkPoint, pointOf, P384_SIZES as ECDH_SIZES } from './p384.ts';

const ECDH = { name: 'ECDH', namedCurve: 'P-384' } as const;
/** PKCS#8 (RFC 5958) around an EC private key (RFC 5915) up to the scalar. With the public point: Firefox requires it. */
const PKCS8_BEFORE_SCALAR = Uint8Array.from([
  0x30, 0x81, 0xb6, 0x02, 0x01, 0x00, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05,
  0x2b, 0x81, 0x04, 0x00, 0x22, 0x04, 0x81, 0x9e, 0x30, 0x81, 0x9b, 0x02, 0x01, 0x01, 0x04, 0x30,
]);
const PKCS8_BEFORE_POINT = Uint8Array.of(0xa1, 0x64, 0x03, 0x62, 0x00);

export interface EcdhKey {
  readonly privateKey: CryptoKey;
  readonly point: Bytes;
}

export async function generateEcdhKey(): Promise<EcdhKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDH, false, ['deriveBits']);
  return { privateKey, point: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)) };
}

/** Takes and throws what {@link pointOf} does. */
export async function importEcdhKey(scalar: Uint8Array): Promise<EcdhKey> {
  const point = pointOf(scalar);
  const pkcs8 = concat(PKCS8_BEFORE_SCALAR, scalar, PKCS8_BEFORE_POINT, point);
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
