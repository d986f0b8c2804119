/** Why the frame worker does not start, for the site's developer. */
import { pageUrl } from '../../e2ee/frames/start-worker.ts';
import { ConsultError } from '../../errors.ts';
import type { PolicyViolations } from '../../util/policy-violations.ts';

/** WHATWG MIME Sniffing §4.6, in short. */
const SCRIPT = /^(?:text|application)\/(?:x-)?(?:java|ecma)script\b/iu;

export async function causeOf(
  error: unknown,
  violations: PolicyViolations,
  workerUrl: string | undefined,
): Promise<string> {
  const file = workerUrl === undefined ? null : urlOf(workerUrl);
  if (file === 'invalid') return 'worker-url is no URL';
  // What was blocked says which source is missing: the worker starts from a blob, or from a file as in the CDN folder.
  if (violations.has('worker-src', new URL('blob:x')))
    return 'the content security policy needs "worker-src blob:", or set worker-url to a copy of the worker';
  // The origin of the document, which a page made by `srcdoc` inherits, unlike its address.
  const own = URL.canParse(globalThis.origin) ? new URL(globalThis.origin) : null;
  if (own && violations.has('worker-src', own)) return 'the content security policy needs "worker-src \'self\'"';
  // The constructor throws where Trusted Types allow no policy of ours.
  if (error instanceof ConsultError && error.cause instanceof TypeError)
    return 'Trusted Types: the content security policy needs "trusted-types consult-room"';
  return file ? causeAt(file) : 'the worker stops at its start';
}

function urlOf(workerUrl: string): URL | 'invalid' {
  try {
    return pageUrl(workerUrl);
  } catch {
    return 'invalid';
  }
}

async function causeAt(url: URL): Promise<string> {
  if (url.origin !== globalThis.origin) return 'worker-url is on another origin';
  try {
    const { ok, status, headers } = await fetch(url, { credentials: 'same-origin', cache: 'no-store' });
    if (!ok) return `worker-url answers ${String(status)}`;
    const type = headers.get('Content-Type') ?? '';
    return SCRIPT.test(type)
      ? 'worker-url is no working copy of the frame worker'
      : `worker-url is served as "${type}", which is no JavaScript`;
  } catch {
    return 'worker-url cannot be loaded';
  }
}
