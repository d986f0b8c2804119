/** What a host and its successor wait for, and no longer than they should (protocol.md §13). */
import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { createDelegation, generateDelegateKey, type DelegationKind } from '../../../src/e2ee/admission/delegation.ts';
import { generateHostKey } from '../../../src/e2ee/admission/host-key.ts';
import { random, type Bytes } from '../../../src/e2ee/bytes.ts';
import type { Group } from '../../../src/e2ee/mls/group.ts';
import type { KnownMember } from '../../../src/room/group/members.ts';
import type { GroupContent, GroupMessage } from '../../../src/room/messages/messages.ts';
import type { LeadChange, LeadershipOptions } from '../../../src/room/session/leadership-options.ts';
import { Leadership } from '../../../src/room/session/leadership.ts';
import { toBase64Url } from '../../../src/util/base64url.ts';

const NOW = 1_000_000;
const { privateKey, publicKey } = await generateHostKey();
const root: Bytes = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
const roomId = random(48);
const member = (id: string, isHost: boolean): KnownMember => ({
  id,
  leaf: isHost ? 0 : 1,
  name: id,
  isHost,
  signatureKey: random(97),
  identity: random(10),
});

afterEach(() => mock.timers.reset());

function open(changes: Partial<LeadershipOptions> = {}) {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const others = [member('mia', false), member('beratung', true)];
  const log: string[] = [];
  const sent: GroupContent[] = [];
  const leads: LeadChange[] = [];
  let now = NOW;
  const leadership = new Leadership({
    role: 'host',
    roomId,
    policy: { standIn: 'takes-over' },
    entry: 'join',
    authority: { key: privateKey, root, delegation: null },
    held: null,
    signed: 0,
    named: [],
    members: { own: member('own', false), others, byId: (id) => others.find((one) => one.id === id) ?? null },
    sender: { send: (content) => void sent.push(content), tell: async (content) => void sent.push(content) },
    group: () => null,
    root: () => root,
    rank: () => ({ since: 5, incarnation: NOW }),
    isDelegated: () => false,
    currentId: (id) => id,
    roomRecord: () => ({ locked: true, rank: { since: 5, incarnation: NOW }, members: [] }),
    state: () => ({ signaling: 'online', knocking: 'host-absent', participants: [] }),
    now: () => now,
    askForHost: () => void log.push('asks'),
    report: (input) => void log.push(input.type === 'ended' ? `ended ${input.reason}` : input.type),
    onProblem: (code) => void log.push(code),
    onLead: (change) => void leads.push(change),
    ...changes,
  });
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    mock.timers.tick(milliseconds);
  };
  return { leadership, log, sent, leads, others, pass };
}

const keyOf = (one: KnownMember | undefined): string => toBase64Url(one?.signatureKey ?? random(97));

const delegation = async (kind: DelegationKind, since: number) =>
  createDelegation({ hostKey: privateKey, roomId, kind, spki: root, leafKey: random(97), since });

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const message = (content: GroupContent): GroupMessage => ({ ...content, to: 'everyone', link: '', seq: 0 });

async function saysYes({ leadership, sent, others }: ReturnType<typeof open>): Promise<void> {
  const offer = sent.find(({ type }) => type === 'hand-over-offer');
  assert.ok(offer?.type === 'hand-over-offer' && others[0]);
  const { spki } = await generateDelegateKey();
  const answer = message({ type: 'hand-over-answer', body: { nonce: offer.body.nonce, spki: toBase64Url(spki) } });
  assert.ok(answer.type === 'hand-over-answer');
  await leadership.receive(others[0], answer);
}

describe('a host', () => {
  it('takes its question back when nobody answers within a minute', () => {
    const { leadership, log, sent, pass } = open();
    leadership.offer('mia', 'now');
    pass(59_000);
    assert.deepEqual(log, ['hand-over']);
    pass(1_000);
    assert.deepEqual(log, ['hand-over', 'hand-over', 'hand-over-failed']);
    assert.deepEqual(
      sent.map(({ type }) => type),
      ['hand-over-offer', 'hand-over-withdrawn'],
    );
  });

  it('revokes what it signed where the delegate does not lead, by leading since later', async () => {
    const room = open();
    room.leadership.offer('mia', 'now');
    await saysYes(room);
    assert.equal(room.sent.at(-1)?.type, 'hand-over');
    room.pass(19_000);
    assert.deepEqual(
      room.leads.map(({ how }) => how),
      ['keep'],
    );
    room.pass(1_000);
    assert.deepEqual(room.leads.at(-1)?.lead, {
      role: 'host',
      since: NOW + 20_000,
      held: null,
      signed: NOW,
      named: [],
    });
    assert.ok(room.log.includes('hand-over-failed'));
  });

  it('stays where the server gives its seat away unasked, and follows the one it signed for', async () => {
    const room = open();
    assert.equal(room.leadership.onSeatTaken(), 'unexpected');
    room.leadership.offer('mia', 'now');
    assert.equal(room.leadership.onSeatTaken(), 'unexpected');
    await saysYes(room);
    assert.equal(room.leadership.onSeatTaken(), 'expected');
    assert.deepEqual(
      room.leads.map(({ lead }) => lead.role),
      ['host', 'guest'],
    );
    room.pass(60_000);
    assert.equal(room.leads.length, 2);
  });

  it('leads on above a delegate who comes while people are in its room, and says so', async () => {
    for (const since of [9, NOW + 60_000]) {
      const { leadership, leads, log } = open();
      assert.equal(leadership.onOutranked({ since, delegation: await delegation('stand-in', since) }), 'settled');
      assert.deepEqual(
        leads.map(({ lead }) => lead),
        [{ role: 'host', since: Math.max(NOW, since + 1), held: null, signed: since, named: [] }],
      );
      assert.deepEqual(log, ['stand-in-ended']);
    }
  });

  it('gives way to the one it signed for, and not to a stand-in that leads instead of showing itself', async () => {
    for (const [as, role] of [
      ['now', 'guest'],
      ['stand-in', 'host'],
    ] as const) {
      const room = open();
      room.leadership.offer('mia', as);
      await saysYes(room);
      room.leadership.onOutranked({ since: NOW, delegation: await delegation(as, NOW) });
      assert.deepEqual([room.leads.at(-1)?.lead.role, room.leads.at(-1)?.how], [role, 'restart'], as);
    }
  });

  it('reads what a member shows as stand-in once a second, and the newest last', async () => {
    const group = { groupId: random(32) } as unknown as Group;
    const { leadership, log, others, pass } = open({ group: () => group });
    const shown = message({ type: 'stand-in', body: { delegation: '', proof: '' } });
    assert.ok(shown.type === 'stand-in' && others[0]);
    for (let index = 0; index < 100; index++) await leadership.receive(others[0], shown);
    await nextTurn();
    assert.deepEqual(log, ['message-invalid']);
    pass(1_000);
    await nextTurn();
    assert.deepEqual(log, ['message-invalid', 'message-invalid']);
  });

  it('does not read in the next group what a member has shown in the one before', async () => {
    let group = { groupId: random(32) } as unknown as Group;
    const { leadership, log, others, pass } = open({ group: () => group });
    const shown = message({ type: 'stand-in', body: { delegation: '', proof: '' } });
    assert.ok(shown.type === 'stand-in' && others[0]);
    for (let index = 0; index < 2; index++) await leadership.receive(others[0], shown);
    await nextTurn();
    group = { groupId: random(32) } as unknown as Group;
    pass(1_000);
    await nextTurn();
    assert.deepEqual(log, ['message-invalid']);
  });

  it('does not give way to another device of its own while people are in its room', () => {
    const { leadership, leads, log } = open();
    leadership.onOutranked({ since: 9, delegation: null });
    assert.deepEqual([leads, log], [[], []]);
  });

  it('asks where nobody is, and leads above the delegate where the person chose to, whatever the clock says', async () => {
    const members = { own: null, others: [], byId: () => null };
    const since = NOW + 60_000;
    const hello = { since, delegation: await delegation('now', since) };
    const alone = open({ members });
    assert.equal(alone.leadership.onOutranked(hello), 'elsewhere');
    assert.deepEqual([alone.leads, alone.log], [[], ['signaling']]);
    const chosen = open({ members, entry: 'take-over' });
    chosen.leadership.onOutranked(hello);
    assert.deepEqual(
      chosen.leads.map(({ lead }) => lead),
      [{ role: 'host', since: since + 1, held: null, signed: since, named: [] }],
    );
  });

  it('revokes what it signed when the member is gone before it was used, for both kinds', async () => {
    for (const as of ['now', 'stand-in'] as const) {
      const room = open();
      room.leadership.offer('mia', as);
      await saysYes(room);
      room.leadership.onRoster();
      assert.equal(room.leads.at(-1)?.how, 'keep', as);
      room.others.splice(0, 1);
      room.leadership.onRoster();
      assert.deepEqual([room.leads.at(-1)?.lead.since, room.leads.at(-1)?.how], [NOW + 1, 'restart'], as);
    }
  });

  it('revokes a stand-in that says yes and never shows what it holds', async () => {
    const room = open();
    room.leadership.offer('mia', 'stand-in');
    await saysYes(room);
    room.pass(20_000);
    assert.equal(room.leads.at(-1)?.lead.since, NOW + 20_000);
    assert.equal(room.log.at(-1), 'hand-over-failed');
  });

  it('keeps for a reload that it signed, before it sends it: the next page begins above it', async () => {
    const room = open();
    room.leadership.offer('mia', 'now');
    await saysYes(room);
    const named = [keyOf(room.others[0])];
    const kept = { role: 'host', since: NOW + 1, held: null, signed: NOW, named };
    assert.deepEqual(room.leads, [{ lead: kept, admitted: null, room: null, how: 'keep' }]);
  });

  it('revokes with a removal what it signed for anyone who is not in the room, and nothing where all of them are', () => {
    const people = [member('mia', false), member('tom', false), member('yara', false)];
    const [mia, tom] = people;
    const members = { own: null, others: people, byId: () => null };
    const named = [keyOf(mia), keyOf(tom)];
    const room = open({ signed: 9, named, members });
    people.pop();
    room.leadership.onRemoval();
    assert.equal(room.leads.length, 0);
    // The one named before, not the newest.
    people.shift();
    room.leadership.onRemoval();
    assert.deepEqual([room.leads.map(({ lead }) => lead.since), room.log], [[NOW], ['stand-in-ended']]);
    const nobody = open({ signed: 4, members: { own: null, others: [], byId: () => null } });
    nobody.leadership.onRemoval();
    assert.deepEqual(nobody.leads, []);
  });

  it('revokes with a removal also while another delegation waits to be used', async () => {
    const room = open();
    const mia = room.others[0];
    room.others.push(member('tom', false));
    room.leadership.onReturned(random(97), random(97));
    assert.equal(room.leads.length, 0);
    room.leadership.offer('mia', 'stand-in');
    await saysYes(room);
    room.others.splice(2, 1);
    room.leadership.onRemoval();
    assert.deepEqual(
      room.leads.map(({ how, lead }) => [how, lead.named]),
      [['keep', [keyOf(mia)]]],
    );
    room.others.splice(0, 1);
    room.leadership.onRemoval();
    assert.deepEqual([room.leads.length, room.leads.at(-1)?.how, room.leads.at(-1)?.lead.named], [2, 'restart', []]);
    // A member that comes in while this session ends writes nothing over the record of the next one.
    room.leadership.onReturned(mia?.signatureKey ?? random(97), random(97));
    assert.equal(room.leads.length, 2);
  });

  it('follows whom it named through their returns, and revokes where one of them is refused', () => {
    const [before, now] = [random(97), member('mia', false)];
    const members = { own: null, others: [now], byId: () => null };
    const room = open({ signed: 9, named: [toBase64Url(before)], members });
    room.leadership.onReturned(random(97), null);
    room.leadership.onReturned(before, now.signatureKey);
    room.leadership.onRemoval();
    assert.deepEqual(room.leads, [
      {
        lead: { role: 'host', since: 5, held: null, signed: 9, named: [keyOf(now)] },
        admitted: null,
        room: null,
        how: 'keep',
      },
    ]);
    room.leadership.onReturned(now.signatureKey, null);
    assert.deepEqual(
      [room.leads.at(-1)?.how, room.leads.at(-1)?.lead.since, room.log],
      ['restart', NOW, ['stand-in-ended']],
    );
  });
});

describe('the holder of the host key, as a guest', () => {
  it('leads above all that it has signed, also where a clock is behind', async () => {
    const host = open({ signed: NOW + 60_000 });
    await host.leadership.stepDown();
    const { lead } = host.leads[0] ?? {};
    assert.deepEqual([lead?.role, lead?.signed], ['guest', NOW + 60_000]);
    const guest = open({ role: 'guest', signed: lead?.signed ?? 0 });
    await guest.leadership.takeBack();
    assert.equal(guest.leads.at(-1)?.lead.since, NOW + 60_001);
  });

  it('leads again after half a minute without any host, and not while it is offline', () => {
    const state = { signaling: 'offline' as 'offline' | 'online', knocking: 'host-absent' as const, participants: [] };
    const { leads, pass } = open({ role: 'guest', state: () => state });
    for (let second = 0; second < 60; second++) pass(1_000);
    assert.equal(leads.length, 0);
    state.signaling = 'online';
    for (let second = 0; second < 31; second++) pass(1_000);
    assert.deepEqual(
      leads.map(({ lead }) => lead.role),
      ['host'],
    );
  });
});

describe('a guest who loses the host', () => {
  it('ends at once where nobody may follow, and after twenty seconds where nobody does', () => {
    const nobody = open({ role: 'guest', authority: null });
    nobody.leadership.onHostLost();
    assert.deepEqual(nobody.log, ['ended host-lost']);
    const waiting = open({ role: 'guest', authority: null, isDelegated: () => true });
    waiting.leadership.onHostLost();
    assert.equal(waiting.leadership.isHostLost, true);
    waiting.pass(19_000);
    assert.ok(waiting.log.length > 5 && waiting.log.every((entry) => entry === 'asks'));
    waiting.pass(1_000);
    assert.equal(waiting.log.at(-1), 'ended host-lost');
  });

  it('stays when it follows the next host in time, or hears its own again, however long the call lasts then', () => {
    const { leadership, log, pass } = open({ role: 'guest', authority: null, isDelegated: () => true });
    for (const loss of ['first', 'second']) {
      leadership.onHostLost();
      pass(19_000);
      leadership.onHostPresent();
      assert.equal(leadership.isHostLost, false, loss);
      log.length = 0;
      pass(60_000);
      assert.deepEqual(log, [], loss);
    }
  });
});

describe('a member that is asked', () => {
  it('answers the question that the person read, and not the one that took its place', async () => {
    const others = [member('beratung', true)];
    const room = open({ role: 'guest', authority: null, members: { own: null, others, byId: () => null } });
    const ask = async (nonce: string, as: 'now' | 'stand-in'): Promise<void> => {
      const offer = message({ type: 'hand-over-offer', body: { nonce, as } });
      assert.ok(offer.type === 'hand-over-offer' && others[0]);
      await room.leadership.receive(others[0], offer);
    };
    await ask('first', 'stand-in');
    await ask('second', 'now');
    await room.leadership.answer('yes', 'first');
    assert.deepEqual(room.sent, []);
    await room.leadership.answer('no', 'second');
    assert.deepEqual(room.sent, [{ type: 'hand-over-answer', body: { nonce: 'second', spki: null } }]);
  });
});

describe('a delegation that arrives', () => {
  it('gives nothing to a member that it does not name, or when it is old', async () => {
    for (const [leafKey, since] of [
      ['another', NOW],
      ['own', NOW - 301_000],
      ['own', NOW],
    ] as const) {
      const own = member('own', false);
      const others = [member('beratung', true)];
      const room = open({ role: 'guest', authority: null, members: { own, others, byId: () => null } });
      const [host] = others;
      assert.ok(host);
      const nonce = toBase64Url(random(16));
      const offer = message({ type: 'hand-over-offer', body: { nonce, as: 'now' } });
      assert.ok(offer.type === 'hand-over-offer');
      await room.leadership.receive(host, offer);
      await room.leadership.answer('yes');
      const [answer] = room.sent;
      assert.ok(answer?.type === 'hand-over-answer' && answer.body.spki !== null);
      const spki = new Uint8Array(Buffer.from(answer.body.spki, 'base64url'));
      const named = leafKey === 'own' ? own.signatureKey : random(97);
      const made = await createDelegation({ hostKey: privateKey, roomId, kind: 'now', spki, leafKey: named, since });
      const given = message({ type: 'hand-over', body: { nonce, delegation: toBase64Url(made.encoded) } });
      assert.ok(given.type === 'hand-over');
      await room.leadership.receive(host, given);
      const isGood = leafKey === 'own' && since === NOW;
      assert.deepEqual(
        room.leads.map(({ lead }) => lead.role),
        isGood ? ['host'] : [],
      );
      assert.equal(room.log.includes('host-not-proven'), !isGood);
    }
  });
});
