import { hpkePqCases } from './hpke-pq.ts';

const cases = await hpkePqCases();

describe('MLKEM1024-P384 of draft-ietf-hpke-pq', () => {
  for (const { name, run } of cases) it(name, run);
});
