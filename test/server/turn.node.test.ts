import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { fromBase64Url, toBase64Url } from '../../src/util/base64url.ts';
import { random } from '../../src/e2ee/bytes.ts';
import { generateLeafKey, signLeaf, type LeafKey } from '../../src/e2ee/mls/leaf-key.ts';
import type { ServerConfigurationInput } from '../../src/configuration.ts';
import type { ClientMessage } from '../../src/wire/wire.ts';
import { createServer } from '../../src/server/server.ts';
import { passwordFor } from '../../src/server/turn.ts';
import { CREDENTIAL_LIFETIME } from '../../src/wire/wire-parts.ts';
import { type Client, CONFIGURATION, Identity, pair, start } from './harness.ts';

type Request = Extract<ClientMessage, { type: 'relay-request' }>;

const SECRET = 'north-sea-and-baltic';
const RELAY: ServerConfigurationInput = {
  ...CONFIGURATION,
  servers: [
    ...CONFIGURATION.servers,
    { role: 'relay', urls: ['turn:turn.example:3478?transport=udp'], operator: 'Relay', country: 'DE', secret: SECRET },
  ],
};

async function twoLeaves(): Promise<readonly [LeafKey, LeafKey]> {
  const [a, b] = [await generateLeafKey(), await generateLeafKey()];
  return Buffer.compare(a.publicKey, b.publicKey) < 0 ? [a, b] : [b, a];
}

async function nonceOf(client: Client): Promise<string> {
  client.say({ type: 'relay-nonce' });
  return (await client.take('relay-nonce')).nonce;
}

/** What two people who both consented send. */
async function consent(room: Uint8Array, leaves: readonly [LeafKey, LeafKey], serverNonce: string): Promise<Request> {
  const keys = [toBase64Url(leaves[0].publicKey), toBase64Url(leaves[1].publicKey)] as [string, string];
  const nonces = [toBase64Url(random(32)), toBase64Url(random(32))] as [string, string];
  const text = toBase64Url(random(48));
  const fields = [room, ...[...keys, ...nonces, text, serverNonce].map(fromBase64Url)];
  const sign = async (leaf: LeafKey) => toBase64Url(await signLeaf(leaf, 'relay', fields));
  return {
    type: 'relay-request',
    keys,
    nonces,
    text,
    serverNonce,
    signatures: [await sign(leaves[0]), await sign(leaves[1])],
  };
}

async function admittedPair(t: TestContext, configuration = RELAY, relaySecret?: string) {
  const clock = { ahead: 0 };
  const address = await start(t, { configuration, relaySecret, now: () => Date.now() + clock.ahead });
  const identity = await Identity.make();
  const room = await pair(address, identity);
  const leaves = await twoLeaves();
  room.host.say({ type: 'admitted', keys: leaves.map(({ publicKey }) => toBase64Url(publicKey)) });
  // The guest asks on a connection of its own, which nothing keeps behind the host's.
  room.host.say({ type: 'ping' });
  await room.host.take('pong');
  return { clock, address, identity, leaves, ...room };
}

const refused = async (client: Client, request: Request) => {
  client.say(request);
  assert.equal((await client.take('error')).code, 'relay-refused');
};

describe('[R8] relay credentials', () => {
  it('are what coturn’s use-auth-secret expects: HMAC-SHA1 of "expiry:random" under the secret, in base64', async (t) => {
    const { guest, identity, leaves } = await admittedPair(t);
    const before = Date.now();
    guest.say(await consent(identity.room, leaves, await nonceOf(guest)));
    const { urls, username, credential, expires } = await guest.take('relay-credentials');
    assert.deepEqual(urls, ['turn:turn.example:3478?transport=udp']);
    assert.match(username, /^\d{10}:[A-Za-z0-9_-]{12}$/u);
    assert.equal(Number(username.split(':')[0]) * 1000, expires);
    assert.ok(expires > before && expires <= Date.now() + CREDENTIAL_LIFETIME);
    assert.equal(credential, createHmac('sha1', SECRET).update(username).digest('base64'));
  });

  it('cover every relay of the consent, which therefore share one secret', async (t) => {
    const second = { role: 'relay' as const, urls: ['turns:other.example'], operator: 'Other', country: 'AT' };
    const both = (secret: string) => ({ ...RELAY, servers: [...RELAY.servers, { ...second, secret }] });
    const { guest, identity, leaves } = await admittedPair(t, both(SECRET));
    guest.say(await consent(identity.room, leaves, await nonceOf(guest)));
    const { urls } = await guest.take('relay-credentials');
    assert.deepEqual(urls, ['turn:turn.example:3478?transport=udp', 'turns:other.example']);
    const refuses = { code: 'configuration-invalid', message: /every relay needs the same "secret"/u };
    assert.throws(() => createServer({ configuration: both('south-sea-and-baltic') }), refuses);
    assert.throws(() => createServer({ configuration: { ...RELAY, servers: [...RELAY.servers, second] } }), refuses);
  });

  it('require a strong secret, from the file as from the options', async (t) => {
    const servers = RELAY.servers.map((server) => (server.role === 'relay' ? { ...server, secret: '…' } : server));
    const refuses = (message: RegExp) => ({ code: 'configuration-invalid', message });
    assert.throws(() => createServer({ configuration: { ...RELAY, servers } }), refuses(/secret: a placeholder/u));
    const relay = { role: 'relay' as const, urls: ['turn:turn.example'], operator: 'R', country: 'DE' };
    const configuration = { ...CONFIGURATION, servers: [...CONFIGURATION.servers, relay] };
    const short = 'fifteen letters';
    assert.throws(() => createServer({ configuration, relaySecret: short }), refuses(/secret: too short/u));
    assert.throws(
      () => createServer({ configuration, relaySecret: short }),
      (error: Error) => !error.message.includes(short) && !('cause' in error),
    );
    const { guest, identity, leaves } = await admittedPair(t, configuration, SECRET);
    guest.say(await consent(identity.room, leaves, await nonceOf(guest)));
    const { username, credential } = await guest.take('relay-credentials');
    assert.equal(credential, passwordFor(username, SECRET));
  });

  for (const [what, before, after] of [
    ['a newline after it', '', '\n'],
    ['a Windows line end after it', '', '\r\n'],
    ['blanks around it', ' \t', '  '],
  ] as const)
    it(`are made with the secret itself when its file or variable has ${what}`, async (t) => {
      const secret = `${before}${SECRET}${after}`;
      const relay = { role: 'relay' as const, urls: ['turn:turn.example'], operator: 'R', country: 'DE' };
      const servers = (one: object) => ({
        ...CONFIGURATION,
        servers: [...CONFIGURATION.servers, { ...relay, ...one }],
      });
      for (const [configuration, option] of [
        [servers({}), secret],
        [servers({ secret }), undefined],
      ] as const) {
        const { guest, identity, leaves } = await admittedPair(t, configuration, option);
        guest.say(await consent(identity.room, leaves, await nonceOf(guest)));
        const { username, credential } = await guest.take('relay-credentials');
        assert.equal(credential, passwordFor(username, SECRET));
      }
    });

  it('agree with OpenSSL', () => {
    // printf '1700000600:consultroom' | openssl dgst -sha1 -hmac north-sea-and-baltic -binary | base64
    assert.equal(passwordFor('1700000600:consultroom', SECRET), '077RWvApMAymhtKn8wHIz1Uq6Dg=');
  });

  it('differ each time', async (t) => {
    const { guest, host, identity, leaves } = await admittedPair(t);
    guest.say(await consent(identity.room, leaves, await nonceOf(guest)));
    host.say(await consent(identity.room, leaves, await nonceOf(host)));
    assert.notEqual((await guest.take('relay-credentials')).username, (await host.take('relay-credentials')).username);
  });

  it('[R9] are not issued for one signature, given twice or beside a forged one', async (t) => {
    const { guest, identity, leaves } = await admittedPair(t);
    const honest = await consent(identity.room, leaves, await nonceOf(guest));
    await refused(guest, { ...honest, signatures: [honest.signatures[0], honest.signatures[0]] });
    const alone = await consent(identity.room, [leaves[0], leaves[0]], await nonceOf(guest));
    await refused(guest, alone);
    const forged = await consent(identity.room, leaves, await nonceOf(guest));
    await refused(guest, { ...forged, signatures: [forged.signatures[0], toBase64Url(random(96))] });
  });

  it('are not issued for keys that the host has not admitted or has removed', async (t) => {
    const { guest, host, identity, leaves } = await admittedPair(t);
    await refused(guest, await consent(identity.room, await twoLeaves(), await nonceOf(guest)));
    host.say({ type: 'admitted', keys: [toBase64Url(leaves[0].publicKey)] });
    host.say({ type: 'ping' });
    await host.take('pong');
    await refused(guest, await consent(identity.room, leaves, await nonceOf(guest)));
  });

  it('are not issued before the host has registered a member', async (t) => {
    const address = await start(t, { configuration: RELAY });
    const identity = await Identity.make();
    const { guest } = await pair(address, identity);
    await refused(guest, await consent(identity.room, await twoLeaves(), await nonceOf(guest)));
  });

  it('are not issued twice for one nonce, or for an unknown one', async (t) => {
    const { guest, identity, leaves } = await admittedPair(t);
    const request = await consent(identity.room, leaves, await nonceOf(guest));
    guest.say(request);
    guest.say(request);
    await guest.take('relay-credentials');
    assert.equal((await guest.take('error')).code, 'relay-refused');
    await refused(guest, await consent(identity.room, leaves, toBase64Url(random(32))));
  });

  it('stay available when another client requests many nonces', async (t) => {
    const { guest, host, identity, leaves } = await admittedPair(t);
    for (let count = 0; count < 8; count++) await nonceOf(guest);
    guest.say({ type: 'relay-nonce' });
    assert.equal((await guest.take('error')).code, 'relay-refused');
    host.say(await consent(identity.room, leaves, await nonceOf(host)));
    await host.take('relay-credentials');
  });

  it('stay available to a pair when another member misuses its nonce', async (t) => {
    const { guest, host, identity, leaves } = await admittedPair(t);
    const request = await consent(identity.room, leaves, await nonceOf(guest));
    await refused(host, { ...request, signatures: [request.signatures[0], request.signatures[0]] });
    await refused(host, request);
    guest.say(request);
    await guest.take('relay-credentials');
  });

  it('are not issued for a nonce whose requester has left', async (t) => {
    const { guest, host, identity, leaves } = await admittedPair(t);
    const request = await consent(identity.room, leaves, await nonceOf(guest));
    guest.socket.close();
    await host.take('peer');
    await refused(host, request);
  });

  it('are not issued for a nonce that has expired', async (t) => {
    const { guest, identity, leaves, clock } = await admittedPair(t);
    const request = await consent(identity.room, leaves, await nonceOf(guest));
    clock.ahead = 61_000;
    await refused(guest, request);
  });

  it('are not issued for signatures over another room', async (t) => {
    const { guest, leaves } = await admittedPair(t);
    await refused(guest, await consent((await Identity.make()).room, leaves, await nonceOf(guest)));
  });

  it('are not issued for a nonce of another room', async (t) => {
    const { guest, address, identity, leaves } = await admittedPair(t);
    const other = await pair(address, await Identity.make());
    await refused(guest, await consent(identity.room, leaves, await nonceOf(other.guest)));
  });

  it('are not issued when a signed field is changed or the pair is swapped', async (t) => {
    const { guest, identity, leaves } = await admittedPair(t);
    const swap = <T>([a, b]: [T, T]): [T, T] => [b, a];
    const changes: readonly ((request: Request) => Request)[] = [
      (r) => ({ ...r, text: toBase64Url(random(48)) }),
      (r) => ({ ...r, nonces: [r.nonces[0], toBase64Url(random(32))] }),
      (r) => ({ ...r, nonces: swap(r.nonces) }),
      (r) => ({ ...r, keys: swap(r.keys) }),
      (r) => ({ ...r, keys: swap(r.keys), nonces: swap(r.nonces), signatures: swap(r.signatures) }),
      (r) => ({ ...r, signatures: swap(r.signatures) }),
    ];
    for (const change of changes)
      await refused(guest, change(await consent(identity.room, leaves, await nonceOf(guest))));
  });

  it('are not issued without a relay or its secret', async (t) => {
    const { guest, identity, leaves } = await admittedPair(t, CONFIGURATION);
    await refused(guest, await consent(identity.room, leaves, await nonceOf(guest)));
  });
});
