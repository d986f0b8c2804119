/** What the site's own systems are told: a real server, real clients, and a real receiver that misbehaves. */
import assert from 'node:assert/strict';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { describe, it, type TestContext } from 'node:test';
import { createInvite, webhookRoom } from '../../../src/invite.ts';
import { deriveRoom, parseInvite } from '../../../src/e2ee/admission/invite-token.ts';
import { toBase64Url } from '../../../src/util/base64url.ts';
import {
  parsePublicConfiguration,
  parseServerConfiguration,
  publicPart,
  type ServerConfigurationInput,
} from '../../../src/configuration.ts';
import { buildNotice } from '../../../src/consent/notice.ts';
import { POLICIES } from '../../../src/policy.ts';
import type { LogEntry } from '../../../src/server/log.ts';
import { createServer, type ServerOptions } from '../../../src/server/server.ts';
import { signedHeaders, webhookRoomName } from '../../../src/server/webhooks/signature.ts';
import { until } from '../../support/until.ts';
import { CONFIGURATION, guest, host, Identity, pair, start } from '../harness.ts';
import { receiver, SECRET, verify } from './receiver.ts';

const OTHER = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const QUICK = { endedAfter: 60, webhookRetries: [20, 20, 20] };

type Entry = NonNullable<ServerConfigurationInput['webhooks']>[number];

const entry = (url: string, rest: Partial<Entry> = {}): Entry => ({
  url,
  operator: CONFIGURATION.operator.name,
  country: 'DE',
  secrets: [SECRET],
  ...rest,
});

const withHooks = (...webhooks: readonly Entry[]): ServerConfigurationInput => ({
  ...CONFIGURATION,
  webhooks: [...webhooks],
});

async function running(t: TestContext, configuration: ServerConfigurationInput, options: Partial<ServerOptions> = {}) {
  const entries: LogEntry[] = [];
  const server = createServer({
    configuration,
    relayCheck: 'off',
    log: (one) => void entries.push(one),
    ...options,
    limits: { ...QUICK, ...options.limits },
  });
  t.after(() => server.close());
  const address = await server.listen({ port: 0, metrics: { port: 0 } });
  const metrics = async () => (await fetch(`${server.metricsAddress?.url ?? ''}metrics`)).text();
  const advice = () => entries.flatMap((one) => (one.event === 'advice' ? [one.words] : []));
  return { server, address, entries, metrics, advice };
}

describe('the signature of a webhook', () => {
  it('is that of the example in the documentation of Standard Webhooks', () => {
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const body = '{"test": 2432232314}';
    const headers = signedHeaders([key], { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body });
    assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('names a room as webhookRoom does for its link, and under another secret otherwise', async () => {
    const { guestLink, hostLink } = await createInvite({ base: 'https://beratung.example/room.html' });
    const { roomId } = await deriveRoom(await parseInvite(guestLink, { origin: 'https://beratung.example' }));
    const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(6), 'base64');
    const name = webhookRoomName([keyOf(OTHER), keyOf(SECRET)], toBase64Url(roomId));
    assert.equal(await webhookRoom(guestLink, SECRET), name);
    assert.equal(await webhookRoom(hostLink, SECRET), name);
    assert.notEqual(await webhookRoom(guestLink, OTHER), name);
    await assert.rejects(webhookRoom(guestLink, 'a secret'), /whsec_/u);
  });
});

describe('[R4] webhooks', () => {
  it('tell once that a room was opened and that it has ended, signed, and nothing of its people', async (t) => {
    const hook = await receiver(t);
    const { address, entries } = await running(t, withHooks(entry(`${hook.url}?token=t`)));
    const identity = await Identity.make();
    const early = await guest(address, identity);
    await early.take('joined');
    const leader = await host(address, identity);
    await leader.take('joined');
    const late = await guest(address, identity);
    await late.take('joined');
    await hook.count(1);
    for (const client of [early, leader]) client.socket.close();
    // A reload: somebody is still there, so the room has not ended.
    const again = await host(address, identity);
    await again.take('joined');
    for (const client of [again, late]) client.socket.close();
    await hook.count(2);
    const [opened, ended] = hook.received;
    assert.deepEqual([opened?.type, ended?.type], ['room.opened', 'room.ended']);
    for (const one of hook.received) {
      verify(one, SECRET);
      const { type, timestamp, data } = JSON.parse(one.body) as Record<string, unknown>;
      assert.deepEqual(Object.keys(JSON.parse(one.body) as object), ['type', 'timestamp', 'data']);
      assert.deepEqual(data, { room: one.room });
      assert.ok(typeof type === 'string' && Math.abs(Date.parse(String(timestamp)) - Date.now()) < 60_000);
      for (const known of [identity.roomId, toBase64Url(identity.roomTag), '127.0.0.1'])
        assert.ok(!one.body.includes(known));
    }
    assert.equal(opened?.room, webhookRoomName([Buffer.alloc(32, 7)], identity.roomId));
    assert.equal(ended?.room, opened?.room);
    assert.notEqual(ended?.id, opened?.id);
    assert.equal(opened?.path, '/hook?token=t');
    for (const written of [identity.roomId, opened?.room ?? '', 'token'])
      assert.ok(!JSON.stringify(entries).includes(written));
  });

  it('[R1] [R11] are in the public configuration by their receivers, without address and secret, and in the notice', async (t) => {
    const hook = await receiver(t);
    const { address } = await running(t, withHooks(entry(hook.url), entry(`${hook.url}?two`)));
    const answer = await (await fetch(`${address.url}config`)).text();
    assert.ok(!/whsec|hook|secret/u.test(answer.replace('"webhooks"', '')), answer);
    const configuration = parsePublicConfiguration(JSON.parse(answer));
    assert.deepEqual(configuration.webhooks, [{ operator: CONFIGURATION.operator.name, country: 'DE' }]);
    const { sections } = buildNotice({ configuration, policy: POLICIES.beratung, role: 'guest', lang: 'de' });
    const words = JSON.stringify(sections);
    assert.ok(words.includes(`wird einem System gemeldet: ${CONFIGURATION.operator.name} (Deutschland).`));
    const without = await start(t);
    assert.ok(!(await (await fetch(`${without.url}config`)).text()).includes('webhooks'));
  });

  it('say nothing of rooms that no host has proved', async (t) => {
    const hook = await receiver(t);
    const { address } = await running(t, withHooks(entry(hook.url)));
    const lonely = await guest(address, await Identity.make());
    await lonely.take('joined');
    lonely.socket.close();
    const room = await pair(address, await Identity.make());
    await hook.count(1);
    for (const client of [room.host, room.guest]) client.socket.close();
    await hook.count(2);
    assert.equal(new Set(hook.received.map(({ room: name }) => name)).size, 1);
  });

  it('tell the end with the end of the invite, while people are still there', async (t) => {
    const hook = await receiver(t);
    const clock = { ahead: 0 };
    const { address } = await running(t, withHooks(entry(hook.url)), { now: () => Date.now() + clock.ahead });
    const room = await pair(address, await Identity.make());
    await hook.count(1);
    // A clock that jumps: the same as an appointment that lasts too long.
    clock.ahead = 3600_000;
    await hook.count(2);
    assert.equal(hook.received[1]?.type, 'room.ended');
    room.host.socket.close();
  });

  it('are listed for the people in the room, with the operator who is told', async (t) => {
    const hook = await receiver(t);
    const { address } = await running(t, withHooks(entry(hook.url)));
    const identity = await Identity.make();
    await pair(address, identity);
    const body = JSON.stringify(identity.question);
    const answer = await fetch(`${address.url}transparency`, { method: 'POST', body });
    const { held } = (await answer.json()) as {
      readonly held: readonly { readonly item: string; readonly holds: object }[];
    };
    const found = held.find(({ item }) => item === 'announcement');
    assert.ok(found && JSON.stringify(found.holds).includes(CONFIGURATION.operator.name));
  });

  it('are signed with both secrets while one is replaced, and name the room under the older one', async (t) => {
    const hook = await receiver(t);
    const { address } = await running(t, withHooks(entry(hook.url, { secrets: [OTHER, SECRET] })));
    const identity = await Identity.make();
    await pair(address, identity);
    await hook.count(1);
    const [opened] = hook.received;
    assert.ok(opened);
    for (const secret of [SECRET, OTHER]) verify(opened, secret);
    assert.equal(opened.room, webhookRoomName([Buffer.alloc(32, 7)], identity.roomId));
  });
});

describe('a receiver of webhooks', () => {
  it('that fails is asked again, with the same id and a new time, until it takes the webhook', async (t) => {
    let failures = 2;
    const hook = await receiver(t, (response) => void response.writeHead(failures-- > 0 ? 500 : 200).end('ok'));
    const { address, metrics, advice } = await running(t, withHooks(entry(hook.url)));
    await pair(address, await Identity.make());
    await hook.count(3);
    assert.equal(new Set(hook.received.map(({ id }) => id)).size, 1);
    for (const one of hook.received) verify(one, SECRET);
    await until(metrics, (text) => text.includes('consult_room_webhooks_total{result="delivered"} 1'), 'a delivery');
    assert.match(advice().join('\n'), /answers 500/u);
  });

  it('that never takes a webhook is given up, and gets the end of the room nevertheless', async (t) => {
    const hook = await receiver(
      t,
      (response, { type }) => void response.writeHead(type === 'room.opened' ? 503 : 200).end(),
    );
    const { address, metrics } = await running(t, withHooks(entry(hook.url)));
    const room = await pair(address, await Identity.make());
    for (const client of [room.host, room.guest]) client.socket.close();
    await hook.count(5);
    assert.deepEqual(
      hook.received.map(({ type }) => type),
      [...Array<string>(4).fill('room.opened'), 'room.ended'],
    );
    await until(metrics, (text) => /result="failed"\} 1/u.test(text) && /result="delivered"\} 1/u.test(text), 'both');
  });

  it('that is gone is not asked again', async (t) => {
    const hook = await receiver(t, (response) => void response.writeHead(410).end());
    const { address, metrics } = await running(t, withHooks(entry(hook.url)));
    await pair(address, await Identity.make());
    await until(metrics, (text) => text.includes('result="failed"} 1'), 'the end of it');
    assert.equal(hook.received.length, 1);
  });

  it('that redirects is not followed, and the operator is told so', async (t) => {
    const target = await receiver(t);
    const hook = await receiver(t, (response) => void response.writeHead(308, { Location: target.url }).end());
    const { address, advice } = await running(t, withHooks(entry(hook.url)));
    await pair(address, await Identity.make());
    await hook.count(4);
    assert.equal(target.received.length, 0);
    assert.match(advice().join('\n'), /redirect \(308\)/u);
  });

  it('that hangs, or talks without an end, keeps no others waiting', async (t) => {
    const slow = await receiver(t, () => undefined);
    const endless = await receiver(t, (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(1000)), 1);
      response.once('close', () => clearInterval(timer));
    });
    const hook = await receiver(t);
    const { address, advice } = await running(t, withHooks(entry(slow.url), entry(endless.url), entry(hook.url)), {
      limits: { webhookTimeout: 200 },
    });
    for (const identity of [await Identity.make(), await Identity.make()]) await pair(address, identity);
    // On a busy machine one that answers may be late, too, and is asked again.
    for (const { received } of [hook, endless])
      await until(
        () => new Set(received.map(({ id }) => id)).size,
        (openings) => openings === 2,
        'both openings',
        { every: 5 },
      );
    await slow.count(3);
    await until(advice, (words) => words.some((one) => one.includes('in time')), 'the advice', { every: 5 });
  });

  it('that closes the connection, or does not listen, does not disturb the rooms', async (t) => {
    const closing = createTcpServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(closing, 'listening');
    t.after(() => closing.close());
    const { port } = closing.address() as AddressInfo;
    const { address, metrics } = await running(
      t,
      withHooks(entry(`http://localhost:${String(port)}/`), entry('http://127.0.0.1:1/')),
    );
    const room = await pair(address, await Identity.make());
    room.guest.say({ type: 'send', to: 'everyone', data: 'AQ' });
    await room.host.take('message');
    await until(metrics, (text) => text.includes('result="failed"} 2'), 'both to be given up');
  });

  it('that is away for long costs a limited queue', async (t) => {
    let mode: 'away' | 'back' = 'away';
    const hook = await receiver(t, (response) => void response.writeHead(mode === 'away' ? 500 : 204).end());
    const limits = { webhookQueue: 6, webhookRetries: Array<number>(500).fill(20), endedAfter: 60_000 };
    const { address, metrics } = await running(t, withHooks(entry(hook.url)), { limits });
    const identities = await Promise.all(Array.from({ length: 9 }, () => Identity.make()));
    for (const identity of identities) await (await host(address, identity)).take('joined');
    await until(metrics, (text) => text.includes('result="dropped"} 3'), 'the drops');
    mode = 'back';
    await until(metrics, (text) => text.includes('result="delivered"} 6'), 'what is left');
    const newest = webhookRoomName([Buffer.alloc(32, 7)], identities.at(-1)?.roomId ?? '');
    assert.ok(hook.received.slice(-6).some(({ room }) => room === newest));
  });

  it('gets what waits when the server ends, and the end of a room that was left', async (t) => {
    const hook = await receiver(t);
    const { server, address, metrics } = await running(t, withHooks(entry(hook.url)), { limits: { endedAfter: 400 } });
    const left = await pair(address, await Identity.make());
    const stays = await Identity.make();
    await pair(address, stays);
    for (const client of [left.host, left.guest]) client.socket.close();
    await hook.count(2);
    await until(metrics, (text) => text.includes('consult_room_connections 2\n'), 'the server notices', { every: 5 });
    // One look of the clock, every 200 ms, finds the room empty; the server ends before it counts as ended.
    await new Promise((resolve) => setTimeout(resolve, 250));
    await server.close();
    assert.deepEqual(
      hook.received.map(({ type }) => type),
      ['room.opened', 'room.opened', 'room.ended'],
    );
    assert.notEqual(hook.received[2]?.room, webhookRoomName([Buffer.alloc(32, 7)], stays.roomId));
  });
});

describe('the configuration of webhooks', () => {
  const refuses = (change: Partial<Record<keyof Entry, unknown>>, words: RegExp, secret?: string): void =>
    assert.throws(
      () =>
        createServer({
          configuration: withHooks({ ...entry('https://termine.example/hook'), ...(change as Partial<Entry>) }),
          webhookSecret: secret,
        }),
      (error: Error) => {
        assert.match(error.message, words);
        assert.doesNotMatch(error.message, /hidden/u);
        return true;
      },
      JSON.stringify(change),
    );

  it('refuses addresses in clear, of the own network, with a password or a fragment', () => {
    for (const url of [
      'http://termine.example/hidden',
      'https://user:hidden@termine.example/',
      'https://termine.example/#hidden',
      'ftp://termine.example/hidden',
      'https:/termine.example',
      ' https://termine.example/',
      'https://termine.example/hidden\n',
      'http://127.0.0.1.termine.example/hidden',
      'http://localhost.termine.example/hidden',
      '',
    ])
      refuses({ url }, /webhooks\.0\.url/u);
    for (const name of [
      '10.0.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '[fd00::1]',
      '[::ffff:10.0.0.1]',
      '0x0a000001',
      '0.0.0.0',
      '224.0.0.1',
    ])
      refuses({ url: `https://${name}/hidden` }, /not public/u);
    for (const name of ['169.254.169.254', '[fe80::1]', '0.0.0.0'])
      refuses({ url: `https://${name}/hidden`, network: 'own' }, /not public/u);
    createServer({ configuration: withHooks(entry('https://10.0.0.1/', { network: 'own' }), entry('https://[::1]/')) });
  });

  it('refuses secrets that are none, and entries without any', () => {
    for (const secrets of [['hidden'], ['whsec_hidden'], [], [SECRET, SECRET, SECRET]])
      refuses({ secrets }, /webhooks\.0/u);
    refuses({ secrets: undefined }, /CONSULT_ROOM_WEBHOOK_SECRET/u);
    refuses({ secrets: undefined }, /whsec_/u, 'hidden');
    createServer({
      configuration: withHooks({ ...entry('https://termine.example/'), secrets: undefined }),
      webhookSecret: `${SECRET} ${OTHER}\n`,
    });
  });

  it('[R11] refuses a receiver outside the EEA, or one that the notice does not name', () => {
    refuses({ country: 'US' }, /webhooks\.0\.country/u);
    refuses({ operator: 'Other' }, /webhooks\.0\.operator/u);
    refuses({ operator: undefined }, /webhooks\.0\.operator/u);
  });

  it('stays with the server, but for who is told', () => {
    const served = JSON.stringify(publicPart(parseServerConfiguration(withHooks(entry('https://termine.example/')))));
    assert.doesNotMatch(served, /whsec|termine|url|secret|network/u);
    assert.match(served, /"webhooks":\[\{"operator":"Beratungsstelle am Markt","country":"DE"\}\]/u);
  });

  it('refuses a public name that leads into the own network, without a connection', async (t) => {
    let connections = 0;
    const inside = createTcpServer(() => (connections += 1)).listen(0, '127.0.0.1');
    await once(inside, 'listening');
    t.after(() => inside.close());
    const { port } = inside.address() as AddressInfo;
    const addresses = ['127.0.0.1', '10.0.0.1', '::ffff:192.168.0.1', '64:ff9b::7f00:1'].map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    const original = dns.lookup;
    const fake = (name: string, ...rest: unknown[]): void => {
      const callback = rest.at(-1) as (...answer: unknown[]) => void;
      if (name === 'termine.example') callback(null, addresses);
      else Reflect.apply(original, dns, [name, ...rest]);
    };
    const lookup = t.mock.method(dns, 'lookup', fake as typeof dns.lookup);
    syncBuiltinESMExports();
    const url = `https://termine.example:${String(port)}/`;
    const { address, advice, metrics } = await running(t, withHooks(entry(url)));
    await pair(address, await Identity.make());
    await until(metrics, (text) => text.includes('result="failed"} 1'), 'it to be given up');
    lookup.mock.restore();
    syncBuiltinESMExports();
    assert.match(advice().join('\n'), /termine\.example:\d+ leads to an address that is not public/u);
    assert.equal(connections, 0);
  });
});
