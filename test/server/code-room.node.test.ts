/** protocol.md §14: the server between a guest with a spoken code and the host's page. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CODE_DATA_LIMIT } from '../../src/wire/wire-parts.ts';
import type { ClientMessage, ServerMessage } from '../../src/wire/wire.ts';
import type { Address } from '../../src/server/server.ts';
import { CodeAttempts } from '../../src/server/code-room.ts';
import { DEFAULT_LIMITS } from '../../src/server/limits.ts';
import { base64url, Client, eventually, guest, host, Identity, pair, start } from './harness.ts';

/** A guest who typed a code. */
async function caller(address: Address, locator = 'K7M', ip?: string): Promise<Client> {
  const client = await new Client(address.url, ip === undefined ? {} : { 'x-forwarded-for': ip }).open();
  client.say({ type: 'join', version: 1, role: 'code', locator });
  return client;
}

type Inner = Extract<ServerMessage, { type: 'code' }>['message'];

async function takeCode<T extends Inner['type']>(client: Client, type: T): Promise<Extract<Inner, { type: T }>> {
  const { message } = await client.take('code');
  assert.equal(message.type, type, JSON.stringify(message));
  return message as Extract<Inner, { type: T }>;
}

/** A host who answers for a code. */
async function answering(address: Address, locator = 'K7M', identity?: Identity) {
  const client = await host(address, identity ?? (await Identity.make()));
  const { you: room } = await client.take('joined');
  client.say({ type: 'code-open', locator });
  const { you, peers } = await takeCode(client, 'joined');
  return { client, room, you, peers };
}

describe('the room of a spoken code', () => {
  it('carries messages between each guest and the host, and shows guests to nobody else', async (t) => {
    const address = await start(t);
    const { client, room, you } = await answering(address);
    const first = await caller(address);
    const one = await first.take('joined');
    const second = await caller(address);
    const two = await second.take('joined');
    for (const { peers } of [one, two]) assert.deepEqual(peers, [{ id: you, host: true }]);
    for (const id of [one.you, two.you])
      assert.deepEqual(await takeCode(client, 'peer'), { type: 'peer', change: 'joined', id, host: false });
    first.say({ type: 'send', to: you, data: base64url('hello') });
    assert.deepEqual(await takeCode(client, 'message'), { type: 'message', from: one.you, data: base64url('hello') });
    client.say({ type: 'code-send', to: two.you, data: base64url('answer') });
    assert.deepEqual(await second.take('message'), { type: 'message', from: you, data: base64url('answer') });
    // Neither another guest, nor everyone, nor the host's own room.
    for (const to of [two.you, 'everyone', room]) {
      first.say({ type: 'send', to, data: base64url('across') });
      if (to !== 'everyone') assert.equal((await first.take('error')).code, 'peer-unknown');
    }
    for (const one of [first, second, client]) one.say({ type: 'ping' });
    await Promise.all([first, second, client].map((one) => one.take('pong')));
    assert.deepEqual([first.inbox, second.inbox, client.inbox], [[], [], []]);
  });

  it('lets a guest wait for the host, and tells both when the other comes and goes', async (t) => {
    const address = await start(t);
    const early = await caller(address);
    const { you: guestId, peers } = await early.take('joined');
    assert.deepEqual(peers, []);
    const { client, you, peers: waiting } = await answering(address);
    assert.deepEqual(waiting, [{ id: guestId, host: false }]);
    assert.deepEqual(await early.take('peer'), { type: 'peer', change: 'joined', id: you, host: true });
    client.say({ type: 'code-close' });
    assert.deepEqual(await early.take('peer'), { type: 'peer', change: 'left', id: you, host: true });
    client.say({ type: 'code-open', locator: 'K7M' });
    const again = await takeCode(client, 'joined');
    assert.equal((await early.take('peer')).id, again.you);
    client.socket.terminate();
    assert.deepEqual(await early.take('peer'), { type: 'peer', change: 'left', id: again.you, host: true });
  });

  it('belongs to one host at a time, and is free again when that one leaves', async (t) => {
    const address = await start(t);
    const first = await answering(address);
    const second = await host(address, await Identity.make());
    await second.take('joined');
    second.say({ type: 'code-open', locator: 'K7M' });
    assert.equal((await takeCode(second, 'error')).code, 'host-elsewhere');
    second.say({ type: 'code-open', locator: 'K7N' });
    await takeCode(second, 'joined');
    first.client.socket.terminate();
    await eventually(async () => {
      second.say({ type: 'code-open', locator: 'K7M' });
      await takeCode(second, 'joined');
    });
  });

  it('answers where one host changes its code at once, for the last one only', async (t) => {
    const address = await start(t);
    const { client } = await answering(address);
    for (const locator of ['AAA', 'BBB', 'CCC']) client.say({ type: 'code-open', locator });
    const late = await caller(address, 'CCC');
    await eventually(async () => {
      client.say({ type: 'ping' });
      await client.take('pong');
      const { you } = await (await caller(address, 'CCC')).take('joined');
      assert.ok(
        client.inbox.some(({ type }) => type === 'code'),
        you,
      );
    });
    await late.take('joined');
    for (const locator of ['K7M', 'AAA', 'BBB'])
      assert.deepEqual((await (await caller(address, locator)).take('joined')).peers, []);
    assert.equal((await (await caller(address, 'CCC')).take('joined')).peers.length, 1);
  });

  it('is opened by a proven host alone', async (t) => {
    const address = await start(t);
    const room = await pair(address, await Identity.make());
    room.guest.say({ type: 'code-open', locator: 'K7M' });
    assert.equal((await room.guest.take('error')).code, 'host-not-proven');
    const stranger = await new Client(address.url).open();
    stranger.say({ type: 'code-open', locator: 'K7M' });
    assert.equal((await stranger.take('error')).code, 'not-joined');
    const early = await caller(address);
    await early.take('joined');
    early.say({ type: 'code-open', locator: 'K7M' });
    assert.equal((await early.take('error')).code, 'message-invalid');
  });

  it('cannot be joined as a room, and takes nothing but short messages', async (t) => {
    const address = await start(t);
    const { client, you } = await answering(address);
    for (const room of ['#K7M', 'K7M']) {
      const stranger = await new Client(address.url).open();
      stranger.raw(JSON.stringify({ type: 'join', version: 1, role: 'guest', room }));
      assert.equal((await stranger.take('error')).code, 'message-invalid');
    }
    for (const locator of ['k7m', 'K7', 'K7MM', 'K7I', 'K#M', ''])
      assert.equal((await (await caller(address, locator)).take('error')).code, 'message-invalid');
    const one = await caller(address);
    await one.take('joined');
    for (const message of [{ type: 'relay-nonce' }, { type: 'admitted', keys: [] }] as ClientMessage[]) {
      one.say(message);
      assert.equal((await one.take('error')).code, 'message-invalid');
    }
    one.say({ type: 'send', to: you, data: 'A'.repeat(CODE_DATA_LIMIT + 4) });
    assert.equal((await one.take('error')).code, 'message-too-large');
    await one.gone();
    client.say({ type: 'ping' });
    await client.take('pong');
    assert.ok(client.inbox.every((message) => message.type === 'code' && message.message.type === 'peer'));
  });

  it('ends with the invite, for guest and host', async (t) => {
    const clock = { now: Date.now() };
    const address = await start(t, { now: () => clock.now, limits: { sweepEvery: 10 } });
    const identity = await Identity.make(Math.floor(clock.now / 1000) + 60);
    const { client } = await answering(address, 'K7M', identity);
    const one = await caller(address);
    await one.take('joined');
    clock.now += 61_000;
    assert.equal((await one.take('error')).code, 'room-expired');
    assert.equal((await client.take('error')).code, 'room-expired');
    // Whoever has the locator next, is another.
    clock.now -= 61_000;
    await eventually(() => answering(address));
  });

  it('does not take the place of ordinary rooms, nor those of it', async (t) => {
    const address = await start(t, { limits: { rooms: 1 } });
    await answering(address, 'K7M');
    assert.equal((await (await caller(address, 'K7N')).take('error')).code, 'server-full');
    assert.equal((await (await guest(address, await Identity.make())).take('error')).code, 'server-full');
  });
});

describe('attempts with spoken codes', () => {
  const limits = { codeBurst: 6, codePerSecond: 0, codeBurstPerNetwork: 4, codePerSecondPerNetwork: 0 };

  /** Says so much that the server refuses. @returns how much passed */
  async function exhaust(client: Client, to: string): Promise<number | 'no join'> {
    const first = await client.until(() => client.inbox.shift(), 'an answer');
    if (first.type === 'error') {
      assert.equal(first.code, 'code-busy');
      await client.gone();
      return 'no join';
    }
    assert.equal(first.type, 'joined');
    for (let count = 0; ; count++) {
      client.say({ type: 'send', to, data: base64url(String(count)) });
      client.say({ type: 'ping' });
      const answer = await client.until(
        () => client.inbox.findLast(({ type }) => type === 'pong' || type === 'error'),
        'an answer',
      );
      client.inbox.length = 0;
      if (answer.type !== 'error') continue;
      assert.equal(answer.code, 'code-busy');
      await client.gone();
      return count;
    }
  }

  it('are limited by network over all codes, and by code over all networks', async (t) => {
    const address = await start(t, { limits, addressFrom: 'x-forwarded-for' });
    const [first, second] = [await answering(address, 'K7M'), await answering(address, 'K7N')];
    assert.equal(await exhaust(await caller(address, 'K7M', '198.51.100.1'), first.you), 3);
    // The same network at another code; then another network at the first one, of which two are left.
    assert.equal(await exhaust(await caller(address, 'K7N', '198.51.100.1'), second.you), 'no join');
    assert.equal(await exhaust(await caller(address, 'K7M', '198.51.100.2'), first.you), 1);
    assert.equal(await exhaust(await caller(address, 'K7N', '198.51.100.3'), second.you), 3);
  });

  it('count where nothing is said, too: nobody looks at all locators to see where a host is', async (t) => {
    // By a clock that stands still: one attempt comes back every 20 s.
    const time = Date.now();
    const address = await start(t, { addressFrom: 'x-forwarded-for', now: () => time });
    const joined = async (index: number, ip: string): Promise<string> => {
      const client = await caller(address, `A${String(index).padStart(2, '0')}`, ip);
      const answer = await client.until(() => client.inbox.shift(), 'an answer');
      client.socket.terminate();
      return answer.type === 'error' ? answer.code : answer.type;
    };
    const answers: string[] = [];
    for (let index = 0; index < DEFAULT_LIMITS.codeBurstPerNetwork + 1; index++)
      answers.push(await joined(index, '198.51.100.1'));
    assert.deepEqual(answers, [...Array<string>(DEFAULT_LIMITS.codeBurstPerNetwork).fill('joined'), 'code-busy']);
    assert.equal(await joined(0, '198.51.100.2'), 'joined');
  });

  it('leave places to others: one network has four at a code', async (t) => {
    const address = await start(t, { addressFrom: 'x-forwarded-for' });
    await answering(address);
    const idle: Client[] = [];
    for (let count = 0; count < 4; count++) {
      const client = await caller(address, 'K7M', '198.51.100.1');
      await client.take('joined');
      idle.push(client);
    }
    const fifth = await caller(address, 'K7M', '198.51.100.1');
    assert.equal((await fifth.take('error')).code, 'code-busy');
    await fifth.gone();
    await (await caller(address, 'K7M', '198.51.100.2')).take('joined');
    await (await caller(address, 'K7N', '198.51.100.1')).take('joined');
    idle[0]?.socket.terminate();
    await eventually(async () => {
      await (await caller(address, 'K7M', '198.51.100.1')).take('joined');
    });
  });

  it('end where nothing is said beside the host; whoever waits for the host stays', async (t) => {
    const address = await start(t, { limits: { codeSilence: 3_000 } });
    const [early, elsewhere] = [await caller(address), await caller(address, 'K7N')];
    await Promise.all([early.take('joined'), elsewhere.take('joined')]);
    const opened = performance.now();
    // Says something now and then, for longer than a silent one may stay.
    const { you } = await answering(address);
    const talker = await caller(address);
    await talker.take('joined');
    await early.take('peer');
    while (early.closed === null || performance.now() - opened < 5_000) {
      assert.ok(performance.now() - opened < 30_000, 'the silent one stays');
      talker.say({ type: 'send', to: you, data: base64url('hello') });
      talker.say({ type: 'ping' });
      await talker.take('pong');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.equal(early.closed, 1013);
    assert.ok(!early.inbox.some(({ type }) => type === 'error'));
    assert.deepEqual([talker.closed, elsewhere.closed], [null, null]);
  });
});

describe('[R12] what the server holds of a spoken code', () => {
  it('is forgotten ten minutes after the last attempt, where a network is concerned', () => {
    const clock = { now: 0 };
    const attempts = new CodeAttempts(DEFAULT_LIMITS, () => clock.now);
    for (let count = 0; count < 30; count++) attempts.take('#K7M', 'network');
    assert.equal(attempts.take('#K7N', 'network'), false);
    clock.now = 10 * 60_000;
    attempts.sweep();
    assert.equal(attempts.size, 1);
    clock.now += 1;
    attempts.sweep();
    assert.equal(attempts.size, 0);
  });

  it('is the same where an attempt was made at another process, and is told to the others once', () => {
    const told: unknown[] = [];
    const attempts = new CodeAttempts(
      DEFAULT_LIMITS,
      () => 0,
      (attempt) => told.push(attempt),
    );
    for (let count = 0; count < 29; count++) attempts.learn({ room: '#K7M', network: 'network' });
    assert.deepEqual(told, []);
    assert.deepEqual(
      ['#K7M', '#K7M'].map((room) => attempts.take(room, 'network')),
      [true, false],
    );
    assert.deepEqual(told, [{ room: '#K7M', network: 'network' }]);
  });

  it('is told to those who know the room, and deleted with the connections', async (t) => {
    const address = await start(t);
    const identity = await Identity.make();
    const { client } = await answering(address, 'K7M', identity);
    const { you } = await (await caller(address)).take('joined');
    const ask = async (): Promise<readonly { item: string; holds: Record<string, unknown> }[]> => {
      const body = JSON.stringify(identity.question);
      const response = await fetch(`${address.url}transparency`, { method: 'POST', body });
      return ((await response.json()) as { held: [] }).held.filter(({ item }: { item: string }) =>
        item.startsWith('code'),
      );
    };
    const held = await ask();
    assert.deepEqual(held[0], { ...held[0], item: 'code', holds: { locator: 'K7M', until: 'the host leaves' } });
    assert.deepEqual(
      held.slice(1).map(({ item, holds }) => [item, holds['role']]),
      [
        ['code connection', 'host'],
        ['code connection', 'guest'],
      ],
    );
    assert.equal(held[2]?.holds['id'], you);
    client.say({ type: 'code-close' });
    client.say({ type: 'ping' });
    await client.take('pong');
    assert.deepEqual(await ask(), []);
  });
});
