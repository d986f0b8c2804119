/**
 * Honest participants whose address the other side sees before it is signalled, or that no STUN server reveals: their
 * direct call comes up.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { acknowledgeBoth, both, framesOn, Lab } from './lab.ts';

/** In the page: signals every candidate two seconds late, long after the other side received a check from it. */
function tellLate(): void {
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    override addEventListener(type: string, listener: EventListenerOrEventListenerObject | null): void {
      if (type !== 'icecandidate' || typeof listener !== 'function')
        return super.addEventListener(type, listener as never);
      super.addEventListener('icecandidate', (event) => setTimeout(() => listener(event), 2_000));
    }
  };
}

describe('[R7] an address that ICE sees before it is signalled', () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
    lab.network.forward('yes');
  });
  afterEach(() => lab.empty());
  after(() => lab.close());

  for (const browsers of [
    ['chromium', 'chromium'],
    ['firefox', 'chromium'],
  ] as const)
    it(`is accepted once it is signalled: host in ${browsers[0]}, guest in ${browsers[1]}`, async () => {
      const people = await lab.meet({ browsers, guest: { before: tellLate } });
      await acknowledgeBoth(people);
      await framesOn(people);
      await both(people, { path: 'direct', relay: { step: 'none' } });
      for (const person of people) assert.deepEqual((await person.seen()).errors, []);
    });

  for (const browsers of [
    ['chromium', 'chromium'],
    ['chromium', 'firefox'],
  ] as const)
    it(`is signalled by the peer behind a NAT that STUN does not reveal: ${browsers[0]} to ${browsers[1]}`, async () => {
      lab.network.translate();
      const capture = await lab.network.capture();
      const people = await lab.meet({ browsers });
      await acknowledgeBoth(people);
      await framesOn(people);
      await both(people, { path: 'direct', relay: { step: 'none' } });
      for (const person of people) assert.deepEqual((await person.seen()).errors, []);
      assert.equal(capture.packets(), 0);
    });
});
