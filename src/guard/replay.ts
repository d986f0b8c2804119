/**
 * Detects session replay and analytics recorders in the page [R16], which would transmit what people write and show.
 * Detection uses the traces a tool leaves: its globals, or the functions it replaces. The list names tools, not
 * sites.
 *
 * A recorder that only listens to events and mutations, and has no listed global, stays unseen: nothing in the page
 * shows it. Only the masks of `ui/replay-marks.ts` stand against it.
 */
export interface ReplayRecorder {
  readonly tool: string;
  /** Where it was found, for the site: the name of a global, or what was replaced. */
  readonly trace: string;
}

/**
 * The global names that each tool creates. A name alone is enough, even of a queue like Matomo's `_paq` that only waits
 * for its tool: what it loads later can record, and a room that has opened cannot be unseen. `FS()` is a function,
 * because Emscripten's file system is an object of that name.
 */
const GLOBALS: readonly (readonly [string, readonly string[]])[] = [
  ['rrweb', ['rrweb', 'rrwebRecord', '__rrMutationObserver', '__rrweb_original__MutationObserver']],
  ['PostHog', ['posthog', '__PosthogExtensions__']],
  ['Sentry Replay', ['__SENTRY_REPLAY__']],
  ['Datadog RUM', ['DD_RUM']],
  ['Matomo', ['Matomo', 'Piwik', '_paq']],
  ['Hotjar', ['hj', '_hjSettings']],
  ['Microsoft Clarity', ['clarity']],
  ['FullStory', ['FS()', '_fs_org', '_fs_namespace']],
  ['LogRocket', ['LogRocket', '_LRLogger', '_lr_loaded']],
  ['Smartlook', ['smartlook']],
  ['Mouseflow', ['mouseflow', '_mfq']],
  ['Contentsquare', ['CS_CONF', '_uxa']],
  ['OpenReplay', ['OpenReplay', '__OPENREPLAY__']],
];

/** Finds the recorders in this page by their traces. */
export function findReplayRecorders(page: object = window): readonly ReplayRecorder[] {
  const here = page as Readonly<Record<string, unknown>>;
  const found = GLOBALS.flatMap(([tool, names]): readonly ReplayRecorder[] => {
    const name = names.find((candidate) => isThere(here, candidate));
    return name === undefined ? [] : [{ tool, trace: `window.${name}` }];
  });
  const all = [...found, ...sentry(here)];
  if (all.length > 0) return all;
  const watched = watchedInterface(here);
  return watched === undefined ? [] : [{ tool: 'unknown', trace: `${watched}.prototype.value is replaced` }];
}

/** Tells a tool from an element whose id creates a global of the same name. */
function isThere(page: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = page[name.replace('()', '')];
  if (name.endsWith('()')) return typeof value === 'function';
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    !(value instanceof Element) &&
    !(value instanceof HTMLCollection)
  );
}

/**
 * Detects a bundled recorder, which has no global name. rrweb, PostHog, Sentry and Datadog all replace the setter of
 * a text field's value on the interface, because the browser fires no event for it; frameworks do so on single fields
 * at most.
 */
function watchedInterface(page: Readonly<Record<string, unknown>>): string | undefined {
  return ['HTMLTextAreaElement', 'HTMLInputElement'].find((name) => {
    const { prototype } = (page[name] ?? {}) as { readonly prototype?: object };
    const setter = prototype && Object.getOwnPropertyDescriptor(prototype, 'value')?.set;
    return setter !== undefined && !Function.prototype.toString.call(setter).includes('[native code]');
  });
}

/** Tells Sentry Replay from plain error reporting, which uses the same global. */
function sentry({ __SENTRY__: carrier }: Readonly<Record<string, unknown>>): readonly ReplayRecorder[] {
  if (typeof carrier !== 'object' || carrier === null) return [];
  const text = Object.values(carrier).map((version: unknown) => integrationsOf(version));
  return text.some((names) => names.includes('Replay')) ? [{ tool: 'Sentry Replay', trace: 'window.__SENTRY__' }] : [];
}

function integrationsOf(version: unknown): readonly string[] {
  const client = (
    version as { defaultCurrentScope?: { getClient?(): { _integrations?: object } | undefined } } | null
  )?.defaultCurrentScope?.getClient?.();
  return Object.keys(client?._integrations ?? {});
}
