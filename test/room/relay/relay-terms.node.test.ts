/** protocol.md §10: what two participants consent to, as one hash. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePublicConfiguration, type PublicConfiguration } from '../../../src/configuration.ts';
import { relaysOf, relayTermsHash } from '../../../src/room/relay/relay-terms.ts';
import { toBase64Url } from '../../../src/util/base64url.ts';

const relay = {
  role: 'relay',
  urls: ['turn:turn.example:3478'],
  addresses: ['192.0.2.1'],
  operator: 'Rechenzentrum',
  country: 'DE',
};
const configured = (...relays: readonly object[]): PublicConfiguration =>
  parsePublicConfiguration({
    operator: { name: 'Beratungsstelle', country: 'DE' },
    servers: [{ role: 'signaling', operator: 'Beratungsstelle', country: 'DE' }, ...relays],
  });
const hashOf = async (...relays: readonly object[]): Promise<string> =>
  toBase64Url(await relayTermsHash(configured(...relays), 'ask'));

describe('[R8] the terms of a relay', () => {
  it('include the declared relays and no other server', () => {
    assert.deepEqual(
      relaysOf(configured(relay)).map(({ operator }) => operator),
      ['Rechenzentrum'],
    );
    assert.deepEqual(relaysOf(configured()), []);
  });

  it('have the same hash when the same relays are declared for the same purpose', async () => {
    assert.equal(await hashOf(relay), await hashOf({ ...relay }));
  });

  for (const [field, other] of [
    ['operator', 'Anderes Rechenzentrum'],
    ['country', 'FR'],
    ['urls', ['turn:other.example:3478']],
    ['addresses', ['192.0.2.2']],
  ] as const)
    it(`have another hash when the relay's ${field} differs`, async () => {
      assert.notEqual(await hashOf({ ...relay, [field]: other }), await hashOf(relay));
    });

  it('have another hash when a relay is added or the order of relays differs', async () => {
    const second = { ...relay, operator: 'Zweites Rechenzentrum' };
    const hashes = [await hashOf(relay), await hashOf(relay, second), await hashOf(second, relay)];
    assert.equal(new Set(hashes).size, 3);
  });

  it('have another hash when the purpose is to hide addresses', async () => {
    const always = toBase64Url(await relayTermsHash(configured(relay), 'always'));
    assert.notEqual(always, await hashOf(relay));
  });
});
