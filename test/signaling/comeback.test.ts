import { expect } from '@open-wc/testing';
import { onComeback } from '../../src/signaling/comeback.ts';

function counting(): { readonly count: () => number; readonly stop: () => void } {
  let calls = 0;
  const stop = onComeback(() => calls++);
  return { count: () => calls, stop };
}

/** Fires the event of a page whose visibility has become this. */
function become(visibility: DocumentVisibilityState): void {
  Object.defineProperty(document, 'visibilityState', { configurable: true, value: visibility });
  document.dispatchEvent(new Event('visibilitychange'));
  Reflect.deleteProperty(document, 'visibilityState');
}

describe('[R6] a comeback', () => {
  it('calls when the network is back', () => {
    const { count, stop } = counting();
    window.dispatchEvent(new Event('online'));
    expect(count()).to.equal(1);
    stop();
  });

  it('calls when the page becomes visible, not when it is hidden', () => {
    const { count, stop } = counting();
    become('hidden');
    expect(count()).to.equal(0);
    become('visible');
    expect(count()).to.equal(1);
    stop();
  });

  it('calls when the page is shown again from the cache for going back, not when it is loaded', () => {
    const { count, stop } = counting();
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    expect(count()).to.equal(0);
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    expect(count()).to.equal(1);
    stop();
  });

  it('calls when a frozen page is thawed', () => {
    const { count, stop } = counting();
    document.dispatchEvent(new Event('resume'));
    expect(count()).to.equal(1);
    stop();
  });

  it('calls nothing after it was stopped', () => {
    const { count, stop } = counting();
    stop();
    window.dispatchEvent(new Event('online'));
    become('visible');
    expect(count()).to.equal(0);
  });
});
