/**
 * Fetches parts that a call may need while the network is down, and runs none of them: a part that is needed later is then there, or is
 * fetched then. The integrity of the page's import map holds for these as well.
 */

/** Source files of these parts; the build writes the names of their chunks here. */
const PARTS: readonly string[] = ['chunk:rare-part', 'chunk:host-part', 'chunk:guest-part'];

let done = false;

export function fetchAhead(): void {
  if (done) return;
  done = true;
  for (const name of PARTS)
    document.head.append(
      Object.assign(document.createElement('link'), {
        rel: 'modulepreload',
        href: new URL(name, import.meta.url).href,
      }),
    );
}
