/** protocol.md §7 and §10: what may stand in a description, which candidates pass, and how a path is told. */
import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { PathWatch } from '../../src/peer/path-watch.ts';
import { ownMapping, pathOf, type Stat } from '../../src/peer/path.ts';
import { RelayGate } from '../../src/peer/relay-gate.ts';
import { fingerprintOf, incoming, outgoing, sectionsOf } from '../../src/peer/session-description.ts';

const PRINT = `sha-256 ${Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, '0').toUpperCase()).join(':')}`;
const OTHER = PRINT.replace('00:', 'FF:');
const sdp = (...lines: readonly string[]): string => `${['v=0', `a=fingerprint:${PRINT}`, ...lines].join('\r\n')}\r\n`;
const AUDIO = ['m=audio 9 UDP/TLS/RTP/SAVPF 109', 'a=rtpmap:109 opus/48000/2'];
const code = (act: () => unknown): string => {
  try {
    act();
    return 'nothing thrown';
  } catch (error: unknown) {
    return (error as { code: string }).code;
  }
};

describe('a session description', () => {
  it('is refused when it has a second fingerprint beside its SHA-256 one', () => {
    expect(fingerprintOf(sdp())).to.equal(PRINT.toLowerCase());
    expect(fingerprintOf(sdp(`a=fingerprint:${PRINT.toLowerCase()}`))).to.equal(PRINT.toLowerCase());
    for (const bad of [sdp(`a=fingerprint:${OTHER}`), 'v=0\r\n', 'v=0\r\na=fingerprint:sha-1 00:11\r\n'])
      expect(code(() => fingerprintOf(bad))).to.equal('session-description-refused');
  });

  it('contains no address, wherever one may occur', () => {
    const cut = outgoing(
      sdp(
        'm=audio 50000 UDP/TLS/RTP/SAVPF 109',
        'c=IN IP4 198.51.100.2',
        'a=rtcp:50001 IN IP4 198.51.100.2',
        'a=candidate:1 1 udp 1 198.51.100.2 50000 typ host',
      ),
    );
    expect(cut).to.include('m=audio 9 UDP/TLS/RTP/SAVPF 109').and.include('c=IN IP4 0.0.0.0');
    expect(cut).to.not.include('198.51.100.2').and.not.include('5000');
  });

  it('contains no candidate and no header extension that reveals who speaks', () => {
    const cut = outgoing(
      sdp(
        ...AUDIO,
        'a=candidate:1 1 udp 1 203.0.113.7 9 typ relay',
        'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
        'a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level',
        'a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
      ),
    );
    expect(cut).to.not.include('candidate').and.not.include('audio-level');
    expect(cut).to.include('sdes:mid');
  });

  it('requests constant bit rate from Opus, whatever it said before', () => {
    for (const lines of [AUDIO, [...AUDIO, 'a=fmtp:109 stereo=1;cbr=0;usedtx=1']]) {
      const [, parameters = ''] = /a=fmtp:109 (.*)\r/u.exec(incoming(sdp(...lines))) ?? [];
      expect(parameters.split(';')).to.include.members(['cbr=1', 'usedtx=0']);
      expect(parameters).to.not.include('cbr=0');
    }
  });

  it('drops attributes of payload types that are not offered', () => {
    expect(outgoing(sdp(...AUDIO, 'a=rtcp-fb:121 nack', 'a=fmtp:121 x=1'))).to.not.include('121');
  });

  it('throws only documented errors for any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        incoming(text);
        sectionsOf(text);
        expect(code(() => fingerprintOf(text))).to.be.oneOf(['session-description-refused', 'nothing thrown']);
      }),
    );
  });
});

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

const NAMED = 'candidate:1 1 udp 2122252543 0f4c9f8e-1d2c-4a7b-9b1e-6f1f6f0f2c11.local 50000 typ host';

describe('a path', () => {
  const stats = (local: object, remote: object): readonly Stat[] => [
    { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
    { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R', state: 'succeeded' },
    { id: 'L', type: 'local-candidate', candidateType: 'host', address: '198.51.100.2', ...local },
    { id: 'R', type: 'remote-candidate', candidateType: 'host', address: '198.51.100.3', ...remote },
  ];
  const isRelay = (address: string): boolean => address === '203.0.113.7';

  it('is direct, relayed or none', () => {
    expect(pathOf(stats({}, {}), isRelay)).to.equal('direct');
    expect(pathOf([], isRelay)).to.equal('none');
    expect(pathOf(stats({ candidateType: 'relay' }, {}), isRelay)).to.equal('relay');
  });

  it('is relayed although its candidate claims another type', () => {
    for (const sign of [
      { relayProtocol: 'udp' },
      { url: 'turn:turn.example:3478' },
      { address: '203.0.113.7' },
      { address: undefined, ip: '203.0.113.7' },
    ])
      expect(pathOf(stats({ candidateType: 'prflx', ...sign }, {}), isRelay)).to.equal('relay');
    expect(pathOf(stats({}, { candidateType: 'prflx', address: '203.0.113.7' }), isRelay)).to.equal('relay');
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
      watch.judge(stats(local, hidden));
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
    expect(pathOf(stats({}, hidden), isRelay)).to.equal('untold');
    expect(pathOf(stats({}, { ...hidden, address: undefined }), isRelay)).to.equal('untold');
    expect(pathOf(stats({}, { ...hidden, address: '(redacted)' }), isRelay), 'in Firefox').to.equal('untold');
    expect(pathOf(stats({}, { ...hidden, address: '198.51.100.9' }), isRelay)).to.equal('direct');
    // Over a relay of our own it is relayed, whoever is at the far end.
    expect(pathOf(stats({ candidateType: 'relay' }, hidden), isRelay)).to.equal('relay');
  });

  it('signals the address that the other side sees when it runs through a NAT', () => {
    expect(ownMapping(stats({}, {}))).to.equal(null);
    const mapped = { candidateType: 'prflx', protocol: 'udp', address: '198.51.100.9', port: 40000, priority: 5 };
    expect(ownMapping(stats(mapped, {}))).to.match(/^candidate:1 1 udp 5 198\.51\.100\.9 40000 typ srflx /u);
    expect(ownMapping(stats({ ...mapped, address: '' }, {}))).to.equal(null);
  });
});
