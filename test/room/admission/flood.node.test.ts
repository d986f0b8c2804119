/** No holder of the link can make a host or a guest send more than the server allows one connection. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { random } from '../../../src/e2ee/bytes.ts';
import type { Relaying } from '../../../src/room/session/relaying.ts';
import type { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import { createHello } from '../../../src/e2ee/admission/hello.ts';
import { CatchUp } from '../../../src/room/session/catch-up.ts';
import { EpochSwitch } from '../../../src/room/group/epoch-switch.ts';
import { GuestLobby } from '../../../src/room/admission/guest-lobby.ts';
import type { KnownMember } from '../../../src/room/group/members.ts';
import type { SealedMessage } from '../../../src/room/messages/messages.ts';
import { openRoom } from '../../e2ee/people.ts';
import { TestHost, type Visitor } from './host-lobby-fixture.ts';

const someone = (): string => toBase64Url(random(32));

afterEach(() => mock.timers.reset());

describe('a flood of presence messages', () => {
  it('gets one hello immediately, then one for all every half second, the last one included', async () => {
    const host = await TestHost.open();
    mock.timers.enable({ apis: ['setTimeout'] });
    const before = host.sent.length;
    const hellos = (): readonly string[] =>
      host.sent.slice(before).flatMap(({ session, message }) => (message.type === 'hello' ? [session] : []));
    const [first, second] = [someone(), someone()];
    await host.lobby.receive(first, { type: 'present' });
    for (let index = 0; index < 500; index++) await host.lobby.receive(second, { type: 'present' });
    assert.deepEqual(hellos(), [first]);
    mock.timers.tick(500);
    assert.deepEqual(hellos(), [first, 'everyone']);
    await host.lobby.receive(second, { type: 'present' });
    mock.timers.tick(499);
    assert.equal(hellos().length, 2);
    mock.timers.tick(1);
    assert.deepEqual(hellos(), [first, 'everyone', 'everyone']);
    // Who comes when nobody has come for a while is answered at once, and alone.
    mock.timers.tick(500);
    await host.lobby.receive(first, { type: 'present' });
    assert.deepEqual(hellos(), [first, 'everyone', 'everyone', first]);
    await host.lobby.receive(second, { type: 'present' });
    host.lobby.close();
    mock.timers.tick(5_000);
    assert.equal(hellos().length, 4);
  });

  it('gets no more when places are taken and freed repeatedly', async () => {
    const host = await TestHost.open();
    const visitors = await Promise.all(Array.from({ length: 16 }, (_, index) => host.visitor(`M${String(index)}`)));
    for (const visitor of visitors) await host.knocks(visitor);
    mock.timers.enable({ apis: ['setTimeout'] });
    const before = host.sent.length;
    const [visitor] = visitors;
    for (let index = 0; index < 50; index++) {
      await host.lobby.receive(visitor!.session, { type: 'withdrawn', ref: toBase64Url(visitor!.own.ref) });
      await host.knocks(visitor!);
    }
    assert.equal(host.sent.length, before + 1);
    mock.timers.tick(500);
    assert.equal(host.sent.length, before + 2);
    host.lobby.close();
  });
});

describe('a flood of one admitted knock', () => {
  it('gets its Welcome again immediately, and then every two seconds', async () => {
    const host = await TestHost.open();
    const mia = await host.comes('Mia');
    mock.timers.enable({ apis: ['setTimeout'] });
    const before = host.sent.length;
    for (let index = 0; index < 100; index++) await host.knocks(mia);
    assert.equal(host.sent.length, before + 1);
    mock.timers.tick(1_999);
    assert.equal(host.sent.length, before + 1);
    mock.timers.tick(1);
    assert.equal(host.sent.length, before + 2);
    assert.ok(
      host.sent.slice(before).every(({ session, message }) => session === mia.session && message.type === 'welcome'),
    );
    host.lobby.close();
  });
});

describe('the Welcomes that a host keeps', () => {
  it('are the newest 32', async () => {
    const host = await TestHost.open();
    const visitors: Visitor[] = [];
    for (let index = 0; index < 34; index++) {
      const visitor = await host.comes(`M${String(index)}`);
      visitors.push(visitor);
      await host.remove(visitor);
    }
    const hasAgain = async (visitor: Visitor): Promise<boolean> => {
      const before = host.sent.length;
      await host.knocks(visitor);
      return host.sent.length > before;
    };
    const has = [];
    for (const visitor of visitors) has.push(await hasAgain(visitor));
    assert.deepEqual(
      has,
      visitors.map((_, index) => index >= 2),
    );
    host.lobby.close();
  });
});

describe('a member who reports its return repeatedly', () => {
  const member = { id: 'mia', leaf: 1 } as KnownMember;

  it('gets what it missed immediately, and then every two seconds', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const sent: string[] = [];
    const told: number[] = [];
    const asked: string[] = [];
    let reported = 4;
    const catchUp = new CatchUp({
      members: { byId: (id) => (id === 'mia' ? member : null) },
      epochs: { reported: () => reported },
      transport: { send: async (session) => void sent.push(session) },
      sender: { sync: (leaf) => void told.push(leaf) },
      relay: { whole: { consent: { repeat: (id) => void asked.push(id) } } as Relaying },
      hostLobby: () => ({
        memberOf: (session) => (session === 'hers' ? 'mia' : null),
        sessionOf: (id) => (id === 'mia' ? 'hers' : null),
      }),
      channel: () => ({ commitsSince: (epoch) => (epoch < 5 ? [random(8)] : []) }),
    });
    for (let index = 0; index < 100; index++) catchUp.present('hers');
    catchUp.present('a stranger’s');
    assert.deepEqual([sent, told, asked], [['hers'], [1], ['mia']]);
    mock.timers.tick(2_000);
    assert.deepEqual([sent.length, told.length], [2, 2]);
    reported = 5;
    catchUp.present('hers');
    mock.timers.tick(1_999);
    assert.equal(told.length, 2);
    mock.timers.tick(1);
    assert.deepEqual([sent.length, told.length], [2, 3]);
    catchUp.present('hers');
    catchUp.close();
    mock.timers.tick(5_000);
    assert.equal(told.length, 3);
  });

  it('gets no more by reporting an earlier epoch', () => {
    const epochs = new EpochSwitch({} as FrameWorkerClient);
    assert.equal(epochs.reported(1), -1);
    epochs.installed(1, 7);
    epochs.installed(1, 2);
    assert.equal(epochs.reported(1), 7);
    epochs.forget(1);
    assert.equal(epochs.reported(1), -1);
  });
});

describe('a flood of hellos', () => {
  let sent: { readonly session: string; readonly message: SealedMessage }[];
  let lobby: GuestLobby;
  let hello: SealedMessage;
  let newer: SealedMessage;

  beforeEach(async () => {
    const { guestInvite, invite, keys, group, hello: made } = await openRoom();
    const spki = toBase64Url(invite.hostSpki!);
    hello = { type: 'hello', hello: toBase64Url(made.encoded), spki };
    const again = await createHello({
      authority: { key: invite.hostKey!, root: invite.hostSpki!, delegation: null },
      roomId: keys.roomId,
      groupId: group.groupId,
      leafPublicKey: group.leafKey.publicKey,
      incarnation: made.incarnation + 1,
      since: 0,
    });
    newer = { type: 'hello', hello: toBase64Url(again.encoded), spki };
    sent = [];
    lobby = new GuestLobby({
      now: () => Date.now(),
      invite: guestInvite,
      keys,
      transport: {
        // What it tells of the host before is no knock.
        send: async (session, message) => void (message.type === 'hello' || sent.push({ session, message })),
        isPresent: () => true,
      },
      name: 'Mia',
      admitted: null,
      standIns: 'takes-over',
      isHostLost: () => false,
      report: () => undefined,
      onProblem: (code) => assert.fail(code),
      onNewHost: async () => undefined,
      onJoined: async () => undefined,
    });
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => lobby.close());
  const to = (): readonly string[] => sent.map(({ session }) => session);

  it('gets the knock immediately, and again once a second', async () => {
    for (let index = 0; index < 20; index++) await lobby.receive('the host’s', hello);
    assert.deepEqual(to(), ['the host’s']);
    mock.timers.tick(1_000);
    assert.deepEqual(to(), ['the host’s', 'the host’s']);
    // Said in nobody’s session twice: which one is the host’s cannot be told, and it must have the knock.
    for (const session of ['one', 'the host’s', 'another']) await lobby.receive(session, hello);
    mock.timers.tick(1_000);
    assert.deepEqual(to(), ['the host’s', 'the host’s', 'everyone']);
    await lobby.receive('the host’s', hello);
    lobby.close();
    mock.timers.tick(5_000);
    assert.equal(sent.length, 3);
  });

  it('does not delay the knock at a restarted host', async () => {
    for (let index = 0; index < 3; index++) await lobby.receive('the host’s', hello);
    await lobby.receive('the new one’s', newer);
    assert.deepEqual(to(), ['the host’s', 'the new one’s']);
    mock.timers.tick(1_000);
    assert.equal(sent.length, 2);
  });
});
