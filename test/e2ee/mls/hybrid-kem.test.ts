/** The hybrid KEM beside the implementation whose construction it has, `QSFMLKEM1024P384` of `@noble/post-quantum`. */
import { expect } from '@open-wc/testing';
import { QSFMLKEM1024P384 } from '@noble/post-quantum/hybrid.js';
import { random } from '../../../src/e2ee/bytes.ts';
import { decapsulate, encapsulate, publicKeyOf, SIZES } from '../../../src/e2ee/mls/hybrid-kem.ts';

const ROUNDS = 4;

describe('the hybrid KEM', () => {
  it('derives the same public key from a seed', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const seed = random(32);
      expect(publicKeyOf(seed)).to.deep.equal(QSFMLKEM1024P384.keygen(seed).publicKey);
    }
  });

  it('agrees on one secret with the reference, in both directions', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const seed = random(32);
      const publicKey = publicKeyOf(seed);
      const theirs = QSFMLKEM1024P384.encapsulate(publicKey.slice());
      expect(await decapsulate(seed, new Uint8Array(theirs.cipherText))).to.deep.equal(theirs.sharedSecret);
      const ours = await encapsulate(publicKey);
      expect(QSFMLKEM1024P384.decapsulate(ours.enc, seed)).to.deep.equal(ours.sharedSecret);
      expect(ours.sharedSecret.length).to.equal(SIZES.secret);
      expect(ours.enc.length).to.equal(SIZES.enc);
    }
  });

  it('does not modify keys and ciphertexts', async () => {
    const seed = random(32);
    const publicKey = publicKeyOf(seed);
    const before = publicKey.slice();
    const { enc } = await encapsulate(publicKey);
    const sent = enc.slice();
    const first = await decapsulate(seed, enc);
    expect(await decapsulate(seed, enc)).to.deep.equal(first);
    expect([publicKey, enc]).to.deep.equal([before, sent]);
  });

  it('refuses invalid points in a key or a ciphertext', async () => {
    const seed = random(32);
    const publicKey = publicKeyOf(seed);
    const { enc } = await encapsulate(publicKey);
    const refuses = async (attempt: Promise<unknown>): Promise<boolean> =>
      attempt.then(
        () => false,
        () => true,
      );
    for (const prefix of [0, 1, 4, 5]) {
      const changed = publicKey.slice();
      changed[1_568] = prefix;
      expect(await refuses(encapsulate(changed))).to.equal(true);
      const sent = enc.slice();
      sent[1_568] = prefix;
      expect(await refuses(decapsulate(seed, sent))).to.equal(true);
    }
    // A whole point, which is another length.
    const whole = new Uint8Array(publicKey.length + 48);
    whole.set(publicKey);
    expect(await refuses(encapsulate(whole))).to.equal(true);
    // x at or above the field's prime.
    const large = publicKey.slice().fill(0xff, 1_569);
    expect(await refuses(encapsulate(large))).to.equal(true);
  });

  it('refuses keys with a coefficient at or above ML-KEM’s modulus (FIPS 203 §7.2)', async () => {
    const publicKey = publicKeyOf(random(32));
    const refuses = async (key: Uint8Array<ArrayBuffer>): Promise<boolean> =>
      encapsulate(key).then(
        () => false,
        () => true,
      );
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
        expect(await refuses(changed), `${String(index)}: ${String(numbers)}`).to.equal(!isKey);
      }
  });
});
