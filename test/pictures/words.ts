/** `npm run words [-- --lang en]`: words, folds and page heights of every screen on a phone, as a table, and the sums of both ways in. */
import { parseArgs } from 'node:util';
import { JOURNEYS } from './journeys.ts';
import { openStudio } from './studio.ts';

const { values } = parseArgs({ options: { lang: { type: 'string', default: 'de' } } });
const studio = await openStudio();
const counted = new Map<string, number>();
for (const state of studio.states) {
  await studio.show(state, { width: 390, height: 844, lang: values.lang === 'en' ? 'en' : 'de' });
  const { words, pageHeight, below, exit, cameras } = await studio.measure();
  counted.set(state, words);
  const columns = [
    state.padEnd(32),
    `${String(words).padStart(4)} words`,
    `page ${String(pageHeight).padStart(5)} px`,
    `main action ${String(below)} px below the fold`,
    `quick exit ${exit === null ? 'not here' : exit ? 'in sight' : 'OUT OF SIGHT'}`,
    cameras.map((share) => `${String(Math.round(share * 100))} %`).join(' '),
  ];
  process.stdout.write(`${columns.join('  ')}\n`);
}
await studio.close();
for (const [role, { states, limit }] of Object.entries(JOURNEYS)) {
  const words = states.map((state) => counted.get(state) ?? Number.NaN);
  const sum = words.reduce((a, b) => a + b, 0);
  process.stdout.write(`${role}: ${words.join(' + ')} = ${String(sum)} words, at most ${String(limit)}\n`);
}
