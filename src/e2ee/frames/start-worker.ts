/**
 * Starts a worker where a page may require Trusted Types (W3C Trusted Types §4.2: `require-trusted-types-for 'script'`). The policy is named
 * `consult-room` and allows nothing but scripts of the page's own origin, which `blob:` URLs made here are.
 */

interface Policy {
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

let made: Policy | null | undefined;

/** Null where the browser knows none, or where the page's `trusted-types` does not list the name. */
function policy(): Policy | null {
  if (made !== undefined) return made;
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  try {
    made = trustedTypes?.createPolicy('consult-room', { createScriptURL: ownScript }) ?? null;
  } catch {
    made = null;
  }
  return made;
}

function ownScript(url: string): string {
  if (!isOwn(url)) throw new TypeError('a worker of another origin');
  return url;
}

export function isOwn(url: string): boolean {
  return pageUrl(url).origin === globalThis.origin;
}

/**
 * Resolves an address against the page's own, not against a `<base>`, which may name another site. Only a frame made by `srcdoc` has no
 * address of its own.
 */
export function pageUrl(url: string | URL): URL {
  return new URL(url, location.protocol === 'about:' ? document.baseURI : location.href);
}

/** An address that the browser takes for a script. Any but the page's own is left to it, which refuses it where it must. */
export const scriptUrl = (address: string): string =>
  (isOwn(address) ? policy()?.createScriptURL(address) : undefined) ?? address;

/** @param url of the page's own origin, or a `blob:` of it */
export function startWorker(url: string | URL, options: WorkerOptions = {}): Worker {
  return new Worker(scriptUrl(pageUrl(url).href), options);
}
