/** A room that shows what it is given and notes what it was asked. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeRoom, participant, snapshot } from '../../src/testing/testing.ts';

describe('a fake room', () => {
  it('notes what it was asked, and changes nothing', async () => {
    const room = new FakeRoom(snapshot.notice());
    room.rename('Wolke');
    await room.useDevices({ camera: { kind: 'none' }, microphone: { kind: 'none' } });
    room.admit('k1');
    assert.deepEqual(room.calls, [
      ['rename', 'Wolke'],
      ['useDevices', { camera: { kind: 'none' }, microphone: { kind: 'none' } }],
      ['admit', 'k1'],
    ]);
    assert.deepEqual(room.state, snapshot.notice());
  });

  it('dispatches at each step the events that a room dispatches', () => {
    const room = new FakeRoom(snapshot.waiting());
    const heard: string[] = [];
    for (const type of ['change', 'phase', 'participant', 'path', 'error'] as const)
      room.addEventListener(type, (event) =>
        heard.push(`${event.type} ${JSON.stringify('detail' in event ? event.detail : '')}`),
      );
    room.set(snapshot.active({ participants: [participant()] }));
    room.set(snapshot.active({ participants: [participant({ path: 'relay' })] }));
    room.set(snapshot.failed('invite-expired'));
    assert.deepEqual(
      heard.map((line) => line.split(' ')[0]),
      ['change', 'phase', 'participant', 'change', 'participant', 'path', 'change', 'phase', 'participant', 'error'],
    );
    assert.match(heard.at(-1) ?? '', /"code":"invite-expired"/u);
  });

  it('gives a snapshot that nobody can change', () => {
    const room = new FakeRoom(snapshot.notice());
    assert.ok(Object.isFrozen(room.state));
    room.set(snapshot.devices());
    assert.ok(Object.isFrozen(room.state));
  });
});
