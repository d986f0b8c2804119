/** protocol.md §10: how the path of a connection is read, and when media may use it. */
import { expect } from '@open-wc/testing';
import { PathWatch } from '../../src/peer/path-watch.ts';
import { ownMapping, pathOf } from '../../src/peer/path.ts';
import { RelayGate } from '../../src/peer/relay-gate.ts';
import { statsWith } from './stats.ts';

const NAMED = 'candidate:1 1 udp 2122252543 0f4c9f8e-1d2c-4a7b-9b1e-6f1f6f0f2c11.local 50000 typ host';

describe('a path', () => {
  const isRelay = (address: string): boolean => address === '203.0.113.7';

  it('is direct, relayed or none', () => {
    expect(pathOf(statsWith({}, {}), isRelay)).to.equal('direct');
    expect(pathOf([], isRelay)).to.equal('none');
    expect(pathOf(statsWith({ candidateType: 'relay' }, {}), isRelay)).to.equal('relay');
  });

  it('is relayed although its candidate claims another type', () => {
    for (const sign of [
      { relayProtocol: 'udp' },
      { url: 'turn:turn.example:3478' },
      { address: '203.0.113.7' },
      { address: undefined, ip: '203.0.113.7' },
    ])
      expect(pathOf(statsWith({ candidateType: 'prflx', ...sign }, {}), isRelay)).to.equal('relay');
    expect(pathOf(statsWith({}, { candidateType: 'prflx', address: '203.0.113.7' }), isRelay)).to.equal('relay');
  });

  it('is recognised by its mDNS name when the browser hides the address', () => {
    const gate = new RelayGate({ stun: [], relayAddresses: ['203.0.113.7'], mode: 'direct-first' });
    expect(gate.theyHide).to.equal(false);
    gate.entering('candidate:1 1 udp 2122252543 192.0.2.9 50000 typ host');
    expect(gate.theyHide).to.equal(false);
    gate.entering(NAMED);
    expect(gate.theyHide, 'who tells one address in clear hides none').to.equal(false);
    const other = new RelayGate({ stun: [], relayAddresses: ['203.0.113.7'], mode: 'direct-first' });
    other.entering(NAMED.replace('typ host', 'typ srflx'));
    expect(other.theyHide).to.equal(false);
    other.entering(NAMED);
    expect(other.theyHide).to.equal(true);
  });

  it('[R7] is direct from a hidden address only without a NAT in between, and never after consent to a relay', () => {
    const hidden = { candidateType: 'prflx', address: '' };
    const judged = (local: object, before: 'never' | 'earlier' | 'here'): string => {
      const relays = [{ urls: ['turn:turn.example'], username: 'u', credential: 'c' }];
      const relayedBefore = before === 'earlier';
      const gate = new RelayGate({ stun: [], relayAddresses: ['203.0.113.7'], mode: 'direct-first', relayedBefore });
      if (before === 'here') {
        gate.open(relays);
        gate.close();
      }
      gate.entering(NAMED);
      const told: string[] = [];
      const watch = new PathWatch({
        pc: { connectionState: 'connected' } as RTCPeerConnection,
        gate,
        onPath: (path) => told.push(path),
        onMedia: () => undefined,
        onMapping: () => undefined,
        onForbidden: () => told.push('forbidden'),
      });
      watch.judge(statsWith(local, hidden));
      watch.close();
      return `${watch.media} ${told.join()}`;
    };
    for (const address of ['192.168.1.4', 'fd12::7', '198.51.100.2', ''])
      expect(judged({ address }, 'never'), address).to.equal('open direct');
    // A NAT's address on our side: what answers stands outside.
    expect(judged({ candidateType: 'prflx', address: '198.51.100.2' }, 'never')).to.equal('held ');
    expect(judged({ candidateType: 'srflx', address: '198.51.100.2' }, 'never')).to.equal('held ');
    // An allocation can outlive the consent to it.
    expect(judged({ address: '192.168.1.4' }, 'here')).to.equal('held ');
    expect(judged({ address: '192.168.1.4' }, 'earlier')).to.equal('held ');
  });

  it('is not called direct when its address was never signalled, because it may be a relay’s', () => {
    const hidden = { candidateType: 'prflx', address: '', ip: undefined };
    expect(pathOf(statsWith({}, hidden), isRelay)).to.equal('untold');
    expect(pathOf(statsWith({}, { ...hidden, address: undefined }), isRelay)).to.equal('untold');
    expect(pathOf(statsWith({}, { ...hidden, address: '(redacted)' }), isRelay), 'in Firefox').to.equal('untold');
    expect(pathOf(statsWith({}, { ...hidden, address: '198.51.100.9' }), isRelay)).to.equal('direct');
    // Over our own relay it is relayed, whatever the far end is.
    expect(pathOf(statsWith({ candidateType: 'relay' }, hidden), isRelay)).to.equal('relay');
  });

  it('signals the address that the other side sees when it runs through a NAT', () => {
    expect(ownMapping(statsWith({}, {}))).to.equal(null);
    const mapped = { candidateType: 'prflx', protocol: 'udp', address: '198.51.100.9', port: 40000, priority: 5 };
    expect(ownMapping(statsWith(mapped, {}))).to.match(/^candidate:1 1 udp 5 198\.51\.100\.9 40000 typ srflx /u);
    expect(ownMapping(statsWith({ ...mapped, address: '' }, {}))).to.equal(null);
  });
});
