/**
 * A page is one realm of functions, and each same-origin frame in it another with functions of its own, which would record as
 * well as the page's. What cannot be reached: `frames[0]` in the very task in which a frame is put into the page (no accessor
 * stands before it, and its load event comes later in some browsers), and what a script put aside before the session began.
 */
import type { Patches } from './patches.ts';

export type Realm = Readonly<Record<string, { readonly prototype?: object } | undefined>>;

/** Runs `enter` once for the page, for every same-origin frame in it, and for those that come. Ends with `signal`. */
export function eachRealm(patches: Patches, signal: AbortSignal, enter: (realm: Realm) => void): void {
  const known = new WeakSet<object>();
  const visit = (view: unknown): void => {
    const realm = reachable(view);
    // A frame that is loaded anew keeps its window's face and gets other functions.
    const sign = realm?.['MediaStream'];
    if (!realm || !sign || known.has(sign)) return;
    known.add(sign);
    enter(realm);
    doors(patches, realm, visit);
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

/** Through these a script gets at another realm; we are there first. */
function doors(patches: Patches, realm: Realm, visit: (view: unknown) => void): void {
  for (const name of ['HTMLIFrameElement', 'HTMLFrameElement', 'HTMLObjectElement', 'HTMLEmbedElement']) {
    const prototype = realm[name]?.prototype;
    patches.getter(prototype, 'contentWindow', (_self, view) => visit(view));
    patches.getter(prototype, 'contentDocument', (_self, inner) => visit((inner as Document | null)?.defaultView));
  }
  patches.result(realm, 'open', (_self, view) => visit(view));
}

/** Null for a window of another origin, whose functions nobody here can use either. */
function reachable(view: unknown): Realm | null {
  if (typeof view !== 'object' || view === null) return null;
  try {
    void (view as Window).document;
    return view as Realm;
  } catch {
    return null;
  }
}
