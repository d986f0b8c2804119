/**
 * A group that something happens to: real sessions over a server in memory (`people.ts`). Nobody waits again without need, keys rotate,
 * no ghost stays (protocol.md §5, §9).
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { until } from '../../support/until.ts';
import { connections, meet, together, type Person } from './people.ts';

let close: () => Promise<unknown> = async () => undefined;
afterEach(() => close());

async function room(names: readonly string[], o: Parameters<typeof meet>[1] = {}) {
  const met = await meet(names, o);
  close = met.close;
  const [first, second] = met.guests;
  assert.ok(first && second);
  return { ...met, mia: first, tom: second };
}

/** Waits while the monotonic clock runs so many times as fast; timers do not. */
async function hurrying(times: number, holds: () => boolean): Promise<void> {
  const now = performance.now.bind(performance);
  const start = now();
  mock.method(performance, 'now', () => start + (now() - start) * times);
  try {
    await until(holds, Boolean, 'the end of a long wait', { patience: 60_000 * times });
  } finally {
    mock.restoreAll();
  }
}

const epoch = (person: Person): number => Number(person.shown.encryption?.epoch);

describe('two who join in the same instant', () => {
  it('are both in after two presses at once, in one epoch', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    const [yara, eva] = await Promise.all([enter('Yara'), enter('Eva')]);
    const isHere = (name: string): boolean => host.shown.knocks.some((knock) => knock.name === name);
    await host.sees(() => isHere('Yara') && isHere('Eva'), 'both at the door');
    const presses = host.shown.knocks.map(({ id, hash }) => host.session.admit([{ id, shown: hash }]));
    await Promise.all(presses);
    await together([host, mia, tom, yara, eva]);
    assert.deepEqual(host.problems, []);
  });
});

describe('one who crashes', () => {
  it('is no ghost: removed after the grace time, with new keys for the others', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom'], { graceSeconds: 1 });
    const before = epoch(host);
    await tom.crash();
    await together([host, mia]);
    assert.ok(epoch(host) > before);
    assert.ok(mia.frames.sending > before);
  });

  it('comes back within it without a question, once, and the old page is no ghost either', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    const asked = host.asked.length;
    await tom.crash();
    const again = await enter('Tom', tom);
    await together([host, mia, again]);
    assert.equal(host.asked.length, asked);
    assert.equal(again.shown.knocking, 'admitted');
  });
});

describe('a host that reloads', () => {
  it('has everyone back without a question, with new keys, the lock and the interpreter', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    host.dispatch({ type: 'role', id: host.idOf('Tom'), role: 'interpreter' });
    host.dispatch({ type: 'locked', locked: true });
    await tom.sees(() => tom.shown.interpreting && tom.shown.locked, 'the orders');
    const code = host.shown.encryption?.safetyCode.join();
    await host.crash();
    const again = await enter('Beratung', host);
    await together([again, mia, tom]);
    assert.deepEqual(again.asked, []);
    assert.notEqual(again.shown.encryption?.safetyCode.join(), code);
    await again.sees(() => again.shown.participants.some(({ role }) => role === 'interpreter'), 'the interpreter');
    await tom.sees(() => tom.shown.interpreting, 'its role');
    assert.equal(again.shown.participants.find(({ role }) => role !== null)?.name, 'Tom');
  });

  it('has a person back who reloads in the very moment in which it lets them in, also when it reloads too', async () => {
    const { server, host, mia, tom, enter } = await room(['Mia', 'Tom']);
    await Promise.all([host.crash(), tom.crash()]);
    const again = await enter('Beratung', host);
    // The Welcome does not arrive: the page is gone.
    server.passes = ({ to }) => to !== 'Tom' || !again.others.includes('Tom');
    const gone = await enter('Tom', tom);
    await again.sees(() => again.others.includes('Tom'), 'Tom');
    await gone.crash();
    await again.crash();
    const last = await enter('Beratung', again);
    const gone2 = await enter('Tom', tom);
    server.passes = ({ to }) => to !== 'Tom' || !last.others.includes('Tom');
    await last.sees(() => last.others.includes('Tom'), 'Tom again');
    await gone2.crash();
    server.passes = () => true;
    await together([last, mia, await enter('Tom', tom)]);
    assert.deepEqual([...again.asked, ...last.asked], []);
  });

  it('asks about a person whom it removed before, and about strangers', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    await host.session.remove(host.idOf('Tom'));
    await together([host, mia]);
    await tom.sees(() => tom.state.phase === 'failed', 'its removal');
    await host.crash();
    const again = await enter('Beratung', host);
    await Promise.all([enter('Tom', tom), enter('Yara')]);
    await together([again, mia]);
    await again.sees(() => again.shown.knocks.length === 2, 'two at the door');
    assert.deepEqual([...again.asked].sort(), ['Tom', 'Yara']);
  });

  it('[R6] lets nobody in unasked whom another device of the host removed meanwhile', async () => {
    const { host, mia, tom, server, enter } = await room(['Mia', 'Tom']);
    // Tom keeps what he had, whatever his page would delete.
    const { remembered } = tom;
    await host.crash();
    const other = await enter('Beratung');
    await other.admits('Mia', 'Tom');
    await together([other, mia, tom]);
    await other.session.remove(other.idOf('Tom'));
    await together([other, mia]);
    // Before that his page still follows the other host, and tells of it.
    await tom.sees(() => tom.state.phase === 'failed', 'his removal');
    await other.crash();
    server.passes = ({ from, to }) => from !== 'Mia' && to !== 'Mia';
    const again = await enter('Beratung', host);
    tom.remembered = remembered;
    const back = await enter('Tom', tom);
    await again.sees(() => again.others === 'Tom' && back.others === 'Beratung', 'Tom, by the old record');
    // Mia tells of the host in between.
    server.passes = () => true;
    mia.sleep();
    mia.wake();
    const atDoor = (): string =>
      again.shown.knocks
        .map(({ name }) => name)
        .sort()
        .join();
    await again.sees(() => again.others === '' && atDoor() === 'Mia,Tom', 'both at the door');
    assert.ok(again.asked.includes('Tom'));
  });

  it('[R6] learns of that from one who has reloaded since', async () => {
    const { host, mia, tom, server, enter } = await room(['Mia', 'Tom']);
    const { remembered } = tom;
    await host.crash();
    const other = await enter('Beratung');
    await other.admits('Mia', 'Tom');
    await together([other, mia, tom]);
    await other.session.remove(other.idOf('Tom'));
    await together([other, mia]);
    // Before that his page still follows the other host, and tells of it.
    await tom.sees(() => tom.state.phase === 'failed', 'his removal');
    await other.crash();
    await mia.crash();
    server.passes = ({ from, to }) => from !== 'Mia' && to !== 'Mia';
    const again = await enter('Beratung', host);
    tom.remembered = remembered;
    await enter('Tom', tom);
    await again.sees(() => again.others === 'Tom', 'Tom, by the old record');
    server.passes = () => true;
    await enter('Mia', mia);
    await again.sees(() => again.others === '' && again.asked.includes('Tom'), 'that it has to ask about Tom');
  });

  it('twice in a row, before everyone is back, still has everyone back', async () => {
    const { host, mia, tom, server, enter } = await room(['Mia', 'Tom']);
    await host.crash();
    // Tom's network is slow: the first reload sees nothing of him.
    server.passes = ({ from, to }) => from !== 'Tom' && to !== 'Tom';
    const second = await enter('Beratung', host);
    await second.sees(() => second.others === 'Mia', 'Mia');
    await second.crash();
    server.passes = () => true;
    const third = await enter('Beratung', second);
    await together([third, mia, tom]);
    assert.deepEqual([...second.asked, ...third.asked], []);
  });

  it('twice in a row, before anyone is back, is not taken for another device of its own', async () => {
    const { host, mia, tom, server, enter } = await room(['Mia', 'Tom']);
    await host.crash();
    // They see that it has started again, and it hears nothing of them.
    server.passes = ({ to }) => to !== 'Beratung';
    const second = await enter('Beratung', host);
    // Its hello is not sent yet, and its record knows of it: a guest may tell the next page of it.
    const [before, now] = [host, second].map(({ roomRecord }) => roomRecord?.rank.incarnation ?? 0);
    assert.ok(now! > before!);
    for (const guest of [mia, tom]) await guest.sees(() => guest.others === '', 'that the group is over');
    await second.crash();
    server.passes = () => true;
    const third = await enter('Beratung', second);
    await together([third, mia, tom]);
    assert.deepEqual([third.asked, third.problems], [[], []]);
  });
});

describe('a host that is lost', () => {
  it('ends the room for everyone after the grace time, and leaves nobody with a key', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom'], { graceSeconds: 1 });
    await host.crash();
    for (const guest of [mia, tom]) await guest.sees(() => guest.state.phase === 'ended', 'the end of the room');
    assert.deepEqual(
      [mia, tom].map(({ state }) => state.phase === 'ended' && state.reason),
      ['host-lost', 'host-lost'],
    );
  });
});

describe('three links that fail at once', () => {
  it('are each replaced at once, and nobody comes in again for it', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    const yara = await enter('Yara');
    await host.admits('Yara');
    const people = [host, mia, tom, yara];
    await together(people);
    const [before, asked] = [epoch(host), host.asked.length];
    await until(
      () => connections.size,
      (count) => count === 6,
      'a link for each pair',
    );
    const lost = [...connections].slice(0, 3);
    for (const connection of lost) connection.fail();
    await until(
      () => [connections.size, lost.filter((connection) => connections.has(connection)).length],
      ([count, old]) => count === 6 && old === 0,
      'new links in their place',
    );
    await together(people);
    assert.deepEqual([epoch(host), host.asked.length], [before, asked]);
    assert.deepEqual(
      people.flatMap(({ problems }) => problems),
      [],
    );
  });
});

describe('one who has no connection to anyone yet', () => {
  it('pauses media, and is not told that the counsellor cannot be reached', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    await mia.sees(() => mia.withoutBeacon.includes('stale'), 'no beacon for ten seconds');
    assert.deepEqual(mia.withoutBeacon, ['stale']);
    await together([host, mia, tom]);
  });
});

describe('one who sleeps through hundreds of messages', () => {
  it('hears the next one, as after the longest grace time with its three hundred beacons', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    tom.sleep();
    for (let count = 1; count <= 320; count++) host.dispatch({ type: 'locked', locked: count % 2 === 1 });
    host.dispatch({ type: 'role', id: host.idOf('Mia'), role: 'interpreter' });
    await mia.sees(() => mia.shown.interpreting, 'the last of them');
    tom.wake();
    host.dispatch({ type: 'locked', locked: true });
    await tom.sees(() => tom.shown.locked, 'the lock');
    await together([host, mia, tom]);
    assert.deepEqual(tom.problems, []);
  });
});

describe('a commit that some never get', () => {
  it('is sent again to who was asleep while the group changed, without a question', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    tom.sleep();
    const yara = await enter('Yara');
    await host.admits('Yara');
    await host.session.remove(host.idOf('Mia'));
    await host.sees(() => host.others === 'Tom,Yara', 'the change');
    assert.equal(tom.others, 'Beratung,Mia');
    tom.wake();
    await together([host, tom, yara]);
    assert.deepEqual([...host.asked].sort(), ['Mia', 'Tom', 'Yara']);
    await mia.sees(() => mia.state.phase === 'failed', 'her removal');
  });

  it('is sent again where the server withheld it from one, once that one is back on the channel', async () => {
    const { host, mia, tom, server } = await room(['Mia', 'Tom']);
    server.passes = ({ to }) => to !== 'Tom';
    await host.session.remove(host.idOf('Mia'));
    await host.sees(() => host.others === 'Tom', 'Mia gone');
    assert.equal(tom.others, 'Beratung,Mia');
    server.passes = () => true;
    tom.sleep();
    tom.wake();
    await together([host, tom]);
    await mia.sees(() => mia.state.phase === 'failed', 'her removal');
  });

  it('ends, where one gets it never, with a fresh group that has everyone in it, unasked', async () => {
    const { host, mia, tom, server } = await room(['Mia', 'Tom', 'Yara']);
    const code = host.shown.encryption?.safetyCode.join();
    // Until the repair, also what is sent again.
    server.passes = ({ to }) => to !== 'Tom' || host.problems.includes('group-repaired');
    await host.session.remove(host.idOf('Yara'));
    await host.sees(() => host.others === 'Mia,Tom', 'Yara gone');
    assert.equal(tom.others, 'Beratung,Mia,Yara');
    const asked = host.asked.length;
    await hurrying(50, () => host.problems.includes('group-repaired'));
    await together([host, mia, tom]);
    assert.notEqual(host.shown.encryption?.safetyCode.join(), code);
    assert.equal(host.asked.length, asked);
  });

  it('repeated in any order by the server changes nothing', async () => {
    const { host, mia, tom, server } = await room(['Mia', 'Tom']);
    const before = [epoch(host), epoch(mia), epoch(tom)];
    for (const passing of server.seen.toReversed()) server.replay(passing);
    await host.session.remove(host.idOf('Tom'));
    await together([host, mia]);
    assert.deepEqual([epoch(host), epoch(mia)], [(before[0] ?? 0) + 1, (before[1] ?? 0) + 1]);
  });
});
