/** protocol.md §7: which lines of a session description pass. */
import { expect } from '@open-wc/testing';
import { fc } from '../support/property.ts';
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

  it('sends its own sound alike, whatever the other side asked for', () => {
    const wishes = 'stereo=1;sprop-stereo=1;cbr=0;usedtx=1;maxaveragebitrate=510000;maxplaybackrate=8000';
    for (const lines of [AUDIO, [...AUDIO, `a=fmtp:109 minptime=10;${wishes};useinbandfec=1`]]) {
      const [, parameters = ''] = /a=fmtp:109 (.*)\r/u.exec(incoming(sdp(...lines))) ?? [];
      const told = lines === AUDIO ? [] : ['minptime=10', 'useinbandfec=1'];
      expect(parameters.split(';')).to.deep.equal([...told, 'maxaveragebitrate=32000', 'cbr=1', 'usedtx=0']);
    }
  });

  it('asks for the packet time of our own sound, whatever the other side asked for', () => {
    const asked = sdp(...AUDIO, 'a=ptime:10', 'a=maxptime:120');
    expect(incoming(asked)).to.not.include('ptime');
    expect(incoming(asked, 60))
      .to.match(/a=rtpmap:109 opus\/48000\/2\r\na=ptime:60\r\n/u)
      .and.not.include('ptime:1');
    expect(incoming(incoming(asked, 60), 60)).to.equal(incoming(asked, 60));
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
