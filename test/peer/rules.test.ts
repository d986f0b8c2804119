/** protocol.md §7 and §10: what may stand in a description, which candidates pass, and how a path is told. */
import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { pathOf, type Stat } from '../../src/peer/path.ts';
import { normalise, RelayGate } from '../../src/peer/relay-gate.ts';
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
  it('has one SHA-256 fingerprint; another person’s beside it is refused', () => {
    expect(fingerprintOf(sdp())).to.equal(PRINT.toLowerCase());
    expect(fingerprintOf(sdp(`a=fingerprint:${PRINT.toLowerCase()}`))).to.equal(PRINT.toLowerCase());
    for (const bad of [sdp(`a=fingerprint:${OTHER}`), 'v=0\r\n', 'v=0\r\na=fingerprint:sha-1 00:11\r\n'])
      expect(code(() => fingerprintOf(bad))).to.equal('session-description-refused');
  });

  it('carries no candidate and no header extension that tells who speaks', () => {
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

  it('asks Opus for one bit rate, whatever stood there before', () => {
    for (const lines of [AUDIO, [...AUDIO, 'a=fmtp:109 stereo=1;cbr=0;usedtx=1']]) {
      const [, parameters = ''] = /a=fmtp:109 (.*)\r/u.exec(incoming(sdp(...lines))) ?? [];
      expect(parameters.split(';')).to.include.members(['cbr=1', 'usedtx=0']);
      expect(parameters).to.not.include('cbr=0');
    }
  });

  it('keeps no attributes of payloads that are not offered', () => {
    expect(outgoing(sdp(...AUDIO, 'a=rtcp-fb:121 nack', 'a=fmtp:121 x=1'))).to.not.include('121');
  });

  it('of any text is read without an error of its own', () => {
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

  it('has no TURN server in any configuration before both consented, and takes none as a STUN server', () => {
    const closed = gate();
    expect(JSON.stringify(closed.configuration())).to.not.include('turn:');
    closed.open([RELAY]);
    expect(JSON.stringify(closed.configuration())).to.include('turn:turn.example');
    closed.close();
    expect(JSON.stringify(closed.configuration())).to.not.include('turn:');
    const turn = { stun: [{ urls: ['turn:turn.example'] }], relayAddresses: [], mode: 'direct-first' as const };
    expect(code(() => new RelayGate(turn))).to.equal('relay-undeclared');
  });

  it('lets direct candidates pass and no relay, whatever it says it is and however it is written', () => {
    const closed = gate();
    for (const type of ['host', 'srflx', 'prflx']) {
      expect(closed.mayEnter(candidate('198.51.100.2', type))).to.equal(true);
      for (const relay of ['203.0.113.7', '::ffff:203.0.113.7', '2001:db8::7', '2001:DB8:0:0:0:0:0:7'])
        expect(closed.mayEnter(candidate(relay, type)), `${relay} as ${type}`).to.equal(false);
    }
    expect(closed.mayEnter(candidate('198.51.100.2', 'relay'))).to.equal(false);
    expect(closed.mayLeave(candidate('198.51.100.2', 'relay'))).to.equal(false);
    closed.open([RELAY]);
    expect(closed.mayEnter(candidate('203.0.113.7', 'relay'))).to.equal(true);
  });

  it('tells no address at all where only relayed paths are wanted', () => {
    const hidden = gate('relay-only');
    hidden.open([RELAY]);
    expect(hidden.configuration().iceTransportPolicy).to.equal('relay');
    expect(hidden.mayLeave(candidate('198.51.100.2', 'host'))).to.equal(false);
    expect(hidden.mayLeave(candidate('203.0.113.7', 'relay'))).to.equal(true);
  });

  it('takes damaged candidates for none', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 120 }), (text) => {
        gate().mayEnter(text);
        normalise(text);
      }),
    );
    expect(gate().mayEnter('candidate:nonsense')).to.equal(false);
  });
});

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

  it('is known as relayed though it looks like something else', () => {
    for (const sign of [
      { relayProtocol: 'udp' },
      { url: 'turn:turn.example:3478' },
      { address: '203.0.113.7' },
      { address: undefined, ip: '203.0.113.7' },
    ])
      expect(pathOf(stats({ candidateType: 'prflx', ...sign }, {}), isRelay)).to.equal('relay');
    expect(pathOf(stats({}, { candidateType: 'prflx', address: '203.0.113.7' }), isRelay)).to.equal('relay');
  });
});
