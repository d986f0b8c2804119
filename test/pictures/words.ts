/** `npm run words [-- --lang en]`: words, folds and page heights of every screen on a phone, as a table. */
import { parseArgs } from 'node:util';
import { openStudio } from './studio.ts';

const { values } = parseArgs({ options: { lang: { type: 'string', default: 'de' } } });
const studio = await openStudio();
for (const state of studio.states) {
  await studio.show(state, { width: 390, height: 844, lang: values.lang === 'en' ? 'en' : 'de' });
  const { words, pageHeight, below, cameras } = await studio.measure();
  const shares = cameras.map((share) => `${String(Math.round(share * 100))} %`).join(' ');
  process.stdout.write(
    `${state.padEnd(32)} ${String(words).padStart(4)} words  page ${String(pageHeight).padStart(5)} px  main action ${String(below)} px below the fold  ${shares}\n`,
  );
}
await studio.close();
