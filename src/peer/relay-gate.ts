/**
 * The relay gate (protocol.md §10) [R7]: until both participants consent, no TURN server is configured, no relay
 * candidate is sent and none is accepted, whatever type it claims.
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
   * @param o.relayAddresses IP addresses of the declared relays
   * @throws {ConsultError} `relay-undeclared` for a TURN server among the STUN servers
   */
  constructor(o: {
    readonly stun: readonly StunServer[];
    readonly relayAddresses: readonly string[];
    readonly mode: 'direct-first' | 'relay-only';
    /** Relays that both participants agreed to, if they did already. */
    readonly relays?: readonly UsableRelay[];
    /** Whether the two agreed to a relay in an earlier connection. */
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

  /** Both consented: allows these relays from now on. */
  open(relays: readonly UsableRelay[]): void {
    this.#relays = relays;
    this.#wasOpen ||= this.isOpen;
  }

  close(): void {
    this.#relays = [];
  }

  configuration(): RTCConfiguration {
    // In relay-only mode no address may be revealed, so no STUN server is queried either.
    const servers = this.#mode === 'relay-only' ? this.#relays : [...this.#stun, ...this.#relays];
    return {
      bundlePolicy: 'max-bundle',
      iceServers: servers.map((server) => ({ ...server, urls: [...server.urls] })),
      iceTransportPolicy: this.#mode === 'relay-only' ? 'relay' : 'all',
    };
  }

  /** Our candidate as it is sent; null where it must not be. An empty line means that there are no more. */
  leaving(line: string): string | null {
    const candidate = this.#usable(line);
    return candidate ? writeCandidate(candidate) : emptyOf(line);
  }

  /**
   * The other side's candidate as the engine gets it; null where it must not be tried. An address of a declared relay
   * is a relay, whether the type says `relay`, `host` or `srflx`.
   */
  entering(line: string): string | null {
    const candidate = this.#usable(line);
    if (candidate?.type === 'host') this.#noteHost(candidate);
    return candidate ? writeCandidate(candidate) : emptyOf(line);
  }

  /**
   * Whether the other side hides its addresses behind `….local` names, as browsers do without permission for camera
   * or microphone, and sent none in clear: then an address that the browser hides from us may be such a one. Never
   * after consent to a relay: an allocation there could be passed off as a hidden address.
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
    // In relay-only mode only relayed candidates pass in either direction (protocol.md §6).
    return (relayed ? this.isOpen : this.#mode === 'direct-first') ? candidate : null;
  }
}

const emptyOf = (line: string): '' | null => (line === '' ? '' : null);
