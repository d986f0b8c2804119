/**
 * What the page's content security policy blocked (CSP3 §5.3). Browsers tell neither a worker nor a WebSocket why it
 * failed; this event alone does.
 */

export type Directive = 'connect-src' | 'worker-src';

interface Violation {
  readonly directive: string;
  /** The address, its origin, or its scheme alone, as browsers differ (CSP3 §5.4). */
  readonly uri: string;
}

export class PolicyViolations {
  readonly #seen: Violation[] = [];
  readonly #stop = new AbortController();

  /** Listens from now on, until {@link close}. */
  constructor() {
    // Node has none.
    if (typeof document === 'undefined') return;
    document.addEventListener(
      'securitypolicyviolation',
      ({ disposition, effectiveDirective, blockedURI }) => {
        // A policy that only reports blocks nothing.
        if (disposition === 'enforce') this.#seen.push({ directive: effectiveDirective, uri: blockedURI });
      },
      { signal: this.#stop.signal },
    );
  }

  /** Whether a request to this address was blocked. Some browsers name the directive that was fallen back to. */
  has(directive: Directive, { protocol, host }: URL): boolean {
    const scheme = protocol.slice(0, -1);
    return this.#seen.some(
      (one) =>
        [directive, 'child-src', 'script-src', 'default-src'].includes(one.directive) &&
        (one.uri === scheme || (host !== '' && one.uri.includes(host))),
    );
  }

  close(): void {
    this.#stop.abort();
  }
}
