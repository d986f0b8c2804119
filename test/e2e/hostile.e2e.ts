/** A hostile signalling server against two real browsers: what it can do, and what people see of it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { useBrowsers, useHostileServer, useServer } from './fixtures.ts';
import { acknowledgeOnce } from './gather.ts';
import { acknowledge, meet } from './meet.ts';
import { reads, state } from './reading.ts';
import { makeRoom, openWindow, type Person } from './stage.ts';
import { until } from '../support/until.ts';

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

/** In German, as the room shows it. */
const DAMAGED = 'Eine Nachricht war nicht lesbar und wurde verworfen. Sie müssen nichts tun.';
const HOST_ABSENT = 'Die beratende Person ist noch nicht da.';
const CALM = 'Ende-zu-Ende verschlüsselt';

const seesDamage = (person: Person): Promise<void> => reads(person, DAMAGED);
const isOnline = (person: Person): Promise<void> =>
  person.see(
    () =>
      (document.querySelector('consult-room') as unknown as { room: { state: { signaling: string } } }).room.state
        .signaling === 'online',
  );

describe('a hostile signalling server', () => {
  const server = useServer();
  const hostile = useHostileServer(server);
  const browsers = useBrowsers('chromium');
  let host: Person;
  let guest: Person;

  beforeEach(async () => {
    hostile.tamper = (message) => [message];
    hostile.seen.length = 0;
    const links = await makeRoom(hostile.address);
    [host, guest] = await Promise.all([
      openWindow(browsers.chromium, links.host),
      openWindow(browsers.chromium, links.guest),
    ]);
  });

  afterEach(async () => {
    await guest.leave();
    await host.leave();
  });

  it('[R4] sees five message sizes and no plain text when it reads everything', async () => {
    await meet(host, guest);
    await guest.see(() => document.querySelector('consult-room')?.getAttribute('phase') === 'active');
    const relayed = hostile.seen.map(parse).filter(({ type }) => type === 'message');
    const sizes = new Set(relayed.map(({ data = '' }) => Buffer.from(data, 'base64url').length));
    assert.ok(relayed.length > 10);
    assert.ok(sizes.size <= 5, `sizes: ${[...sizes].join(', ')}`);
    const all = hostile.seen
      .map((message) => message + Buffer.from(parse(message).data ?? '', 'base64url').toString('latin1'))
      .join('\n');
    for (const secret of ['Sonnenschein', 'Berger', 'v=0\r\n', 'candidate:', 'fingerprint'])
      assert.ok(!all.includes(secret), secret);
    await Promise.all([reads(host, CALM), reads(guest, CALM)]);
  });

  it('keeps participants apart, who see that a message was damaged, when it flips a bit in every message', async () => {
    hostile.tamper = (message, direction) => (isRelayed(message, direction) ? [flipped(message)] : [message]);
    await Promise.all([host.arrive(), guest.arrive({ name: 'Mia Sonnenschein' })]);
    await seesDamage(host);
    await reads(guest, HOST_ABSENT);
    assert.deepEqual(await state(host, 'knocks'), []);
    assert.equal((await guest.seen()).peers, 0);
    // When it stops, people meet: nothing was lost but time.
    hostile.tamper = (message) => [message];
    await guest.page.reload();
    await host.click('admit-button');
    await acknowledge(host, guest);
  });

  it('changes nothing when it sends every message twice', async () => {
    hostile.tamper = (message, direction) => (isRelayed(message, direction) ? [message, message] : [message]);
    await meet(host, guest);
    await Promise.all([host.seeFrames(20), guest.seeFrames(20)]);
    assert.equal((await state<readonly unknown[]>(host, 'participants')).length, 1);
    assert.deepEqual(await state(host, 'knocks'), []);
    await reads(host, CALM);
  });

  it('gets no answer and no key when it replays an old conversation to a returning participant', async () => {
    await meet(host, guest);
    const old = hostile.seen.filter((message) => parse(message).type === 'message');
    // From now on the guest hears only what was said before.
    hostile.tamper = (message, direction) => (isRelayed(message, direction) ? old : [message]);
    await guest.page.reload();
    await guest.seePhase('waiting');
    for (const message of old) hostile.shout(message);
    await isOnline(guest);
    await reads(guest, 'Noch sieht und hört Sie niemand.');
    assert.equal(await guest.phase(), 'waiting');
    assert.deepEqual(await state(guest, 'participants'), []);
    assert.equal((await guest.seen()).peers, 0);
  });

  it('changes nothing visible when it reorders messages during a call', async () => {
    await meet(host, guest);
    const held = new Map<string, string>();
    hostile.tamper = (message, direction) => {
      if (!isRelayed(message, direction)) return [message];
      const { from = '' } = parse(message);
      const before = held.get(from);
      held.delete(from);
      if (before === undefined) held.set(from, message);
      // The later one first.
      return before === undefined ? [] : [message, before];
    };
    for (let round = 0; round < 4; round++) {
      await guest.click('camera-button');
      await guest.click('microphone-button');
    }
    await guest.click('camera-button');
    await reads(host, 'Kamera aus');
    await guest.click('camera-button');
    await Promise.all([host.seeFrames(20), guest.seeFrames(20)]);
    await reads(host, CALM);
    assert.equal(await host.phase(), 'active');
  });

  it('keeps participants waiting without a false text when it drops everything', async () => {
    hostile.tamper = (message, direction) => (isRelayed(message, direction) ? [] : [message]);
    await Promise.all([host.arrive(), guest.arrive()]);
    await isOnline(guest);
    await reads(guest, HOST_ABSENT);
    await reads(host, 'Es wartet noch niemand.');
    assert.equal((await guest.seen()).peers, 0);
  });

  it('neither ends a running call nor holds back a goodbye when it drops everything', async () => {
    await meet(host, guest);
    hostile.tamper = (message, direction) => (isRelayed(message, direction) ? [] : [message]);
    await Promise.all([host.seeFrames(60), guest.seeFrames(60)]);
    // A goodbye finds the direct way.
    await guest.click('leave-button');
    await host.seePhase('waiting');
    await reads(host, 'Es wartet noch niemand.');
  });

  it('gets no guest admitted when it invents guests and messages', async () => {
    await host.arrive();
    await isOnline(host);
    for (let index = 0; index < 20; index++) {
      const id = randomBytes(16).toString('base64url');
      hostile.shout(JSON.stringify({ type: 'peer', change: 'joined', id, host: false }));
      hostile.shout(JSON.stringify({ type: 'message', from: id, data: randomBytes(400).toString('base64url') }));
    }
    await seesDamage(host);
    await reads(host, 'Es wartet noch niemand.');
    assert.deepEqual(await state(host, 'knocks'), []);
    assert.equal(await host.phase(), 'waiting');
    await guest.arrive();
    await host.click('admit-button');
    await acknowledge(host, guest);
  });

  it('receives no knock when it pretends that a host is present', async () => {
    hostile.tamper = (message, direction) => {
      const { type } = parse(message);
      if (direction === 'to-browser' && type === 'joined') {
        const id = randomBytes(16).toString('base64url');
        return [JSON.stringify({ ...(JSON.parse(message) as object), peers: [{ id, host: true }] })];
      }
      return [message];
    };
    await guest.arrive();
    await isOnline(guest);
    await reads(guest, HOST_ABSENT);
    assert.equal((await guest.seen()).peers, 0);
  });

  it('does not interrupt a running call when it sends garbage at a high rate', async () => {
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
    // One notice, not a thousand.
    await seesDamage(guest);
    assert.equal((await state<readonly unknown[]>(guest, 'problems')).length, 1);
  });

  it('does not end a running call when it claims that the room is over, full or open elsewhere', async () => {
    await meet(host, guest);
    for (const code of ['room-expired', 'room-full', 'host-not-proven', 'host-elsewhere', 'message-invalid']) {
      hostile.shout(JSON.stringify({ type: 'error', code }));
      await Promise.all([host.seeFrames(5), guest.seeFrames(5)]);
    }
    await Promise.all([host.seeFrames(30), guest.seeFrames(30)]);
    assert.deepEqual([await host.phase(), await guest.phase()], ['active', 'active']);
    await Promise.all([reads(host, CALM), reads(guest, CALM)]);
  });

  it('does not end a running call when it claims that all others have left', async () => {
    await meet(host, guest);
    hostile.tamper = () => [];
    for (const { from } of hostile.seen.map(parse))
      if (from !== undefined) hostile.shout(JSON.stringify({ type: 'peer', change: 'left', id: from, host: true }));
    await Promise.all([host.seeFrames(60), guest.seeFrames(60)]);
    assert.equal(await guest.phase(), 'active');
  });
});

describe('[R4] a network attacker in the middle', () => {
  const server = useServer();
  const browsers = useBrowsers('chromium');

  it('gets no connection when it replaces DTLS fingerprints, because the fingerprint in the group counts', async () => {
    const links = await makeRoom(server.address);
    const host = await openWindow(browsers.chromium, links.host);
    // The attacker answers in the peer's place: the browser sees a certificate that does not match the description.
    const guest = await openWindow(browsers.chromium, links.guest, {
      before: () => {
        const Native = window.RTCPeerConnection;
        const apply = Native.prototype.setRemoteDescription;
        Native.prototype.setRemoteDescription = function (
          this: RTCPeerConnection,
          { type, sdp = '' }: RTCSessionDescriptionInit,
        ) {
          const swapped = sdp.replaceAll(/^(a=fingerprint:sha-256 ).{5}/gmu, (_, start: string) => `${start}00:00`);
          return (apply as (description: RTCSessionDescriptionInit) => Promise<void>).call(this, {
            type,
            sdp: swapped,
          });
        } as typeof apply;
      },
    });
    await Promise.all([host.arrive(), guest.arrive()]);
    await host.click('admit-button');
    // Acknowledging, as far as the page offers it, does not help.
    const failed = (): Promise<boolean> =>
      guest.page.evaluate(() =>
        (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen.peers.some(
          ({ connectionState }) => connectionState === 'failed' || connectionState === 'closed',
        ),
      );
    await until(
      async () => {
        await Promise.all([acknowledgeOnce(host), acknowledgeOnce(guest)]);
        return failed();
      },
      (over) => over,
      'the connection to fail',
    );
    for (const person of [host, guest]) {
      await reads(person, 'Es wurde keine Verbindung aufgebaut');
      assert.equal(await person.phase(), 'connecting');
      assert.equal((await person.received()).frames, 0);
    }
  });
});
