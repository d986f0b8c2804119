/**
 * The gate (protocol.md §10) [R7]: until both people of the pair consented no TURN server is configured, no relay candidate goes
 * out and none comes in, whatever it claims to be.
 */
import { ConsultError } from '../errors.ts';
import { normalise, readCandidate, writeCandidate, type Candidate } from './candidate.ts';

export interface StunServer {
  readonly urls: readonly string[];
}

export interface UsableRelay extends StunServer {
  readonly username: string;
  readonly credential: string;
}

export class RelayGate {
  readonly #stun: readonly StunServer[];
  readonly #addresses: ReadonlySet<string>;
  readonly #mode: 'direct-first' | 'relay-only';
  #relays: readonly UsableRelay[] = [];
  #wasOpen: boolean;
  #hosts: 'none' | 'hidden' | 'told' = 'none';

  /**
   * @param o.relayAddresses the declared relays' own addresses
   * @throws {ConsultError} `relay-undeclared` for a TURN server among the STUN servers
   */
  constructor(o: {
    readonly stun: readonly StunServer[];
    readonly relayAddresses: readonly string[];
    readonly mode: 'direct-first' | 'relay-only';
    /** Those that both people agreed to, if they did already. */
    readonly relays?: readonly UsableRelay[];
    /** Whether the two had agreed to a relay in an earlier connection. */
    readonly relayedBefore?: boolean;
  }) {
    if (o.stun.some(({ urls }) => urls.some((url) => !/^stuns?:/u.test(url))))
      throw new ConsultError('relay-undeclared', { detail: 'stun' });
    this.#stun = o.stun;
    this.#addresses = new Set(o.relayAddresses.map(normalise));
    this.#mode = o.mode;
    this.#relays = o.relays ?? [];
    this.#wasOpen = o.relayedBefore === true || this.isOpen;
  }

  get isOpen(): boolean {
    return this.#relays.length > 0;
  }

  /** Both consented: from now on these relays may be used. */
  open(relays: readonly UsableRelay[]): void {
    this.#relays = relays;
    this.#wasOpen ||= this.isOpen;
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

  /** A candidate of ours as it is told; null where it may not be. An empty one says that there are no more. */
  leaving(line: string): string | null {
    const candidate = this.#usable(line);
    return candidate ? writeCandidate(candidate) : emptyOf(line);
  }

  /**
   * A candidate of theirs as the engine is given it; null where it may not be tried. A relay's address is a relay, whether it says
   * `relay`, `host` or `srflx`.
   */
  entering(line: string): string | null {
    const candidate = this.#usable(line);
    if (candidate?.type === 'host') this.#noteHost(candidate);
    return candidate ? writeCandidate(candidate) : emptyOf(line);
  }

  /**
   * Whether the other side hides its own addresses behind `….local` names, as browsers do where no camera or microphone was allowed, and
   * told none in clear: then an address that we are not shown may be that one. Never once a relay was agreed to: whoever has an
   * allocation there could pass it off as hidden.
   */
  get theyHide(): boolean {
    return this.#hosts === 'hidden' && !this.#wasOpen;
  }

  isRelayAddress(address: string | null | undefined): boolean {
    return !!address && this.#addresses.has(normalise(address));
  }

  #noteHost({ address, transport }: Candidate): void {
    if (!address.endsWith('.local')) this.#hosts = 'told';
    else if (transport === 'udp' && this.#hosts === 'none') this.#hosts = 'hidden';
  }

  #usable(line: string): Candidate | null {
    const candidate = readCandidate(line);
    if (!candidate) return null;
    const relayed = candidate.type === 'relay' || this.isRelayAddress(candidate.address);
    // Where nobody may learn an address, only relayed candidates go either way (§6).
    return (relayed ? this.isOpen : this.#mode === 'direct-first') ? candidate : null;
  }
}

const emptyOf = (line: string): '' | null => (line === '' ? '' : null);
