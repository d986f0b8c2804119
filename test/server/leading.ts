/** Hosts that lead since a time, and delegates whom they name (protocol.md §13), at a server's door. */
import { createDelegation, generateDelegateKey, type DelegationKind } from '../../src/e2ee/admission/delegation.ts';
import { importHostKey, signHost } from '../../src/e2ee/admission/host-key.ts';
import { random, u64, utf8 } from '../../src/e2ee/bytes.ts';
import { fromBase64Url, toBase64Url } from '../../src/util/base64url.ts';
import type { Address } from '../../src/server/server.ts';
import { Client, type Identity } from './harness.ts';

/** @param key of whom signs the delegation: the host, or a stranger */
export async function delegate(
  address: Address,
  identity: Identity,
  kind: DelegationKind,
  key: CryptoKey,
  since = Date.now(),
): Promise<Client> {
  const own = await generateDelegateKey();
  const { spki } = own;
  const named = { kind, spki, leafKey: random(97), since };
  const { encoded } = await createDelegation({ hostKey: key, roomId: identity.room, ...named });
  const client = await new Client(address.url).open();
  client.say({ ...identity.asHost, delegation: toBase64Url(encoded), since, takeover: true });
  const { nonce } = await client.take('challenge');
  const answer = random(32);
  const fields = [
    utf8(`${address.host}:${String(address.port)}`),
    identity.room,
    fromBase64Url(nonce),
    answer,
    u64(BigInt(since)),
  ];
  const signature = await signHost(await importHostKey(own.pkcs8), 'server auth', fields);
  client.say({ type: 'prove', nonce: toBase64Url(answer), signature: toBase64Url(signature) });
  return client;
}

/** The holder of the host key, who leads since then. */
export async function leads(address: Address, identity: Identity, since: number, takeover: boolean): Promise<Client> {
  const client = await new Client(address.url).open();
  client.say({ ...identity.asHost, since, takeover });
  const { nonce } = await client.take('challenge');
  const answer = random(32);
  const name = utf8(`${address.host}:${String(address.port)}`);
  const fields = [name, identity.room, fromBase64Url(nonce), answer, u64(BigInt(since))];
  const signature = toBase64Url(await signHost(identity.key, 'server auth', fields));
  client.say({ type: 'prove', nonce: toBase64Url(answer), signature });
  return client;
}
