/**
 * Why a WebSocket to the signalling server does not open. Browsers hide it from pages (WHATWG WebSockets §7.1), so the
 * page asks the same address with a POST: the server answers that with a header of its own and a status that says what
 * is wrong.
 */
import type { ErrorCode } from '../errors.ts';
import { PolicyViolations } from '../util/policy-violations.ts';

export type SignalingFaultCode = Extract<
  ErrorCode,
  | 'signaling-unreachable'
  | 'signaling-foreign'
  | 'signaling-origin-refused'
  | 'signaling-upgrade-dropped'
  | 'signaling-policy-blocked'
  | 'signaling-busy'
  | 'device-offline'
>;

export interface SignalingFault {
  readonly code: SignalingFaultCode;
  /** For the site's developer; empty where nothing is wrong with the site. */
  readonly detail: string;
  /** `settled`: the same answer came twice, and only the site can change it. `open`: it may pass. */
  readonly outlook: 'settled' | 'open';
}

export interface DiagnosisOptions {
  /** Milliseconds from the first such answer until a second one settles it; default as below. */
  readonly settleAfter?: number;
  /** Where someone has listened already. */
  readonly violations?: PolicyViolations;
}

/** Faults of the site, with milliseconds until a second equal answer settles them. A server that restarts behind a
 * proxy can look like another one for a moment. */
const SETTLES: Partial<Record<SignalingFaultCode, number>> = {
  'signaling-foreign': 10_000,
  'signaling-origin-refused': 0,
  'signaling-upgrade-dropped': 0,
  'signaling-policy-blocked': 0,
};
/** Milliseconds. */
const ANSWER_WITHIN = 8_000;
/** Milliseconds that the event about a violation may come after the failure. */
const VIOLATION_WITHIN = 100;
/** Sent by the server with every answer to `/signal`. */
const HEADER = 'Consult-Room';
/** A proxy says that the server behind it is away, or slow (RFC 9110 §15.6). */
const GATEWAY = new Set([502, 503, 504]);

type Finding = Omit<SignalingFault, 'outlook'>;

export class SignalingDiagnosis {
  readonly #socket: URL;
  readonly #url: URL;
  readonly #o: DiagnosisOptions;
  readonly #violations: PolicyViolations;
  #first: { readonly code: SignalingFaultCode; readonly at: number } | null = null;

  /** @param socket `ws:` or `wss:`; create it before the first attempt, so that no violation of the policy is missed */
  constructor(socket: URL, o: DiagnosisOptions = {}) {
    this.#o = o;
    this.#violations = o.violations ?? new PolicyViolations();
    this.#socket = socket;
    this.#url = new URL(socket);
    this.#url.protocol = socket.protocol === 'wss:' ? 'https:' : 'http:';
  }

  /** Call it after each failed attempt. Never rejects. */
  async next(): Promise<SignalingFault> {
    const { code, detail } = await this.#find();
    const before = this.#first?.code === code ? this.#first : null;
    this.#first = before ?? { code, at: performance.now() };
    const settleAfter = SETTLES[code] === undefined ? undefined : (this.#o.settleAfter ?? SETTLES[code]);
    const settled = before && settleAfter !== undefined && performance.now() - before.at >= settleAfter;
    return { code, detail, outlook: settled ? 'settled' : 'open' };
  }

  close(): void {
    this.#violations.close();
  }

  async #find(): Promise<Finding> {
    const { navigator } = globalThis as { readonly navigator?: Partial<Navigator> };
    if (navigator?.onLine === false) return { code: 'device-offline', detail: '' };
    const response = await this.#ask('cors');
    if (!response) await new Promise((resolve) => setTimeout(resolve, VIOLATION_WITHIN));
    const blocked = [this.#socket, this.#url].find((url) => this.#violations.has('connect-src', url));
    if (blocked) {
      const detail = `the page's content security policy needs "connect-src ${blocked.origin}"`;
      return { code: 'signaling-policy-blocked', detail };
    }
    if (response) return this.#read(response);
    // Another server lets no foreign page read its answer; that there is one can be seen all the same.
    if (await this.#ask('no-cors')) return this.#foreign('something answers that is not this server');
    return { code: 'signaling-unreachable', detail: `nothing answers at ${this.#name}` };
  }

  async #ask(mode: 'cors' | 'no-cors'): Promise<Response | null> {
    try {
      return await fetch(this.#url, {
        method: 'POST',
        mode,
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        // A WebSocket follows no redirect; only a page may not see where it would lead.
        redirect: mode === 'cors' ? 'manual' : 'follow',
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
    } catch {
      return null;
    }
  }

  async #read(response: Response): Promise<Finding> {
    const { status, headers, type } = response;
    if (type === 'opaqueredirect') return this.#foreign('it redirects, which a WebSocket does not follow');
    if (headers.get(HEADER) === null) {
      if (GATEWAY.has(status))
        return { code: 'signaling-unreachable', detail: `a proxy answers ${String(status)} at ${this.#name}` };
      return this.#foreign(`it answers ${String(status)} without the header ${HEADER}`);
    }
    if (status === 403) return { code: 'signaling-origin-refused', detail: flagFor(await textOf(response), this.#url) };
    if (status === 429 || status === 503)
      return { code: 'signaling-busy', detail: `the server takes no further connection (${String(status)})` };
    return { code: 'signaling-upgrade-dropped', detail: UPGRADE };
  }

  #foreign(words: string): Finding {
    const detail = `no signalling server at ${this.#name}: ${words}; check host, port and path`;
    return { code: 'signaling-foreign', detail };
  }

  /** Without the query, which may hold a secret of the site. */
  get #name(): string {
    return `${this.#url.origin}${this.#url.pathname}`;
  }
}

const UPGRADE =
  'the server answers, but a proxy in front of it drops the Upgrade header; in nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';

function flagFor(words: string, { origin }: URL): string {
  if (words.startsWith('host-unknown')) return `start the server with --origin ${origin}`;
  return `start the server with --page-origin ${globalThis.location?.origin ?? 'URL'}`;
}

async function textOf(response: Response): Promise<string> {
  return response.text().catch(() => '');
}
