/** Pages use elements outside of a room, and in a layout of their own: then the rare ones are loaded as soon as one of them is there. */
import { untilLoaded } from '../util/until-loaded.ts';
import { loadRare } from './load-rare.ts';
import { MISSING } from './rare-tags.ts';

const holds = (node: Node): boolean =>
  node instanceof Element && (node.matches(MISSING) || node.querySelector(MISSING) !== null);

/** Looks at the document, not into shadow trees of the page's own. */
export function watchPage(): void {
  const observer = new MutationObserver((records) => {
    if (records.some(({ addedNodes }) => [...addedNodes].some(holds))) load();
  });
  const load = (): void => {
    observer.disconnect();
    void untilLoaded(loadRare);
  };
  if (document.querySelector(MISSING)) load();
  else observer.observe(document, { childList: true, subtree: true });
}
