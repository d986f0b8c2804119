/** Markdown as the pages show it: headings with an address of their own, samples that can be copied, no HTML of its own. */
import { Marked, type Tokens } from 'marked';
import { escaped, Markup, markup } from './markup.ts';

/** A heading's address: its words in small letters, with hyphens. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[äöüß]/gu, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' })[letter] ?? letter)
    .replaceAll(/<[^>]*>|&\w+;/gu, '')
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replaceAll(/^-|-$/gu, '');

/** What stands above a sample of a language that is not called as it is marked in Markdown. */
const CAPTIONS: Readonly<Record<string, string>> = {
  sh: 'Terminal',
  html: 'HTML',
  css: 'CSS',
  js: 'JavaScript',
  ts: 'TypeScript',
  tsx: 'React',
  php: 'PHP',
  json: 'JSON',
  yaml: 'YAML',
  caddy: 'Caddyfile',
  apache: 'Apache',
};

const figure = (pre: Markup, caption: string): Markup =>
  markup`<figure class="sample"><figcaption>${caption}</figcaption>${pre}</figure>`;

/** A sample of code, to be copied as a whole. */
export const sample = (code: string, language: string, caption = language): Markup =>
  figure(markup`<pre><code data-language="${language}">${code}</code></pre>`, caption);

/** One whose code a script writes; where it is long, it scrolls, also with the keyboard. */
export const longSample = (language: string, caption: string): Markup =>
  figure(
    markup`<pre class="long" tabindex="0" role="region" aria-label="${caption}"><code data-language="${language}"></code></pre>`,
    caption,
  );

const marked = new Marked({
  renderer: {
    heading({ tokens, depth }: Tokens.Heading): string {
      const inner = this.parser.parseInline(tokens);
      return `<h${String(depth)} id="${slug(inner)}">${inner}</h${String(depth)}>\n`;
    },
    code: ({ text, lang = '' }: Tokens.Code): string => sample(text, lang, CAPTIONS[lang] ?? lang).html,
    /** Everything is text: a page holds no markup but that of Markdown. */
    html: ({ text }: Tokens.HTML | Tokens.Tag): string => escaped(text),
    table({ header, rows }: Tokens.Table): string {
      const cell = (tag: string, { tokens }: Tokens.TableCell): string =>
        `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`;
      const row = (cells: string): string => `<tr>${cells}</tr>`;
      const head = row(header.map((one) => cell('th', one)).join(''));
      const body = rows.map((cells) => row(cells.map((one) => cell('td', one)).join(''))).join('');
      return `<table><thead>${head}</thead><tbody>${body}</tbody></table>`;
    },
  },
});

/** @param text without secrets: it is trusted to be ours, and still holds no markup */
export const prose = (text: string): Markup => new Markup(marked.parse(text, { async: false }));
export const inlineProse = (text: string): Markup => new Markup(marked.parseInline(text, { async: false }));
