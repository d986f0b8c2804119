/**
 * The gate (protocol.md §10) [R7]: until both people of the pair consented no TURN server is configured, no relay candidate goes
 * out and none comes in, whatever it claims to be.
 */
import { ConsultError } from '../errors.ts';

export interface StunServer {
  readonly urls: readonly string[];
}

export interface RelayServer extends StunServer {
  readonly username: string;
  readonly credential: string;
}

/** What the gate reads of `candidate:… typ …` (RFC 8839 §5.1). */
interface Candidate {
  readonly address: string;
  readonly type: string;
}

function parse(candidate: string): Candidate | null {
  const fields = candidate
    .replace(/^a=/u, '')
    .replace(/^candidate:/u, '')
    .trim()
    .split(/\s+/u);
  const type = fields[fields.indexOf('typ') + 1];
  const address = fields[4];
  return fields.includes('typ') && type && address ? { address: normalise(address), type } : null;
}

/** One spelling per address: lower case, IPv6 without brackets, zone and zero runs, IPv4 within IPv6 as IPv4. */
export function normalise(address: string): string {
  const bare = address
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/gu, '')
    .replace(/%.*$/u, '');
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/u.exec(bare) ?? [];
  if (mapped) return mapped;
  if (!bare.includes(':')) return bare;
  try {
    return new URL(`http://[${bare}]/`).hostname.replace(/^\[|\]$/gu, '');
  } catch {
    return bare;
  }
}

export class RelayGate {
  readonly #stun: readonly StunServer[];
  readonly #addresses: ReadonlySet<string>;
  readonly #mode: 'direct-first' | 'relay-only';
  #relays: readonly RelayServer[] = [];

  /**
   * @param o.relayAddresses the declared relays' own addresses
   * @throws {ConsultError} `relay-undeclared` for a TURN server among the STUN servers
   */
  constructor(o: {
    readonly stun: readonly StunServer[];
    readonly relayAddresses: readonly string[];
    readonly mode: 'direct-first' | 'relay-only';
  }) {
    if (o.stun.some(({ urls }) => urls.some((url) => !/^stuns?:/u.test(url))))
      throw new ConsultError('relay-undeclared', { detail: 'stun' });
    this.#stun = o.stun;
    this.#addresses = new Set(o.relayAddresses.map(normalise));
    this.#mode = o.mode;
  }

  get isOpen(): boolean {
    return this.#relays.length > 0;
  }

  /** Both consented: from now on these relays may be used. */
  open(relays: readonly RelayServer[]): void {
    this.#relays = relays;
  }

  close(): void {
    this.#relays = [];
  }

  configuration(): RTCConfiguration {
    return {
      bundlePolicy: 'max-bundle',
      iceServers: [...this.#stun, ...this.#relays].map((server) => ({ ...server, urls: [...server.urls] })),
      iceTransportPolicy: this.#mode === 'relay-only' ? 'relay' : 'all',
    };
  }

  /** Whether a candidate of ours may be told. */
  mayLeave(candidate: string): boolean {
    const parsed = parse(candidate);
    if (!parsed) return candidate === '';
    return this.#mayUse(parsed);
  }

  /** Whether a candidate of theirs may be tried. A relay's address is a relay, whether it says `relay`, `host` or `srflx`. */
  mayEnter(candidate: string): boolean {
    return this.mayLeave(candidate);
  }

  isRelayAddress(address: string | null | undefined): boolean {
    return !!address && this.#addresses.has(normalise(address));
  }

  #mayUse({ type, address }: Candidate): boolean {
    const relayed = type === 'relay' || this.isRelayAddress(address);
    // Where nobody may learn an address, only relayed candidates go either way (§6).
    return relayed ? this.isOpen : this.#mode === 'direct-first';
  }
}
