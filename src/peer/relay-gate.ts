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

/** Null for what is no candidate, or names a host that would have to be looked up: a name could be anybody's, a relay's too. */
function parse(candidate: string): Candidate | null {
  const fields = candidate
    .replace(/^a=/u, '')
    .replace(/^candidate:/u, '')
    .trim()
    .split(/\s+/u);
  const type = fields[fields.indexOf('typ') + 1];
  const address = fields[4];
  if (!fields.includes('typ') || !type || !address || !isAddress(address)) return null;
  return { address: normalise(address), type };
}

/** An IP address, or the name by which browsers hide their own in the local network (draft-ietf-mmusic-mdns-ice-candidates §3.1). */
function isAddress(address: string): boolean {
  return (
    /^\d{1,3}(\.\d{1,3}){3}$/u.test(address) ||
    /^[\da-f]*:[\da-f:.]+(%\w+)?$/iu.test(address) ||
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.local$/iu.test(address)
  );
}

/**
 * One spelling per address: lower case, IPv6 without brackets, zone and zero runs, and IPv4 as IPv4 though it stands within IPv6,
 * mapped (RFC 4291 §2.5.5.2) or behind a NAT64 (RFC 6052 §2.1).
 */
export function normalise(address: string): string {
  const bare = address
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/gu, '')
    .replace(/%.*$/u, '');
  if (!bare.includes(':') || !URL.canParse(`http://[${bare}]/`)) return bare;
  const short = new URL(`http://[${bare}]/`).hostname.replace(/^\[|\]$/gu, '');
  const [, high, low] = /^(?:::ffff:|64:ff9b::)(?:([\da-f]{1,4}):)?([\da-f]{1,4})$/u.exec(short) ?? [];
  if (low === undefined) return short;
  const [left, right] = [Number.parseInt(high ?? '0', 16), Number.parseInt(low, 16)];
  return [left >> 8, left & 255, right >> 8, right & 255].join('.');
}

export class RelayGate {
  readonly #stun: readonly StunServer[];
  readonly #addresses: ReadonlySet<string>;
  readonly #mode: 'direct-first' | 'relay-only';
  #relays: readonly RelayServer[] = [];
  #theyHide = false;

  /**
   * @param o.relayAddresses the declared relays' own addresses
   * @throws {ConsultError} `relay-undeclared` for a TURN server among the STUN servers
   */
  constructor(o: {
    readonly stun: readonly StunServer[];
    readonly relayAddresses: readonly string[];
    readonly mode: 'direct-first' | 'relay-only';
    /** Those that both people agreed to, if they did already. */
    readonly relays?: readonly RelayServer[];
  }) {
    if (o.stun.some(({ urls }) => urls.some((url) => !/^stuns?:/u.test(url))))
      throw new ConsultError('relay-undeclared', { detail: 'stun' });
    this.#stun = o.stun;
    this.#addresses = new Set(o.relayAddresses.map(normalise));
    this.#mode = o.mode;
    this.#relays = o.relays ?? [];
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
    // Where nobody may learn an address, nobody asks for the own one either.
    const servers = this.#mode === 'relay-only' ? this.#relays : [...this.#stun, ...this.#relays];
    return {
      bundlePolicy: 'max-bundle',
      iceServers: servers.map((server) => ({ ...server, urls: [...server.urls] })),
      iceTransportPolicy: this.#mode === 'relay-only' ? 'relay' : 'all',
    };
  }

  /**
   * A candidate of ours as it is told. A relayed one names the address behind it (RFC 8839 §5.1, `raddr`), which is nobody's
   * business here.
   */
  told(candidate: string): string {
    return candidate.replace(/ raddr \S+ rport \d+/u, ' raddr 0.0.0.0 rport 0');
  }

  /** Whether a candidate of ours may be told. */
  mayLeave(candidate: string): boolean {
    const parsed = parse(candidate);
    if (!parsed) return candidate === '';
    return this.#mayUse(parsed);
  }

  /** Whether a candidate of theirs may be tried. A relay's address is a relay, whether it says `relay`, `host` or `srflx`. */
  mayEnter(candidate: string): boolean {
    const may = this.mayLeave(candidate);
    if (may && parse(candidate)?.address.endsWith('.local')) this.#theyHide = true;
    return may;
  }

  /**
   * Whether the other side told a `….local` name, by which a browser hides its own address where no camera or microphone was allowed:
   * then an address that we are not shown is most likely that one.
   */
  get theyHide(): boolean {
    return this.#theyHide;
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
