/** Reads the tags of a page, as far as the doctor needs them. */

export interface Tag {
  /** In lower case. */
  readonly name: string;
  /** The value of an attribute, without references of characters; empty where it is missing. */
  of(attribute: string): string;
  /** What stands after the tag, up to its end tag: of a script, a style or a template. */
  readonly text: string;
}

const TAG = /<([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'<>])*)>/giu;
const ATTRIBUTE = /([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/gu;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  colon: ':',
  sol: '/',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
};
const REFERENCE = /&(?:#x([\da-f]+)|#(\d+)|(amp|colon|sol|quot|apos|lt|gt));?/giu;

const decoded = (text: string): string =>
  text.replaceAll(REFERENCE, (all, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? all;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });

/** Also those in comments and scripts: a page that writes them loads them. */
export function tagsOf(html: string): readonly Tag[] {
  return [...html.matchAll(TAG)].map((match) => {
    const [all, name = '', inside = ''] = match;
    const attributes = new Map<string, string>();
    for (const [, key = '', double, single, bare] of inside.matchAll(ATTRIBUTE)) {
      const value = decoded(double ?? single ?? bare ?? '');
      if (!attributes.has(key.toLowerCase())) attributes.set(key.toLowerCase(), value.trim());
    }
    const from = match.index + all.length;
    return {
      name: name.toLowerCase(),
      of: (attribute) => attributes.get(attribute) ?? '',
      get text() {
        const end = html.slice(from).search(new RegExp(`</${name.replaceAll(/[^\\w-]/gu, '')}\\b`, 'iu'));
        return end < 0 ? html.slice(from) : html.slice(from, from + end);
      },
    };
  });
}
