/** protocol.md §14: a guest and a host's page with a real server between them, and one that does as it likes. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket as NodeWebSocket, WebSocketServer } from 'ws';
import { createInvite, deriveRoom, parseInvite } from '../../../src/e2ee/admission/invite-token.ts';
import { signHost } from '../../../src/e2ee/admission/host-key.ts';
import { u64, utf8 } from '../../../src/e2ee/bytes.ts';
import { HostRun } from '../../../src/e2ee/code/code-exchange.ts';
import { codeOfLink } from '../../../src/e2ee/code/code-of-link.ts';
import { parseCode } from '../../../src/e2ee/code/spoken-code.ts';
import type { CodeProgress } from '../../../src/room/code/code-entry.ts';
import { runEntry } from '../../../src/room/code/enter-code.ts';
import { HostCode } from '../../../src/room/code/host-code.ts';
import type { RoomCode } from '../../../src/room/state/state.ts';
import { WebSocketChannel } from '../../../src/signaling/websocket-channel.ts';
import { fromBase64Url, toBase64Url } from '../../../src/util/base64url.ts';
import { codeOf } from '../../fuzz/fuzz.ts';
import { createServer } from '../../../src/server/server.ts';
import { freePort } from '../../support/free-port.ts';
import { CONFIGURATION, start } from '../../server/harness.ts';
import { until } from '../../support/until.ts';

const ORIGIN = 'https://beratung.example';
const WebSocketOfNode = NodeWebSocket as unknown as new (url: string) => WebSocket;

/** A host who is in the room, by a link of its own. */
async function host(t: TestContext, url: string, given?: { readonly hostLink: string; readonly guestLink: string }) {
  const links = given ?? (await createInvite({ base: ORIGIN, expires: new Date(Date.now() + 600_000) }));
  const invite = await parseInvite(links.hostLink, { origin: ORIGIN });
  const { roomId, roomTag } = await deriveRoom(invite);
  const { hostKey, hostSpki, codeRoot, expires } = invite;
  assert.ok(hostKey && hostSpki && codeRoot);
  const reports: RoomCode[] = [];
  const channel: WebSocketChannel = new WebSocketChannel({
    url: new URL('signal', url),
    WebSocket: WebSocketOfNode,
    backoff: { base: 10, cap: 50 },
    roomId,
    host: {
      spki: hostSpki,
      roomTag,
      expires: Math.floor(expires / 1000),
      since: 0,
      sign: (name, server, client) => signHost(hostKey, 'server auth', [utf8(name), roomId, server, client, u64(0n)]),
    },
    onEvent: (event) => {
      if (event.type === 'online') code.open();
      if (event.type === 'code') code.onEvent(event.event);
    },
  });
  const code = new HostCode({
    root: codeRoot,
    origin: ORIGIN,
    broker: channel,
    before: null,
    invite: async () => new URL(links.guestLink).hash,
    report: (report) => void reports.push(report),
    onProblem: () => undefined,
    onError: (error) => assert.fail(String(error)),
  });
  channel.open();
  t.after(() => channel.close());
  return { links, reports, channel, text: await codeOfLink(links.hostLink) };
}

const open = ({ reports }: { readonly reports: readonly RoomCode[] }): Promise<unknown> =>
  until(
    () => reports.at(-1)?.step,
    (step) => step === 'open',
    'the code at the server',
    { every: 5 },
  );

interface Typing {
  readonly signal?: AbortSignal;
  readonly answerWithin?: number;
}

function typed(t: TestContext, url: string, text: string, { signal, answerWithin = 5_000 }: Typing = {}) {
  const progress: CodeProgress[] = [];
  const ended = new AbortController();
  t.after(() => ended.abort(new Error('the test is over')));
  const result = runEntry(
    {
      typed: text,
      signal: signal ?? ended.signal,
      onProgress: (step) => void progress.push(step),
    },
    new URL('signal', url),
    {
      origin: ORIGIN,
      answerWithin,
      channel: (options) =>
        new WebSocketChannel({ ...options, WebSocket: WebSocketOfNode, backoff: { base: 10, cap: 50 } }),
    },
  );
  // Some of the tests look at it later.
  result.catch(() => undefined);
  return { progress, result };
}

const reached = ({ progress }: { readonly progress: readonly CodeProgress[] }, step: CodeProgress['step']) =>
  until(
    () => progress.some((one) => one.step === step),
    (is) => is,
    step,
    { every: 5 },
  );

describe('a guest who types a spoken code', () => {
  it('gets the invite of the room, in any spelling of the code', async (t) => {
    const { url } = await start(t);
    const room = await host(t, url);
    await open(room);
    const { result, progress } = typed(t, url, ` ${room.text.toLowerCase().replaceAll('-', ' ')} `);
    const invite = await parseInvite(await result, { origin: ORIGIN });
    assert.equal(invite.role, 'guest');
    assert.deepEqual(
      (await deriveRoom(invite)).roomId,
      (await deriveRoom(await parseInvite(room.links.hostLink, { origin: ORIGIN }))).roomId,
    );
    assert.deepEqual(progress, [{ step: 'connecting' }, { step: 'checking' }]);
  });

  it('waits for the host, and gets the invite when it comes', async (t) => {
    const { url } = await start(t);
    const links = await createInvite({ base: ORIGIN, expires: new Date(Date.now() + 600_000) });
    const guest = typed(t, url, await codeOfLink(links.hostLink));
    await reached(guest, 'waiting');
    await host(t, url, links);
    assert.equal(await guest.result, new URL(links.guestLink).hash);
  });

  it('is told of each wrong code, and at the fifth that the code is void; so is the host', async (t) => {
    const { url } = await start(t);
    const room = await host(t, url);
    await open(room);
    const wrong = `${room.text.slice(0, 3)}${room.text.endsWith('0') ? '-000-001' : '-000-000'}`;
    const codes: string[] = [];
    for (let count = 0; count < 5; count++) codes.push(await codeOf(() => typed(t, url, wrong).result));
    assert.deepEqual(codes, [...Array<string>(4).fill('code-wrong'), 'code-used-up']);
    assert.deepEqual([room.reports.at(-1)?.step, room.reports.at(-1)?.wrong], ['used-up', 5]);
    assert.equal(await codeOf(() => typed(t, url, room.text).result), 'code-used-up');
  });

  it('is refused before anything is asked where it is no code, and stops on request', async (t) => {
    assert.equal(await codeOf(() => typed(t, 'http://127.0.0.1:1/', 'K7M-2QX').result), 'code-invalid');
    const { url } = await start(t);
    const stop = new AbortController();
    const guest = typed(t, url, 'K7M-2QX-9TD', { signal: stop.signal });
    await reached(guest, 'waiting');
    stop.abort(new Error('stopped'));
    await assert.rejects(guest.result, /stopped/u);
  });

  it('is told that too many were typed from one network', async (t) => {
    const { url } = await start(t, { limits: { codeBurst: 1, codePerSecond: 0 } });
    const room = await host(t, url);
    await open(room);
    assert.equal(await codeOf(() => typed(t, url, room.text).result), 'code-busy');
  });

  it('is told that the server does not answer, and gets through when it does', async (t) => {
    const room = createServer({ configuration: CONFIGURATION, relayCheck: 'off' });
    const port = await freePort();
    const url = `http://127.0.0.1:${String(port)}/`;
    const links = await createInvite({ base: ORIGIN, expires: new Date(Date.now() + 600_000) });
    const guest = typed(t, url, await codeOfLink(links.hostLink));
    await reached(guest, 'unreachable');
    assert.deepEqual(guest.progress.at(-1), { step: 'unreachable', code: 'signaling-unreachable' });
    await room.listen({ port, host: '127.0.0.1' });
    t.after(() => room.close());
    await host(t, url, links);
    assert.equal(await guest.result, new URL(links.guestLink).hash);
  });
});

const HOST = { id: 'A'.repeat(22), host: true };

/** A server that plays the host. */
async function hostile(
  t: TestContext,
  answer: (data: Uint8Array, socket: NodeWebSocket, send: (message: object) => void) => Promise<Uint8Array | null>,
) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  t.after(() => server.close());
  const proofs: Uint8Array[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (raw: Buffer) => {
      const message = JSON.parse(raw.toString()) as { type: string; data?: string };
      const send = (one: object): void => socket.send(JSON.stringify(one));
      if (message.type === 'join') send({ type: 'joined', you: 'B'.repeat(22), peers: [HOST] });
      if (message.type !== 'send') return;
      const data = fromBase64Url(message.data ?? '');
      if (data[0] === 3) proofs.push(data);
      void answer(data, socket, send).then((reply) =>
        reply ? send({ type: 'message', from: HOST.id, data: toBase64Url(reply) }) : undefined,
      );
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${String(port)}/`, proofs };
}

describe('a server that plays the host of a spoken code', () => {
  it('has one guess for each code that is typed, and looks like a wrong code', async (t) => {
    let run: HostRun | null = null;
    const guess = { code: parseCode('K7M-AAA-AAA'), origin: ORIGIN };
    const server = await hostile(t, async (data) => {
      if (data[0] === 1) return (run = await HostRun.begin(guess, data)).answer;
      return new Uint8Array([4, ...crypto.getRandomValues(new Uint8Array(120))]);
    });
    assert.equal(await codeOf(() => typed(t, server.url, 'K7M-2QX-9TD').result), 'code-wrong');
    assert.equal(server.proofs.length, 1);
    assert.equal((run as HostRun | null)?.verify(server.proofs[0]!), false);
  });

  for (const [way, act] of [
    ['falls silent', () => undefined],
    [
      'lets the host leave and join',
      ({ send }) => {
        send({ type: 'peer', change: 'left', ...HOST });
        send({ type: 'peer', change: 'joined', ...HOST });
      },
    ],
    ['lets another host join', ({ send }) => send({ type: 'peer', change: 'joined', id: 'C'.repeat(22), host: true })],
    ['cuts the connection', ({ socket }) => socket.terminate()],
    ['says that it moves', ({ socket }) => socket.close(1012)],
  ] as readonly (readonly [string, (seat: { socket: NodeWebSocket; send: (message: object) => void }) => void])[])
    it(`gets no other proof of one code when it has one and ${way}`, async (t) => {
      const guess = { code: parseCode('K7M-AAA-AAA'), origin: ORIGIN };
      let hellos = 0;
      const server = await hostile(t, async (data, socket, send) => {
        if (data[0] === 1) {
          // Another run is answered otherwise, so that the test fails at once.
          if (hellos++ > 0) return Uint8Array.of(7);
          return (await HostRun.begin(guess, data)).answer;
        }
        act({ socket, send });
        return null;
      });
      // Silence is the end only after its time; the others end at once.
      const answerWithin = way === 'falls silent' ? 5_000 : 60_000;
      assert.equal(await codeOf(() => typed(t, server.url, 'K7M-2QX-9TD', { answerWithin }).result), 'code-unanswered');
      assert.deepEqual([hellos, server.proofs.length], [1, 1]);
    });

  it('cannot hand over the invite of another site, or none, even if it guesses right', async (t) => {
    const elsewhere = await createInvite({ base: 'https://elsewhere.example', expires: new Date(Date.now() + 60_000) });
    for (const [invite, code] of [
      [elsewhere.guestLink, 'invite-foreign'],
      ['nothing', 'invite-damaged'],
    ] as const) {
      let run: HostRun | null = null;
      const facts = { code: parseCode('K7M-2QX-9TD'), origin: ORIGIN };
      const server = await hostile(t, async (data) => {
        if (data[0] === 1) return (run = await HostRun.begin(facts, data)).answer;
        return run?.verify(data) ? run.seal(invite) : null;
      });
      assert.equal(await codeOf(() => typed(t, server.url, 'K7M-2QX-9TD').result), code);
    }
  });

  it('that stays silent is asked again, by a run of its own', async (t) => {
    const hellos = new Set<string>();
    const server = await hostile(t, async (data) => {
      hellos.add(toBase64Url(data));
      return null;
    });
    typed(t, server.url, 'K7M-2QX-9TD', { answerWithin: 20 });
    await until(
      () => hellos.size,
      (count) => count >= 3,
      'three runs',
      { every: 5 },
    );
  });
});
