/** The host's door against members and strangers who use it otherwise than meant (protocol.md §3, §9). */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { random } from '../../../src/e2ee/bytes.ts';
import { until } from '../../support/until.ts';
import { HostDoor } from './host-lobby-fixture.ts';

describe('somebody who comes back', () => {
  let door: HostDoor;
  beforeEach(async () => {
    door = await HostDoor.open();
  });

  it('takes nobody else’s place when removed while the return was under way: the host is asked', async () => {
    const mallory = await door.comes('Mallory');
    const tom = await door.comes('Tom');
    const again = await door.back(mallory);
    const yara = await door.visitor('Yara');
    await door.knocks(yara);
    const leaf = door.leafOf(mallory);
    // Behind something that takes a while: the removal, Yara's admission to the leaf that it frees, and the return.
    let go: (() => void) | undefined;
    const first = door.remove(tom, () => new Promise((resolve) => (go = resolve)));
    const removal = door.remove(mallory);
    const admission = door.lobby.admit([yara.id]);
    // Read when this is over, and then the return is asked for: it waits in the queue behind all that.
    await door.knocks(again);
    await until(
      () => go !== undefined,
      (begun) => begun,
      'the first step to begin',
      { every: 1 },
    );
    assert.equal(door.conversation.underWay, 4);
    go?.();
    await Promise.all([first, removal, admission]);
    await door.settled();
    assert.equal(door.leafOf(yara), leaf);
    assert.deepEqual(door.names, ['Beratung', 'Yara']);
    assert.equal(door.asked.at(-1), 'Mallory');
  });

  it('takes nobody else’s place when removed while waiting under another name', async () => {
    const mallory = await door.comes('Mallory');
    const again = await door.back(mallory, 'Somebody');
    await door.knocks(again);
    const leaf = door.leafOf(mallory);
    await door.remove(mallory);
    const yara = await door.comes('Yara');
    assert.equal(door.leafOf(yara), leaf);
    await door.lobby.admit([again.id]);
    assert.deepEqual(door.names, ['Beratung', 'Yara', 'Somebody']);
  });

  it('is in again without a question, and under which id is known', async () => {
    const mia = await door.comes('Mia');
    const again = await door.back(mia);
    await door.knocks(again);
    await door.settled();
    assert.deepEqual(door.names, ['Beratung', 'Mia']);
    assert.deepEqual(door.asked, ['Mia']);
    assert.equal(door.leafOf(mia), null);
    assert.equal(door.lobby.currentId(mia.id), again.id);
  });

  it('again and again is asked about', async () => {
    const mallory = await door.comes('Mallory');
    const first = await door.back(mallory);
    await door.knocks(first);
    await door.settled();
    const { epoch } = door.group;
    await door.knocks(await door.back(first));
    await door.settled();
    assert.equal(door.group.epoch, epoch);
    assert.deepEqual(door.asked, ['Mallory', 'Mallory']);
  });
});

describe('a flood of knocks', () => {
  it('that repeats one costs nothing, and says of a damaged one once that it is', async () => {
    const door = await HostDoor.open();
    const visitor = await door.visitor('Mallory');
    const damaged = { ...visitor.knock, nonce: toBase64Url(random(32)) };
    const begun = performance.now();
    await door.lobby.receive(visitor.session, damaged);
    const one = performance.now() - begun;
    for (let index = 0; index < 200; index++) await door.lobby.receive(visitor.session, damaged);
    assert.deepEqual(door.problems, ['message-invalid']);
    assert.ok(performance.now() - begun < 50 * one + 200);
    // Nor does it stand in the way of the true one.
    await door.knocks(visitor);
    assert.deepEqual(door.asked, ['Mallory']);
  });

  it('from one session is read four times, then no more for a while, and then it hears that it may knock', async (t) => {
    const door = await HostDoor.open();
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const hellos = (): number => door.sent.filter(({ message }) => message.type === 'hello').length;
    const session = toBase64Url(random(32));
    for (let index = 0; index < 8; index++) await door.knocks(await door.visitor(`M${String(index)}`, null, session));
    assert.deepEqual(door.asked, ['M0', 'M1', 'M2', 'M3']);
    const before = hellos();
    t.mock.timers.tick(5_000);
    assert.equal(hellos(), before + 1);
  });

  it('of many sessions at once is read up to sixteen beside the one, and whoever found no place hears when there is', async () => {
    const door = await HostDoor.open();
    const { knock } = await door.visitor('Mallory');
    const before = door.sent.length;
    await Promise.all(
      Array.from({ length: 60 }, () =>
        door.lobby.receive(toBase64Url(random(32)), { ...knock, nonce: toBase64Url(random(32)) }),
      ),
    );
    assert.ok(door.problems.length <= 17);
    assert.deepEqual(
      door.sent.slice(before).map(({ message }) => message.type),
      ['hello'],
    );
  });
});
