/** An appointment sheet as one HTML file: no script, no address of others, and nothing beside it. It prints in black and white. */
import { createHash } from 'node:crypto';
import { qrPath } from '../appointment/qr.ts';
import type { Sheet } from '../appointment/sheet.ts';

const STYLE = `
:root { color: #000; background: #fff; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 42rem; padding: 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .25rem; }
p, ul { margin: .25rem 0; }
ul { padding-inline-start: 1.25rem; }
.join { align-items: start; display: flex; flex-wrap: wrap; gap: 1rem; }
.join > div { flex: 1 1 16rem; min-width: 0; }
.link { overflow-wrap: anywhere; }
svg { width: 13rem; max-width: 100%; }
.code { border: 2px solid #000; display: inline-block; font-size: 1.6rem; font-weight: 600; letter-spacing: .1em; padding: .25rem .75rem; }
.keep { border-block-start: 1px solid #000; margin-block-start: 1.5rem; padding-block-start: .75rem; }
section { break-inside: avoid; }
a { color: inherit; }
@page { margin: 16mm; }
@media print { body { max-width: none; padding: 0; } :root { font-size: 11pt; } }
`;

export function sheetPage({ words, language, centre, times, link, code, troubles }: Sheet): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const list = (items: readonly string[]): string =>
    `<ul>${items.map((item) => `<li>${html(item)}</li>`).join('')}</ul>`;
  const { side, path } = qrPath(link);
  const title = [words.heading, centre].filter((part) => part !== '').join(', ');
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${html(words.heading)}</h1>
${centre === '' ? '' : `<p><bdi>${html(centre)}</bdi></p>`}
${times.length === 0 ? '' : `<section><h2>${html(words.when)}</h2>${times.map((time) => `<p>${html(time)}</p>`).join('')}</section>`}
<section class="join"><div><h2>${html(words.link)}</h2><p>${html(words.linkText)}</p>
<p class="link" translate="no"><a href="${html(link)}" rel="noreferrer">${html(link)}</a></p></div>
<svg viewBox="0 0 ${String(side)} ${String(side)}" role="img" aria-label="${html(words.qr)}"><rect width="${String(side)}" height="${String(side)}" fill="#fff"/><path d="${path}" fill="#000" shape-rendering="crispEdges"/></svg></section>
${code ? `<section><h2>${html(words.code)}</h2><p>${html(code.text)}</p><p class="code" dir="ltr" translate="no">${html(code.code)}</p><p translate="no">${html(code.spelled)}</p></section>` : ''}
<section><h2>${html(words.expect)}</h2>${list(words.expectations)}</section>
<section><h2>${html(words.trouble)}</h2>${list(troubles)}</section>
<p class="keep">${html(words.keep)}</p>
</main>
</body>
</html>
`;
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const html = (text: string): string => text.replaceAll(/[&<>"']/gu, (sign) => SIGNS[sign] ?? sign);
