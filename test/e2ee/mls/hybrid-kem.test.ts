/** The hybrid KEM beside an independent composition of the same parts, and its checks of foreign keys. */
import { expect } from '@open-wc/testing';
import { p384 } from '@noble/curves/nist.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { concat, copyBytes, random, utf8 } from '../../../src/e2ee/bytes.ts';
import { decapsulate, deriveSeed, encapsulate, publicKeyOf, SIZES } from '../../../src/e2ee/mls/hybrid-kem.ts';

const ROUNDS = 4;
const ML_KEM = 1_568;

/** MLKEM1024-P384 by `@noble` alone. */
function halvesOf(seed: Uint8Array) {
  const expanded = shake256(seed, { dkLen: 112 });
  const scalar = expanded.slice(64);
  return { mlKem: ml_kem1024.keygen(expanded.slice(0, 64)), scalar, point: p384.getPublicKey(scalar, false) };
}
const agreed = (scalar: Uint8Array, point: Uint8Array): Uint8Array =>
  p384.Point.fromBytes(point).multiply(bytesToNumberBE(scalar)).toBytes(false).slice(1, 49);
const combined = (...parts: readonly Uint8Array[]): Uint8Array => sha3_256(concat(...parts, utf8('MLKEM1024-P384')));

const refuses = async (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => false,
    () => true,
  );

describe('the hybrid KEM', () => {
  it('makes the same public key from a seed as an independent composition', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const seed = random(32);
      const { mlKem, point } = halvesOf(seed);
      expect(await publicKeyOf(seed)).to.deep.equal(concat(mlKem.publicKey, point));
    }
  });

  it('agrees with an independent composition on every secret, in both directions', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const seed = random(32);
      const publicKey = await publicKeyOf(seed);
      const { mlKem, scalar, point } = halvesOf(seed);
      const theirs = ml_kem1024.encapsulate(copyBytes(mlKem.publicKey));
      const ephemeral = p384.keygen();
      const sent = p384.getPublicKey(ephemeral.secretKey, false);
      expect(await decapsulate(seed, concat(theirs.cipherText, sent))).to.deep.equal(
        combined(theirs.sharedSecret, agreed(ephemeral.secretKey, point), sent, point),
      );
      const ours = await encapsulate(publicKey);
      const received = ours.enc.slice(ML_KEM);
      expect(ours.sharedSecret).to.deep.equal(
        combined(
          ml_kem1024.decapsulate(ours.enc.slice(0, ML_KEM), mlKem.secretKey),
          agreed(scalar, received),
          received,
          point,
        ),
      );
      expect(ours.sharedSecret.length).to.equal(SIZES.secret);
      expect(ours.enc.length).to.equal(1665);
      expect(publicKey.length).to.equal(1665);
    }
  });

  it('derives one seed from one input, and another one from another', () => {
    const ikm = random(48);
    expect(deriveSeed(ikm)).to.deep.equal(deriveSeed(ikm));
    expect(deriveSeed(ikm)).not.to.deep.equal(deriveSeed(random(48)));
  });

  it('leaves keys and ciphertexts as they were', async () => {
    const seed = random(32);
    const publicKey = await publicKeyOf(seed);
    const before = publicKey.slice();
    const { enc } = await encapsulate(publicKey);
    const sent = enc.slice();
    const first = await decapsulate(seed, enc);
    expect(await decapsulate(seed, enc)).to.deep.equal(first);
    expect([publicKey, enc]).to.deep.equal([before, sent]);
  });

  it('refuses invalid points, in a key or a ciphertext', async () => {
    const seed = random(32);
    const publicKey = await publicKeyOf(seed);
    const { enc } = await encapsulate(publicKey);
    for (const prefix of [0, 1, 2, 3, 5]) {
      const changed = publicKey.slice();
      changed[ML_KEM] = prefix;
      expect(await refuses(encapsulate(changed))).to.equal(true);
      const sent = enc.slice();
      sent[ML_KEM] = prefix;
      expect(await refuses(decapsulate(seed, sent))).to.equal(true);
    }
    // A compressed point, which has another length, with and without bytes to fill it up.
    const compressed = p384.Point.fromBytes(publicKey.slice(ML_KEM)).toBytes(true);
    for (const length of [0, 48]) {
      const key = concat(publicKey.slice(0, ML_KEM), compressed, new Uint8Array(length));
      expect(await refuses(encapsulate(key))).to.equal(true);
    }
    // A point off the curve, and coordinates at or above the field's prime.
    const off = publicKey.slice();
    off[off.length - 1]! ^= 1;
    expect(await refuses(encapsulate(off))).to.equal(true);
    expect(await refuses(encapsulate(publicKey.slice().fill(0xff, ML_KEM + 1)))).to.equal(true);
  });

  it('refuses keys, seeds and ciphertexts of another length', async () => {
    const seed = random(32);
    const publicKey = await publicKeyOf(seed);
    const { enc } = await encapsulate(publicKey);
    for (const key of [publicKey.slice(1), concat(publicKey, new Uint8Array(1)), new Uint8Array(0)])
      expect(await refuses(encapsulate(key))).to.equal(true);
    for (const sent of [enc.slice(1), concat(enc, new Uint8Array(1)), new Uint8Array(0)])
      expect(await refuses(decapsulate(seed, sent))).to.equal(true);
    expect(await publicKeyOf(random(31)).catch((error: unknown) => error)).to.be.instanceOf(TypeError);
  });

  it('refuses keys with a coefficient at or above ML-KEM’s modulus (FIPS 203 §7.2)', async () => {
    const publicKey = await publicKeyOf(random(32));
    /** Of the first and of the last pair of numbers, each as 12 bits, little-endian. */
    for (const index of [0, 1_533])
      for (const [numbers, isKey] of [
        [[3_328, 3_328], true],
        [[3_329, 0], false],
        [[0, 3_329], false],
        [[4_095, 4_095], false],
      ] as const) {
        const [a, b] = numbers;
        const changed = publicKey.slice();
        changed.set([a & 0xff, (a >> 8) | ((b & 0x0f) << 4), b >> 4], index);
        expect(await refuses(encapsulate(changed)), `${String(index)}: ${String(numbers)}`).to.equal(!isKey);
      }
  });
});
