/** The design tokens of the elements, under a name of the site's own: what a visitor does to `--consult-…` stays in the stage. */
import { ELEMENTS } from './elements.ts';

/** A stylesheet with the defaults of every token. */
export function themeTokens(): string {
  const { cssProperties = [] } = ELEMENTS.find(({ tagName }) => tagName === 'consult-room') ?? {};
  const lines = cssProperties
    .filter(({ name }) => !name.startsWith('--consult-font-family') && !name.startsWith('--consult-font-heading'))
    .map(({ name, default: initial = '' }) => `${name.replace('--consult-', '--site-')}: ${initial};`);
  return `:root { ${lines.join(' ')} }`;
}
