/** Faults of a running service: real server processes on a cluster of real NATS, ended without a word and cut apart. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { base64url, type Client, guest, host, Identity } from '../harness.ts';
import { freePort } from '../../support/free-port.ts';
import { ended, Line, meeting, startNats, startProcess, type Nats, type ServerProcess } from './cluster.ts';

const say = (client: Client, to: string, text: string): void => client.say({ type: 'send', to, data: base64url(text) });

const heard = (client: Client): readonly string[] =>
  client.inbox.flatMap((message) =>
    message.type === 'message' ? [Buffer.from(message.data, 'base64url').toString()] : [],
  );

const departures = (client: Client): number =>
  client.inbox.filter((message) => message.type === 'peer' && message.change === 'left').length;

/** A host on one process and a guest on another. In a cluster of NATS, interest takes a moment to spread. */
async function apart(one: ServerProcess, two: ServerProcess) {
  const identity = await Identity.make();
  const first = await host(one.address, identity);
  const { you: hostId } = await first.take('joined');
  const second = await guest(two.address, identity);
  const { you: guestId } = await meeting(second);
  await first.take('peer');
  return { identity, host: first, guest: second, hostId, guestId };
}

/** A node of a cluster. @param advertised where the others find it */
async function node(routes: readonly number[], port: number, advertised = port): Promise<Nats> {
  return startNats([
    '--cluster_name=test',
    `--cluster=nats://127.0.0.1:${String(port)}`,
    `--cluster_advertise=127.0.0.1:${String(advertised)}`,
    ...routes.flatMap((route) => ['--routes', `nats://127.0.0.1:${String(route)}`]),
  ]);
}

const portOf = (line: Line): number => Number(new URL(line.url).port);

/** Sets the clock of a process forward by almost an hour, and back on the next signal. */
const CLOCK = `let ahead = 0; const { now } = Date; Date.now = () => now() + ahead;
  process.on('SIGUSR2', () => { ahead = ahead === 0 ? 3_500_000 : 0; console.log('jumped'); });`;

/** Each test leaves the service as it found it, but for the last, which kills a node. */
describe('two server processes on a cluster of three NATS', () => {
  const nodes: Nats[] = [];
  const routes: Line[] = [];
  let [one, two]: ServerProcess[] = [];

  before(async () => {
    const [first, second, third] = await Promise.all([freePort(), freePort(), freePort()]);
    // The first two find each other over lines of ours.
    routes.push(await Line.to(() => first, 'route'), await Line.to(() => second, 'route'));
    const [toFirst = 0, toSecond = 0] = routes.map(portOf);
    nodes.push(await node([], first, toFirst));
    nodes.push(await node([toFirst], second, toSecond));
    nodes.push(await node([first, second], third));
    const clock = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(CLOCK)}` };
    [one, two] = await Promise.all([startProcess(nodes[0]!.url, [], clock), startProcess(nodes[1]!.url)]);
  });
  after(async () => {
    for (const { child } of [...[one, two].flatMap((process) => process ?? []), ...nodes])
      await ended(child, 'SIGKILL');
    for (const route of routes) route.close();
  });

  it('keep rooms and clients, and refuse what has ended by the clock, when that of one jumps forth and back', async () => {
    const room = await apart(one!, two!);
    const short = await Identity.make(Math.floor(Date.now() / 1000) + 600);
    for (const text of ['forth', 'back']) {
      const jumped = once(one!.child.stdout!, 'data');
      one!.child.kill('SIGUSR2');
      await jumped;
      say(room.host, room.guestId, text);
      say(room.guest, room.hostId, text);
      await room.guest.until(() => heard(room.guest).includes(text), text);
      await room.host.until(() => heard(room.host).includes(text), text);
      const third = await guest(one!.address, room.identity);
      assert.equal((await third.take('joined')).peers.length, 2);
      third.socket.terminate();
      for (const client of [room.host, room.guest]) assert.equal((await client.take('peer')).change, 'joined');
      for (const client of [room.host, room.guest]) assert.equal((await client.take('peer')).change, 'left');
      const other = await host(one!.address, short);
      if (text === 'back') await other.take('joined');
      else assert.equal((await other.take('error')).code, 'room-expired');
    }
    assert.deepEqual([room.host.closed, room.guest.closed], [null, null]);
  });

  it('take a client that does not read out of its room, at no cost to the others', async () => {
    const room = await apart(one!, two!);
    const slow = await guest(two!.address, room.identity);
    const { you } = await slow.take('joined');
    for (const client of [room.host, room.guest]) await client.take('peer');
    slow.socket.pause();
    const text = 'x'.repeat(45_000);
    const left = (): boolean =>
      room.host.inbox.some((message) => message.type === 'peer' && message.change === 'left' && message.id === you);
    for (let count = 0; !left(); count++) {
      // Neither of them exceeds its own limit of bytes.
      for (const client of [room.host, room.guest]) say(client, you, text);
      say(room.host, room.guestId, String(count));
      await room.guest.until(() => heard(room.guest).includes(String(count)), `the message ${String(count)}`);
    }
    await room.guest.take('peer');
    assert.deepEqual([room.host.closed, room.guest.closed], [null, null]);
    slow.socket.terminate();
  });

  it('deliver what was said during a short cut between two nodes afterwards, once and in order', async () => {
    const { room, near, you } = await shortCut();
    await room.guest.until(() => heard(room.guest).includes('five'), 'what was said');
    await room.host.until(() => heard(room.host).includes('four'), 'what was said');
    assert.deepEqual(heard(room.guest), ['one', 'two', 'five']);
    assert.deepEqual(heard(room.host), ['near', 'three', 'four']);
    assert.deepEqual(await room.guest.take('peer'), { type: 'peer', change: 'joined', id: you, host: false });
    assert.deepEqual([room.host, room.guest, near].map(departures), [0, 0, 0]);
  });

  /**
   * Five seconds without a pulse, and a process counts as ended: its people leave, and what they said is lost, as it should. A cut that was
   * not short, because the machine is busy, is made again in another room.
   */
  async function shortCut() {
    for (;;) {
      const room = await apart(one!, two!);
      const began = performance.now();
      for (const route of routes) route.mode = 'cut';
      for (const text of ['one', 'two']) say(room.host, room.guestId, text);
      for (const text of ['three', 'four']) say(room.guest, room.hostId, text);
      // Who is on the same process hears and is heard meanwhile.
      const near = await guest(one!.address, room.identity);
      const { you } = await near.take('joined');
      await room.host.take('peer');
      say(near, room.hostId, 'near');
      await room.host.until(() => heard(room.host).includes('near'), 'the one on the same process');
      say(room.host, 'everyone', 'five');
      await near.until(() => heard(near).includes('five'), 'the host, on the same process');
      const arrived = heard(room.guest);
      for (const route of routes) route.mode = 'plain';
      // The nodes look for each other once a second.
      if (performance.now() - began < 2_500) {
        assert.deepEqual(arrived, []);
        return { room, near, you };
      }
      for (const { socket } of [room.host, room.guest, near]) socket.terminate();
    }
  }

  it('lose nothing that is said, tell nobody of a departure, and let a guest in, when a node is killed', async () => {
    const room = await apart(one!, two!);
    await ended(nodes[0]!.child, 'SIGKILL');
    for (const text of ['one', 'two']) say(room.host, room.guestId, text);
    for (const text of ['three', 'four']) say(room.guest, room.hostId, text);
    const third = await guest(one!.address, room.identity);
    const { you, peers } = await third.take('joined');
    assert.deepEqual(peers.map(({ id }) => id).toSorted(), [room.hostId, room.guestId].toSorted());
    say(third, room.hostId, 'five');
    await room.host.until(() => heard(room.host).length === 3, 'what was said');
    await room.guest.until(() => heard(room.guest).length === 2, 'what was said');
    assert.deepEqual(heard(room.guest), ['one', 'two']);
    assert.deepEqual(heard(room.host).toSorted(), ['five', 'four', 'three']);
    assert.deepEqual(await room.guest.take('peer'), { type: 'peer', change: 'joined', id: you, host: false });
    say(third, room.guestId, 'six');
    await room.guest.until(() => heard(room.guest).includes('six'), 'the third');
    assert.deepEqual([room.host, room.guest, third].map(departures), [0, 0, 0]);
  });
});
