/**
 * The hybrid KEM (protocol.md §5): QSF-KEM(ML-KEM-1024,P-384)-XOF(SHAKE256)-KDF(SHA3-256), byte for byte as `QSFMLKEM1024P384` of
 * `@noble/post-quantum` has it. Composed here so that ECDH with what others send runs in WebCrypto: native code, whose time does not
 * depend on the secret, and a fraction of the time. Own keys are made of their seed in JavaScript; ML-KEM is in no browser but one.
 *
 * Both secrets go into `SHA3-256(ss_ML-KEM ‖ ss_P-384 ‖ ct_P-384 ‖ pk_P-384 ‖ label)`; ML-KEM's own ciphertext is bound by its secret
 * (FIPS 203 hashes it into the secret by implicit rejection), so it need not be hashed again.
 */
import { p384 } from '@noble/curves/nist.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { concat, copyBytes, utf8, type Bytes } from '../bytes.ts';

/** ML-KEM-1024 (FIPS 203, table 3): encapsulation key and ciphertext have one length. */
const ML_KEM = 1568;
/** Of the encapsulation key: 1,024 numbers of 12 bits, and then the seed of its matrix. */
const ML_KEM_NUMBERS = 1536;
const Q = 3329;
/** Compressed (SEC 1 §2.3.3). */
const POINT = 49;
/** `d ‖ z` of FIPS 203, and the number that P-384's scalar is the rest of: 192 bits longer than the order, so without bias. */
const SEEDS = { mlKem: 64, scalar: 72 } as const;
const LABEL = utf8('QSF-KEM(ML-KEM-1024,P-384)-XOF(SHAKE256)-KDF(SHA3-256)');
const ECDH = { name: 'ECDH', namedCurve: 'P-384' } as const;

/** Bytes of each. The private key is the seed of both. */
export const SIZES = { publicKey: ML_KEM + POINT, privateKey: 32, enc: ML_KEM + POINT, secret: 32 } as const;

/** PKCS#8 (RFC 5958) around an EC private key (RFC 5915) with its public point, up to the scalar; Firefox takes none without the point. */
const PKCS8_BEFORE_SCALAR = Uint8Array.from([
  0x30, 0x81, 0xb6, 0x02, 0x01, 0x00, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05,
  0x2b, 0x81, 0x04, 0x00, 0x22, 0x04, 0x81, 0x9e, 0x30, 0x81, 0x9b, 0x02, 0x01, 0x01, 0x04, 0x30,
]);
const PKCS8_BEFORE_POINT = Uint8Array.of(0xa1, 0x64, 0x03, 0x62, 0x00);

interface Halves {
  readonly mlKem: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  readonly scalar: Uint8Array;
}

function expand(seed: Uint8Array): Halves {
  const expanded = shake256(seed, { dkLen: SEEDS.mlKem + SEEDS.scalar });
  const { Fn } = p384.Point;
  const scalar = Fn.toBytes(Fn.create(bytesToNumberBE(expanded.subarray(SEEDS.mlKem))));
  const mlKem = ml_kem1024.keygen(expanded.subarray(0, SEEDS.mlKem));
  expanded.fill(0);
  return { mlKem, scalar };
}

/** @param seed 32 bytes: the private key itself */
export function publicKeyOf(seed: Uint8Array): Bytes {
  const { mlKem, scalar } = expand(seed);
  const publicKey = concat(mlKem.publicKey, p384.getPublicKey(scalar));
  mlKem.secretKey.fill(0);
  scalar.fill(0);
  return publicKey;
}

/** @throws where the key is none */
export async function encapsulate(publicKey: Bytes): Promise<{ readonly sharedSecret: Bytes; readonly enc: Bytes }> {
  // Copies: `encapsulate` of `@noble/post-quantum` overwrites the key that it is given with zeros.
  const [theirs, point] = [publicKey.slice(0, ML_KEM), publicKey.slice(ML_KEM)];
  checkNumbers(theirs);
  const whole = wholePoint(point);
  const ephemeral = await crypto.subtle.generateKey(ECDH, false, ['deriveBits']);
  const agreed = await agree(ephemeral.privateKey, whole);
  const enc = compressed(new Uint8Array(await crypto.subtle.exportKey('raw', ephemeral.publicKey)));
  const mlKem = ml_kem1024.encapsulate(theirs);
  const sharedSecret = combine({ mlKem: mlKem.sharedSecret, agreed, enc, point });
  return { sharedSecret, enc: concat(mlKem.cipherText, enc) };
}

/** @throws where the ciphertext's point is none */
export async function decapsulate(seed: Uint8Array, ciphertext: Bytes): Promise<Bytes> {
  const enc = ciphertext.slice(ML_KEM);
  // First, so that nothing secret is made for what anybody can send.
  const theirs = wholePoint(enc);
  const { mlKem, scalar } = expand(seed);
  const opened = ml_kem1024.decapsulate(ciphertext.slice(0, ML_KEM), mlKem.secretKey);
  mlKem.secretKey.fill(0);
  const own = p384.getPublicKey(scalar, false);
  const pkcs8 = concat(PKCS8_BEFORE_SCALAR, scalar, PKCS8_BEFORE_POINT, own);
  scalar.fill(0);
  try {
    const agreed = await agree(await crypto.subtle.importKey('pkcs8', pkcs8, ECDH, false, ['deriveBits']), theirs);
    return combine({ mlKem: opened, agreed, enc, point: compressed(own) });
  } finally {
    for (const spent of [pkcs8, opened]) spent.fill(0);
  }
}

/** The modulus check of FIPS 203 §7.2, which `@noble/post-quantum` 0.5.2 leaves out: 4,095 passes it. */
function checkNumbers(key: Uint8Array): void {
  for (let index = 0; index < ML_KEM_NUMBERS; index += 3) {
    const [a = 0, b = 0, c = 0] = key.subarray(index, index + 3);
    if (((b & 0x0f) << 8) + a >= Q || (c << 4) + (b >> 4) >= Q) throw new TypeError('not an ML-KEM key');
  }
}

/** WebCrypto takes whole points only. That it is one, of the curve and not of another length, both see to. */
function wholePoint(point: Uint8Array): Bytes {
  if (point.length !== POINT) throw new TypeError('not a compressed point');
  return new Uint8Array(p384.Point.fromBytes(point).toBytes(false));
}

/** The agreed point's x, 48 bytes. */
async function agree(own: CryptoKey, whole: Bytes): Promise<Bytes> {
  const theirs = await crypto.subtle.importKey('raw', whole, ECDH, false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, own, 384));
}

function compressed(point: Uint8Array): Bytes {
  const bytes = copyBytes(point.subarray(0, POINT));
  bytes[0] = 2 + ((point.at(-1) ?? 0) & 1);
  return bytes;
}

function combine(o: {
  readonly mlKem: Uint8Array;
  readonly agreed: Uint8Array;
  readonly enc: Uint8Array;
  readonly point: Uint8Array;
}): Bytes {
  const input = concat(o.mlKem, o.agreed, o.enc, o.point, LABEL);
  const secret = new Uint8Array(sha3_256(input));
  for (const spent of [input, o.mlKem, o.agreed]) spent.fill(0);
  return secret;
}
