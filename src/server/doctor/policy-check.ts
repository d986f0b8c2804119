/** Checks of the Content-Security-Policy of the page: what a browser makes of all its policies together. */
import { finding, type Finding } from './findings.ts';
import { tagsOf } from './markup.ts';
import type { Page } from './page-checks.ts';

type Directives = ReadonlyMap<string, readonly string[]>;

/** What is asked where a directive is missing (CSP3 §6.8.3), in this order; without any, everything is allowed. */
const FALLBACKS: Readonly<Record<string, readonly string[]>> = {
  'script-src': ['default-src'],
  'script-src-elem': ['script-src', 'default-src'],
  'script-src-attr': ['script-src', 'default-src'],
  'worker-src': ['child-src', 'script-src', 'default-src'],
  'style-src': ['default-src'],
  'style-src-elem': ['style-src', 'default-src'],
  'style-src-attr': ['style-src', 'default-src'],
  'connect-src': ['default-src'],
  'img-src': ['default-src'],
  'media-src': ['default-src'],
  'font-src': ['default-src'],
  'frame-src': ['child-src', 'default-src'],
  'object-src': ['default-src'],
  'manifest-src': ['default-src'],
};
/** These have no fallback, and do not load anything where they are missing: only what they say counts. */
const ALONE = ['base-uri', 'form-action'];

/** Sources with which a page brings its own code, by directive; workers of the room are blobs. */
const CODE: Readonly<Record<string, readonly string[]>> = {
  'script-src': ["'unsafe-inline'", "'unsafe-eval'", 'data:', 'blob:', 'filesystem:'],
  'script-src-elem': ["'unsafe-inline'", 'data:', 'blob:', 'filesystem:'],
  'script-src-attr': ["'unsafe-inline'"],
  'worker-src': ['data:', 'filesystem:'],
  'frame-src': ['data:'],
  'object-src': ['data:', 'blob:'],
};

/** Directives of a policy with their sources; a directive that is repeated counts once, as in browsers (CSP3 §2.2.1). */
function directivesOf(policy: string): Directives {
  const found = new Map<string, readonly string[]>();
  for (const part of policy.split(';')) {
    const [name = '', ...sources] = part.trim().toLowerCase().split(/\s+/u);
    if (name !== '' && !found.has(name)) found.set(name, sources);
  }
  return found;
}

/** Those of the header, which may hold several, and of the page: a browser obeys them all. */
function policiesOf({ headers, html }: Page): readonly Directives[] {
  const inPage = tagsOf(html)
    .filter(({ name, of }) => name === 'meta' && of('http-equiv').toLowerCase() === 'content-security-policy')
    .map(({ of }) => of('content'));
  const inHeader = (headers.get('Content-Security-Policy') ?? '').split(',');
  return [...inHeader, ...inPage].map(directivesOf).filter(({ size }) => size > 0);
}

export function checkPolicy(page: Page, signal: URL): Finding {
  const policies = policiesOf(page);
  if (policies.length === 0) return finding('csp.missing', 'bad');
  const own = [page.url.host, signal.host];
  const loose = [...Object.keys(FALLBACKS), ...ALONE].flatMap((name) => {
    const parts = policies.map((policy) => {
      const [from, sources] = sourcesOf(policy, name);
      return sources.filter((source) => isLoose(name, source, own)).map((source) => `${from} ${source}`);
    });
    // What one policy keeps out stays out.
    return parts.every(({ length }) => length > 0) ? parts.flat() : [];
  });
  if (loose.length > 0) return finding('csp.loose', 'warning', [...new Set(loose)].join(', '));
  const reached = policies.every((policy) =>
    sourcesOf(policy, 'connect-src')[1].some((source) => leadsTo(source, signal, page.url)),
  );
  return reached ? finding('csp.strict', 'good') : finding('csp.no-signal', 'bad', signal.origin);
}

/** @returns the directive that counts, and its sources */
function sourcesOf(policy: Directives, name: string): readonly [from: string, sources: readonly string[]] {
  for (const one of [name, ...(FALLBACKS[name] ?? [])]) {
    const sources = policy.get(one);
    if (sources) return [one, sources];
  }
  return [name, ALONE.includes(name) ? [] : ['*']];
}

function isLoose(name: string, source: string, own: readonly string[]): boolean {
  if (source === '*' || /^(?:https?|wss?):$/u.test(source)) return true;
  if (CODE[name]?.includes(source)) return true;
  const host = hostOf(source);
  return host !== null && !own.includes(host);
}

function leadsTo(source: string, signal: URL, page: URL): boolean {
  if (source === "'self'") return signal.host === page.host;
  return source === '*' || source === signal.protocol || hostOf(source) === signal.host;
}

/** The host of a source expression such as `wss://signal.example`; null for keywords and schemes. */
function hostOf(source: string): string | null {
  if (source.startsWith("'") || /^[a-z][a-z\d+.-]*:$/u.test(source)) return null;
  const url = /^[a-z][a-z\d+.-]*:\/\//u.test(source) ? source : `https://${source}`;
  // Any subdomain, any port: nothing of ours.
  if (url.includes('*')) return url.slice(url.indexOf('//') + 2);
  return URL.canParse(url) ? new URL(url).host : null;
}
