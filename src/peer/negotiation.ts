/**
 * Perfect negotiation (webrtc-pc §10.7) over any transport of signals: the answerer is polite and gives way when both
 * sides offer at once. Descriptions pass the rules of `session-description.ts`, candidates the relay gate. Signals
 * are processed one at a time.
 */
import { ConsultError, type ErrorCode } from '../errors.ts';
import type { MediaLines } from './media-lines.ts';
import type { RelayGate } from './relay-gate.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { fingerprintOf, incoming, outgoing, refused, sectionsOf, type PacketTime } from './session-description.ts';

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
  /** Of our own sound; default 20. */
  readonly packetTime?: PacketTime | undefined;
  send(signal: PeerSignal): void;
  /** The other side's first description has been applied. */
  onDescribed(): void;
  /** Candidates of the other side have been added. */
  onCandidates(): void;
  onError(code: ErrorCode): void;
}

/** Milliseconds. Candidates are sent in batches: each message costs every member of the group a decryption. */
const BATCH = 30;
/**
 * Candidates kept until the first description comes: more than any browser gathers, and a limit for a peer that never
 * answers.
 */
const EARLY = 128;
/** The sections of every description, in this order. */
const SECTIONS = 'audio video video application';

export class Negotiation {
  readonly #o: NegotiationOptions;
  readonly #queue = new SerialQueue();
  #makingOffer = false;
  #ignoresOffer = false;
  /** Of the first description received; a different one would be a different device. */
  #fingerprint: string | null = null;
  #early: readonly CandidateInit[] = [];
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

  /** Makes an offer now, also where the engine sees no need: for the first one, and for ICE restarts. */
  offer(): Promise<void> {
    return this.#enqueue(() => this.#offer());
  }

  /** Sends a candidate of our own that no candidate event brought (`ownMapping`). */
  sendMapping(candidate: string): void {
    const allowed = this.#o.gate.leaving(candidate);
    if (allowed !== null)
      this.#sendLater({ candidate: allowed, sdpMid: null, sdpMLineIndex: 0, usernameFragment: null });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#o.pc.removeEventListener('negotiationneeded', this.#onNeeded);
    this.#o.pc.removeEventListener('icecandidate', this.#onCandidate);
  }

  /** Never throws: an error in a signal is the sender's, not the caller's. */
  #enqueue(step: () => Promise<void>): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#isClosed) return;
      try {
        await step();
      } catch (error: unknown) {
        // Engines refuse what was under way when a connection was replaced: that is nobody's message.
        if (!this.#isClosed) this.#o.onError(codeOf(error));
      }
    });
  }

  get #isClosed(): boolean {
    return this.#o.pc.signalingState === 'closed';
  }

  readonly #onNeeded = (): void => {
    // `start` makes the first offer; the answerer makes none before it has received one.
    if (this.#fingerprint !== null) void this.offer();
  };

  async #offer(): Promise<void> {
    const { pc } = this.#o;
    this.#makingOffer = true;
    try {
      await pc.setLocalDescription();
      this.#sendDescription('offer');
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
    await pc.setRemoteDescription({ type: kind, sdp: incoming(sdp, this.#o.packetTime) });
    // Synchronously after it: Chromium ignores a transform set one task later.
    lines.adopt(pc);
    if (this.#fingerprint === null) {
      this.#fingerprint = fingerprintOf(sdp);
      this.#o.onDescribed();
    }
    if (kind === 'offer') {
      await pc.setLocalDescription();
      this.#sendDescription('answer');
    }
    await this.#addEarly();
    lines.limitBitrates();
  }

  #check(sdp: string): void {
    if (sectionsOf(sdp).join(' ') !== SECTIONS) throw refused('sections');
    const fingerprint = fingerprintOf(sdp);
    if (this.#fingerprint !== null && fingerprint !== this.#fingerprint) throw refused('another fingerprint');
  }

  #sendDescription(kind: 'offer' | 'answer'): void {
    const { localDescription } = this.#o.pc;
    if (localDescription)
      this.#o.send({ kind: 'description', description: { kind, sdp: outgoing(localDescription.sdp) } });
  }

  async #onCandidates(candidates: readonly CandidateInit[]): Promise<void> {
    const allowed = candidates.flatMap((init) => {
      const candidate = this.#o.gate.entering(init.candidate);
      return candidate === null ? [] : [{ ...init, candidate }];
    });
    if (!this.#o.pc.remoteDescription) this.#early = [...this.#early, ...allowed].slice(-EARLY);
    else await this.#addAll(allowed);
  }

  async #addEarly(): Promise<void> {
    const early = this.#early;
    this.#early = [];
    await this.#addAll(early);
  }

  async #addAll(candidates: readonly CandidateInit[]): Promise<void> {
    for (const candidate of candidates) await this.#add(candidate);
    if (candidates.length > 0) this.#o.onCandidates();
  }

  async #add(candidate: CandidateInit): Promise<void> {
    try {
      await this.#o.pc.addIceCandidate({ ...candidate });
    } catch {
      // One damaged or outdated candidate does not end the connection: others may still work.
    }
  }

  readonly #onCandidate = ({ candidate }: RTCPeerConnectionIceEvent): void => {
    // The last one: send without waiting. Media flows only once the other side knows where it comes from.
    if (!candidate && this.#batch.length > 0) return this.#sendBatch();
    const allowed = candidate && this.#o.gate.leaving(candidate.candidate);
    if (!candidate || allowed === null) return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    this.#sendLater({ candidate: allowed, sdpMid, sdpMLineIndex, usernameFragment });
  };

  #sendLater(candidate: CandidateInit): void {
    this.#batch.push(candidate);
    this.#timer ??= setTimeout(() => this.#sendBatch(), BATCH);
  }

  #sendBatch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const candidates = this.#batch;
    this.#batch = [];
    this.#o.send({ kind: 'candidates', candidates });
  }
}

/** The engine's refusal of a description is a `DOMException` (W3C webrtc §4.4.1); anything else is a fault of ours. */
function codeOf(error: unknown): ErrorCode {
  if (error instanceof ConsultError) return error.code;
  if (error instanceof DOMException) return 'session-description-refused';
  // oxlint-disable-next-line no-console -- no caller waits for the result
  console.error(error);
  return 'action-failed';
}
