/** What is said while the server loses it, and nothing else carries it: both sides end in the same state once it delivers again (protocol.md §13). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deliveryOf, newSince } from '../../../src/room/state/chat-lines.ts';
import { asks, names, overhear, roleOf, room, settle } from './changing-hands.ts';
import { together, type Person, type Server } from './people.ts';

/** The server loses what one says to another because of this; a third one, who gets everything in order, shows when it is said. */
async function losing(
  server: Server,
  [from, to, third]: readonly [Person, Person, Person],
  act: () => unknown,
): Promise<void> {
  const { passes } = server;
  server.passes = (passing) => !(passing.from === from.name && passing.to === to.name) && passes(passing);
  await act();
  await settle(from, [third]);
  server.passes = passes;
}

function back(person: Person): void {
  person.sleep();
  person.wake();
}

describe('a lost message about who leads', () => {
  it('withdraws a question later, and nobody can say yes to it any more', async () => {
    const { server, host, mia, tom } = await room(['Mia', 'Tom']);
    await asks(host, mia, 'now');
    await losing(server, [host, mia, tom], () => host.session.leadership.withdrawOffer());
    assert.equal(mia.shown.handOver.step, 'asked');
    back(mia);
    await mia.sees(() => mia.shown.handOver.step === 'none', 'the end of the question');
    await mia.session.leadership.answer('yes');
    await settle(mia, [host]);
    assert.equal(roleOf(host), 'host');
  });

  it('asks later, once, and where the answer was lost repeats that', async () => {
    const { server, host, mia, tom } = await room(['Mia', 'Tom']);
    await losing(server, [host, mia, tom], () => host.session.leadership.offer(host.idOf('Mia'), 'now'));
    back(mia);
    await mia.sees(() => mia.shown.handOver.step === 'asked', 'the question');
    await losing(server, [mia, host, tom], () => mia.session.leadership.answer('yes'));
    back(mia);
    await mia.sees(() => roleOf(mia) === 'host', 'that it leads');
    await together([host, mia, tom]);
    assert.equal(mia.inputs.filter((input) => input.type === 'hand-over' && input.handOver.step === 'asked').length, 1);
  });

  it('says no again where that was lost, and asks nobody twice', async () => {
    const { server, host, mia, tom } = await room(['Mia', 'Tom']);
    await asks(host, mia, 'now');
    await losing(server, [mia, host, tom], () => mia.session.leadership.answer('no'));
    assert.equal(host.shown.handOver.step, 'offered');
    back(mia);
    await host.sees(() => host.shown.handOver.step === 'none', 'the answer');
    assert.equal(mia.shown.handOver.step, 'none');
    assert.ok(host.problems.includes('hand-over-declined'));
  });

  it('ends a question with the page of the host that asked it', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    await asks(host, mia, 'now');
    await host.crash();
    const again = await enter('Beratung', host);
    await together([again, mia, tom]);
    await mia.sees(() => mia.shown.handOver.step === 'none', 'the end of the question');
  });

  it('shows a stand-in later to one who missed it', async () => {
    const { server, host, mia, tom } = await room(['Mia', 'Tom']);
    await losing(server, [mia, tom, host], () => names(host, mia, []));
    assert.ok(!tom.shown.participants.some(({ standIn }) => standIn));
    back(mia);
    await tom.sees(() => tom.shown.participants.some((p) => p.standIn && p.name === 'Mia'), 'the stand-in');
  });
});

describe('a lost message about a program that tried to record', () => {
  it('arrives later, and once', async () => {
    const { server, host, mia, tom } = await room(['Mia', 'Tom']);
    const told = ({ problems }: Person): number => problems.filter((code) => code === 'recording-refused').length;
    await losing(server, [mia, host, tom], () => mia.dispatch({ type: 'problem', code: 'recording-refused' }));
    assert.deepEqual([host, tom].map(told), [0, 1]);
    const said = overhear(mia);
    back(mia);
    await host.sees(() => told(host) === 1, 'the attempt');
    assert.ok(said.some(({ type }) => type === 'recording-refused'));
    back(mia);
    await settle(mia, [host, tom]);
    assert.deepEqual([host, tom].map(told), [1, 1]);
  });
});

describe('a chat line', () => {
  it('is marked where a receiver reloads before it arrived, and sent again to the page that is back', async () => {
    // No link ever comes up here, so nothing arrives.
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    const line = () => host.shown.chat[0] ?? assert.fail('no line');
    host.session.chat.write('Hallo');
    const before = host.idOf('Mia');
    await mia.crash();
    const again = await enter('Mia', mia);
    await host.sees(() => host.idOf('Mia') !== before, 'the page that is back');
    await together([host, again, tom]);
    assert.deepEqual(newSince(line(), host.shown.participants), [host.idOf('Mia')]);
    assert.ok(line().missing?.includes(before));
    assert.equal(deliveryOf({ ...line(), missing: [before] }, host.shown.participants), 'missed');
    host.session.chat.again(line().id);
    assert.ok(line().to?.includes(host.idOf('Mia')));
  });
});
