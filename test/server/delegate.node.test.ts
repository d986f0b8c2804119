/** A delegate of the host takes the host's seat at the server (protocol.md §13). */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createDelegation, generateDelegateKey, type DelegationKind } from '../../src/e2ee/admission/delegation.ts';
import { generateHostKey, importHostKey, signHost } from '../../src/e2ee/admission/host-key.ts';
import { random, utf8 } from '../../src/e2ee/bytes.ts';
import { fromBase64Url, toBase64Url } from '../../src/util/base64url.ts';
import type { Address } from '../../src/server/server.ts';
import { Client, host, Identity, start } from './harness.ts';

/** @param key of whom signs the delegation: the host, or a stranger */
async function delegate(address: Address, identity: Identity, kind: DelegationKind, key: CryptoKey): Promise<Client> {
  const own = await generateDelegateKey();
  const { spki } = own;
  const named = { kind, spki, leafKey: random(97), since: Date.now() };
  const { encoded } = await createDelegation({ hostKey: key, roomId: identity.room, ...named });
  const client = await new Client(address.url).open();
  client.say({ ...identity.asHost, delegation: toBase64Url(encoded), takeover: true });
  const { nonce } = await client.take('challenge');
  const answer = random(32);
  const fields = [utf8(`${address.host}:${String(address.port)}`), identity.room, fromBase64Url(nonce), answer];
  const signature = await signHost(await importHostKey(own.pkcs8), 'server auth', fields);
  client.say({ type: 'prove', nonce: toBase64Url(answer), signature: toBase64Url(signature) });
  return client;
}

async function room(t: TestContext) {
  const address = await start(t);
  const identity = await Identity.make();
  const first = await host(address, identity);
  await first.take('joined');
  return { address, identity, first };
}

describe('the host’s seat', () => {
  it('goes to the delegate whom the host key names, and the host hears why', async (t) => {
    const { address, identity, first } = await room(t);
    const second = await delegate(address, identity, 'now', identity.key);
    await second.take('joined');
    assert.equal((await first.take('error')).code, 'host-elsewhere');
  });

  it('stays with a host that answers when a stand-in wants it', async (t) => {
    const { address, identity } = await room(t);
    const second = await delegate(address, identity, 'stand-in', identity.key);
    assert.equal((await second.take('error')).code, 'host-elsewhere');
  });

  it('is given to nobody for a delegation that the host key did not sign', async (t) => {
    const { address, identity } = await room(t);
    const { privateKey } = await generateHostKey();
    const second = await delegate(address, identity, 'now', privateKey);
    assert.equal((await second.take('error')).code, 'host-not-proven');
  });
});
