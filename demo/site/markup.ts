/** HTML as a value: what is put into a template is escaped, unless it is markup itself. */

export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }

  toString(): string {
    return this.html;
  }
}

export type Content = Markup | string | number | null | readonly Content[];

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function written(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.html;
  return Array.isArray(content) ? content.map(written).join('') : escaped(String(content as string | number));
}

/** A template of HTML. */
export const markup = (pieces: TemplateStringsArray, ...contents: readonly Content[]): Markup =>
  new Markup(pieces.reduce((text, piece, index) => `${text}${written(contents[index - 1] ?? null)}${piece}`));
