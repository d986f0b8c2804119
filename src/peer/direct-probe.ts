/**
 * Tests whether two relayed participants could connect directly by now: a second connection without relay, media or
 * messages, open only until the result is known (protocol.md §10). One description each way carries all candidates:
 * the test is not urgent.
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

/** Milliseconds for gathering candidates; later ones are not needed. */
const GATHER = 1_500;
/** Milliseconds for the whole test, signalling included. */
const TIMEOUT = 8_000;
/** Milliseconds. */
const POLL_EVERY = 250;
/** Polls after a success during which the connection stays open, so that the other side can see it too. */
const LINGER = 6;

export class DirectProbe {
  readonly #o: DirectProbeOptions;
  readonly #gate: RelayGate;
  readonly #pc: RTCPeerConnection;
  readonly #polls: ReturnType<typeof setInterval>;
  readonly #end: ReturnType<typeof setTimeout>;
  #found = 0;
  #closed = false;

  constructor(o: DirectProbeOptions) {
    this.#o = o;
    this.#gate = new RelayGate({ stun: o.iceServers, relayAddresses: o.relayAddresses, mode: 'direct-first' });
    this.#pc = new RTCPeerConnection(this.#gate.configuration());
    this.#pc.createDataChannel('probe', { negotiated: true, id: 0 });
    this.#polls = setInterval(() => void this.#poll(), POLL_EVERY);
    this.#end = setTimeout(() => this.close(), TIMEOUT);
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
    clearInterval(this.#polls);
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

  async #poll(): Promise<void> {
    if (this.#closed || this.#pc.connectionState !== 'connected') return;
    const stats = statsOf(await this.#pc.getStats());
    // Where a side must first send its mapped address (`ownMapping`), the real connection does it.
    const known =
      pathOf(stats, (address) => this.#gate.isRelayAddress(address)) === 'direct' || ownMapping(stats) !== null;
    if (known) this.#found++;
    if (this.#found > LINGER) this.close();
  }
}

/** Filters a description as for a call, and its candidates through the relay gate. It has one section. */
function withCandidates(sdp: string, pass: (candidate: string) => string | null): string {
  const candidates = sdp.split(/\r?\n/u).filter((line) => line.startsWith('a=candidate:'));
  const passed = candidates.map((line) => pass(line.slice('a='.length))).filter((line) => line !== null);
  return outgoing(sdp) + passed.map((line) => `a=${line}\r\n`).join('');
}
