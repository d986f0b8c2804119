/** The connection report contains protocols and figures, and no addresses. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reportOf } from '../../src/peer/peer-report.ts';
import { statsWith } from './stats.ts';

const [, ...ends] = statsWith({}, {}, { currentRoundTripTime: 0.0424 });
const STATS = [
  {
    id: 'T',
    type: 'transport',
    selectedCandidatePairId: 'P',
    tlsVersion: 'FEFD',
    dtlsCipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
    srtpCipher: 'AEAD_AES_128_GCM',
  },
  ...ends,
  { id: 'C1', type: 'codec', mimeType: 'audio/opus' },
  { id: 'C2', type: 'codec', mimeType: 'video/VP8' },
  { id: 'C3', type: 'codec', mimeType: 'audio/opus' },
];

describe('the peer report', () => {
  it('names protocols, codecs once each, and the round trip in milliseconds', () => {
    assert.deepEqual(reportOf(STATS, 'direct'), {
      path: 'direct',
      dtls: { version: 'FEFD', cipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256' },
      srtp: 'AEAD_AES_128_GCM',
      codecs: ['audio/opus', 'video/VP8'],
      roundTrip: 42,
    });
  });

  it('[R12] contains no address', () => {
    assert.doesNotMatch(JSON.stringify(reportOf(STATS, 'direct')), /198\.51\.100/u);
  });

  it('is empty when nothing is connected', () => {
    assert.deepEqual(reportOf([], 'none'), { path: 'none', dtls: null, srtp: null, codecs: [], roundTrip: null });
  });
});
