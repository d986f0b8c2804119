/** Orders of the host and signs of participants, also where they are forged, repeated or claimed (protocol.md §12). */
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { fc } from '../../support/property.ts';
import type { KnownMember } from '../../../src/room/group/members.ts';
import { encodeData, parseData, type ChannelMessage } from '../../../src/room/messages/messages.ts';
import { Signs, type SignMessage } from '../../../src/room/session/signs.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import type { ViewSize } from '../../../src/room/state/state.ts';

const HOST = { id: 'host', leaf: 0, isHost: true } as KnownMember;
const MIA = { id: 'mia', leaf: 1, isHost: false } as KnownMember;
const OWN = { id: 'own', leaf: 2, isHost: false } as KnownMember;
const header = { to: 'everyone', link: '', seq: 0 } as const;
const order = (...interpreters: string[]): SignMessage => ({
  type: 'room-order',
  body: { locked: true, interpreters },
  ...header,
});
const hand = (raised: boolean): SignMessage => ({ type: 'hand', body: { raised }, ...header });
const mute: SignMessage = { type: 'mute', body: {}, ...header };
const request: SignMessage = { type: 'unmute-request', body: {}, ...header };

function open(role: 'host' | 'guest' = 'guest', isBreak = false) {
  const reports: RoomInput[] = [];
  const sent: unknown[] = [];
  const views: unknown[] = [];
  const applied: unknown[] = [];
  let view: ViewSize | null = 'small';
  let slow = false;
  const signs = new Signs({
    members: { own: OWN, others: [HOST, MIA], byId: (id) => [HOST, MIA].find((member) => member.id === id) ?? null },
    sender: { send: ({ type }, to) => void sent.push([type, to]) },
    mesh: {
      sendDataTo: (id, message) => void (message.type === 'view' ? views : sent).push([id, message]),
      setView: (...their) => void applied.push(their),
      told: (size) => (slow && size === 'small' ? 'few' : size),
    },
    hostLobby: () => (role === 'host' ? { currentId: (id) => (id === 'mia before' ? 'mia' : id) } : null),
    state: () => ({ break: isBreak }),
    viewOf: (id) => (id === 'gone' ? null : view),
    report: (input) => void reports.push(input),
  });
  return {
    signs,
    reports,
    sent,
    views,
    applied,
    show: (next: ViewSize) => void (view = next),
    slowDown: () => void (slow = true),
  };
}

describe('orders', () => {
  it('count from the host’s leaf and from no other', () => {
    const { signs, reports } = open();
    for (const message of [mute, request, order('mia', 'own')]) signs.receive(MIA, message);
    assert.deepEqual(reports, []);
    for (const message of [mute, request, order('mia', 'own')]) signs.receive(HOST, message);
    assert.deepEqual(reports, [
      { type: 'host-about-microphone', order: 'mute' },
      { type: 'host-about-microphone', order: 'unmute-request' },
      { type: 'room-order', locked: true, interpreters: ['mia', 'self'] },
    ]);
    signs.close();
  });

  it('of a member who is not the host change nothing, whatever is sent in whatever order', () => {
    const messages = fc.constantFrom(mute, request, order(), order('mia'), order('own', 'mia'));
    fc.assert(
      fc.property(fc.array(messages, { maxLength: 50 }), (sent) => {
        const { signs, reports } = open();
        for (const message of sent) signs.receive(MIA, message);
        signs.close();
        assert.deepEqual(reports, []);
      }),
    );
  });
});

describe('what is sent', () => {
  it('as an order goes out for the host alone, to the person under the id that they have now', () => {
    const host = open('host');
    host.signs.mute('mia before');
    host.signs.mute('everyone');
    host.signs.askToUnmute('mia');
    host.signs.mute('nobody');
    assert.deepEqual(host.sent, [
      ['mute', 1],
      ['mute', 'everyone'],
      ['unmute-request', 1],
    ]);
    const guest = open('guest');
    guest.signs.mute('everyone');
    guest.signs.askToUnmute('mia');
    assert.deepEqual(guest.sent, []);
  });

  it('about a break goes to the host’s link alone, and again when that opens while it is still wanted', () => {
    const wanted = open('guest', true);
    wanted.signs.askForBreak();
    wanted.signs.onChannelOpen('mia');
    wanted.signs.onChannelOpen('host');
    const message = ['host', { type: 'break', wanted: true }];
    assert.deepEqual(wanted.sent, [message, message]);
    const over = open('guest', false);
    over.signs.onChannelOpen('host');
    over.signs.askForBreak();
    assert.deepEqual(over.sent, [['host', { type: 'break', wanted: false }]]);
  });
});

describe('how large a camera is shown', () => {
  it('is told to everyone anew where this device becomes too slow', () => {
    const { signs, views, slowDown } = open();
    slowDown();
    signs.tellViews();
    assert.deepEqual(views, [
      ['host', { type: 'view', camera: 'few' }],
      ['mia', { type: 'view', camera: 'few' }],
    ]);
    signs.close();
  });

  it('is told to that participant alone, on the link: at once, then once a second, the newest', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { signs, sent, views, show } = open();
      signs.tellView('mia');
      for (const view of ['none', 'small', 'large'] as const) {
        show(view);
        signs.tellView('mia');
      }
      assert.deepEqual(views, [['mia', { type: 'view', camera: 'small' }]]);
      mock.timers.tick(5_000);
      assert.deepEqual(views.slice(1), [['mia', { type: 'view', camera: 'large' }]]);
      assert.deepEqual(sent, []);
      signs.close();
    } finally {
      mock.timers.reset();
    }
  });

  it('is not told where nothing was ever shown', () => {
    const { signs, views } = open();
    signs.tellView('gone');
    assert.deepEqual(views, []);
    signs.close();
  });

  it('is heard from members, once a second and the newest last, for the camera and for the studio', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { signs, reports, applied } = open();
      signs.receiveView('gone', { type: 'view', camera: 'small' });
      for (let i = 0; i < 1_000; i++) signs.receiveView('mia', { type: 'view', camera: i % 2 ? 'large' : 'none' });
      signs.receiveView('host', { type: 'view', camera: 'small' });
      mock.timers.tick(5_000);
      assert.deepEqual(reports, [
        { type: 'their-view', id: 'mia', view: 'none' },
        { type: 'their-view', id: 'host', view: 'small' },
        { type: 'their-view', id: 'mia', view: 'large' },
      ]);
      assert.deepEqual(applied, [
        ['mia', 'none'],
        ['host', 'small'],
        ['mia', 'large'],
      ]);
      signs.close();
    } finally {
      mock.timers.reset();
    }
  });

  it('is refused in any other form', () => {
    const message: ChannelMessage = { n: 2, after: 1, type: 'view', camera: 'none' };
    assert.deepEqual(parseData(encodeData(message)), message);
    for (const body of [
      '{"type":"view"}',
      '{"type":"view","camera":"huge"}',
      '{"type":"view","camera":9999}',
      '{"type":"view","size":"small"}',
      '{"type":"view","camera":"small","of":"tom"}',
    ])
      assert.throws(() => parseData(new TextEncoder().encode(body)), { code: 'message-invalid' });
  });
});

describe('signs of a member who repeats them without end', () => {
  it('change the display once a second, and end as the newest says', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { signs, reports } = open();
      for (let index = 0; index < 1000; index++) signs.receive(MIA, hand(index % 2 === 0));
      for (let index = 0; index < 1000; index++) signs.receiveBreak('mia', { type: 'break', wanted: index % 2 === 0 });
      assert.deepEqual(reports, [
        { type: 'their-hand', id: 'mia', raised: true },
        { type: 'their-break', id: 'mia', wanted: true },
      ]);
      mock.timers.tick(1_000);
      assert.deepEqual(reports.slice(2), [
        { type: 'their-hand', id: 'mia', raised: false },
        { type: 'their-break', id: 'mia', wanted: false },
      ]);
      mock.timers.tick(10_000);
      assert.equal(reports.length, 4);
      signs.close();
    } finally {
      mock.timers.reset();
    }
  });

  it('do not delay those of another member', () => {
    const { signs, reports } = open();
    for (let index = 0; index < 100; index++) signs.receive(MIA, hand(index % 2 === 0));
    signs.receive(HOST, hand(true));
    assert.deepEqual(reports.at(-1), { type: 'their-hand', id: 'host', raised: true });
    signs.close();
  });

  it('of one who is no member any more are dropped', () => {
    const { signs, reports } = open();
    signs.receiveBreak('gone', { type: 'break', wanted: true });
    assert.deepEqual(reports, []);
    signs.close();
  });
});
