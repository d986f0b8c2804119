/** What gathered candidates mean; that browsers gather them is proved in `test/e2e/forecast.e2e.ts` against a real server. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forecast, forecastOf, type Gathered } from '../../src/peer/forecast.ts';

const host: Gathered = { type: 'host', protocol: 'udp', address: '192.168.1.20', port: 50_000, base: '' };
const hidden: Gathered = { ...host, address: '0e1d5fc2-0df7-48bf-a653-e5b7412a8ccf.local' };
const tcp: Gathered = { ...host, protocol: 'tcp', port: 9 };
const mapped: Gathered = {
  type: 'srflx',
  protocol: 'udp',
  address: '203.0.113.8',
  port: 40_001,
  base: '192.168.1.20:50000',
};

describe('the path forecast', () => {
  for (const [what, candidates, servers, result] of [
    ['a router that keeps one address for us', [host, mapped], 'answered', 'likely'],
    ['the same, with one of two servers silent', [host, mapped], 'silent', 'likely'],
    ['the same, with our own addresses hidden', [hidden, { ...mapped, base: '' }], 'answered', 'likely'],
    ['no router in between: the server saw what we see', [host, tcp], 'answered', 'likely'],
    ['no answer: UDP is held back', [host, tcp], 'silent', 'unlikely'],
    ['no UDP at all', [tcp], 'answered', 'unlikely'],
    ['nothing gathered', [], 'answered', 'unlikely'],
    [
      'another port for every server: a symmetric router',
      [host, mapped, { ...mapped, port: 40_777 }],
      'answered',
      'unlikely',
    ],
    [
      'two interfaces, each with its own mapping',
      [host, mapped, { ...mapped, port: 1, base: '10.0.0.2:6' }],
      'answered',
      'likely',
    ],
    [
      'two mappings, their bases hidden: nothing is claimed',
      [hidden, { ...mapped, base: '' }, { ...mapped, base: '', port: 1 }],
      'answered',
      'likely',
    ],
  ] as const)
    it(`${what}: ${result}`, () => {
      assert.equal(forecastOf({ candidates, servers }), result);
    });

  it('asks no server when the site declares no STUN server, and never a relay', async () => {
    const { signal } = new AbortController();
    // There is no RTCPeerConnection here: making one would throw and be told.
    assert.equal(await forecast({ stun: [], signal }), 'unknown');
    assert.equal(await forecast({ stun: [{ urls: ['turn:turn.example'] }], signal }), 'unknown');
  });

  it('holds nothing against the path when the page stood still, and has what was gathered in its queue', async (t) => {
    const timeout = 20;
    class Connection extends EventTarget {
      iceGatheringState = 'gathering';
      createDataChannel(): void {}
      close(): void {}
      async setLocalDescription(): Promise<void> {
        setImmediate(() => {
          const end = performance.now() + 5 * timeout;
          while (performance.now() < end);
          // Node comes to its timers first.
          setImmediate(() => {
            const candidate = { ...mapped, candidate: 'candidate' };
            this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate }));
            this.iceGatheringState = 'complete';
            this.dispatchEvent(new Event('icegatheringstatechange'));
          });
        });
      }
    }
    Object.assign(globalThis, { RTCPeerConnection: Connection });
    t.after(() => Reflect.deleteProperty(globalThis, 'RTCPeerConnection'));
    const { signal } = new AbortController();
    assert.equal(await forecast({ stun: [{ urls: ['stun:stun.example'] }], signal, timeout }), 'likely');
  });
});
