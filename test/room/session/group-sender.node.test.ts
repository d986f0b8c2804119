/** What this client tells the group, and to whom. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GroupChannel } from '../../../src/room/group/group-channel.ts';
import type { KnownMember, Members } from '../../../src/room/group/members.ts';
import type { Declaration, GroupContent } from '../../../src/room/messages/messages.ts';
import { GroupSender } from '../../../src/room/session/group-sender.ts';
import { isSession, type RoomState } from '../../../src/room/state/state.ts';
import { reduce } from '../../../src/room/state/reducer.ts';
import { hostWaiting, quiet, roster, run, STATES } from '../states.ts';

const HOST = { id: 'host', leaf: 3 } as KnownMember;
const DECLARATION: Declaration = { people: ['Mutter'], closed: true, noRecording: true, nonce: 'n' };

function open(
  begun: RoomState,
  others: readonly KnownMember[] = [HOST],
  declaration: Declaration | null = DECLARATION,
) {
  let state = begun;
  const sent: { readonly content: GroupContent; readonly to: number | 'everyone' }[] = [];
  const sender = new GroupSender({
    members: { others, byLeaf: (leaf: number) => others.find((one) => one.leaf === leaf) ?? null } as Members,
    channel: () => ({ send: async (content, { to }) => void sent.push({ content, to }) }) as GroupChannel,
    state: () => (isSession(state) ? state : null),
    declaration: () => declaration,
    repeatLead: () => undefined,
  });
  const becomes = (next: RoomState): void => void (state = next);
  return { sender, sent, becomes, types: () => sent.map(({ content, to }) => `${content.type} ${String(to)}`) };
}

describe('the group is told', () => {
  it('what we show, who is here and that recording was refused, everyone at once', () => {
    const { sender, sent } = open(STATES.active);
    sender.announce({ type: 'announce', about: 'media', media: quiet });
    sender.announce({ type: 'announce', about: 'declaration' });
    sender.announce({ type: 'announce', about: 'recording-refused' });
    assert.deepEqual(sent, [
      { content: { type: 'media', body: quiet }, to: 'everyone' },
      { content: { type: 'declaration', body: DECLARATION }, to: 'everyone' },
      { content: { type: 'recording-refused', body: { count: 1 } }, to: 'everyone' },
    ]);
  });

  it('nothing while nobody else is in it, and no declaration before there is one', () => {
    const alone = open(STATES.waiting, []);
    alone.sender.announce({ type: 'announce', about: 'recording-refused' });
    const undeclared = open(STATES.active, [HOST], null);
    undeclared.sender.announce({ type: 'announce', about: 'declaration' });
    undeclared.sender.sync(3);
    assert.deepEqual([alone.sent, undeclared.sent], [[], []]);
  });

  it('everything again when a member may have missed it, the acknowledgement only where it was given', () => {
    const acknowledged = open(STATES.active);
    acknowledged.sender.sync(3);
    assert.deepEqual(acknowledged.types(), ['declaration 3', 'media 3', 'acknowledgement 3']);
    const open1 = open(STATES.connecting);
    open1.sender.sync(3);
    assert.deepEqual(open1.types(), ['declaration 3', 'media 3']);
    open1.sender.sync(4);
    assert.equal(open1.sent.length, 2);
  });

  it('of each attempt to record again, numbered, but only those who were there', () => {
    const others = [HOST];
    const { sender, sent } = open(STATES.active, others);
    sender.announce({ type: 'announce', about: 'recording-refused' });
    sender.announce({ type: 'announce', about: 'recording-refused' });
    others.push({ id: 'later', leaf: 4 } as KnownMember);
    for (const leaf of [3, 4]) sender.sync(leaf);
    assert.deepEqual(
      sent.flatMap(({ content, to }) => (content.type === 'recording-refused' ? [[content.body.count, to]] : [])),
      [
        [1, 'everyone'],
        [2, 'everyone'],
        [2, 3],
      ],
    );
  });

  it('a hand again, raised or lowered since, when a member may have missed it, and the orders of the host alone', () => {
    const raised = open(reduce(STATES.connecting, { type: 'hand', raised: true }));
    raised.sender.sync(3);
    assert.deepEqual(raised.types(), ['declaration 3', 'media 3', 'hand 3']);
    raised.sender.announce({ type: 'announce', about: 'hand' });
    raised.becomes(STATES.connecting);
    raised.sender.sync(3);
    assert.deepEqual(raised.sent.at(-1), { content: { type: 'hand', body: { raised: false } }, to: 3 });
    const session = run(
      [roster('mia', 'tom'), { type: 'locked', locked: true }, { type: 'role', id: 'tom', role: 'interpreter' }],
      hostWaiting(),
    );
    const host = open(session);
    host.sender.sync(3);
    host.sender.announce({ type: 'announce', about: 'room-order' });
    const order = { type: 'room-order', body: { locked: true, interpreters: ['tom'] } };
    assert.deepEqual(host.sent.slice(2), [
      { content: order, to: 3 },
      { content: order, to: 'everyone' },
    ]);
  });

  it('that we show nothing, when a member is synced while the group is stale', () => {
    const { sender, sent } = open(reduce(STATES.active, { type: 'stale' }));
    sender.sync(3);
    const media = sent.map(({ content }) => content).find((content) => content.type === 'media');
    assert.equal(media?.body.paused, 'stale');
  });

  it('which declaration we acknowledge, by its hash', () => {
    const { sender, sent } = open(STATES.active);
    sender.acknowledge(HOST);
    assert.deepEqual(sent, [{ content: { type: 'acknowledgement', body: { declaration: 'theirs' } }, to: 3 }]);
  });
});
