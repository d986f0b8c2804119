import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MediaLines } from '../../src/peer/media-lines.ts';
import { Negotiation, type CandidateInit, type PeerSignal } from '../../src/peer/negotiation.ts';
import { RelayGate } from '../../src/peer/relay-gate.ts';

const FINGERPRINT = `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`;
const sdpOf = (fingerprint = FINGERPRINT): string =>
  `${['v=0', ...['audio', 'video', 'video', 'application'].flatMap((kind) => [`m=${kind} 9 UDP/TLS/RTP/SAVPF 0`, `a=fingerprint:${fingerprint}`])].join('\r\n')}\r\n`;

/** The part of a peer connection that a negotiation uses, without an engine behind it. */
class FakeConnection extends EventTarget {
  signalingState: RTCSignalingState = 'stable';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  readonly added: RTCIceCandidateInit[] = [];
  readonly steps: string[] = [];

  async setLocalDescription(): Promise<void> {
    const answers = this.signalingState === 'have-remote-offer';
    await this.#step('local');
    this.localDescription = { type: answers ? 'answer' : 'offer', sdp: sdpOf() };
    this.signalingState = answers ? 'stable' : 'have-local-offer';
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    await this.#step('remote');
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }

  async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    await this.#step('candidate');
    this.added.push(candidate);
  }

  async #step(name: string): Promise<void> {
    this.steps.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve));
    this.steps.push(`${name} ends`);
  }
}

const candidate = (port: number): CandidateInit => ({
  candidate: `candidate:1 1 udp 1 192.0.2.1 ${String(port)} typ host`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});
const description = (kind: 'offer' | 'answer', sdp = sdpOf()): PeerSignal => ({
  kind: 'description',
  description: { kind, sdp },
});

function negotiationOf(role: 'offerer' | 'answerer') {
  const pc = new FakeConnection();
  const sent: PeerSignal[] = [];
  const errors: string[] = [];
  const negotiation = new Negotiation({
    pc: pc as unknown as RTCPeerConnection,
    role,
    gate: new RelayGate({ stun: [], relayAddresses: [], mode: 'direct-first' }),
    lines: { adopt: () => undefined, limitBitrates: () => undefined } as unknown as MediaLines,
    send: (signal) => sent.push(signal),
    onDescribed: () => undefined,
    onCandidates: () => undefined,
    onError: (code) => errors.push(code),
  });
  return { pc, sent, errors, negotiation };
}

describe('a negotiation', () => {
  it('adds candidates that came before the answer once it comes', async () => {
    const { pc, negotiation } = negotiationOf('offerer');
    await negotiation.offer();
    await negotiation.receive({ kind: 'candidates', candidates: [candidate(1001), candidate(1002)] });
    assert.deepEqual(pc.added, []);
    await negotiation.receive(description('answer'));
    assert.deepEqual(
      pc.added.map(({ candidate: line }) => line),
      [candidate(1001).candidate, candidate(1002).candidate],
    );
  });

  it('keeps the newest candidates and drops older ones when a peer sends thousands without an answer', async () => {
    const { pc, negotiation } = negotiationOf('offerer');
    await negotiation.offer();
    for (let batch = 0; batch < 100; batch++)
      await negotiation.receive({
        kind: 'candidates',
        candidates: Array.from({ length: 50 }, (_, index) => candidate(1000 + batch * 50 + index)),
      });
    await negotiation.receive(description('answer'));
    assert.ok(pc.added.length <= 200, String(pc.added.length));
    assert.equal(pc.added.at(-1)?.candidate, candidate(5999).candidate);
  });

  it('processes signals one at a time, in order, when they come at once', async () => {
    const { pc, negotiation } = negotiationOf('answerer');
    await Promise.all([
      negotiation.receive(description('offer')),
      negotiation.receive({ kind: 'candidates', candidates: [candidate(1001)] }),
    ]);
    assert.deepEqual(
      pc.steps,
      ['remote', 'local', 'candidate'].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
  });

  it('reports a bad signal and processes the next one', async () => {
    const { pc, errors, negotiation } = negotiationOf('answerer');
    await Promise.all([
      negotiation.receive(description('offer', 'v=0\r\n')),
      negotiation.receive(description('offer')),
    ]);
    assert.deepEqual(errors, ['session-description-refused']);
    assert.equal(pc.signalingState, 'stable');
  });

  it('reports nothing of a signal when the connection has been closed while it was applied', async () => {
    const { pc, errors, negotiation } = negotiationOf('answerer');
    pc.setRemoteDescription = async () => {
      pc.signalingState = 'closed';
      throw new DOMException('closed', 'InvalidStateError');
    };
    await negotiation.receive(description('offer'));
    assert.deepEqual(errors, []);
  });

  it('refuses a second description with another fingerprint', async () => {
    const { errors, negotiation } = negotiationOf('answerer');
    await negotiation.receive(description('offer'));
    await negotiation.receive(description('offer', sdpOf(FINGERPRINT.replace('AB', 'CD'))));
    assert.deepEqual(errors, ['session-description-refused']);
  });

  it('ignores an offer that collides with its own as the offerer, and gives way as the answerer', async () => {
    for (const role of ['offerer', 'answerer'] as const) {
      const { pc, negotiation } = negotiationOf(role);
      await negotiation.offer();
      await negotiation.receive(description('offer'));
      assert.equal(pc.remoteDescription !== null, role === 'answerer', role);
    }
  });
});
