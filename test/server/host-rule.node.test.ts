import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it, type TestContext } from 'node:test';
import { SignJWT } from 'jose';
import { sha384 } from '../../src/e2ee/bytes.ts';
import { HostGate, type HostRule } from '../../src/server/host-rule.ts';
import { createServer } from '../../src/server/server.ts';
import { toBase64Url } from '../../src/util/base64url.ts';
import { findPython } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Client, CONFIGURATION, guest, Identity, start } from './harness.ts';
import { meeting, SECRET, startNats } from './backplane/cluster.ts';
import type { Address } from '../../src/server/server.ts';

const AUDIENCE = 'https://beratung.example';
const pair = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const backend = pair('P-384');
const pem = (key: KeyObject, type: 'spki' | 'pkcs8'): string => key.export({ type, format: 'pem' }).toString();
const TOKENS: HostRule = { tokens: { audience: AUDIENCE, keys: [pem(backend.publicKey, 'spki')] } };

interface Claims {
  readonly aud?: string;
  readonly jti?: string;
  readonly iss?: string;
  readonly room?: string;
  /** Seconds from now. */
  readonly exp?: number;
}

function tokenOf({ exp = 300, ...claims }: Claims = {}, key = backend.privateKey, alg = 'ES384'): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ aud: AUDIENCE, jti: crypto.randomUUID(), ...claims, exp: now + exp })
    .setProtectedHeader({ alg })
    .sign(key);
}

const text = (value: unknown): string => toBase64Url(new TextEncoder().encode(JSON.stringify(value)));

interface Written {
  /** More of the header, beside or instead of `alg`. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** The claims, or what stands in their place in JSON. */
  readonly claims?: Readonly<Record<string, unknown>> | string;
  readonly key?: KeyObject;
  readonly encoding?: 'ieee-p1363' | 'der';
}

/** Signs what no library would. */
function written({ header = {}, claims = {}, key = backend.privateKey, encoding = 'ieee-p1363' }: Written): string {
  const now = Math.floor(Date.now() / 1000);
  const usual = { aud: AUDIENCE, jti: crypto.randomUUID(), exp: now + 300 };
  const json = typeof claims === 'string' ? claims : JSON.stringify({ ...usual, ...claims });
  const signed = `${text({ alg: 'ES384', ...header })}.${toBase64Url(new TextEncoder().encode(json))}`;
  const signature = sign('sha384', Buffer.from(signed), { key, dsaEncoding: encoding });
  return `${signed}.${signature.toString('base64url')}`;
}

/** Comes as the host, and proves itself. */
async function proven(address: Address, identity: Identity, token?: string): Promise<Client> {
  const client = await new Client(address.url).open();
  client.say({ ...identity.asHost, ...(token === undefined ? {} : { token }) });
  await identity.prove(client, `${address.host}:${String(address.port)}`);
  return client;
}

/** Joins as the host, and leaves; resolves with what the server answers to the proof. */
async function open(address: Address, identity: Identity, token?: string): Promise<string> {
  const client = await proven(address, identity, token);
  const answer = await client.until(() => client.inbox.find(({ type }) => type === 'joined' || type === 'error'), 'it');
  client.socket.terminate();
  return answer.type === 'error' ? answer.code : answer.type;
}

describe('who may open rooms', () => {
  it('is everyone with a host link by default', async (t) => {
    assert.equal(await open(await start(t), await Identity.make()), 'joined');
  });

  it('is who holds a listed host key, and nobody else', async (t) => {
    const [known, unknown] = await Promise.all([Identity.make(), Identity.make()]);
    const address = await start(t, { hosts: { keys: [toBase64Url(await sha384(known.spki))] } });
    assert.equal(await open(address, known), 'joined');
    assert.equal(await open(address, unknown), 'host-not-allowed');
  });

  it('leaves guests to wait in a room that its host may not open', async (t) => {
    const identity = await Identity.make();
    const address = await start(t, { hosts: TOKENS });
    const waiting = await guest(address, identity);
    await waiting.take('joined');
    assert.equal(await open(address, identity), 'host-not-allowed');
    waiting.say({ type: 'ping' });
    await waiting.take('pong');
    assert.deepEqual(waiting.inbox, []);
  });
});

describe('tokens of the site’s backend', () => {
  const forged = pair('P-384');
  const at = (make: (now: number) => Written): Promise<string> =>
    Promise.resolve(written(make(Math.floor(Date.now() / 1000))));
  /** Claims that JSON.stringify would not write. */
  const claimsText = (more: string): string => `{"aud":"${AUDIENCE}","jti":"x",${more}}`;
  const cases: Readonly<Record<string, () => Promise<string | undefined>>> = {
    'no token': () => Promise.resolve(undefined),
    'a token of another key': () => tokenOf({}, forged.privateKey),
    'a token for another site': () => tokenOf({ aud: 'https://other.example' }),
    'an expired token': () => tokenOf({ exp: -60 }),
    'a token that is valid for a day': () => tokenOf({ exp: 86_400 }),
    'a token without an id': async () => {
      const { exp } = { exp: Math.floor(Date.now() / 1000) + 300 };
      return new SignJWT({ aud: AUDIENCE, exp }).setProtectedHeader({ alg: 'ES384' }).sign(backend.privateKey);
    },
    'a token without an end': () =>
      new SignJWT({ aud: AUDIENCE, jti: 'x' }).setProtectedHeader({ alg: 'ES384' }).sign(backend.privateKey),
    'a token for another room': () => tokenOf({ room: 'A'.repeat(64) }),
    'a token without a signature': async () => {
      const [, payload = ''] = (await tokenOf()).split('.');
      return `${toBase64Url(new TextEncoder().encode('{"alg":"none"}'))}.${payload}.AA`;
    },
    'a token signed with the public key as a shared secret': async () => {
      const key = new TextEncoder().encode(pem(backend.publicKey, 'spki'));
      return new SignJWT({ aud: AUDIENCE, jti: 'h', exp: Math.floor(Date.now() / 1000) + 300 })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(key);
    },
    'a token that is not valid yet': () => at((now) => ({ claims: { nbf: now + 600 } })),
    'a token whose times are texts': () => at((now) => ({ claims: { exp: String(now + 300) } })),
    'a token without a finite end': () => at((now) => ({ claims: claimsText(`"exp":${String(now)}e999`) })),
    'a token for several other sites': () => at(() => ({ claims: { aud: ['https://other.example', 'x'] } })),
    'a token that names two sites one after the other': () =>
      at((now) => ({ claims: claimsText(`"exp":${String(now + 300)},"aud":"https://other.example"`) })),
    'a token whose id is empty': () => at(() => ({ claims: { jti: '' } })),
    'a token that is a list': () => at(() => ({ claims: '[]' })),
    'a token that is nothing': () => at(() => ({ claims: 'null' })),
    'a token that brings its key along': () =>
      at(() => ({ header: { jwk: forged.publicKey.export({ format: 'jwk' }) }, key: forged.privateKey })),
    'a token that says where its key is': () =>
      at(() => ({ header: { jku: 'https://evil.example/keys', kid: '../../../dev/null' }, key: forged.privateKey })),
    'a token that demands what nobody understands': () => at(() => ({ header: { crit: ['magic'], magic: 1 } })),
    'a token whose payload is not encoded': () => at(() => ({ header: { crit: ['b64'], b64: false } })),
    'a token that names its algorithm in another spelling': () => at(() => ({ header: { alg: 'es384' } })),
    'a token that names the algorithm of another curve': () => at(() => ({ header: { alg: 'ES256' } })),
    'a token signed in another encoding': () => at(() => ({ encoding: 'der' })),
    'a token signed with zeros': async () =>
      (await at(() => ({}))).replace(/[^.]+$/u, Buffer.alloc(96).toString('base64url')),
    'a changed token': async () => (await tokenOf()).replace(/\.(.)/u, (_, first) => (first === 'e' ? '.f' : '.e')),
  };
  for (const [what, make] of Object.entries(cases))
    it(`refuses ${what}`, async (t) => {
      const address = await start(t, { hosts: TOKENS });
      assert.equal(await open(address, await Identity.make(), await make()), 'host-not-allowed');
    });

  for (const [curve, alg] of [
    ['P-256', 'ES256'],
    ['P-384', 'ES384'],
  ] as const)
    it(`admits a token with ${alg}, by a key given as JWK beside another`, async (t) => {
      const { publicKey, privateKey } = pair(curve);
      const jwk = publicKey.export({ format: 'jwk' });
      const keys = [pem(backend.publicKey, 'spki'), jwk as Record<string, unknown>];
      const address = await start(t, { hosts: { tokens: { audience: AUDIENCE, issuer: 'backend', keys } } });
      const identity = await Identity.make();
      const token = await tokenOf({ iss: 'backend', room: identity.roomId }, privateKey, alg);
      assert.equal(await open(address, identity, token), 'joined');
      assert.equal(
        await open(address, await Identity.make(), await tokenOf({ iss: 'other' }, privateKey, alg)),
        'host-not-allowed',
      );
    });

  it('are held to the key that their kid names, where the keys have names', async (t) => {
    const [one, two] = [pair('P-384'), pair('P-384')];
    const jwk = ({ publicKey }: typeof one, kid: string) => ({ ...publicKey.export({ format: 'jwk' }), kid });
    const keys = [jwk(one, 'one'), jwk(two, 'two')];
    const address = await start(t, { hosts: { tokens: { audience: AUDIENCE, keys } } });
    for (const [kid, key, answer] of [
      ['two', two, 'joined'],
      [undefined, two, 'joined'],
      ['one', two, 'host-not-allowed'],
      ['three', two, 'host-not-allowed'],
      [{ toString: 'two' }, two, 'host-not-allowed'],
    ] as const) {
      const token = written({ header: kid === undefined ? {} : { kid }, key: key.privateKey });
      assert.equal(await open(address, await Identity.make(), token), answer, JSON.stringify(kid));
    }
  });

  it('may come from a backend whose clock is fast, as long as they end in time', async (t) => {
    const address = await start(t, { hosts: TOKENS });
    const token = written({ claims: { iat: Math.floor(Date.now() / 1000) + 1800 } });
    assert.equal(await open(address, await Identity.make(), token), 'joined');
  });

  it('are no messages where they are longer than any backend makes them', async (t) => {
    const address = await start(t, { hosts: TOKENS });
    const client = await new Client(address.url).open();
    const token = written({ claims: { more: 'x'.repeat(4096) } });
    client.say({ ...(await Identity.make()).asHost, token });
    assert.equal((await client.take('error')).code, 'message-invalid');
  });

  it('[R12] are in the account of what the server holds, until they end', async (t) => {
    const address = await start(t, { hosts: TOKENS });
    const identity = await Identity.make();
    assert.equal(await open(address, identity, await tokenOf({ exp: 300 })), 'joined');
    assert.equal(await open(address, await Identity.make(), await tokenOf()), 'joined');
    const body = JSON.stringify(identity.question);
    const answer = await fetch(`${address.url}transparency`, { method: 'POST', body });
    const { held } = (await answer.json()) as { readonly held: readonly Readonly<Record<string, string>>[] };
    const tokens = held.filter(({ item }) => item === 'host token');
    assert.equal(tokens.length, 1, 'that of this host, and of no other');
    const left = Date.parse(tokens[0]?.['deleted'] ?? '') - Date.now();
    assert.ok(left > 200_000 && left < 400_000);
  });

  it('are good for one host only: replayed with another key they open nothing', async (t) => {
    const address = await start(t, { hosts: TOKENS });
    const [identity, token] = [await Identity.make(), await tokenOf()];
    assert.equal(await open(address, identity, token), 'joined');
    assert.equal(await open(address, identity, token), 'joined', 'a reconnection of the same host');
    assert.equal(await open(address, await Identity.make(), token), 'host-not-allowed');
  });

  it('may end while the room they opened goes on', async (t) => {
    const address = await start(t, { hosts: TOKENS });
    const identity = await Identity.make();
    assert.equal(await open(address, identity, await tokenOf()), 'joined');
    assert.equal(await open(address, identity, await tokenOf({ exp: -600 })), 'joined');
  });

  it('are good once over all server processes', async (t) => {
    const nats = await startNats();
    t.after(() => nats.stop());
    const listen = async (): Promise<Address> => {
      const options = { configuration: CONFIGURATION, hosts: TOKENS, nats: { servers: [nats.url], secret: SECRET } };
      const server = createServer(options);
      const address = await server.listen({ port: 0 });
      t.after(() => server.close());
      return address;
    };
    const [one, two] = [await listen(), await listen()];
    const token = await tokenOf();
    assert.equal(await open(one, await Identity.make(), token), 'joined');
    // NATS keeps the order of what one process says: once this host is known at the other one, so is the token.
    const marker = await Identity.make();
    await (await proven(one, marker, await tokenOf())).take('joined');
    await meeting(await guest(two, marker));
    assert.equal(await open(two, await Identity.make(), token), 'host-not-allowed');
    const three = await listen();
    await meeting(await guest(three, marker));
    assert.equal(await open(three, await Identity.make(), token), 'host-not-allowed', 'a process started afterwards');
  });
});

describe('the file that says who may open rooms', () => {
  const gate = (rule: unknown): HostGate => new HostGate(rule as HostRule, { now: Date.now, onSpent: () => undefined });
  const tokens = (keys: readonly unknown[]): unknown => ({ tokens: { audience: AUDIENCE, keys } });
  for (const [what, rule] of [
    ['an empty list', { keys: [] }],
    ['a thumb of another length', { keys: ['short'] }],
    ['keys and tokens at once', { keys: ['A'.repeat(64)], ...(tokens([pem(backend.publicKey, 'spki')]) as object) }],
    ['a rule from the future', { groups: ['staff'] }],
    ['null', null],
    ['a private key', tokens([pem(backend.privateKey, 'pkcs8')])],
    ['a private JWK', tokens([backend.privateKey.export({ format: 'jwk' })])],
    ['what is no key', tokens(['-----BEGIN PUBLIC KEY-----'])],
    ['a key of another curve', tokens([pem(pair('secp256k1').publicKey, 'spki')])],
    ['an RSA key', tokens([pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey, 'spki')])],
  ] as const)
    it(`is refused with ${what}`, () => {
      assert.throws(() => gate(rule), { code: 'argument-invalid' });
    });
});

describe('the examples for backends', () => {
  const file = join(temporaryFolder('token'), 'private-key.pem');
  writeFileSync(file, pem(backend.privateKey, 'pkcs8'));
  const commands: Readonly<Record<string, readonly string[]>> = {
    Node: [process.execPath, 'src/server/examples/host-token.mjs'],
    PHP: ['php', 'src/server/examples/host-token.php'],
    Python: [findPython() ?? 'python3', '-B', 'src/server/examples/host_token.py'],
  };
  const tokenFrom = (language: string): string => {
    const [program = '', ...args] = commands[language] ?? [];
    return execFileSync(program, [...args, file, AUDIENCE])
      .toString()
      .trim();
  };
  const opens = async (t: TestContext, language: string): Promise<void> => {
    const address = await start(t, { hosts: TOKENS });
    assert.equal(await open(address, await Identity.make(), tokenFrom(language)), 'joined');
  };
  for (const language of Object.keys(commands))
    it(`make a token in ${language} that opens a room`, (t) => opens(t, language));

  it('make signatures of full length in PHP, also where a number begins with zeros', async () => {
    const gate = new HostGate(TOKENS, { now: Date.now, onSpent: () => undefined });
    const script = `$_SERVER["SCRIPT_FILENAME"] = "-"; require $argv[1];
      for ($i = 0; $i < 600; $i++) echo hostToken(file_get_contents($argv[2]), $argv[3]), "\\n";`;
    const lines = execFileSync('php', ['-r', script, 'src/server/examples/host-token.php', file, AUDIENCE]);
    const made = lines.toString().trim().split('\n');
    for (const token of made)
      assert.ok(await gate.admits({ room: 'A'.repeat(64), thumb: new Uint8Array(48), token }), token);
  });
});
