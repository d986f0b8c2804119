/** What a reload brings back, and that nothing depends on it. */
import { expect } from '@open-wc/testing';
import { createInvite } from '../../../src/invite.ts';
import { Room } from '../../../src/room/room.ts';
import { loadRecord } from '../../../src/room/setup/load-record.ts';
import { clearRecord, KEY } from '../../../src/room/setup/record-storage.ts';
import { saveRecord, touchRecord } from '../../../src/room/setup/save-record.ts';
import { lockName, TabLock } from '../../../src/room/setup/tab-lock.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { record } from '../record.ts';

const config = {
  operator: { name: 'Beratungsstelle', country: 'DE' },
  servers: [{ role: 'signaling', operator: 'Beratungsstelle', country: 'DE' }],
};
const invite = async (): Promise<string> => new URL((await createInvite({ base: location.href })).guestLink).hash;

describe('the reload record', () => {
  const { now } = Date;
  const later = (milliseconds: number): void => {
    const at = now() + milliseconds;
    Date.now = () => at;
  };
  afterEach(() => {
    Date.now = now;
    sessionStorage.clear();
  });

  it('is young as long as its session lives, however long ago it changed', async () => {
    saveRecord(record('i'));
    later(90_000);
    touchRecord();
    later(130_000);
    expect((await loadRecord(120))?.name).to.equal('Mond');
  });

  it('is deleted unread when it is older than the grace time', async () => {
    saveRecord(record('i'));
    later(121_000);
    expect(await loadRecord(120)).to.equal(null);
    expect(sessionStorage.length).to.equal(0);
  });

  it('is deleted unread when it comes from the future, as of a clock that was set back', async () => {
    saveRecord(record('i'));
    later(-3_600_000);
    expect(await loadRecord(120)).to.equal(null);
    expect(sessionStorage.length).to.equal(0);
  });

  it('is not made by touching what is not there', () => {
    touchRecord();
    expect(sessionStorage.length).to.equal(0);
  });

  it('is missed by nothing when site data is blocked, where reading the storage throws', async () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'sessionStorage')!;
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
    try {
      saveRecord(record('i'));
      touchRecord();
      clearRecord();
      expect(await loadRecord(120)).to.equal(null);
      const room = new Room({ invite: await invite(), config, signaling: 'broadcast:' });
      await room.start();
      expect(room.state.phase).to.equal('notice');
      room.discard();
      const without = new Room({ config });
      await without.start();
      expect(without.state).to.include({ phase: 'failed', code: 'invite-missing' });
    } finally {
      Object.defineProperty(globalThis, 'sessionStorage', own);
    }
  });
});

/** Holds the lock as another tab does. @returns what lets it go */
async function holdElsewhere(): Promise<() => void> {
  return new Promise((held) => {
    void navigator.locks.request(lockName('tab'), () => new Promise<void>((letGo) => held(letGo)));
  });
}

describe('a duplicated tab', () => {
  afterEach(() => sessionStorage.clear());

  it('does not take the session over from the tab that holds it, and says where it goes on', async () => {
    const token = await invite();
    saveRecord(record(token));
    const letGo = await holdElsewhere();
    const room = new Room({ config, signaling: 'broadcast:' });
    await room.start();
    expect(room.state).to.include({ phase: 'failed', code: 'tab-duplicated' });
    expect(sessionStorage.length).to.equal(0);
    letGo();
  });

  it('is not what a reload is: the tab that goes lets the lock go', async () => {
    const token = await invite();
    saveRecord(record(token));
    const letGo = await holdElsewhere();
    // On a busy device the page before ends seconds after this one began.
    setTimeout(letGo, 2_500);
    const room = new Room({ config, signaling: 'broadcast:' });
    await room.start();
    expect(room.state.phase).to.equal('waiting');
    room.leave();
    // Free again for whatever opens the link next.
    const next = new TabLock('tab');
    expect(await next.acquire()).to.equal(true);
    next.release();
  });

  it('is not what a second mount is: a room that is replaced before the lock is granted shares it', async () => {
    const replaced = new TabLock('tab');
    const next = new TabLock('tab');
    expect(await Promise.all([replaced.acquire(), next.acquire()])).to.deep.equal([true, true]);
    next.release();
    // One that ends meanwhile keeps nothing.
    const ended = new TabLock('tab');
    const asked = ended.acquire();
    ended.release();
    await asked;
    await waitUntil(async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return [...held, ...pending].every(({ name }) => name !== lockName('tab'));
    }, 'free');
  });

  it('is not what a slow device makes of a reload: the page stands still while it is granted the lock', async () => {
    const letGo = await holdElsewhere();
    const lock = new TabLock('tab');
    const asked = lock.acquire(500);
    letGo();
    // The browser hears of it in what is still to be done of this task.
    for (let step = 0; step < 10; step++) await Promise.resolve();
    const end = performance.now() + 750;
    while (performance.now() < end);
    expect(await asked).to.equal(true);
    lock.release();
  });

  it('asks again once the other tab may have let go', async () => {
    const letGo = await holdElsewhere();
    const lock = new TabLock('tab');
    expect(await lock.acquire(100)).to.equal(false);
    letGo();
    expect(await lock.acquire()).to.equal(true);
    lock.release();
  });

  it('is not what a second opening of the link is: both can be reloaded, and each has duplicates of its own', async () => {
    const token = await invite();
    // The first opening runs in this page, the second in another one of this origin.
    const first = new TabLock();
    expect(await first.acquire()).to.equal(true);
    const second = new TabLock();
    expect(second.tab).to.not.equal(first.tab);
    saveRecord({ ...record(token), tab: second.tab });
    const room = new Room({ config, signaling: 'broadcast:' });
    await room.start();
    expect(room.state.phase).to.equal('waiting');
    // It holds the lock of its own tab, and says so in its record.
    await waitUntil(async () => {
      const { held = [] } = await navigator.locks.query();
      return held.some(({ name }) => name === lockName(second.tab));
    }, 'held');
    room.leave();
    first.release();
  });

  it('of a new session has a lock of its own, which its record names', async () => {
    const room = new Room({ invite: await invite(), config, signaling: 'broadcast:' });
    const { consent } = record('');
    await room.start();
    room.acceptNotice(consent);
    await room.useDevices({ camera: { kind: 'none' }, microphone: { kind: 'none' } });
    room.acceptRules('de');
    room.declareOccupants([]);
    room.join();
    const saved = (): { readonly tab?: string } => JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as object;
    await waitUntil(() => saved().tab !== undefined, `the record, ${JSON.stringify(room.state)}`);
    const { tab = '' } = saved();
    await waitUntil(async () => {
      const { held = [] } = await navigator.locks.query();
      return held.some(({ name }) => name === lockName(tab));
    }, 'held');
    room.leave();
  });
});
