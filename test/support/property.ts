/**
 * fast-check with one seed: `npm test` tries the same cases on every machine and in every run, so that a red one is of the change that was
 * made. `npm run fuzz` looks with new seeds.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_261_130 });

export { fc };
