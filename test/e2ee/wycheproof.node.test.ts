import { describe, it } from 'node:test';
import { wycheproofCases } from './wycheproof.ts';

const cases = wycheproofCases;

describe('Wycheproof', () => {
  for (const { name, run } of cases) it(name, async () => run());
});
