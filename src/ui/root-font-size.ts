/**
 * Our own `rem`. A page that sets `html { font-size: 62.5% }` to count in tens would shrink every text of ours to ten pixels. Styles are
 * written in `rem` all the same, and scaled where the root's size is below `medium`, which is the size that the person chose in the browser.
 */
import type { CSSResult, CSSResultOrNative } from 'lit';

/** How often the sizes are read again, in milliseconds: a page's styles may come late. */
const EVERY = 1_000;

let factor = 1;
let measured = -Infinity;
/** One sheet for all elements that share a style. */
const sheets = new Map<CSSResult, CSSStyleSheet>();

/** The style as a sheet that follows {@link followRootFontSize}. */
export function scalable(style: CSSResultOrNative): CSSResultOrNative {
  // On a server the classes are imported and nothing is styled.
  if (!('cssText' in style) || typeof CSSStyleSheet === 'undefined') return style;
  const known = sheets.get(style);
  if (known) return known;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(scale(style.cssText));
  sheets.set(style, sheet);
  return sheet;
}

/** Compares the root's font size with `medium`, seldom enough to be asked at each rendering. */
export function followRootFontSize(root: ParentNode): void {
  const now = performance.now();
  if (now - measured < EVERY) return;
  measured = now;
  const probe = document.createElement('span');
  probe.style.fontSize = 'medium';
  root.append(probe);
  const [medium, ofRoot] = [probe, document.documentElement].map((element) =>
    Number.parseFloat(getComputedStyle(element).fontSize),
  );
  probe.remove();
  const next = medium && ofRoot ? Math.max(1, medium / ofRoot) : 1;
  if (next === factor) return;
  factor = next;
  for (const [{ cssText }, sheet] of sheets) sheet.replaceSync(scale(cssText));
}

/** Every `rem` but those of media queries, which are the browser's own already (Media Queries 4 §1.3). */
function scale(css: string): string {
  if (factor === 1) return css;
  return css.replaceAll(/@media[^{]*|(?<number>[\d.]+)rem\b/gu, (match, number: string | undefined) =>
    number === undefined ? match : `${String(Number(number) * factor)}rem`,
  );
}
