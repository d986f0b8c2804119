import { wycheproofCases } from './wycheproof.ts';

const cases = wycheproofCases;

describe('Wycheproof', () => {
  for (const { name, run } of cases) it(name, run);
});
