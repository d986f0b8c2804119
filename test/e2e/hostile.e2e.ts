/** A hostile signalling server against two real browsers: what it can do, and what people see of it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { startHostileServer, type HostileServer } from './hostile-server.ts';
import { acknowledge, meet } from './meet.ts';
import { launch, makeRoom, openWindow, startServer, type Person, type Server } from './stage.ts';

interface Relayed {
  readonly type: string;
  readonly data?: string;
  readonly from?: string;
}
const parse = (message: string): Relayed => JSON.parse(message) as Relayed;
/** A message between people, as it comes to a browser. */
const isRelayed = (message: string, direction: string): boolean =>
  direction === 'to-browser' && parse(message).type === 'message';

function flipped(message: string): string {
  const relayed = parse(message);
  const bytes = Buffer.from(relayed.data ?? '', 'base64url');
  const index = bytes.length - 1 - Math.floor(bytes.length / 3);
  bytes[index] = (bytes[index] ?? 0) ^ 0x01;
  return JSON.stringify({ ...relayed, data: bytes.toString('base64url') });
}

const state = <T>(person: Person, read: string): Promise<T> =>
  person.page.evaluate(
    (name) =>
      (document.querySelector('consult-room') as unknown as { room: { state: Record<string, unknown> } }).room.state[
        name
      ] as never,
    read,
  );

const seesDamage = (person: Person): Promise<void> =>
  person.see(() => (window as unknown as { seen: { errors: string[] } }).seen.errors.includes('message-invalid'));
const isOnline = (person: Person): Promise<void> =>
  person.see(
    () =>
      (document.querySelector('consult-room') as unknown as { room: { state: { signaling: string } } }).room.state
        .signaling === 'online',
  );

describe('a hostile signalling server', () => {
  let server: Server;
  let hostile: HostileServer;
  let chromium: Browser;
  let host: Person;
  let guest: Person;

  before(async () => {
    server = await startServer();
    hostile = await startHostileServer(server.address);
    chromium = await launch('chromium');
  });

  after(async () => {
    await chromium.close();
    await hostile.stop();
    await server.stop();
  });

  beforeEach(async () => {
    hostile.tamper = (message) => [message];
    hostile.seen.length = 0;
    const links = await makeRoom(chromium, hostile.address);
    host = await openWindow(chromium, links.host);
    guest = await openWindow(chromium, links.guest);
  });

  afterEach(async () => {
    await guest.leave();
    await host.leave();
  });

  it('that repeats every message changes nothing: one guest, one call', async () => {
    hostile.tamper = (message, direction) => (isRelayed(message, direction) ? [message, message] : [message]);
    await meet(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
    assert.equal((await state<readonly unknown[]>(host, 'participants')).length, 1);
    assert.deepEqual(await state(host, 'knocks'), []);
  });

  it('that flips a bit in every message keeps people apart, and they are told that messages were damaged', async () => {
    hostile.tamper = (message, direction) => (isRelayed(message, direction) ? [flipped(message)] : [message]);
    await host.arrive();
    await guest.arrive({ name: 'Mia Sonnenschein' });
    await seesDamage(host);
    assert.deepEqual(await state(host, 'knocks'), []);
    assert.equal((await guest.seen()).peers, 0);
    // When it stops, people meet: nothing was lost but time.
    hostile.tamper = (message) => [message];
    await guest.page.reload();
    await host.click('admit-button');
    await acknowledge(host, guest);
  });

  it('that makes up participants and messages of its own gets nobody in', async () => {
    await host.arrive();
    await isOnline(host);
    for (let index = 0; index < 20; index++) {
      const id = randomBytes(16).toString('base64url');
      hostile.shout(JSON.stringify({ type: 'peer', change: 'joined', id, host: false }));
      hostile.shout(JSON.stringify({ type: 'message', from: id, data: randomBytes(400).toString('base64url') }));
    }
    await seesDamage(host);
    assert.deepEqual(await state(host, 'knocks'), []);
    assert.equal(await host.phase(), 'waiting');
    await guest.arrive();
    await host.click('admit-button');
    await acknowledge(host, guest);
  });

  it('that plays back an old conversation to somebody who comes again gets no answer and no key', async () => {
    await meet(host, guest);
    const old = hostile.seen.filter((message) => parse(message).type === 'message');
    // From now on the guest hears only what was said before.
    hostile.tamper = (message, direction) => (isRelayed(message, direction) ? old : [message]);
    await guest.page.reload();
    await guest.seePhase('waiting');
    for (const message of old) hostile.shout(message);
    await isOnline(guest);
    assert.equal(await guest.phase(), 'waiting');
    assert.deepEqual(await state(guest, 'participants'), []);
    assert.equal((await guest.seen()).peers, 0);
  });

  it('that floods a running call with garbage does not interrupt it', async () => {
    await meet(host, guest);
    for (let index = 0; index < 2_000; index++)
      hostile.shout(
        index % 2 === 0
          ? randomBytes(200).toString('base64')
          : JSON.stringify({ type: 'message', from: randomBytes(16).toString('base64url'), data: 'AAAA' }),
      );
    await Promise.all([host.seeFrames(60), guest.seeFrames(60)]);
    assert.equal(await host.phase(), 'active');
    assert.equal(await guest.phase(), 'active');
  });

  it('that drops everything between people once they talk cannot end the call', async () => {
    await meet(host, guest);
    hostile.tamper = (message, direction) => (isRelayed(message, direction) ? [] : [message]);
    await Promise.all([host.seeFrames(60), guest.seeFrames(60)]);
    // A goodbye finds the direct way.
    await guest.click('leave-button');
    await host.seePhase('waiting');
  });

  it('sees only sizes: five of them, and nothing that can be read', async () => {
    await meet(host, guest);
    const relayed = hostile.seen.map(parse).filter(({ type }) => type === 'message');
    const sizes = new Set(relayed.map(({ data = '' }) => Buffer.from(data, 'base64url').length));
    assert.ok(relayed.length > 10);
    assert.ok(sizes.size <= 5, `sizes: ${[...sizes].join(', ')}`);
    const all = hostile.seen
      .map((message) => message + Buffer.from(parse(message).data ?? '', 'base64url').toString('latin1'))
      .join('\n');
    for (const secret of ['Sonnenschein', 'Berger', 'v=0\r\n', 'candidate:', 'fingerprint'])
      assert.ok(!all.includes(secret), secret);
  });
});
