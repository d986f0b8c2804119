/** protocol.md §9: what a reload restores, and what it does not. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { random } from '../../../src/e2ee/bytes.ts';
import { generateLeafKey } from '../../../src/e2ee/mls/leaf-key.ts';
import { loadRecord } from '../../../src/room/setup/load-record.ts';
import { clearRecord } from '../../../src/room/setup/record-storage.ts';
import type { ReloadRecord } from '../../../src/room/setup/reload-record.ts';
import { saveRecord, touchRecord } from '../../../src/room/setup/save-record.ts';
import { choice, consent, rules } from '../states.ts';

const GRACE = 120;

/** A storage in memory, with everything that is in it. */
function memory() {
  const entries = new Map<string, string>();
  return {
    entries,
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
  };
}
const forbidden = {
  getItem: () => assert.fail('forbidden'),
  setItem: () => assert.fail('forbidden'),
  removeItem: () => assert.fail('forbidden'),
};

async function record(): Promise<ReloadRecord> {
  const admission = {
    hostSession: random(16),
    groupId: random(16),
    epoch: 2n ** 60n,
    guestNonce: random(32),
    welcomeHash: random(48),
    signature: random(96),
    delegation: random(320),
    keyPackage: random(600),
  };
  return {
    tab: 'tab',
    invite: 'token',
    name: 'Mia',
    consent,
    rules,
    receipts: { key: await generateLeafKey(), list: [] },
    choice,
    people: ['Tom'],
    shown: { camera: false, microphone: true, blur: 'picture' },
    admitted: {
      rank: { since: 3, incarnation: 7 },
      followed: { hello: 'h', spki: 's', delegation: 'd' },
      credentials: { leafKey: await generateLeafKey(), admission },
    },
    lead: {
      role: 'guest',
      since: 3,
      signed: 2,
      named: ['k'],
      held: { own: { spki: random(120), pkcs8: random(185) }, encoded: random(320), root: random(120) },
    },
    room: {
      locked: true,
      rank: { since: 4, incarnation: 5 },
      members: [{ keys: ['k', 'before'], interpreter: true }],
    },
    code: { index: 1, wrong: 4 },
  };
}

const at = (t: TestContext, now: number): void => {
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ['Date'], now });
};

describe('the reload record', () => {
  it('is restored whole, keys included', async () => {
    const [storage, saved] = [memory(), await record()];
    saveRecord(saved, storage);
    assert.deepEqual(await loadRecord(GRACE, storage), saved);
  });

  it('is restored without admission and receipts when there were none', async () => {
    const [storage, saved] = [
      memory(),
      { ...(await record()), receipts: null, admitted: null, lead: null, room: null },
    ];
    saveRecord(saved, storage);
    assert.deepEqual(await loadRecord(GRACE, storage), saved);
  });

  it('is restored until the grace time is over, and deleted afterwards', async (t) => {
    const storage = memory();
    at(t, 0);
    saveRecord(await record(), storage);
    at(t, GRACE * 1000);
    assert.notEqual(await loadRecord(GRACE, storage), null);
    at(t, GRACE * 1000 + 1);
    assert.equal(await loadRecord(GRACE, storage), null);
    assert.equal(storage.entries.size, 0);
  });

  it('is restored for another grace time when the session was alive meanwhile', async (t) => {
    const storage = memory();
    at(t, 0);
    saveRecord(await record(), storage);
    at(t, GRACE * 1000);
    touchRecord(storage);
    at(t, 2 * GRACE * 1000);
    assert.notEqual(await loadRecord(GRACE, storage), null);
  });

  it('is restored when the clock was set back a little, and deleted when it comes from far in the future', async (t) => {
    const storage = memory();
    at(t, GRACE * 1000 + 1);
    saveRecord(await record(), storage);
    at(t, 1);
    assert.notEqual(await loadRecord(GRACE, storage), null);
    at(t, 0);
    assert.equal(await loadRecord(GRACE, storage), null);
    assert.equal(storage.entries.size, 0);
  });

  it('is not created by a sign of life', () => {
    const storage = memory();
    touchRecord(storage);
    assert.equal(storage.entries.size, 0);
  });

  it('is null and deleted when it is invalid in any part', async () => {
    const storage = memory();
    saveRecord(await record(), storage);
    const [[key, valid] = ['', '']] = storage.entries;
    const parsed = JSON.parse(valid) as Record<string, unknown>;
    const admitted = parsed['admitted'] as Record<string, unknown>;
    const damaged: readonly string[] = [
      'no JSON',
      '[]',
      JSON.stringify({ ...parsed, name: 1 }),
      JSON.stringify({ ...parsed, added: true }),
      JSON.stringify({ ...parsed, invite: undefined }),
      JSON.stringify({ ...parsed, admitted: { ...admitted, groupId: '!' } }),
      JSON.stringify({ ...parsed, admitted: { ...admitted, epoch: 'x' } }),
      JSON.stringify({ ...parsed, receipts: { publicKey: '', pkcs8: '', list: '[{}]' } }),
    ];
    for (const text of damaged) {
      storage.entries.set(key, text);
      assert.equal(await loadRecord(GRACE, storage), null, text.slice(0, 80));
      assert.equal(storage.entries.size, 0, text.slice(0, 80));
    }
  });

  it('leaves nothing behind when it is cleared', async () => {
    const storage = memory();
    saveRecord(await record(), storage);
    clearRecord(storage);
    assert.deepEqual([...storage.entries], []);
  });

  it('is null, and no call throws, when storage is forbidden', async () => {
    saveRecord(await record(), forbidden);
    touchRecord(forbidden);
    assert.equal(await loadRecord(GRACE, forbidden), null);
    clearRecord(forbidden);
  });
});
