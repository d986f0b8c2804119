/**
 * Session replay and analytics recorders in the page [R16]: they would send away what people write and what their faces do. Found by
 * the marks they leave on the page, by name or by what they replace in it; the list names tools, not sites.
 */
export interface ReplayRecorder {
  readonly tool: string;
}

/** Global names that each tool creates, and whether it can run without recording. */
const GLOBALS: readonly (readonly [string, readonly string[]])[] = [
  ['rrweb', ['rrweb', 'rrwebRecord', '__rrMutationObserver', '__rrweb_original__MutationObserver']],
  ['PostHog', ['posthog', '__PosthogExtensions__']],
  ['Sentry Replay', ['__SENTRY_REPLAY__']],
  ['Datadog RUM', ['DD_RUM']],
  ['Matomo', ['Matomo', 'Piwik', '_paq']],
  ['Hotjar', ['hj', '_hjSettings']],
  ['Microsoft Clarity', ['clarity']],
  ['FullStory', ['FS', '_fs_org', '_fs_namespace']],
  ['LogRocket', ['LogRocket', '_LRLogger', '_lr_loaded']],
  ['Smartlook', ['smartlook']],
  ['Mouseflow', ['mouseflow', '_mfq']],
  ['Contentsquare', ['CS_CONF', '_uxa']],
  ['OpenReplay', ['OpenReplay', '__OPENREPLAY__']],
];

/** The recorders that run in this page now, by the marks they leave. */
export function findReplayRecorders(page: object = window): readonly ReplayRecorder[] {
  const here = page as Readonly<Record<string, unknown>>;
  const byGlobal = GLOBALS.filter(([, names]) => names.some((name) => isThere(here, name)));
  const found = [...byGlobal.map(([tool]) => ({ tool })), ...sentry(here)];
  return found.length === 0 && writesAreWatched(here) ? [{ tool: 'unknown' }] : found;
}

/** An element's id becomes a global as well; a tool is a function or an object of its own. */
function isThere(page: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = page[name];
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    !(value instanceof Element) &&
    !(value instanceof HTMLCollection)
  );
}

/**
 * A recorder that a site has bundled leaves no name. But all that were looked at (rrweb, PostHog, Sentry, Datadog) replace the setter of
 * a text field's value, which the browser tells nobody of, on the interface itself; frameworks do so on single fields at most.
 */
function writesAreWatched(page: Readonly<Record<string, unknown>>): boolean {
  return ['HTMLTextAreaElement', 'HTMLInputElement'].some((name) => {
    const { prototype } = (page[name] ?? {}) as { readonly prototype?: object };
    const setter = prototype && Object.getOwnPropertyDescriptor(prototype, 'value')?.set;
    return setter !== undefined && !Function.prototype.toString.call(setter).includes('[native code]');
  });
}

/** Sentry without its replay integration reports errors only: it stands in the same global. */
function sentry({ __SENTRY__: carrier }: Readonly<Record<string, unknown>>): readonly ReplayRecorder[] {
  if (typeof carrier !== 'object' || carrier === null) return [];
  const text = Object.values(carrier).map((version: unknown) => integrationsOf(version));
  return text.some((names) => names.includes('Replay')) ? [{ tool: 'Sentry Replay' }] : [];
}

function integrationsOf(version: unknown): readonly string[] {
  const client = (
    version as { defaultCurrentScope?: { getClient?(): { _integrations?: object } | undefined } } | null
  )?.defaultCurrentScope?.getClient?.();
  return Object.keys(client?._integrations ?? {});
}
