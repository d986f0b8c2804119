/** Orders and signs between real sessions, with members and a server who want something else (protocol.md §12). */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { meet, together } from './people.ts';

let close: () => Promise<unknown> = async () => undefined;
afterEach(() => close());

async function room(names: readonly string[]) {
  const met = await meet(names);
  close = met.close;
  const [first, second] = met.guests;
  assert.ok(first && second);
  return { ...met, mia: first, tom: second };
}

describe('the host’s orders', () => {
  it('mute one, then everyone, and ask; nobody’s microphone goes on', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    host.session.signs.mute(host.idOf('Mia'));
    await mia.sees(() => mia.shown.hostAbout === 'muted', 'that it is muted');
    assert.deepEqual([mia.shown.media.microphone, tom.shown.media.microphone], [false, true]);
    await tom.sees(() => tom.shown.participants.some((p) => p.name === 'Mia' && !p.media.microphone), 'Mia muted');
    host.session.signs.mute('everyone');
    await tom.sees(() => tom.shown.hostAbout === 'muted', 'that it is muted');
    assert.equal(host.shown.media.microphone, true);
    host.session.signs.askToUnmute(host.idOf('Mia'));
    await mia.sees(() => mia.shown.hostAbout === 'unmute-request', 'the request');
    assert.equal(mia.shown.media.microphone, false);
  });

  it('sent by a guest, with a client of its own, change nothing for anyone', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    mia.session.signs.mute(mia.idOf('Tom'));
    mia.session.sender.send({ type: 'mute', body: {} }, 'everyone');
    mia.session.sender.send({ type: 'unmute-request', body: {} }, 'everyone');
    const own = tom.idOf('Mia');
    mia.session.sender.send({ type: 'room-order', body: { locked: true, interpreters: [own] } }, 'everyone');
    // What comes after it has been handled proves that it was.
    mia.dispatch({ type: 'hand', raised: true });
    for (const other of [host, tom])
      await other.sees(() => other.shown.participants.some(({ hand }) => hand), 'the hand');
    for (const other of [host, tom]) {
      assert.deepEqual(
        [other.shown.media.microphone, other.shown.hostAbout, other.shown.locked],
        [true, 'nothing', false],
      );
      assert.ok(other.shown.participants.every(({ role }) => role === null));
    }
  });

  it('reach a person who comes later, and a raised hand does', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    host.dispatch({ type: 'role', id: host.idOf('Tom'), role: 'interpreter' });
    mia.dispatch({ type: 'hand', raised: true });
    const yara = await enter('Yara');
    await host.admits('Yara');
    await together([host, mia, tom, yara]);
    const seen = (): readonly unknown[] => yara.shown.participants.map(({ name, role, hand }) => [name, role, hand]);
    await yara.sees(() => yara.shown.participants.some(({ role }) => role), 'the interpreter');
    await yara.sees(() => yara.shown.participants.some(({ hand }) => hand), 'the hand');
    assert.deepEqual(
      new Set(seen()),
      new Set([
        ['Beratung', null, false],
        ['Mia', null, true],
        ['Tom', 'interpreter', false],
      ]),
    );
  });

  it('replayed by the server are obeyed once', async () => {
    const { host, mia, server } = await room(['Mia', 'Tom']);
    host.session.signs.mute(host.idOf('Mia'));
    await mia.sees(() => mia.shown.hostAbout === 'muted', 'that it is muted');
    mia.dispatch({ type: 'media', media: { microphone: true } });
    for (const passing of server.seen) server.replay(passing);
    mia.dispatch({ type: 'hand', raised: true });
    await host.sees(() => host.shown.participants.some(({ hand }) => hand), 'the hand');
    host.dispatch({ type: 'hand', raised: true });
    await mia.sees(() => mia.shown.participants.some(({ hand }) => hand), 'the host’s hand');
    assert.equal(mia.shown.media.microphone, true);
  });
});

describe('a locked room', () => {
  it('tells a stranger so, and asks about them once it is unlocked', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    host.dispatch({ type: 'locked', locked: true });
    await mia.sees(() => mia.shown.locked, 'the lock');
    const yara = await enter('Yara');
    await yara.sees(() => yara.shown.knocking === 'locked', 'that the room is locked');
    assert.deepEqual([...host.asked].sort(), ['Mia', 'Tom']);
    host.dispatch({ type: 'locked', locked: false });
    await host.admits('Yara');
    await together([host, mia, tom, yara]);
  });
});

describe('a thousand raised hands', () => {
  it('are one raised hand, and the room goes on', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    for (let index = 0; index < 1000; index++)
      mia.session.sender.send({ type: 'hand', body: { raised: index % 2 === 0 } }, 'everyone');
    mia.session.sender.send({ type: 'hand', body: { raised: true } }, 'everyone');
    await host.session.remove(host.idOf('Tom'));
    await together([host, mia]);
    const changes = host.inputs.filter(({ type }) => type === 'their-hand').length;
    assert.ok(changes < 60, String(changes));
    await tom.sees(() => tom.state.phase === 'failed', 'his removal');
  });
});
