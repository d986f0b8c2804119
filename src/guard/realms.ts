/**
 * Visits every realm of a page: each same-origin frame has its own set of browser functions, which can record as well
 * as the page's. Out of reach are `frames[0]` in the task that inserts a frame (it has no accessor, and some browsers
 * fire `load` later), and functions that a script saved before the session began.
 */
import type { Patches } from './patches.ts';

export type Realm = Readonly<Record<string, { readonly prototype?: object } | undefined>>;

/** Calls `enter` once for the page and for each present and future same-origin frame, until `signal` aborts. */
export function eachRealm(patches: Patches, signal: AbortSignal, enter: (realm: Realm) => void): void {
  const known = new WeakSet<object>();
  const visit = (view: unknown): void => {
    const realm = reachable(view);
    // A reloaded frame keeps its `WindowProxy` and gets new functions.
    const sign = realm?.['MediaStream'];
    if (!realm || !sign || known.has(sign)) return;
    known.add(sign);
    enter(realm);
    watchAccessors(patches, realm, visit);
    const { frames } = view as Window;
    for (let index = 0; index < frames.length; index++) visit(frames[index]);
  };
  visit(window);
  document.addEventListener(
    'load',
    ({ target }) => {
      if (target instanceof HTMLIFrameElement) visit(target.contentWindow);
    },
    { capture: true, signal },
  );
}

/** Patches the accessors through which a script reaches another realm, so that we visit it first. */
function watchAccessors(patches: Patches, realm: Realm, visit: (view: unknown) => void): void {
  for (const name of ['HTMLIFrameElement', 'HTMLFrameElement', 'HTMLObjectElement', 'HTMLEmbedElement']) {
    const prototype = realm[name]?.prototype;
    patches.getter(prototype, 'contentWindow', (_self, view) => visit(view));
    patches.getter(prototype, 'contentDocument', (_self, inner) => visit((inner as Document | null)?.defaultView));
  }
  patches.result(realm, 'open', (_self, view) => visit(view));
}

/** Null for a cross-origin window, whose functions no script of this page can call. */
function reachable(view: unknown): Realm | null {
  if (typeof view !== 'object' || view === null) return null;
  try {
    void (view as Window).document;
    return view as Realm;
  } catch {
    return null;
  }
}
