/**
 * Sealed messages over a signalling channel (protocol.md §8). Peers are known by their seal session, which outlives a
 * connection; the channel's peer ids only say where to deliver. A seal grants no trust: whoever holds the invite can make one.
 */
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import type { Seal } from '../../e2ee/seal.ts';
import { asConsultError, type ErrorCode } from '../../errors.ts';
import type { ChannelEvent, ChannelOptions, ChannelPeer, SignalingChannel } from '../../signaling/channel.ts';
import { BoundedMap } from '../../util/bounded-map.ts';
import { SerialQueue } from '../../util/serial-queue.ts';
import { encodeSealed, parseSealed, SEALED, type SealedMessage } from './messages.ts';

export interface SealedTransportEvents {
  onOnline(): void;
  onOffline(): void;
  onPeerJoined(peer: ChannelPeer): void;
  /** `session` is gone from the channel; it may come back under another peer id. */
  onSessionLeft(session: string): void;
  onMessage(session: string, message: SealedMessage): void;
  onProblem(code: ErrorCode): void;
}

/** Seal sessions remembered with their peer ids; more than any room holds. */
const SESSIONS_KEPT = 256;
/** Envelopes that wait to be opened: more come only from somebody who floods, and each may have 64 kB. */
const WAITING_KEPT = 256;

export class SealedTransport {
  readonly #seal: Seal;
  readonly #channel: SignalingChannel;
  readonly #events: SealedTransportEvents;
  readonly #sending = new SerialQueue();
  readonly #receiving = new SerialQueue();
  /** Seal session → channel peer id. */
  readonly #peers = new BoundedMap<string, string>(SESSIONS_KEPT);
  #online = false;
  #waiting = 0;

  constructor(o: {
    readonly seal: Seal;
    readonly channel: (onEvent: ChannelOptions['onEvent']) => SignalingChannel;
    readonly events: SealedTransportEvents;
  }) {
    this.#seal = o.seal;
    this.#events = o.events;
    this.#channel = o.channel((event) => this.#onEvent(event));
  }

  get online(): boolean {
    return this.#online;
  }

  /** Whether a seal session has a connection to the channel, as far as the server says. */
  isPresent(session: string): boolean {
    return this.#online && this.#peers.has(session);
  }

  open(entry: 'join' | 'take-over'): void {
    if (entry === 'join') this.#channel.open();
    else this.#channel.takeOver();
  }

  /** Behind what is still being sealed, so that a goodbye goes out. */
  close(): Promise<void> {
    return this.#sending.run(async () => this.#channel.close());
  }

  /** @param session a seal session in base64url, or everyone */
  send(session: string, message: SealedMessage): Promise<void> {
    return this.#sending.run(async () => {
      const everyone = session === 'everyone';
      const envelope = await this.#seal.seal(
        SEALED[message.type],
        everyone ? 'everyone' : fromBase64Url(session),
        encodeSealed(message),
      );
      // Without a known peer id everyone gets it; the seal's recipient keeps it from being read by others' code.
      this.#channel.send((everyone ? undefined : this.#peers.get(session)) ?? 'everyone', envelope);
    });
  }

  #onEvent(event: ChannelEvent): void {
    switch (event.type) {
      case 'online':
        this.#peers.clear();
        this.#online = true;
        return this.#events.onOnline();
      case 'offline':
        this.#online = false;
        return this.#events.onOffline();
      case 'peer-joined':
        return this.#events.onPeerJoined(event.peer);
      case 'peer-left':
        return this.#forget(event.peer.id);
      case 'error':
        return this.#events.onProblem(event.code);
      case 'message':
        return this.#takeIn(event.from, event.data);
    }
  }

  #takeIn(from: string, data: Uint8Array<ArrayBuffer>): void {
    if (this.#waiting >= WAITING_KEPT) return this.#events.onProblem('message-invalid');
    this.#waiting++;
    void this.#receiving.run(async () => {
      await this.#receive(from, data);
      this.#waiting--;
    });
  }

  #forget(peer: string): void {
    for (const [session, id] of this.#peers) {
      if (id !== peer) continue;
      this.#peers.delete(session);
      this.#events.onSessionLeft(session);
    }
  }

  async #receive(from: string, data: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      const opened = await this.#seal.open(data);
      if (opened.kind === 'other') return;
      const session = toBase64Url(opened.sender);
      this.#peers.set(session, from);
      this.#events.onMessage(session, parseSealed(opened.type, opened.plaintext));
    } catch (error: unknown) {
      this.#events.onProblem(asConsultError(error, 'message-invalid').code);
    }
  }
}
