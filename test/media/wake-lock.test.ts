/** [R6] The screen lock: requested once, requested again when the tab returns, and released at the end. */
import { expect } from '@open-wc/testing';
import { WakeLock } from '../../src/media/wake-lock.ts';
import { waitUntil } from '../support/wait-until.ts';

interface Sentinel {
  released: boolean;
  release(): Promise<void>;
}

describe('[R6] the wake lock', () => {
  const original = Object.getOwnPropertyDescriptor(navigator, 'wakeLock');
  let sentinels: Sentinel[];

  function provide(request: () => Promise<Sentinel>): void {
    Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: { request } });
  }

  beforeEach(() => {
    sentinels = [];
    provide(async () => {
      const sentinel: Sentinel = {
        released: false,
        release: async () => {
          sentinel.released = true;
          return Promise.resolve();
        },
      };
      sentinels.push(sentinel);
      return Promise.resolve(sentinel);
    });
  });

  afterEach(() => {
    if (original) Object.defineProperty(navigator, 'wakeLock', original);
    else Reflect.deleteProperty(navigator, 'wakeLock');
  });

  it('is requested once, again when the tab becomes visible, and released at the end', async () => {
    const lock = new WakeLock();
    await Promise.all([lock.acquire(), lock.acquire()]);
    expect(sentinels.length).to.equal(1);
    document.dispatchEvent(new Event('visibilitychange'));
    await waitUntil(() => sentinels.length === 2, 'requested again');
    await lock.release();
    expect(sentinels.at(-1)?.released).to.equal(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(sentinels.length).to.equal(2);
  });

  it('is released at once when it arrives after the end', async () => {
    const lock = new WakeLock();
    const acquiring = lock.acquire();
    await Promise.all([lock.release(), acquiring]);
    expect(sentinels.map(({ released }) => released)).to.deep.equal([true]);
  });

  it('leaves no lock behind when two requests are answered at once', async () => {
    const answers: ((sentinel: Sentinel) => void)[] = [];
    provide(() => new Promise((answer) => answers.push(answer)));
    const lock = new WakeLock();
    const acquiring = lock.acquire();
    document.dispatchEvent(new Event('visibilitychange'));
    expect(answers.length).to.equal(2);
    const given = answers.map((answer) => {
      const sentinel: Sentinel = { released: false, release: async () => void (sentinel.released = true) };
      answer(sentinel);
      return sentinel;
    });
    await acquiring;
    await waitUntil(() => given.filter(({ released }) => released).length === 1, 'one is enough');
    await lock.release();
    expect(given.map(({ released }) => released)).to.deep.equal([true, true]);
  });

  it('changes nothing when it is refused or missing', async () => {
    provide(async () => Promise.reject(new DOMException('', 'NotAllowedError')));
    const refused = new WakeLock();
    await refused.acquire();
    await refused.release();
    Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: undefined });
    const missing = new WakeLock();
    await missing.acquire();
    await missing.release();
  });
});
