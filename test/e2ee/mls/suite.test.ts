/** protocol.md §5: the hybrid suite, as the MLS library uses it. */
import { expect } from '@open-wc/testing';
import { random, utf8 } from '../../../src/e2ee/bytes.ts';
import { createSuite } from '../../../src/e2ee/mls/suite.ts';

const none = new Uint8Array(0);

describe('the hybrid suite', () => {
  it('can seal to one imported key repeatedly', async () => {
    const { hpke } = await createSuite();
    const pair = await hpke.generateKeyPair();
    for (const text of ['first', 'second', 'third']) {
      const { ct, enc } = await hpke.seal(pair.publicKey, utf8(text), none);
      expect(await hpke.open(pair.privateKey, enc, ct, none)).to.deep.equal(utf8(text));
    }
  });

  it('opens nothing with another key, or when either half of the hybrid was changed', async () => {
    const { hpke } = await createSuite();
    const [pair, other] = [await hpke.generateKeyPair(), await hpke.generateKeyPair()];
    const { ct, enc } = await hpke.seal(pair.publicKey, random(32), none);
    const opens = async (key: typeof pair.privateKey, sent: Uint8Array): Promise<string> =>
      hpke.open(key, sent, ct, none).then(
        () => 'opened',
        () => 'refused',
      );
    expect(await opens(pair.privateKey, enc)).to.equal('opened');
    expect(await opens(other.privateKey, enc)).to.equal('refused');
    // The ML-KEM-1024 ciphertext comes first (1,568 bytes, FIPS 203 table 3), then the P-384 point.
    for (const index of [0, 1_567, enc.length - 1]) {
      const changed = enc.slice();
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(await opens(pair.privateKey, changed)).to.equal('refused');
    }
  });
});
