import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { connect } from '@nats-io/transport-node';
import { DEFAULT_LIMITS } from '../../../src/server/limits.ts';
import type { Address } from '../../../src/server/server.ts';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { until } from '../../support/until.ts';
import { base64url, Client, eventually, guest, host, Identity } from '../harness.ts';
import { delegate, leads } from '../leading.ts';
import { freePort } from '../../support/free-port.ts';
import { ended, Line, meeting, SECRET, startNats, startProcess, type Nats, type ServerProcess } from './cluster.ts';

let nats: Nats;
let [one, two]: ServerProcess[] = [];
let line: Line;
let monitor = '';

const a = () => one!.address;
const b = () => two!.address;

before(async () => {
  const port = String(await freePort());
  monitor = `http://127.0.0.1:${port}/`;
  nats = await startNats(['-m', port]);
  line = await Line.to(() => nats.port);
  [one, two] = await Promise.all([startProcess(nats.url), startProcess(line.url)]);
});
after(async () => {
  for (const server of [one, two]) if (server) await ended(server.child, 'SIGKILL');
  line.close();
  await nats.stop();
});

/** A host on one process and a guest on the other, who know of each other. */
async function apart(identity: Identity) {
  const first = await host(a(), identity);
  const { you: hostId } = await first.take('joined');
  const second = await guest(b(), identity);
  const { you: guestId, peers } = await meeting(second);
  assert.deepEqual(peers, [{ id: hostId, host: true }]);
  assert.deepEqual(await first.take('peer'), { type: 'peer', change: 'joined', id: guestId, host: false });
  return { host: first, guest: second, hostId, guestId };
}

/** A room that its host holds on the first process and that ends in seconds: more of them each time the host came too late. */
async function heldAndSoonOver(seconds = 1): Promise<Identity> {
  const identity = await Identity.make(Math.floor(Date.now() / 1000) + seconds);
  try {
    await (await host(a(), identity)).take('joined');
    return identity;
  } catch (error: unknown) {
    assert.match(String(error), /room-expired/);
    return heldAndSoonOver(seconds + 1);
  }
}

/** All data received from one sender, in order. */
const heard = (client: Client): readonly string[] =>
  client.inbox.flatMap((message) =>
    message.type === 'message' ? [Buffer.from(message.data, 'base64url').toString()] : [],
  );

const say = (client: Client, to: string, text: string): void => client.say({ type: 'send', to, data: base64url(text) });

describe('two server processes on one NATS', () => {
  it('introduce a host and a guest who are connected to different processes', async () => {
    const room = await apart(await Identity.make());
    say(room.guest, 'everyone', 'to everyone');
    assert.equal((await room.host.take('message')).from, room.guestId);
    say(room.host, room.guestId, 'to one');
    assert.equal((await room.guest.take('message')).data, base64url('to one'));
    room.guest.socket.terminate();
    assert.deepEqual(await room.host.take('peer'), { type: 'peer', change: 'left', id: room.guestId, host: false });
  });

  it('delivers a message to everyone once, on both processes', async () => {
    const identity = await Identity.make();
    const room = await apart(identity);
    const third = await guest(a(), identity);
    const { you } = await third.take('joined');
    await Promise.all([room.host.take('peer'), room.guest.take('peer')]);
    for (const text of ['one', 'two', 'three']) say(third, 'everyone', text);
    say(third, room.guestId, 'last');
    say(third, room.hostId, 'last');
    for (const client of [room.host, room.guest]) await client.until(() => heard(client).includes('last'), 'the last');
    assert.deepEqual(heard(room.host), ['one', 'two', 'three', 'last']);
    assert.deepEqual(heard(room.guest), ['one', 'two', 'three', 'last']);
    assert.ok(you);
  });

  it('delivers each message once to a guest who reloaded before the host came', async () => {
    const identity = await Identity.make();
    const first = await guest(a(), identity);
    await first.take('joined');
    first.socket.close();
    await first.gone();
    const again = await guest(a(), identity);
    const { you } = await again.take('joined');
    const waiting = await host(b(), identity);
    await again.take('peer');
    // The host may have come before the first process has asked, and be told of its guest a moment later.
    await waiting.until(() => JSON.stringify(waiting.inbox).includes(you), 'the guest');
    for (const text of ['one', 'two', 'last']) say(waiting, 'everyone', text);
    await again.until(() => heard(again).includes('last'), 'the last');
    assert.deepEqual(heard(again), ['one', 'two', 'last']);
  });

  it('hold nothing of a room whose guests left before a host came', async () => {
    const subscriptions = async (): Promise<number> => {
      const { subscriptions } = (await (await fetch(`${monitor}varz`)).json()) as { subscriptions: number };
      return subscriptions;
    };
    const before = await subscriptions();
    for (let count = 0; count < 10; count++) {
      const visitor = await guest(a(), await Identity.make());
      await visitor.take('joined');
      visitor.socket.close();
    }
    await until(subscriptions, (now) => now <= before, 'the subscriptions of earlier rooms to end', { every: 20 });
  });

  it('keeps rooms apart across processes', async () => {
    const here = await apart(await Identity.make());
    const there = await apart(await Identity.make());
    say(here.guest, there.hostId, 'across');
    assert.equal((await here.guest.take('error')).code, 'peer-unknown');
  });

  it('refuses a host who is present on the other process, and lets the person take over', async () => {
    const identity = await Identity.make();
    const room = await apart(identity);
    const second = await host(b(), identity);
    assert.equal((await second.take('error')).code, 'host-elsewhere');
    const third = await host(b(), identity, { takeover: true });
    await third.take('joined');
    assert.equal((await room.host.take('error')).code, 'host-elsewhere');
    await room.host.gone();
  });

  it('leaves one host where two prove themselves to both processes at once', async () => {
    const identity = await Identity.make();
    const both = await Promise.all([host(a(), identity), host(b(), identity)]);
    await until(
      () => both.map(({ closed }) => closed),
      (closed) => closed.filter((code) => code !== null).length === 1,
      'one of the hosts to be dismissed',
      { every: 10 },
    );
    const loser = both.find(({ closed }) => closed !== null);
    assert.ok(loser?.inbox.some((message) => message.type === 'error' && message.code === 'host-elsewhere'));
    const visitor = await guest(a(), identity);
    assert.equal((await visitor.take('joined')).peers.filter((peer) => peer.host).length, 1);
  });

  it('refuses the proof of another process, replayed', async () => {
    const identity = await Identity.make();
    const first = await new Client(a().url).open();
    first.say(identity.asHost);
    const proof = await identity.prove(first, `${a().host}:${String(a().port)}`);
    await first.take('joined');
    const thief = await new Client(b().url).open();
    thief.say(identity.asHost);
    await thief.take('challenge');
    thief.say(proof);
    assert.equal((await thief.take('error')).code, 'host-not-proven');
  });

  it('refuses an expired room on the process that never saw its proof', async () => {
    const comes = async (place: Address, identity: Identity) => {
      const client = await guest(place, identity);
      const answer = (): boolean => client.inbox.some(({ type }) => type === 'joined' || type === 'error');
      await client.until(answer, 'an answer');
      return { client, refused: client.inbox.some(({ type }) => type === 'error') };
    };
    for (let held = false; !held;) {
      const identity = await heldAndSoonOver();
      await until(
        () => Date.now() / 1000,
        (now) => now > identity.expires,
        'the end of the invite',
        { every: 20 },
      );
      const late = await comes(b(), identity);
      // The first process looks every ten seconds for rooms that are over. Once it has deleted this one, nobody knows of its end.
      held = late.refused || (await comes(a(), identity)).refused;
      if (held) assert.equal((await late.client.take('error')).code, 'room-expired');
    }
  });

  it('bring a guest with a spoken code to the host on the other process, and keep one host at a locator', async () => {
    const identities = [await Identity.make(), await Identity.make()] as const;
    const early = await new Client(b().url).open();
    early.say({ type: 'join', version: 1, role: 'code', locator: 'K7M' });
    const { you: guestId } = await early.take('joined');
    const first = await host(a(), identities[0]);
    await first.take('joined');
    first.say({ type: 'code-open', locator: 'K7M' });
    const { id: hostId, host: isHost } = await early.take('peer');
    assert.ok(isHost);
    say(early, hostId, 'hello');
    await first.until(() => first.inbox.some((m) => m.type === 'code' && m.message.type === 'message'), 'the hello');
    first.say({ type: 'code-send', to: guestId, data: base64url('answer') });
    assert.equal((await early.take('message')).data, base64url('answer'));
    const second = await host(b(), identities[1]);
    await second.take('joined');
    second.say({ type: 'code-open', locator: 'K7M' });
    assert.deepEqual((await second.take('code')).message, { type: 'error', code: 'host-elsewhere' });
    first.socket.terminate();
    assert.deepEqual(await early.take('peer'), { type: 'peer', change: 'left', id: hostId, host: true });
    second.say({ type: 'code-open', locator: 'K7M' });
    assert.equal((await second.take('code')).message.type, 'joined');
  });

  it('count attempts with a code together', async () => {
    const locator = 'K9X';
    const answering = await host(b(), await Identity.make());
    await answering.take('joined');
    answering.say({ type: 'code-open', locator });
    const { message: opened } = await answering.take('code');
    const caller = async (place: Address): Promise<Client> => {
      const client = await new Client(place.url).open();
      client.say({ type: 'join', version: 1, role: 'code', locator });
      return client;
    };
    const there = await caller(a());
    await meeting(there);
    // With the join, all but one of a burst.
    for (let count = 1; count < DEFAULT_LIMITS.codeBurst - 1; count++)
      say(there, opened.type === 'joined' ? opened.you : '', String(count));
    const messages = (): number =>
      answering.inbox.filter((m) => m.type === 'code' && m.message.type === 'message').length;
    await answering.until(() => messages() === DEFAULT_LIMITS.codeBurst - 2, 'all of them');
    let here = 0;
    for (; here < DEFAULT_LIMITS.codeBurst; here++) {
      const client = await caller(b());
      await client.until(() => client.inbox.some(({ type }) => type === 'joined' || type === 'error'), 'an answer');
      if (client.inbox.some((message) => message.type === 'error' && message.code === 'code-busy')) break;
      client.socket.terminate();
    }
    // The last of the burst, and what came back meanwhile.
    assert.ok(here >= 1 && here < DEFAULT_LIMITS.codeBurst / 2, String(here));
    for (const client of [answering, there]) client.socket.terminate();
  });

  it('read over what a later version adds', async (t) => {
    const identity = await Identity.make();
    const here = await guest(a(), identity);
    await here.take('joined');
    const derived = createHmac('sha256', SECRET).update('consult-room rooms').digest();
    const hash = createHmac('sha256', derived).update(identity.roomId).digest('base64url');
    const later = await connect({ servers: nats.url });
    t.after(() => later.close());
    const [process, id] = ['later0', 'person'].map((name) => name.padEnd(22, '_')) as [string, string];
    const seat = { id, role: 'guest', since: Date.now(), stamp: 1, mood: 'calm' };
    const said = base64url('hello');
    for (const [index, event] of [
      { kind: 'joined', seat, proof: null, led: 0, why: ['new'] },
      { kind: 'waved', at: id },
      { kind: 'message', from: id, to: 'everyone', data: said, urgent: true },
    ].entries()) {
      const at = { entry: 1, number: index + 1, of: 3 };
      later.publish(`consult-room.1.room.${hash}`, JSON.stringify({ type: 'event', process, at, event, version: 2 }));
    }
    assert.equal((await here.take('peer')).id, id);
    assert.equal((await here.take('message')).data, said);
    here.socket.terminate();
  });

  it('answers a question for transparency on the process that does not hold the room', async () => {
    const identity = await Identity.make();
    const first = await host(a(), identity);
    await first.take('joined');
    first.say({ type: 'admitted', keys: [toBase64Url(identity.spki)] });
    const ask = async (roomTag: string): Promise<readonly string[]> => {
      const body = JSON.stringify({ ...identity.question, roomTag });
      const answer = await fetch(`${b().url}transparency`, { method: 'POST', body });
      const { held } = (await answer.json()) as { readonly held: readonly { readonly item: string }[] };
      return held.map(({ item }) => item);
    };
    const held = await eventually(async () => {
      const items = await ask(toBase64Url(identity.roomTag));
      assert.ok(items.includes('admitted keys'));
      return items;
    });
    assert.deepEqual(held, ['room', 'host proof', 'connection', 'admitted keys']);
    assert.deepEqual(await ask(toBase64Url(new Uint8Array(32))), []);
  });
});

describe('a room that changed hands', () => {
  it('is known to processes that never held it, also where the one that did is gone', async (t) => {
    const [first, second] = await Promise.all([startProcess(nats.url), startProcess(nats.url)]);
    t.after(() => Promise.all([first, second].map(({ child }) => ended(child, 'SIGKILL'))));
    const identity = await Identity.make();
    const host = await leads(first.address, identity, 2_000, false);
    await host.take('joined');
    const thumb = Buffer.from(await crypto.subtle.digest('SHA-384', identity.spki)).toString('base64url');
    const { roomId: room, expires } = identity;
    const body = JSON.stringify({ room, roomTag: toBase64Url(identity.roomTag), thumb, expires });
    const knows = ({ address }: ServerProcess): Promise<void> =>
      eventually(async () => {
        const answer = await fetch(`${address.url}transparency`, { method: 'POST', body });
        const { held } = (await answer.json()) as { readonly held: readonly { readonly item: string }[] };
        assert.ok(held.some(({ item }) => item === 'latest host'));
      });
    await knows(second);
    await ended(first.child, 'SIGKILL');
    // One that starts later asks for it.
    const third = await startProcess(nats.url);
    t.after(() => ended(third.child, 'SIGKILL'));
    await knows(third);
    for (const { address } of [second, third]) {
      const late = await delegate(address, identity, 'now', identity.key, 1_999);
      assert.equal((await late.take('error')).code, 'host-elsewhere');
    }
    const next = await delegate(third.address, identity, 'now', identity.key, 2_001);
    await next.take('joined');
  });
});

describe('a NATS that answers late or twice', () => {
  it('delivers each message once, and keeps nobody twice, when NATS says everything twice', async () => {
    line.mode = 'twice';
    const room = await apart(await Identity.make());
    for (const text of ['one', 'two', 'three']) say(room.host, 'everyone', text);
    await room.guest.until(() => heard(room.guest).includes('three'), 'three');
    room.host.socket.terminate();
    await room.guest.take('peer');
    // What comes twice would come before an answer that is asked for afterwards.
    say(room.guest, room.hostId, 'gone');
    assert.equal((await room.guest.take('error')).code, 'peer-unknown');
    assert.deepEqual(heard(room.guest), ['one', 'two', 'three']);
    assert.deepEqual(
      room.guest.inbox.filter(({ type }) => type === 'peer'),
      [],
    );
    line.mode = 'plain';
  });

  it('lets a guest in without the others when NATS answers late, and introduces them afterwards', async () => {
    const identity = await Identity.make();
    const first = await host(a(), identity);
    const { you: hostId } = await first.take('joined');
    line.mode = 'late';
    const second = await guest(b(), identity);
    assert.deepEqual((await second.take('joined')).peers, []);
    line.mode = 'plain';
    assert.deepEqual(await second.take('peer'), { type: 'peer', change: 'joined', id: hostId, host: true });
  });
});

describe('a cut between a process and NATS', () => {
  it('loses no message said during a short cut, and delivers none twice', async () => {
    const room = await apart(await Identity.make());
    line.mode = 'cut';
    for (const text of ['one', 'two']) say(room.host, room.guestId, text);
    for (const text of ['three', 'four']) say(room.guest, room.hostId, text);
    line.mode = 'plain';
    say(room.host, room.guestId, 'five');
    await room.guest.until(() => heard(room.guest).includes('five'), 'five');
    await room.host.until(() => heard(room.host).includes('four'), 'four');
    assert.deepEqual(heard(room.guest), ['one', 'two', 'five']);
    assert.deepEqual(heard(room.host), ['three', 'four']);
    assert.deepEqual(
      [...room.host.inbox, ...room.guest.inbox].filter(({ type }) => type === 'peer'),
      [],
    );
  });

  it('ends a connection to NATS that is half open, and brings those who were out of reach together again', async (t) => {
    const own = await Line.to(() => nats.port);
    t.after(() => own.close());
    const third = await startProcess(own.url);
    t.after(() => ended(third.child, 'SIGKILL'));
    let log = '';
    third.child.stderr?.on('data', (data: Buffer) => (log += data.toString()));
    const identity = await Identity.make();
    const first = await host(a(), identity);
    const { you: hostId } = await first.take('joined');
    const second = await guest(third.address, identity);
    await second.take('joined');
    await first.take('peer');
    // Both ends stay open, and nothing that NATS says gets through: no end, no reset.
    own.mode = 'silent';
    assert.deepEqual(await second.take('peer'), { type: 'peer', change: 'left', id: hostId, host: true });
    await until(
      () => log,
      (text) => text.includes('backplane-cut'),
      'that it is noticed',
    );
    own.mode = 'plain';
    assert.deepEqual(await second.take('peer'), { type: 'peer', change: 'joined', id: hostId, host: true });
    say(second, hostId, 'again');
    await first.until(() => heard(first).includes('again'), 'the guest');
    say(first, 'everyone', 'I hear you');
    await second.until(() => heard(second).includes('I hear you'), 'the host');
    assert.deepEqual([heard(first), heard(second)], [['again'], ['I hear you']]);
  });

  it('gives a seat during a cut, and introduces its person when NATS is back', async () => {
    const identity = await Identity.make();
    const first = await host(a(), identity);
    const { you: hostId } = await first.take('joined');
    line.mode = 'cut';
    const second = await eventually(async () => {
      const client = await guest(b(), identity);
      assert.deepEqual((await client.take('joined')).peers, []);
      return client;
    });
    line.mode = 'plain';
    assert.deepEqual(await second.take('peer'), { type: 'peer', change: 'joined', id: hostId, host: true });
    await first.take('peer');
    say(second, hostId, 'hello');
    assert.equal((await first.take('message')).data, base64url('hello'));
  });
});

describe('a server process that is killed', () => {
  it('gives its host seat at once to the same host on another process', async () => {
    const third = await startProcess(nats.url);
    const identity = await Identity.make();
    const first = await host(third.address, identity);
    const { you: hostId } = await first.take('joined');
    const second = await guest(a(), identity);
    await meeting(second);
    await ended(third.child, 'SIGKILL');
    await first.gone();
    const again = await host(a(), identity);
    await again.take('joined');
    assert.deepEqual(await second.take('peer'), { type: 'peer', change: 'left', id: hostId, host: true });
    assert.equal((await second.take('peer')).change, 'joined');
  });

  it('takes its people out of their rooms once it does not pulse any more', async () => {
    const third = await startProcess(nats.url);
    const identity = await Identity.make();
    const first = await host(a(), identity);
    await first.take('joined');
    const second = await guest(third.address, identity);
    const { you } = await second.take('joined');
    await first.take('peer');
    await ended(third.child, 'SIGKILL');
    assert.deepEqual(await first.take('peer'), { type: 'peer', change: 'left', id: you, host: false });
  });
});
