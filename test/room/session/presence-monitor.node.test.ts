/** protocol.md §9: who counts as lost. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { PresenceMonitor } from '../../../src/room/session/presence-monitor.ts';
import type { Participant } from '../../../src/room/state/state.ts';

interface Person {
  id: string;
  host: boolean;
  connection: Participant['connection'];
}

describe('a participant is lost', () => {
  const open: PresenceMonitor[] = [];
  afterEach(() => {
    for (const monitor of open.splice(0)) monitor.close();
  });

  function watch(role: 'host' | 'guest', people: Person[], present: Set<string>) {
    const lost: string[] = [];
    const back: string[] = [];
    const monitor = new PresenceMonitor({
      graceSeconds: 60,
      role,
      participants: () => people,
      isPresent: (id) => present.has(id),
      onLost: (id) => void lost.push(id),
      onBack: (id) => void back.push(id),
    });
    open.push(monitor);
    return { monitor, lost, back };
  }
  const person = (id: string, connection: Participant['connection'] = 'interrupted', host = false): Person => ({
    id,
    host,
    connection,
  });

  it('when neither connected nor on the channel for longer than the grace time, and is reported once', () => {
    const { monitor, lost } = watch('host', [person('mia')], new Set());
    monitor.check(0);
    monitor.check(60_000);
    assert.deepEqual(lost, []);
    monitor.check(60_001);
    assert.deepEqual(lost, ['mia']);
    monitor.check(60_002);
    assert.deepEqual(lost, ['mia']);
  });

  it('and back when present again, which is reported once', () => {
    const present = new Set<string>();
    const { monitor, lost, back } = watch('guest', [person('host', 'failed', true)], present);
    for (const now of [0, 60_001]) monitor.check(now);
    assert.deepEqual([lost, back], [['host'], []]);
    present.add('host');
    for (const now of [61_000, 62_000]) monitor.check(now);
    assert.deepEqual([lost, back], [['host'], ['host']]);
  });

  it('not while connected, nor while on the channel: the time starts again', () => {
    const mia = person('mia');
    const present = new Set<string>();
    const { monitor, lost } = watch('host', [mia], present);
    monitor.check(0);
    present.add('mia');
    monitor.check(50_000);
    present.delete('mia');
    mia.connection = 'connected';
    monitor.check(100_000);
    mia.connection = 'failed';
    monitor.check(160_000);
    assert.deepEqual(lost, []);
    monitor.check(160_001);
    assert.deepEqual(lost, ['mia']);
  });

  it('for a guest only when it is the host', () => {
    const { monitor, lost } = watch('guest', [person('host', 'failed', true), person('mia')], new Set());
    monitor.check(0);
    monitor.check(70_000);
    assert.deepEqual(lost, ['host']);
  });

  it('not by the time before it left and came back', () => {
    const people = [person('mia')];
    const { monitor, lost } = watch('host', people, new Set());
    monitor.check(0);
    people.length = 0;
    monitor.check(50_000);
    people.push(person('mia'));
    monitor.check(100_000);
    monitor.check(160_000);
    assert.deepEqual(lost, []);
  });
});
