/** protocol.md §10: which candidates pass the relay gate. */
import { expect } from '@open-wc/testing';
import { fc } from '../support/property.ts';
import { RelayGate } from '../../src/peer/relay-gate.ts';
import { outgoing } from '../../src/peer/session-description.ts';

const code = (act: () => unknown): string => {
  try {
    act();
    return 'nothing thrown';
  } catch (error: unknown) {
    return (error as { code: string }).code;
  }
};

describe('[R7] the relay gate', () => {
  const gate = (mode: 'direct-first' | 'relay-only' = 'direct-first') =>
    new RelayGate({ stun: [{ urls: ['stun:stun.example'] }], relayAddresses: ['203.0.113.7', '2001:db8::7'], mode });
  const candidate = (address: string, type: string): string =>
    `candidate:1 1 udp 2122260223 ${address} 50000 typ ${type} generation 0`;
  const RELAY = { urls: ['turn:turn.example'], username: 'u', credential: 'c' };

  it('configures no TURN server before both consented, not even declared as STUN', () => {
    const closed = gate();
    expect(JSON.stringify(closed.configuration())).to.not.include('turn:');
    closed.open([RELAY]);
    expect(JSON.stringify(closed.configuration())).to.include('turn:turn.example');
    closed.close();
    expect(JSON.stringify(closed.configuration())).to.not.include('turn:');
    const turn = { stun: [{ urls: ['turn:turn.example'] }], relayAddresses: [], mode: 'direct-first' as const };
    expect(code(() => new RelayGate(turn))).to.equal('relay-undeclared');
  });

  it('passes direct candidates and drops relays, whatever their spelling', () => {
    const closed = gate();
    for (const type of ['host', 'srflx', 'prflx']) {
      expect(closed.entering(candidate('198.51.100.2', type))).to.be.a('string');
      for (const relay of [
        '203.0.113.7',
        '::ffff:203.0.113.7',
        '::ffff:cb00:7107',
        '64:ff9b::203.0.113.7',
        '64:ff9b:0:0:0:0:cb00:7107',
        '2001:db8::7',
        '2001:DB8:0:0:0:0:0:7',
      ])
        expect(closed.entering(candidate(relay, type)), `${relay} as ${type}`).to.equal(null);
    }
    expect(closed.entering(candidate('198.51.100.2', 'relay'))).to.equal(null);
    expect(closed.leaving(candidate('198.51.100.2', 'relay'))).to.equal(null);
    closed.open([RELAY]);
    expect(closed.entering(candidate('203.0.113.7', 'relay'))).to.be.a('string');
  });

  it('drops host names, which could be a relay’s, except mDNS names', () => {
    expect(gate().entering(candidate('turn.example', 'host'))).to.equal(null);
    expect(gate().entering(candidate('relay.local', 'host'))).to.equal(null);
    expect(gate().entering(candidate('f92b67cd-23b2-4f93-85e4-c9d72f2f445b.local', 'host'))).to.be.a('string');
  });

  it('removes the related address from a relayed candidate', () => {
    const open = gate();
    open.open([RELAY]);
    const told = open.leaving(`${candidate('203.0.113.7', 'relay')} raddr 198.51.100.2 rport 40000`);
    expect(told).to.include('203.0.113.7').and.not.include('198.51.100.2').and.not.include('40000');
  });

  it('rewrites a candidate in one spelling, with no field that a call does not need', () => {
    const theirs =
      'candidate:0 1 UDP 2122252543 2001:DB8:0:0::2 50000 typ srflx raddr 192.0.2.1 rport 4 x-new 1 ufrag Ab+/ generation 0';
    expect(gate().entering(theirs)).to.equal(
      'candidate:0 1 udp 2122252543 2001:db8::2 50000 typ srflx raddr 0.0.0.0 rport 0 generation 0 ufrag Ab+/',
    );
  });

  it('reads the type at its position only, in one spelling', () => {
    expect(gate().entering('candidate:typ 1 udp 1 198.51.100.2 50000 typ relay')).to.equal(null);
    expect(gate().entering('candidate:1 1 udp 1 198.51.100.2 50000 typ host typ relay')).to.match(/ typ host$/u);
    for (const type of ['HOST', 'Relay', 'RELAY', 'relay\u00a0', 'ho\u017ft', 'host,relay', 'peer', ''])
      expect(gate().entering(candidate('198.51.100.2', type)), type).to.equal(null);
  });

  it('refuses spellings that an engine might parse differently', () => {
    const good = 'candidate:1 1 udp 2122260223 198.51.100.2 50000 typ host';
    expect(gate().entering(good)).to.equal(good);
    for (const bad of [
      ` ${good}`,
      `${good} `,
      `a=${good}`,
      `${good}\r\na=candidate:1 1 udp 1 203.0.113.7 9 typ relay`,
      `${good}\n`,
      good.replace('candidate', 'Candidate'),
      good.replace(' 1 udp', '\t1 udp'),
      good.replace(' typ', '  typ'),
      good.replace('typ', 'TYP'),
      good.replace('udp', 'tcp'),
      good.replace('udp', 'ssltcp'),
      good.replace('50000', '65536'),
      good.replace('50000', '\u0665\u0660'),
      good.replace('2122260223', '4294967295'),
      `${good} tcptype active`,
      `${good} generation`,
      `${good} ufrag a=b`,
    ])
      expect(gate().entering(bad), bad).to.equal(null);
  });

  it('accepts addresses only in the one spelling that all resolvers parse alike', () => {
    for (const address of [
      '203.0.113.07',
      '0313.0.113.7',
      '0xcb.0.113.7',
      '0xcb007107',
      '3405803783',
      '203.29447',
      '203.0.113.7.',
      '203.0.113.256',
      '\u0662\u0660\u0663.0.113.7',
      '[2001:db8::7]',
      '2001:db8::7%eth0',
      'fe80::1%1',
      '::ffff:198.51.100.2',
      '::198.51.100.2',
      '::ffff:0:203.0.113.7',
      '::1',
      'f92b67cd-23b2-4f93-85e4-c9d72f2f445b.local.',
    ])
      expect(gate().entering(candidate(address, 'host')), address).to.equal(null);
  });

  it('passes every candidate that this browser gathers, and the browser accepts it back', async () => {
    const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
    try {
      const gathered: RTCIceCandidate[] = [];
      const complete = new Promise<void>((resolve) => {
        one.addEventListener('icecandidate', ({ candidate: found }) => {
          if (!found) return resolve();
          gathered.push(found);
        });
      });
      one.createDataChannel('any');
      await one.setLocalDescription();
      await complete;
      await other.setRemoteDescription({ type: 'offer', sdp: outgoing(one.localDescription?.sdp ?? '') });
      expect(gathered.length).to.be.greaterThan(0);
      for (const { candidate: line, sdpMid, sdpMLineIndex, usernameFragment } of gathered) {
        const told = gate().leaving(line);
        expect(told, line).to.be.a('string');
        await other.addIceCandidate({ candidate: told ?? '', sdpMid, sdpMLineIndex, usernameFragment });
      }
    } finally {
      one.close();
      other.close();
    }
  });

  it('reveals no address, and asks no STUN server, when only relayed paths are allowed', () => {
    const hidden = gate('relay-only');
    expect(hidden.configuration().iceServers).to.deep.equal([]);
    hidden.open([RELAY]);
    expect(hidden.configuration().iceTransportPolicy).to.equal('relay');
    expect(JSON.stringify(hidden.configuration())).to.not.include('stun:');
    expect(hidden.leaving(candidate('198.51.100.2', 'host'))).to.equal(null);
    expect(hidden.leaving(candidate('203.0.113.7', 'relay'))).to.be.a('string');
  });

  it('drops damaged candidates', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 120 }), (text) => {
        gate().entering(text);
      }),
    );
    expect(gate().entering('candidate:nonsense')).to.equal(null);
  });
});
