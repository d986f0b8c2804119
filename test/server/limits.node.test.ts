/**
 * What a client is told when it comes to a limit: each that a client can exceed has an entry here, so that a new one without a word to
 * its client does not compile.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import type { Limits } from '../../src/server/limits.ts';
import type { Address, ServerOptions } from '../../src/server/server.ts';
import { base64url, Client, guest, host, Identity, start } from './harness.ts';

interface Limited {
  readonly limits: Partial<Limits>;
  readonly options?: Partial<ServerOptions>;
  /** Exceeds it. @returns what the client is told, and how its connection ends */
  exceed(address: Address): Promise<string>;
  readonly told: string;
}

/** Nobody can be told: the client does not read, or does not answer. Its connection ends. */
const UNTOLD = 'untold';
/** Of the server's own work: no client meets it. */
const OWN = 'own';

const from = (ip: string) => ({ 'X-Forwarded-For': ip });
const PROXY = { addressFrom: 'x-forwarded-for' } as const;

/** The error that a client reads last, and the close code (RFC 6455 §7.4). */
async function end(client: Client): Promise<string> {
  const close = await client.gone();
  const errors = client.inbox.flatMap((message) => (message.type === 'error' ? [message.code] : []));
  return `${errors.at(-1) ?? 'no error'} ${String(close)}`;
}

async function seated(address: Address, identity?: Identity, ip?: string): Promise<Client> {
  const client = await guest(address, identity ?? (await Identity.make()), ip === undefined ? {} : from(ip));
  await client.take('joined');
  return client;
}

const oneMore = async (address: Address, identity?: Identity, ip?: string): Promise<string> =>
  end(await guest(address, identity ?? (await Identity.make()), ip === undefined ? {} : from(ip)));

/** The answer to the page, which asks because a browser hides why a WebSocket failed. */
async function asked(address: Address, ip: string): Promise<string> {
  const refused = new Client(address.url, from(ip));
  assert.equal(await refused.gone(), 1006);
  const answer = await fetch(`${address.url}signal`, { method: 'POST', headers: from(ip) });
  return `${String(answer.status)} ${(await answer.text()).trim()}`;
}

async function guessed(address: Address): Promise<string> {
  const leader = await host(address, await Identity.make());
  await leader.take('joined');
  leader.say({ type: 'code-open', locator: 'K7M' });
  await leader.take('code');
  const client = await new Client(address.url, from('198.51.100.1')).open();
  client.say({ type: 'join', version: 1, role: 'code', locator: 'K7M' });
  const { peers } = await client.take('joined');
  for (let count = 0; count < 5; count++)
    client.say({ type: 'send', to: peers[0]?.id ?? '', data: base64url(String(count)) });
  return end(client);
}

const TOLD: { readonly [K in keyof Limits]: Limited | typeof UNTOLD | typeof OWN } = {
  connections: {
    limits: { connections: 1 },
    options: PROXY,
    async exceed(address) {
      await seated(address, undefined, '198.51.100.1');
      return asked(address, '198.51.100.2');
    },
    told: '503 connection-limit',
  },
  connectionsPerAddress: {
    limits: { connectionsPerAddress: 1 },
    options: PROXY,
    async exceed(address) {
      await seated(address, undefined, '198.51.100.1');
      return asked(address, '198.51.100.1');
    },
    told: '429 address-limit',
  },
  rooms: {
    limits: { rooms: 1 },
    async exceed(address) {
      const leader = await host(address, await Identity.make());
      await leader.take('joined');
      return oneMore(address);
    },
    told: 'server-full 1008',
  },
  unprovenRoomsPerNetwork: {
    limits: { unprovenRoomsPerNetwork: 1 },
    options: PROXY,
    async exceed(address) {
      await seated(address, undefined, '198.51.100.1');
      return oneMore(address, undefined, '198.51.100.1');
    },
    told: 'server-full 1008',
  },
  guests: {
    limits: { guests: 1 },
    async exceed(address) {
      const identity = await Identity.make();
      await seated(address, identity);
      return oneMore(address, identity);
    },
    told: 'room-full 1008',
  },
  messageBurst: {
    limits: { messageBurst: 3, messagesPerSecond: 0 },
    async exceed(address) {
      const client = await seated(address);
      for (let count = 0; count < 4; count++) client.say({ type: 'ping' });
      return end(client);
    },
    told: 'too-many-messages 1008',
  },
  messagesPerSecond: {
    limits: { messageBurst: 10, messagesPerSecond: 1 },
    async exceed(address) {
      const client = await seated(address);
      for (let count = 0; count < 200; count++) client.say({ type: 'ping' });
      return end(client);
    },
    told: 'too-many-messages 1008',
  },
  byteBurst: {
    limits: { byteBurst: 5_000, bytesPerSecond: 0 },
    async exceed(address) {
      const client = await seated(address);
      client.say({ type: 'send', to: 'everyone', data: 'A'.repeat(6_000) });
      return end(client);
    },
    told: 'too-many-messages 1008',
  },
  bytesPerSecond: {
    limits: { byteBurst: 20_000, bytesPerSecond: 1 },
    async exceed(address) {
      const client = await seated(address);
      for (let count = 0; count < 10; count++) client.say({ type: 'send', to: 'everyone', data: 'A'.repeat(4_000) });
      return end(client);
    },
    told: 'too-many-messages 1008',
  },
  messageBytes: {
    limits: { messageBytes: 1_000 },
    async exceed(address) {
      const client = await seated(address);
      client.say({ type: 'send', to: 'everyone', data: 'A'.repeat(2_000) });
      return end(client);
    },
    // The protocol's own word: message too big.
    told: 'no error 1009',
  },
  joinWithin: {
    limits: { joinWithin: 50 },
    exceed: async (address) => end(await new Client(address.url).open()),
    told: 'not-joined 1008',
  },
  codeBurst: {
    limits: { codeBurst: 3, codePerSecond: 0 },
    options: PROXY,
    exceed: guessed,
    told: 'code-busy 1008',
  },
  codePerSecond: {
    limits: { codeBurst: 4, codePerSecond: 1e-6 },
    options: PROXY,
    exceed: guessed,
    told: 'code-busy 1008',
  },
  codeBurstPerNetwork: {
    limits: { codeBurstPerNetwork: 3, codePerSecondPerNetwork: 0 },
    options: PROXY,
    exceed: guessed,
    told: 'code-busy 1008',
  },
  codePerSecondPerNetwork: {
    limits: { codeBurstPerNetwork: 4, codePerSecondPerNetwork: 1e-6 },
    options: PROXY,
    exceed: guessed,
    told: 'code-busy 1008',
  },
  codeSeatsPerNetwork: {
    limits: { codeSeatsPerNetwork: 1 },
    options: PROXY,
    exceed: async (address) => {
      const called = async (): Promise<Client> => {
        const client = await new Client(address.url, from('198.51.100.1')).open();
        client.say({ type: 'join', version: 1, role: 'code', locator: 'K7M' });
        return client;
      };
      await (await called()).take('joined');
      return end(await called());
    },
    told: 'code-busy 1008',
  },
  codeSilence: {
    limits: { codeSilence: 50 },
    exceed: async (address) => {
      const leader = await host(address, await Identity.make());
      await leader.take('joined');
      leader.say({ type: 'code-open', locator: 'K7M' });
      await leader.take('code');
      const client = await new Client(address.url).open();
      client.say({ type: 'join', version: 1, role: 'code', locator: 'K7M' });
      return end(client);
    },
    // It comes back and goes on.
    told: 'no error 1013',
  },
  // `client-connection.node.test.ts`, `shares.node.test.ts` and `abuse.node.test.ts`.
  bufferedBytes: UNTOLD,
  bufferedTotal: UNTOLD,
  stalledAfter: UNTOLD,
  pingEvery: UNTOLD,
  probeWithin: UNTOLD,
  sweepEvery: OWN,
  endedAfter: OWN,
  webhookQueue: OWN,
  webhookTimeout: OWN,
  webhookRetries: OWN,
};

async function limited(t: TestContext, { limits, options = {} }: Limited): Promise<Address> {
  return start(t, { limits, ...options });
}

describe('a client at a limit', () => {
  for (const [name, limit] of Object.entries(TOLD))
    if (typeof limit === 'object')
      it(`of ${name} is told ${limit.told}`, async (t) => {
        assert.equal(await limit.exceed(await limited(t, limit)), limit.told);
      });

  it('is told by the upgrade itself, where it is no browser', async (t) => {
    const address = await start(t, { limits: { connections: 1 } });
    await seated(address);
    const { socket } = new Client(address.url);
    const [error] = (await once(socket, 'error')) as [Error];
    assert.match(error.message, /503/u);
  });
});
