/** The CSS that a visitor of the playground makes: checked, for the stage and to copy. */

export interface OwnLook {
  /** Value by name of the custom property. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Declarations by tag and part, as `tag part`. */
  readonly parts: ReadonlyMap<string, string>;
}

/** Kinds of tokens, by their names, and a property that takes the same values. */
const LIKE: readonly (readonly [RegExp, string])[] = [
  [/-color-/u, 'color'],
  [/-font-size-/u, 'font-size'],
  [/-font-/u, 'font-family'],
  [/-shadow$/u, 'box-shadow'],
  [/-duration$/u, 'transition-duration'],
  [/-space-|-radius-|-size$/u, 'inline-size'],
];

/** Whether a browser takes this value of a token. */
export function isTokenValue(name: string, value: string): boolean {
  const [, property = 'color'] = LIKE.find(([pattern]) => pattern.test(name)) ?? [];
  return CSS.supports(property, value) && !/[;{}]|url\(/iu.test(value);
}

/** Whether every declaration is one, and there is nothing else: no block is closed, and nothing is loaded. */
export function areDeclarations(text: string): boolean {
  if (/[{}@]|url\(/iu.test(text)) return false;
  const pieces = text.split(';').filter((piece) => piece.trim() !== '');
  return pieces.every((piece) => {
    const [name = '', ...value] = piece.split(':');
    return CSS.supports(
      name.trim(),
      value
        .join(':')
        .replace(/!\s*important\s*$/u, '')
        .trim(),
    );
  });
}

const block = (selector: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${selector} {\n${lines.map((line) => `  ${line};`).join('\n')}\n}\n`;

/** @param root the selector that the tokens are set on */
export function cssOf({ tokens, parts }: OwnLook, root: string): string {
  const blocks = [
    block(
      root,
      [...tokens].map(([name, value]) => `${name}: ${value}`),
    ),
    ...[...parts].map(([key, text]) => {
      const [tag = '', part = ''] = key.split(' ');
      const lines = text
        .split(';')
        .map((line) => line.trim())
        .filter((line) => line !== '');
      return block(`${tag}::part(${part})`, lines);
    }),
  ];
  return blocks.filter((text) => text !== '').join('\n');
}
