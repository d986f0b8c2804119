/** protocol.md §7: the order in which a new epoch takes effect. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EpochSecrets } from '../../../src/e2ee/mls/group.ts';
import { Members } from '../../../src/room/group/members.ts';
import { EpochEntry } from '../../../src/room/session/epoch-entry.ts';

const secrets = (epoch: number, leaves: Readonly<Record<number, number>>, ownLeaf = 0): EpochSecrets =>
  ({
    epoch: BigInt(epoch),
    ownLeaf,
    safetyCode: ['12345'],
    transcript: Uint8Array.of(1, 2, 3),
    members: Object.entries(leaves).map(([leaf, key]) => ({
      leaf: Number(leaf),
      signatureKey: Uint8Array.of(key),
      identity: Uint8Array.of(key),
      name: `key ${String(key)}`,
      isHost: leaf === '0',
    })),
  }) as unknown as EpochSecrets;

function open(role: 'host' | 'guest' = 'host') {
  const log: string[] = [];
  const members = new Members();
  const name = (id: string): string => members.byId(id)?.name ?? 'one who is gone';
  const entry = new EpochEntry({
    role,
    members,
    epochs: {
      enter: async (_, urgency) => void log.push(`keys ${urgency}`),
      forget: (leaf) => void log.push(`epochs forget ${String(leaf)}`),
      reset: () => void log.push('keys reset'),
    },
    mesh: {
      close: (ids) => void (ids.length > 0 && log.push(`close ${ids.map(name).join()}`)),
      sync: (leaf, others) => void log.push(`links ${String(leaf)}: ${others.map(({ id }) => name(id)).join()}`),
    },
    relay: { forget: () => void log.push('relay forgets'), clear: () => void log.push('relay clear') },
    sender: {
      send: ({ type }) => void log.push(`send ${type}`),
      sync: (leaf) => void log.push(`sync ${String(leaf)}`),
    },
    beacon: { renew: () => void log.push('beacon renewed') },
    broker: { admitted: (keys) => void log.push(`admitted ${String(keys.length)}`) },
    hostLobby: () => (role === 'host' ? { forget: () => void log.push('lobby forgets'), currentId: (id) => id } : null),
    report: (input) => void log.push(`report ${input.type}`),
  });
  return { entry, log };
}

describe('entering an epoch', () => {
  it('installs the keys before the roster is shown and links open, and then tells a new member everything', async () => {
    const { entry, log } = open();
    await entry.enter(secrets(1, { 0: 1, 1: 2 }));
    assert.deepEqual(log, [
      'epochs forget 1',
      'keys when-ready',
      'report roster',
      'admitted 2',
      'links 0: key 2',
      'beacon renewed',
      'send installed',
      'sync 1',
    ]);
  });

  it('closes the link of a removed member before anything else, and switches keys at once', async () => {
    const { entry, log } = open();
    await entry.enter(secrets(1, { 0: 1, 1: 2, 2: 3 }));
    log.length = 0;
    await entry.enter(secrets(2, { 0: 1, 1: 2 }));
    assert.deepEqual(log.slice(0, 6), [
      'close one who is gone',
      'lobby forgets',
      'relay forgets',
      'epochs forget 2',
      'keys now',
      'report roster',
    ]);
  });

  it('leaves it to the host to tell the server which keys were admitted', async () => {
    const { entry, log } = open('guest');
    await entry.enter(secrets(1, { 0: 1, 1: 2 }, 1));
    assert.ok(!log.some((line) => line.startsWith('admitted')));
  });

  it('gives a beacon from three people on, and none after leaving', async () => {
    const { entry, log } = open();
    await entry.enter(secrets(1, { 0: 1, 1: 2 }));
    assert.equal(entry.beaconBody(9), null);
    await entry.enter(secrets(2, { 0: 1, 1: 2, 2: 3 }));
    assert.deepEqual(entry.beaconBody(9), { incarnation: 9, epoch: 2, transcript: 'AQID' });
    log.length = 0;
    entry.leave();
    assert.equal(entry.beaconBody(9), null);
    assert.deepEqual(log, ['relay clear', 'links -1: ', 'keys reset', 'report roster']);
  });
});
