/**
 * `npm run contact-sheet [-- --lang en --look rtl --states 'a;b']`: draws every state at every size, light and dark, and writes one sheet for
 * each size and scheme to `dist/pictures`, to be looked at. `--look forced` is in colours that the person chose.
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LOOKS, openStudio, SCHEMES, SIZES } from './studio.ts';

/** Width of one picture on the sheet, in pixels. */
const WIDTH = 300;
const FOLDER = 'dist/pictures';

const { values } = parseArgs({
  options: { lang: { type: 'string', default: 'de' }, look: { type: 'string' }, states: { type: 'string' } },
});
const lang = values.lang === 'en' ? 'en' : 'de';
const look = LOOKS.find((one) => one === values.look) ?? 'plain';
const studio = await openStudio();
const states = studio.states.filter((name) => !values.states || values.states.split(';').includes(name));
mkdirSync(FOLDER, { recursive: true });

/** Drawn before the sheets: Chromium does not draw a page that lies behind another. */
const sheets: { readonly path: `${string}.png`; readonly width: number; readonly html: string }[] = [];

for (const size of SIZES)
  for (const scheme of SCHEMES) {
    const figures: string[] = [];
    for (const state of states) {
      await studio.show(state, { ...size, scheme, lang, look });
      const picture = await studio.page.screenshot({ encoding: 'base64', type: 'jpeg', quality: 85 });
      figures.push(`<figure><img src="data:image/jpeg;base64,${picture}"><figcaption>${state}</figcaption></figure>`);
    }
    const width = size.width > size.height ? WIDTH * 1.6 : WIDTH;
    sheets.push({
      path: `${FOLDER}/${String(size.width)}x${String(size.height)}-${scheme}-${lang}${look === 'plain' ? '' : `-${look}`}.png`,
      width: Math.round(7 * (width + 12) + 12),
      html: `<style>body { display: flex; flex-wrap: wrap; gap: 12px; margin: 12px; font: 14px sans-serif }
        figure { margin: 0; inline-size: ${String(width)}px } img { inline-size: 100%; outline: 1px solid #999 }
        </style>${figures.join('')}`,
    });
  }
const sheet = await studio.page.browser().newPage();
await sheet.bringToFront();
for (const { path, width, html } of sheets) {
  await sheet.setViewport({ width, height: 400 });
  await sheet.setContent(html);
  await sheet.screenshot({ path, fullPage: true });
  process.stdout.write(`${path}\n`);
}
await studio.close();
