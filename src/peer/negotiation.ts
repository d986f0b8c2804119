/**
 * Perfect negotiation (webrtc-pc §10.7) over any way to carry signals: the answerer is polite and gives way when both offer at once.
 * Descriptions pass the rules of `session-description.ts`, candidates the relay gate. Signals are taken one at a time.
 */
import { ConsultError, type ErrorCode } from '../errors.ts';
import type { MediaLines } from './media-lines.ts';
import type { RelayGate } from './relay-gate.ts';
import { fingerprintOf, incoming, outgoing, refused, sectionsOf } from './session-description.ts';

export interface CandidateInit {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment: string | null;
}

export type PeerSignal =
  | { readonly kind: 'description'; readonly description: { readonly kind: 'offer' | 'answer'; readonly sdp: string } }
  | { readonly kind: 'candidates'; readonly candidates: readonly CandidateInit[] };

export interface NegotiationOptions {
  readonly pc: RTCPeerConnection;
  readonly role: 'offerer' | 'answerer';
  readonly gate: RelayGate;
  readonly lines: MediaLines;
  send(signal: PeerSignal): void;
  /** The other side's first description has been applied. */
  onDescribed(): void;
  /** Addresses of the other side have been taken in. */
  onTold(): void;
  onError(code: ErrorCode): void;
}

/** Candidates are told in batches: each message costs everyone in the group a decryption. Milliseconds. */
const BATCH = 30;
/** What every description must consist of, in this order. */
const SECTIONS = 'audio video video application';

export class Negotiation {
  readonly #o: NegotiationOptions;
  #last: Promise<void> = Promise.resolve();
  #makingOffer = false;
  #ignoresOffer = false;
  /** Of the first description that came; another one would be another person. */
  #fingerprint: string | null = null;
  #early: CandidateInit[] = [];
  #batch: CandidateInit[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(o: NegotiationOptions) {
    this.#o = o;
    o.pc.addEventListener('negotiationneeded', this.#onNeeded);
    o.pc.addEventListener('icecandidate', this.#onCandidate);
  }

  receive(signal: PeerSignal): Promise<void> {
    return this.#enqueue(() =>
      signal.kind === 'description' ? this.#onDescription(signal.description) : this.#onCandidates(signal.candidates),
    );
  }

  /** Makes an offer now, whatever the engine thinks: for the first one, and for ICE restarts. */
  offer(): Promise<void> {
    return this.#enqueue(() => this.#offer());
  }

  /** Tells an address of ours that no candidate event brought (`ownMapping`). */
  tellMapping(candidate: string): void {
    const told = this.#o.gate.leaving(candidate);
    if (told !== null) this.#tellLater({ candidate: told, sdpMid: null, sdpMLineIndex: 0, usernameFragment: null });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#o.pc.removeEventListener('negotiationneeded', this.#onNeeded);
    this.#o.pc.removeEventListener('icecandidate', this.#onCandidate);
  }

  /** Nothing that comes from outside is thrown at whoever passed it on. */
  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (this.#o.pc.signalingState === 'closed') return;
      try {
        await step();
      } catch (error: unknown) {
        this.#o.onError(error instanceof ConsultError ? error.code : 'session-description-refused');
      }
    });
    return this.#last;
  }

  readonly #onNeeded = (): void => {
    // The first offer is made by `start`; the answerer has nothing to offer before it was offered anything.
    if (this.#fingerprint !== null) void this.offer();
  };

  async #offer(): Promise<void> {
    const { pc } = this.#o;
    this.#makingOffer = true;
    try {
      await pc.setLocalDescription();
      this.#tellDescription('offer');
    } finally {
      this.#makingOffer = false;
    }
  }

  async #onDescription({ kind, sdp }: { readonly kind: 'offer' | 'answer'; readonly sdp: string }): Promise<void> {
    const { pc, role, lines } = this.#o;
    this.#check(sdp);
    const collides = kind === 'offer' && (this.#makingOffer || pc.signalingState !== 'stable');
    this.#ignoresOffer = role === 'offerer' && collides;
    if (this.#ignoresOffer || (kind === 'answer' && pc.signalingState !== 'have-local-offer')) return;
    await pc.setRemoteDescription({ type: kind, sdp: incoming(sdp) });
    // Synchronously after it: Chromium ignores a transform that is set one task later.
    lines.adopt(pc);
    if (this.#fingerprint === null) {
      this.#fingerprint = fingerprintOf(sdp);
      this.#o.onDescribed();
    }
    if (kind === 'offer') {
      await pc.setLocalDescription();
      this.#tellDescription('answer');
    }
    await this.#addEarly();
    lines.limitBitrates();
  }

  #check(sdp: string): void {
    if (sectionsOf(sdp).join(' ') !== SECTIONS) throw refused('sections');
    const fingerprint = fingerprintOf(sdp);
    if (this.#fingerprint !== null && fingerprint !== this.#fingerprint) throw refused('another fingerprint');
  }

  #tellDescription(kind: 'offer' | 'answer'): void {
    const { localDescription } = this.#o.pc;
    if (localDescription)
      this.#o.send({ kind: 'description', description: { kind, sdp: outgoing(localDescription.sdp) } });
  }

  async #onCandidates(candidates: readonly CandidateInit[]): Promise<void> {
    const allowed = candidates.flatMap((init) => {
      const candidate = this.#o.gate.entering(init.candidate);
      return candidate === null ? [] : [{ ...init, candidate }];
    });
    if (!this.#o.pc.remoteDescription) this.#early.push(...allowed);
    else await this.#addAll(allowed);
  }

  async #addEarly(): Promise<void> {
    const early = this.#early;
    this.#early = [];
    await this.#addAll(early);
  }

  async #addAll(candidates: readonly CandidateInit[]): Promise<void> {
    for (const candidate of candidates) await this.#add(candidate);
    if (candidates.length > 0) this.#o.onTold();
  }

  async #add(candidate: CandidateInit): Promise<void> {
    try {
      await this.#o.pc.addIceCandidate({ ...candidate });
    } catch {
      // One damaged or outdated candidate is no reason to give up: others may lead there.
    }
  }

  readonly #onCandidate = ({ candidate }: RTCPeerConnectionIceEvent): void => {
    // The last one: nothing more to wait for. Media flows only once the other side has been told where it comes from.
    if (!candidate && this.#batch.length > 0) return this.#tellCandidates();
    const told = candidate && this.#o.gate.leaving(candidate.candidate);
    if (!candidate || told === null) return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    this.#tellLater({ candidate: told, sdpMid, sdpMLineIndex, usernameFragment });
  };

  #tellLater(candidate: CandidateInit): void {
    this.#batch.push(candidate);
    this.#timer ??= setTimeout(() => this.#tellCandidates(), BATCH);
  }

  #tellCandidates(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const candidates = this.#batch;
    this.#batch = [];
    this.#o.send({ kind: 'candidates', candidates });
  }
}
