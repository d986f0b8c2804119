/** Statistics of a connected peer connection, as W3C webrtc-stats names them. */
import type { Stat } from '../../src/peer/path.ts';

/** One selected candidate pair with these fields of its two ends and of the pair. */
export const statsWith = (local: object, remote: object, pair: object = {}): readonly Stat[] => [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
  { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R', state: 'succeeded', ...pair },
  { id: 'L', type: 'local-candidate', candidateType: 'host', address: '198.51.100.2', ...local },
  { id: 'R', type: 'remote-candidate', candidateType: 'host', address: '198.51.100.3', ...remote },
];
