/**
 * Renders a notice as plain text, Markdown, HTML or a fragment of HTML, for a site's own pages and for print, from the same data that
 * `<privacy-notice>` shows. Values of the configuration are always text, never markup.
 */
import { noticeFooter, type Notice, type NoticeBlock } from './notice.ts';

export const NOTICE_FORMATS = ['html', 'md', 'txt', 'fragment'] as const;
export type NoticeFormat = (typeof NOTICE_FORMATS)[number];

/** @param hash SHA-384 of this notice, printed in the last line */
export function renderNotice(notice: Notice, hash: string, format: NoticeFormat): string {
  return RENDERERS[format](notice, noticeFooter(notice, hash));
}

const RENDERERS: Readonly<Record<NoticeFormat, (notice: Notice, footer: string) => string>> = {
  html,
  fragment,
  md,
  txt,
};

function txt(notice: Notice, footer: string): string {
  const block = (one: NoticeBlock): readonly string[] =>
    typeof one === 'string' ? [one, ''] : [...one.map((entry) => `- ${entry}`), ''];
  const heading = (text: string, line: string): readonly string[] => [text, line.repeat(text.length), ''];
  return [
    ...heading(notice.title, '='),
    notice.intro,
    '',
    ...heading(notice.summaryTitle, '-'),
    ...block(notice.summary.map(({ text }) => text)),
    ...notice.sections.flatMap(({ title, body }) => [...heading(title, '-'), ...body.flatMap(block)]),
    footer,
    '',
  ].join('\n');
}

function md(notice: Notice, footer: string): string {
  const block = (one: NoticeBlock): readonly string[] =>
    typeof one === 'string' ? [escapeMarkdown(one), ''] : [...one.map((entry) => `- ${escapeMarkdown(entry)}`), ''];
  return [
    `# ${escapeMarkdown(notice.title)}`,
    '',
    ...block(notice.intro),
    `## ${escapeMarkdown(notice.summaryTitle)}`,
    '',
    ...block(notice.summary.map(({ text }) => text)),
    ...notice.sections.flatMap(({ title, body }) => [`## ${escapeMarkdown(title)}`, '', ...body.flatMap(block)]),
    escapeMarkdown(footer),
    '',
  ].join('\n');
}

function content(notice: Notice): string {
  const block = (one: NoticeBlock): string =>
    typeof one === 'string'
      ? `<p>${escapeHtml(one)}</p>`
      : `<ul>\n${one.map((entry) => `<li>${escapeHtml(entry)}</li>`).join('\n')}\n</ul>`;
  const section = (id: string, title: string, body: readonly NoticeBlock[]): string =>
    `<section aria-labelledby="notice-${id}">\n<h2 id="notice-${id}">${escapeHtml(title)}</h2>\n${body.map(block).join('\n')}\n</section>`;
  return `<h1>${escapeHtml(notice.title)}</h1>
<p>${escapeHtml(notice.intro)}</p>
${section('summary', notice.summaryTitle, [notice.summary.map(({ text }) => text)])}
${notice.sections.map(({ id, title, body }) => section(id, title, body)).join('\n')}`;
}

/** For a page of the site: no styles and no scripts, so that every content security policy allows it. */
function fragment(notice: Notice, footer: string): string {
  return `<article lang="${escapeHtml(notice.lang)}">
${content(notice)}
<footer><p>${escapeHtml(footer)}</p></footer>
</article>
`;
}

/** A page of its own, for print and for archives; its styles are inline. */
function html(notice: Notice, footer: string): string {
  return `<!doctype html>
<html lang="${escapeHtml(notice.lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(notice.title)}</title>
<style>${STYLES}</style>
</head>
<body>
<main>
${content(notice)}
</main>
<footer><p>${escapeHtml(footer)}</p></footer>
</body>
</html>
`;
}

const STYLES =
  'body{font:1.0625rem/1.55 system-ui,sans-serif;margin:2rem auto;max-width:42rem;overflow-wrap:break-word;padding:0 1rem}' +
  'h1,h2{line-height:1.25}footer{font-size:.875rem}' +
  '@media print{body{color:#000;font-size:11pt;margin:0;max-width:none}h2{break-after:avoid}li,p{orphans:3;widows:3}}';

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** Escapes punctuation (CommonMark §2.4) and prevents a list or heading at the start of a line. */
const escapeMarkdown = (text: string): string =>
  text
    .replaceAll(/[\\`*_[\]<>#|~&!]/gu, '\\$&')
    .replace(/^[-+=]/u, '\\$&')
    .replace(/^(\d+)([.)])/u, '$1\\$2');
