/** Descriptions (protocol.md §7, §10): whatever spelling a member finds, no candidate comes past the gate. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../support/property.ts';
import { fingerprintOf, incoming, outgoing, sectionsOf } from '../../src/peer/session-description.ts';
import { codeOf, runs } from './fuzz.ts';

const PRINT = Array.from({ length: 32 }, () => 'AB').join(':');
/** As Chromium and Firefox write them, shortened. */
const OFFER = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1 2 3',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS *',
  ...['audio', 'video', 'video'].flatMap((kind, index) => [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${kind === 'audio' ? '111' : '96 97'}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    'a=ice-ufrag:abcd',
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${PRINT}`,
    'a=setup:actpass',
    `a=mid:${String(index)}`,
    'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    'a=sendrecv',
    'a=rtcp-mux',
    ...(kind === 'audio'
      ? ['a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1']
      : ['a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 nack', 'a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96']),
  ]),
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=sctp-port:5000',
  `a=fingerprint:sha-256 ${PRINT}`,
];

/** A candidate of a relay, in spellings that some engine might read. */
const disguised = fc
  .record({
    start: fc.constantFrom(
      'a=',
      'a= ',
      'a=\t',
      'A=',
      ' a=',
      'a=mid:0\ra=',
      'a=ssrc:1 cname:x\u0085a=',
      'a=x\u0000a=',
      'a=\u2028a=',
    ),
    name: fc.constantFrom(
      'candidate',
      'Candidate',
      'CANDIDATE',
      'candidate ',
      'end-of-candidates',
      'remote-candidates',
    ),
    rest: fc.constantFrom(':1 1 udp 1 203.0.113.7 50000 typ relay', ' 1 1 udp 1 203.0.113.7 50000 typ relay', ''),
  })
  .map(({ start, name, rest }) => `${start}${name}${rest}`);

const damaged = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(200), fc.constantFrom('drop', 'double', 'move', 'cut', 'join')), { maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(200), fc.oneof(disguised, fc.string({ maxLength: 60, unit: 'binary' }))), {
      maxLength: 4,
    }),
    fc.constantFrom('\r\n', '\n'),
  )
  .map(([changes, additions, end]) => {
    const lines = [...OFFER];
    for (const [pick, how] of changes) {
      const index = pick % lines.length;
      const [line = ''] = lines.slice(index, index + 1);
      if (how === 'drop') lines.splice(index, 1);
      else if (how === 'double') lines.splice(index, 0, line);
      else if (how === 'move') lines.push(...lines.splice(index, 1));
      else if (how === 'cut') lines[index] = line.slice(0, pick % (line.length + 1));
      else lines.splice(index, 2, `${line} ${lines[index + 1] ?? ''}`);
    }
    for (const [index, line] of additions) lines.splice(index % (lines.length + 1), 0, line);
    return lines.join(end) + end;
  });

describe('fuzz: a session description', () => {
  it('is filtered without an undocumented error, and filtering again changes nothing', () => {
    fc.assert(
      fc.property(damaged, (sdp) => {
        assert.equal(outgoing(outgoing(sdp)), outgoing(sdp));
        assert.equal(incoming(incoming(sdp)), incoming(sdp));
        sectionsOf(sdp);
      }),
      runs(500),
    );
  });

  it('has one fingerprint or a documented error', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, async (sdp) => {
        assert.match(await codeOf(() => fingerprintOf(sdp)), /^(?:none|session-description-refused)$/u);
      }),
      runs(300),
    );
  });

  it('[R7] carries no candidate past the gate, in any spelling or line', () => {
    fc.assert(
      fc.property(damaged, fc.nat(200), disguised, (sdp, index, line) => {
        const lines = sdp.split('\n');
        lines.splice(index % lines.length, 0, line);
        for (const kept of incoming(lines.join('\n')).split(/[\r\n\u0085\u2028]/u))
          assert.doesNotMatch(kept, /^\s*a\s*=\s*\S*candidate/iu);
      }),
      runs(1000),
    );
  });
});
