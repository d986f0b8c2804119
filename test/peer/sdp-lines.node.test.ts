/** The allow list of lines in a session description. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isKnownLine } from '../../src/peer/sdp-lines.ts';

describe('the lines of a session description', () => {
  for (const line of [
    'v=0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 109',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=fmtp:109 x=1',
  ])
    it(`pass as "${line}"`, () => assert.equal(isKnownLine(line), true));

  for (const [line, why] of [
    ['a=candidate:1 1 udp 1 198.51.100.2 1 typ host', 'a candidate'],
    ['a=Candidate:1 1 udp 1 198.51.100.2 1 typ host', 'a candidate in another case'],
    ['a= candidate:1', 'a blank before the name'],
    ['A=mid:0', 'another case'],
    ['a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x', 'keys in clear (SDES)'],
    ['a=mid:0\ra=candidate:1', 'a carriage return inside'],
    ['a=mid:0\u0000', 'a control character'],
    ['a=mid0', 'an unknown name'],
    ['a=', 'no name'],
    ['i=information', 'a type that a call does not need'],
    ['k=clear:x', 'a key'],
    ['', 'nothing'],
  ] as const)
    it(`are cut when they contain ${why}`, () => assert.equal(isKnownLine(line), false));
});
