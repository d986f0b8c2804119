import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { WebSocket as NodeWebSocket } from 'ws';
import type { ServerConfigurationInput } from '../../src/configuration.ts';
import { random } from '../../src/e2ee/bytes.ts';
import { generateLeafKey, signLeaf } from '../../src/e2ee/mls/leaf-key.ts';
import { ConsultError } from '../../src/errors.ts';
import { createServer } from '../../src/server/server.ts';
import { WebSocketChannel, type Timeouts } from '../../src/signaling/websocket-channel.ts';
import type { DiagnosisOptions } from '../../src/signaling/diagnosis.ts';
import type { ChannelEvent, HostProof } from '../../src/signaling/channel.ts';
import { CONFIGURATION, Identity, start } from '../server/harness.ts';
import { freePort } from '../support/free-port.ts';

const WebSocketOfNode = NodeWebSocket as unknown as new (url: string) => WebSocket;

class Witness {
  readonly events: ChannelEvent[] = [];
  #wake: () => void = () => undefined;

  readonly onEvent = (event: ChannelEvent): void => {
    this.events.push(event);
    this.#wake();
  };

  /** Takes the oldest event of a type, waiting for it if need be. */
  async take<T extends ChannelEvent['type']>(type: T): Promise<Extract<ChannelEvent, { type: T }>> {
    for (;;) {
      const index = this.events.findIndex((event) => event.type === type);
      if (index >= 0) return this.events.splice(index, 1)[0] as Extract<ChannelEvent, { type: T }>;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

interface Options {
  readonly host?: HostProof;
  readonly timeouts?: Partial<Timeouts>;
  readonly diagnosis?: DiagnosisOptions;
  readonly WebSocket?: new (url: string) => WebSocket;
}

function channelTo(t: TestContext, url: string, identity: Identity, options: Options = {}) {
  const witness = new Witness();
  const channel = new WebSocketChannel({
    url: new URL('signal', url),
    roomId: identity.room,
    onEvent: witness.onEvent,
    WebSocket: WebSocketOfNode,
    backoff: { base: 10, cap: 50 },
    ...options,
  });
  t.after(() => channel.close());
  channel.open();
  return { channel, witness };
}

const proofOf = (identity: Identity): HostProof => ({
  spki: identity.spki,
  roomTag: identity.roomTag,
  expires: identity.expires,
  since: 0,
  sign: (origin, serverNonce, clientNonce) => identity.sign(origin, serverNonce, clientNonce),
});

describe('the WebSocket channel', () => {
  for (const token of ['', 'secret', 'a.b', 'a.b.c.d', 'a.b.c\n', `${'a'.repeat(4096)}.b.c`, 7, undefined] as never[])
    it(`tells a host that its token is none: ${inspect(token).slice(0, 20)}`, async (t) => {
      const { url } = await start(t);
      const identity = await Identity.make();
      const host = { ...proofOf(identity), token: async () => token };
      const { witness } = channelTo(t, url, identity, { host });
      assert.deepEqual(await witness.take('error'), {
        type: 'error',
        code: 'host-not-allowed',
        detail: 'the host token is no JWT',
      });
    });

  it('joins as guest and as host, and carries bytes in both directions', async (t) => {
    const { url } = await start(t);
    const identity = await Identity.make();
    const guest = channelTo(t, url, identity);
    const guestOnline = await guest.witness.take('online');
    assert.deepEqual(guestOnline.peers, []);
    const host = channelTo(t, url, identity, { host: proofOf(identity) });
    const hostOnline = await host.witness.take('online');
    assert.deepEqual(hostOnline.peers, [{ id: guestOnline.self, host: false }]);
    assert.deepEqual((await guest.witness.take('peer-joined')).peer, { id: hostOnline.self, host: true });
    const large = random(50_000);
    guest.channel.send('everyone', large);
    assert.deepEqual(await host.witness.take('message'), { type: 'message', from: guestOnline.self, data: large });
    host.channel.send(guestOnline.self, new Uint8Array([0, 255]));
    assert.deepEqual((await guest.witness.take('message')).data, new Uint8Array([0, 255]));
    host.channel.close();
    assert.deepEqual((await guest.witness.take('peer-left')).peer, { id: hostOnline.self, host: true });
    assert.deepEqual(host.witness.events, []);
  });

  it('reports a message that is too large and keeps the connection', async (t) => {
    const { url } = await start(t);
    const { channel, witness } = channelTo(t, url, await Identity.make());
    await witness.take('online');
    channel.send('everyone', new Uint8Array(80_000));
    assert.equal((await witness.take('error')).code, 'message-invalid');
    assert.deepEqual(witness.events, []);
  });

  it('reports once that no server answers, and connects when one does', async (t) => {
    const port = await freePort();
    const server = createServer({ configuration: CONFIGURATION });
    t.after(() => server.close());
    const { witness } = channelTo(t, `ws://127.0.0.1:${String(port)}/`, await Identity.make());
    assert.equal((await witness.take('error')).code, 'signaling-unreachable');
    await server.listen({ port });
    await witness.take('online');
    assert.deepEqual(witness.events, []);
  });

  it('[R6] reconnects automatically after an outage, with the current list of peers', async (t) => {
    const identity = await Identity.make();
    const first = createServer({ configuration: CONFIGURATION });
    const { port, url } = await first.listen({ port: await freePort() });
    const { witness } = channelTo(t, url, identity);
    const before = await witness.take('online');
    await first.close();
    await witness.take('offline');
    const second = createServer({ configuration: CONFIGURATION });
    t.after(() => second.close());
    await second.listen({ port });
    const after = await witness.take('online');
    assert.notEqual(after.self, before.self);
  });

  it('detects a connection that died without a close frame', async (t) => {
    const { port } = await start(t);
    const line = await cable(t, port);
    const timeouts = { pingEvery: 20, pongWithin: 100 };
    const { witness } = channelTo(t, line.url, await Identity.make(), { timeouts });
    await witness.take('online');
    line.cut();
    await witness.take('offline');
    line.mend();
    await witness.take('online');
  });

  it('keeps a connection whose answer waits in the queue of a page that stood still', async (t) => {
    let sockets = 0;
    let pings = 0;
    let enough: () => void = () => undefined;
    const seen = new Promise<void>((resolve) => {
      enough = resolve;
    });
    /** A server that answers at once, and a page that stands still meanwhile, for longer than it would wait. */
    class Socket {
      readonly readyState = 1;
      onopen: () => void = () => undefined;
      onmessage: (event: { readonly data: string }) => void = () => undefined;
      constructor() {
        if (++sockets > 1) enough();
        setImmediate(() => this.onopen());
      }
      send(text: string): void {
        const { type } = JSON.parse(text) as { readonly type: string };
        const answer = type === 'join' ? { type: 'joined', you: 'A'.repeat(22), peers: [] } : { type: 'pong' };
        queueMicrotask(() => {
          const end = performance.now() + 100;
          while (performance.now() < end);
          setImmediate(() => this.onmessage({ data: JSON.stringify(answer) }));
        });
        if (type === 'ping' && ++pings === 3) enough();
      }
      close(): void {
        // Nobody is at the other end.
      }
    }
    const { witness } = channelTo(t, 'ws://127.0.0.1/', await Identity.make(), {
      WebSocket: Socket as unknown as new (url: string) => WebSocket,
      timeouts: { pingEvery: 10, pongWithin: 50, joinWithin: 50 },
    });
    await seen;
    assert.deepEqual([sockets, witness.events.map(({ type }) => type)], [1, ['online']]);
  });

  it('refuses a second window of the host, which can take over', async (t) => {
    const { url } = await start(t);
    const identity = await Identity.make();
    const first = channelTo(t, url, identity, { host: proofOf(identity) });
    await first.witness.take('online');
    const second = channelTo(t, url, identity, { host: proofOf(identity) });
    assert.equal((await second.witness.take('error')).code, 'host-elsewhere');
    second.channel.takeOver();
    await second.witness.take('online');
    await first.witness.take('offline');
    assert.equal((await first.witness.take('error')).code, 'host-elsewhere');
    assert.deepEqual([first.witness.events, second.witness.events], [[], []]);
  });

  it('rejects a host without a valid proof, which does not retry', async (t) => {
    const { url } = await start(t);
    const identity = await Identity.make();
    const forged = { ...proofOf(identity), sign: () => Promise.resolve(random(96)) };
    const { witness } = channelTo(t, url, identity, { host: forged });
    assert.equal((await witness.take('error')).code, 'signaling-rejected');
    const broken = { ...proofOf(identity), sign: () => Promise.reject(new Error('no key')) };
    assert.equal(
      (await channelTo(t, url, identity, { host: broken }).witness.take('error')).code,
      'signaling-rejected',
    );
  });

  it('reports an expired room and a full one with their own codes', async (t) => {
    const { url } = await start(t, { limits: { guests: 1 } });
    const late = await Identity.make(1);
    assert.equal((await channelTo(t, url, late, { host: proofOf(late) }).witness.take('error')).code, 'invite-expired');
    const identity = await Identity.make();
    await channelTo(t, url, identity).witness.take('online');
    assert.equal((await channelTo(t, url, identity).witness.take('error')).code, 'room-full');
  });

  it('retries a room that strangers filled during an outage, without ending the call', async (t) => {
    const identity = await Identity.make();
    const first = createServer({ configuration: CONFIGURATION });
    const { port, url } = await first.listen({ port: await freePort() });
    const { witness } = channelTo(t, url, identity);
    await witness.take('online');
    await first.close();
    const second = createServer({ configuration: CONFIGURATION, limits: { guests: 0 } });
    await second.listen({ port });
    assert.equal((await witness.take('error')).code, 'signaling-unreachable');
    await second.close();
    const third = createServer({ configuration: CONFIGURATION });
    t.after(() => third.close());
    await third.listen({ port });
    await witness.take('online');
    assert.ok(witness.events.every(({ type }) => type === 'offline'));
  });

  for (const [what, status, code] of [
    ['refuses the page', 403, 'signaling-origin-refused'],
    ['is behind a proxy that drops the upgrade', 426, 'signaling-upgrade-dropped'],
    ['is another one', 404, 'signaling-foreign'],
  ] as const)
    it(`asks twice and stops with one error when the server ${what}`, async (t) => {
      const asked: string[] = [];
      const headers = code === 'signaling-foreign' ? {} : { 'Consult-Room': 'signal' };
      const server = createHttpServer((request, response) => {
        asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
        response.writeHead(status, headers).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      t.after(() => server.close());
      const { port } = server.address() as AddressInfo;
      const url = `http://127.0.0.1:${String(port)}/`;
      const { witness } = channelTo(t, url, await Identity.make(), { diagnosis: { settleAfter: 0 } });
      const error = await witness.take('error');
      assert.equal(error.code, code);
      assert.notEqual(error.detail ?? '', '');
      // A socket tries with GET; each failure is followed by one POST.
      const calls = asked.filter((line) => line === 'POST /signal').length;
      assert.equal(calls, 2);
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.deepEqual([asked.filter((line) => line === 'POST /signal').length, witness.events], [calls, []]);
    });

  it('reports a server without room once and keeps trying', async (t) => {
    const full = createServer({ configuration: CONFIGURATION, limits: { connections: 0 } });
    const { port, url } = await full.listen({ port: await freePort() });
    const { witness } = channelTo(t, url, await Identity.make());
    assert.equal((await witness.take('error')).code, 'signaling-busy');
    await full.close();
    const free = createServer({ configuration: CONFIGURATION });
    t.after(() => free.close());
    await free.listen({ port });
    await witness.take('online');
    assert.ok(witness.events.every((event) => event.type === 'error' && event.code === 'signaling-unreachable'));
  });

  it('refuses URLs that are not http(s) or ws(s)', () => {
    const make = (url: string) => () =>
      new WebSocketChannel({ url, roomId: new Uint8Array(48), onEvent: () => undefined });
    for (const url of ['ftp://x.example/', 'signal', 'javascript:0'])
      assert.throws(make(url), (error) => error instanceof ConsultError && error.code === 'argument-invalid');
  });
});

describe('[R8] relay credentials over the channel', () => {
  const servers: ServerConfigurationInput['servers'] = [
    ...CONFIGURATION.servers,
    {
      role: 'relay',
      urls: ['turn:turn.example'],
      operator: 'Relay',
      country: 'DE',
      secret: 'a secret of this test alone',
    },
  ];

  it('are issued for two signatures and refused for fewer', async (t) => {
    const { url } = await start(t, { configuration: { ...CONFIGURATION, servers } });
    const identity = await Identity.make();
    const host = channelTo(t, url, identity, { host: proofOf(identity) });
    const leaves = [await generateLeafKey(), await generateLeafKey()].sort((a, b) =>
      Buffer.compare(a.publicKey, b.publicKey),
    );
    const keys = leaves.map(({ publicKey }) => publicKey) as [Uint8Array, Uint8Array];
    // Registered before it is online: said as soon as it can be.
    host.channel.admitted(keys);
    await host.witness.take('online');
    const [serverNonce, spare] = await Promise.all([host.channel.relayNonce(), host.channel.relayNonce()]);
    const nonces = [random(32), random(32)] as const;
    const text = random(48);
    const fields = [identity.room, ...keys, ...nonces, text, serverNonce];
    const signatures = (await Promise.all(leaves.map((leaf) => signLeaf(leaf, 'relay', fields)))) as [
      Uint8Array,
      Uint8Array,
    ];
    const request = { keys, nonces, text, serverNonce, signatures };
    const credentials = await host.channel.relayCredentials(request);
    assert.match(credentials.username, /^\d+:/u);
    const refusedWith = (code: string) => (error: unknown) => error instanceof ConsultError && error.code === code;
    await assert.rejects(host.channel.relayCredentials(request), refusedWith('relay-credentials-refused'));
    await assert.rejects(
      host.channel.relayCredentials({ ...request, serverNonce: spare }),
      refusedWith('relay-credentials-refused'),
    );
    host.channel.close();
    await assert.rejects(host.channel.relayNonce(), refusedWith('signaling-unreachable'));
  });
});

/** A line to a port that can go dead without closing, as mobile networks do. */
async function cable(t: TestContext, port: number) {
  let state: 'whole' | 'cut' = 'whole';
  const ends = new Set<Socket>();
  const server = createTcpServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.on('data', (data) => state === 'whole' && to.write(data));
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const end of ends) end.destroy();
    server.close();
  });
  return {
    url: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    cut: () => (state = 'cut'),
    mend: () => (state = 'whole'),
  };
}
