/** Themes and own rules in the stage only: the page around it keeps its look. */
import { themes } from 'virtual:themes';

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

/** A theme is written for the root of a page. */
const inStage = (css: string): string =>
  css.replaceAll(/^\s*:root\b/gmu, '.stage > .box').replaceAll(/^\s*consult-room\b/gmu, '.stage consult-room');

/**
 * @param names of themes, in order; unknown and empty ones are left out
 * @param rules further rules, of the page's visitor
 */
export function dressStage(names: readonly string[], rules = ''): void {
  sheet.replaceSync([...names.map((name) => inStage(themes[name] ?? '')), rules].join('\n'));
}
