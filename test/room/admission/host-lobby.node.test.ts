/** The host's lobby against members and strangers who misuse it (protocol.md §3, §9). */
import assert from 'node:assert/strict';
import process from 'node:process';
import { beforeEach, describe, it } from 'node:test';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { random } from '../../../src/e2ee/bytes.ts';
import { until } from '../../support/until.ts';
import { TestHost } from './host-lobby-fixture.ts';

describe('a returning guest', () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await TestHost.open();
  });

  it('needs the host’s answer when it was removed during its return', async () => {
    const mallory = await host.comes('Mallory');
    const tom = await host.comes('Tom');
    const again = await host.back(mallory);
    const yara = await host.visitor('Yara');
    await host.knocks(yara);
    const leaf = host.leafOf(mallory);
    // Behind something that takes a while: the removal, Yara's admission to the leaf that it frees, and the return.
    let go: (() => void) | undefined;
    const first = host.remove(tom, () => new Promise((resolve) => (go = resolve)));
    const removal = host.remove(mallory);
    const admission = host.admits(yara);
    // Read when this is over, and then the return is asked for: it waits in the queue behind all that.
    await host.knocks(again);
    await until(
      () => go !== undefined,
      (begun) => begun,
      'the first step to begin',
      { every: 1 },
    );
    assert.equal(host.groupChannel.underWay, 4);
    go?.();
    await Promise.all([first, removal, admission]);
    await host.settled();
    assert.equal(host.leafOf(yara), leaf);
    assert.deepEqual(host.names, ['Beratung', 'Yara']);
    assert.equal(host.asked.at(-1), 'Mallory');
  });

  it('needs the host’s answer when it was removed while waiting under another name', async () => {
    const mallory = await host.comes('Mallory');
    const again = await host.back(mallory, 'Somebody');
    await host.knocks(again);
    const leaf = host.leafOf(mallory);
    await host.remove(mallory);
    const yara = await host.comes('Yara');
    assert.equal(host.leafOf(yara), leaf);
    await host.admits(again);
    assert.deepEqual(host.names, ['Beratung', 'Yara', 'Somebody']);
  });

  it('is readmitted without a question, with its former id', async () => {
    const mia = await host.comes('Mia');
    const again = await host.back(mia);
    await host.knocks(again);
    await host.settled();
    assert.deepEqual(host.names, ['Beratung', 'Mia']);
    assert.deepEqual(host.asked, ['Mia']);
    assert.equal(host.leafOf(mia), null);
    assert.equal(host.lobby.currentId(mia.id), again.id);
  });

  it('is known by the key that it had, whether it comes in by itself, by the host, or is refused', async () => {
    const [mia, tom] = [await host.comes('Mia'), await host.comes('Tom')];
    assert.deepEqual(host.returned, []);
    const again = await host.back(mia);
    await host.knocks(again);
    await host.settled();
    await host.remove(tom);
    for (const answer of ['refuse', 'admit'] as const) {
      const visitor = await host.back(tom);
      await host.knocks(visitor);
      if (answer === 'admit') await host.admits(visitor);
      else await host.refuses(visitor);
      const [before, now]: Partial<TestHost['returned'][number]> = host.returned.at(-1) ?? [];
      assert.deepEqual(before, tom.own.leafKey.publicKey);
      assert.deepEqual(now, answer === 'admit' ? visitor.own.leafKey.publicKey : null);
    }
    assert.deepEqual(host.returned[0], [mia.own.leafKey.publicKey, again.own.leafKey.publicKey]);
    assert.equal(host.returned.length, 3);
  });

  it('needs the host’s answer when it returns too often, or patience', async (t) => {
    const start = performance.now();
    const now = t.mock.method(performance, 'now', () => start);
    const mallory = await host.comes('Mallory');
    const first = await host.back(mallory);
    await host.knocks(first);
    await host.settled();
    const { epoch } = host.group;
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const again = await host.back(first);
    await host.knocks(again);
    t.mock.timers.tick(19_999);
    await host.settled();
    assert.equal(host.group.epoch, epoch);
    assert.deepEqual(host.asked, ['Mallory', 'Mallory']);
    now.mock.mockImplementation(() => start + 20_000);
    t.mock.timers.tick(1);
    await host.settled();
    assert.deepEqual(host.names, ['Beratung', 'Mallory']);
    assert.equal(host.lobby.currentId(mallory.id), again.id);
  });

  it('stays outside when it was removed while it had to wait', async (t) => {
    const start = performance.now();
    const now = t.mock.method(performance, 'now', () => start);
    const mallory = await host.comes('Mallory');
    const first = await host.back(mallory);
    await host.knocks(first);
    await host.settled();
    t.mock.timers.enable({ apis: ['setTimeout'] });
    await host.knocks(await host.back(first));
    await host.remove(first);
    now.mock.mockImplementation(() => start + 20_000);
    t.mock.timers.tick(20_000);
    await host.settled();
    assert.deepEqual(host.names, ['Beratung']);
    assert.equal(host.asked.at(-1), 'Mallory');
  });

  it('comes in again when its page was gone before the Welcome came, as often as that happens', async () => {
    const mia = await host.comes('Mia');
    const known = await host.credentials(mia);
    host.lobby.onHeard({ signatureKey: mia.own.leafKey.publicKey });
    // As from the record of a host that has reloaded: a key of it counts once.
    const next = await TestHost.open(
      { readmitted: [{ keys: [toBase64Url(mia.own.leafKey.publicKey)], interpreter: false, followed: true }] },
      host,
    );
    const visitors = [await next.visitor('Mia', known), await next.visitor('Mia', known)] as const;
    for (const visitor of visitors) {
      await next.knocks(visitor);
      await next.settled();
    }
    assert.deepEqual(next.asked, []);
    assert.deepEqual(next.names, ['Beratung', 'Mia']);
    assert.deepEqual(
      visitors.map((visitor) => next.leafOf(visitor) !== null),
      [false, true],
    );
    assert.equal(next.lobby.currentId(visitors[0].id), visitors[1].id);
    // Who is told of returns knows the member by the key that it had in this room.
    const keys = [mia, ...visitors].map(({ own }) => own.leafKey.publicKey);
    assert.deepEqual(next.returned, [keys.slice(0, 2), keys.slice(1)]);
  });

  it('is told of before its Welcome is sent, under all its keys, for a page of the host after this one', async () => {
    const mia = await host.comes('Mia');
    const back = await host.back(mia);
    await host.knocks(back);
    await host.settled();
    const [before, now] = [mia, back].map(({ own }) => toBase64Url(own.leafKey.publicKey));
    assert.deepEqual(host.coming, [
      { keys: [[before]], sent: ['hello'] },
      { keys: [[now, before]], sent: ['hello', 'welcome'] },
    ]);
    assert.deepEqual(host.lobby.coming, []);
  });

  it('comes in again when its page was gone while it was being let in', async () => {
    const mia = await host.comes('Mia');
    const known = await host.credentials(mia);
    const next = await TestHost.open(
      { readmitted: [{ keys: [toBase64Url(mia.own.leafKey.publicKey)], interpreter: false, followed: true }] },
      host,
    );
    const [gone, back] = [await next.visitor('Mia', known), await next.visitor('Mia', known)];
    // Something else takes a while before it.
    let go: (() => void) | undefined;
    const first = next.groupChannel.commit(
      () => ({ add: [], remove: [] }),
      () => new Promise((resolve) => (go = resolve)),
    );
    await next.knocks(gone);
    const knock = next.knocks(back);
    await until(
      () => go !== undefined,
      (begun) => begun,
      'the first step to begin',
      { every: 1 },
    );
    go?.();
    await Promise.all([first, knock]);
    await next.settled();
    assert.deepEqual(next.asked, []);
    assert.deepEqual([next.names, next.leafOf(back) !== null], [['Beratung', 'Mia'], true]);
  });

  it('is known by the earlier key no longer once the group has heard it', async () => {
    const mia = await host.comes('Mia');
    const known = await host.credentials(mia);
    const back = await host.visitor('Mia', known);
    await host.knocks(back);
    await host.settled();
    assert.deepEqual(host.lobby.keysOf({ signatureKey: back.own.leafKey.publicKey }).length, 2);
    host.lobby.onHeard({ signatureKey: back.own.leafKey.publicKey });
    const thief = await host.visitor('Mia', known);
    await host.knocks(thief);
    await host.settled();
    assert.notEqual(host.leafOf(back), null);
    assert.deepEqual(host.asked, ['Mia', 'Mia']);
  });
});

describe('a flood of knocks', () => {
  it('costs nothing when it repeats one, and reports a damaged one once', async () => {
    const host = await TestHost.open();
    const visitor = await host.visitor('Mallory');
    const damaged = { ...visitor.knock, nonce: toBase64Url(random(32)) };
    // Of this process alone: a busy machine lets others run in between.
    const spent = (): number => process.cpuUsage().user / 1000;
    const begun = spent();
    await host.lobby.receive(visitor.session, damaged);
    const one = spent() - begun;
    for (let index = 0; index < 200; index++) await host.lobby.receive(visitor.session, damaged);
    assert.deepEqual(host.problems, ['message-invalid']);
    assert.ok(spent() - begun < 50 * one + 200);
    // Nor does it stand in the way of the true one.
    await host.knocks(visitor);
    assert.deepEqual(host.asked, ['Mallory']);
  });

  it('is read four times per session, then later after a new invitation to knock', async (t) => {
    const host = await TestHost.open();
    t.mock.timers.enable({ apis: ['setTimeout'] });
    // Eight visitors take a busy machine seconds, and a session that is five seconds older is read once more.
    const start = performance.now();
    t.mock.method(performance, 'now', () => start);
    const hellos = (): number => host.sent.filter(({ message }) => message.type === 'hello').length;
    const session = toBase64Url(random(32));
    for (let index = 0; index < 8; index++) await host.knocks(await host.visitor(`M${String(index)}`, null, session));
    assert.deepEqual(host.asked, ['M0', 'M1', 'M2', 'M3']);
    const before = hellos();
    t.mock.timers.tick(5_000);
    assert.equal(hellos(), before + 1);
  });

  it('is read up to sixteen at once, and invites the others when there is a free place', async () => {
    const host = await TestHost.open();
    const { knock } = await host.visitor('Mallory');
    const before = host.sent.length;
    await Promise.all(
      Array.from({ length: 60 }, () =>
        host.lobby.receive(toBase64Url(random(32)), { ...knock, nonce: toBase64Url(random(32)) }),
      ),
    );
    assert.ok(host.problems.length <= 17);
    assert.deepEqual(
      host.sent.slice(before).map(({ message }) => message.type),
      ['hello'],
    );
  });
});

describe('a press on a knock', () => {
  it('[R13] admits and refuses nobody when the knock is another one than the host saw', async () => {
    const host = await TestHost.open();
    const mia = await host.visitor('Mia');
    await host.knocks(mia);
    const stale = { id: mia.id, shown: 'what was shown under this id before' };
    await host.lobby.admit([stale]);
    await host.lobby.refuse(stale);
    await host.settled();
    assert.deepEqual(host.names, ['Beratung']);
    assert.deepEqual(host.problems, ['changed-meanwhile', 'changed-meanwhile']);
    assert.equal(
      host.sent.some(({ message }) => message.type === 'refused'),
      false,
    );
    await host.admits(mia);
    assert.deepEqual(host.names, ['Beratung', 'Mia']);
  });

  it('is answered again when the answer was lost: the same knock asks the host nothing', async (t) => {
    const host = await TestHost.open();
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const [mia, tom] = [await host.visitor('Mia'), await host.visitor('Tom')];
    for (const visitor of [mia, tom]) await host.knocks(visitor);
    await host.admits(mia);
    const hashOf = (id: string): string =>
      host.reports.flatMap((one) => (one.type === 'knocked' && one.knock.id === id ? [one.knock.hash] : []))[0] ?? '';
    await host.lobby.refuse({ id: tom.id, shown: hashOf(tom.id) });
    for (const [visitor, type] of [
      [mia, 'welcome'],
      [tom, 'refused'],
    ] as const) {
      const answers = () =>
        host.sent.filter(({ session, message }) => session === visitor.session && message.type === type);
      const [first] = answers();
      await host.knocks(visitor);
      assert.deepEqual(answers(), [first, first], type);
      // Anyone with the link can repeat a knock.
      await host.knocks(visitor);
      assert.equal(answers().length, 2);
      t.mock.timers.tick(2_000);
      assert.equal(answers().length, 3);
    }
    assert.deepEqual(host.asked, ['Mia', 'Tom']);
    // Another session holds none of these keys.
    await host.lobby.receive(toBase64Url(random(32)), tom.knock);
    assert.equal(host.sent.filter(({ message }) => message.type === 'refused').length, 3);
  });
});

describe('a locked room', () => {
  let host: TestHost;
  let locked: boolean;
  beforeEach(async () => {
    locked = false;
    host = await TestHost.open({ isLocked: () => locked });
  });
  const answersTo = ({ session }: { readonly session: string }): readonly string[] =>
    host.sent.filter((one) => one.session === session).map(({ message }) => message.type);

  it('asks about nobody new, says so, and asks when the same knock comes to the unlocked room', async () => {
    const tom = await host.visitor('Tom');
    locked = true;
    await host.knocks(tom);
    await host.knocks(tom);
    assert.deepEqual(host.asked, []);
    await until(
      () => answersTo(tom),
      (answers) => answers.length > 0,
      'an answer',
    );
    assert.deepEqual(answersTo(tom), ['locked']);
    locked = false;
    await host.knocks(tom);
    assert.deepEqual(host.asked, ['Tom']);
    await host.admits(tom);
    assert.deepEqual(host.names, ['Beratung', 'Tom']);
  });

  it('lets a member who reloads come back without a question', async () => {
    const mia = await host.comes('Mia');
    locked = true;
    await host.knocks(await host.back(mia));
    await host.settled();
    assert.deepEqual(host.names, ['Beratung', 'Mia']);
    assert.deepEqual(host.asked, ['Mia']);
  });

  it('asks about a person who was in it before and was away too long', async () => {
    const mia = await host.comes('Mia');
    const again = await host.back(mia);
    await host.remove(mia);
    locked = true;
    await host.knocks(again);
    assert.deepEqual(host.asked, ['Mia', 'Mia']);
  });

  it('keeps asking about those who waited when it was locked', async () => {
    const tom = await host.visitor('Tom');
    await host.knocks(tom);
    locked = true;
    await host.admits(tom);
    assert.deepEqual(host.names, ['Beratung', 'Tom']);
  });
});

describe('a guest who goes while its knock is being opened', () => {
  it('leaves no knock behind, and the same knock counts when it is back', async () => {
    let isPresent = false;
    const host = await TestHost.open({ isPresent: () => isPresent });
    const tom = await host.visitor('Tom');
    await host.knocks(tom);
    assert.deepEqual(host.asked, []);
    isPresent = true;
    await host.knocks(tom);
    assert.deepEqual(host.asked, ['Tom']);
  });
});
