/**
 * Asks whether two people who are connected through a relay could be connected directly by now: a second connection without any
 * relay, without media and without a word in it, open for as long as it takes to know (protocol.md §10). One description each way
 * carries all candidates, because nobody waits for the answer.
 */
import { fingerprintOf, outgoing, refused, sectionsOf } from './session-description.ts';
import { ownMapping, pathOf, statsOf } from './path.ts';
import { RelayGate, type StunServer } from './relay-gate.ts';

export interface ProbeDescription {
  readonly kind: 'offer' | 'answer';
  readonly sdp: string;
}

export interface DirectProbeOptions {
  readonly iceServers: readonly StunServer[];
  readonly relayAddresses: readonly string[];
  send(description: ProbeDescription): void;
  onResult(way: 'found' | 'none'): void;
}

/** Milliseconds for candidates to be gathered; what comes later is not needed to know. */
const GATHER = 1_500;
/** Milliseconds from the first to the last word, the journey through signalling included. */
const PATIENCE = 8_000;
const LOOK_EVERY = 250;
/** Looks during which the other side may still need this end to see the same. */
const LINGER = 6;

export class DirectProbe {
  readonly #o: DirectProbeOptions;
  readonly #gate: RelayGate;
  readonly #pc: RTCPeerConnection;
  readonly #looks: ReturnType<typeof setInterval>;
  readonly #end: ReturnType<typeof setTimeout>;
  #found = 0;
  #closed = false;

  constructor(o: DirectProbeOptions) {
    this.#o = o;
    this.#gate = new RelayGate({ stun: o.iceServers, relayAddresses: o.relayAddresses, mode: 'direct-first' });
    this.#pc = new RTCPeerConnection(this.#gate.configuration());
    this.#pc.createDataChannel('probe', { negotiated: true, id: 0 });
    this.#looks = setInterval(() => void this.#look(), LOOK_EVERY);
    this.#end = setTimeout(() => this.close(), PATIENCE);
  }

  async offer(): Promise<void> {
    await this.#describe('offer');
  }

  /** @throws {ConsultError} `session-description-refused` */
  async receive({ kind, sdp }: ProbeDescription): Promise<void> {
    if (this.#closed || (kind === 'answer') !== (this.#pc.signalingState === 'have-local-offer')) return;
    fingerprintOf(sdp);
    if (sectionsOf(sdp).join(' ') !== 'application') throw refused('probe');
    await this.#pc.setRemoteDescription({ type: kind, sdp: withCandidates(sdp, (line) => this.#gate.entering(line)) });
    if (kind === 'offer') await this.#describe('answer');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#looks);
    clearTimeout(this.#end);
    this.#pc.close();
    this.#o.onResult(this.#found > 0 ? 'found' : 'none');
  }

  async #describe(kind: 'offer' | 'answer'): Promise<void> {
    await this.#pc.setLocalDescription();
    await this.#gathered();
    const { localDescription } = this.#pc;
    if (this.#closed || !localDescription) return;
    this.#o.send({ kind, sdp: withCandidates(localDescription.sdp, (line) => this.#gate.leaving(line)) });
  }

  #gathered(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GATHER);
      this.#pc.addEventListener('icegatheringstatechange', () => {
        if (this.#pc.iceGatheringState !== 'complete') return;
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #look(): Promise<void> {
    if (this.#closed || this.#pc.connectionState !== 'connected') return;
    const stats = statsOf(await this.#pc.getStats());
    // Whoever needs to tell an address by itself is left to the real connection, which does.
    const known =
      pathOf(stats, (address) => this.#gate.isRelayAddress(address)) === 'direct' || ownMapping(stats) !== null;
    if (known) this.#found++;
    if (this.#found > LINGER) this.close();
  }
}

/** The description by the same list of lines as a call's, and of its candidates what the gate makes of them; it has one section. */
function withCandidates(sdp: string, pass: (candidate: string) => string | null): string {
  const candidates = sdp.split(/\r?\n/u).filter((line) => line.startsWith('a=candidate:'));
  const passed = candidates.map((line) => pass(line.slice('a='.length))).filter((line) => line !== null);
  return outgoing(sdp) + passed.map((line) => `a=${line}\r\n`).join('');
}
