/**
 * Sealed messages over a signalling channel (protocol.md §8). Peers are known by their seal session, which outlives a
 * connection; the channel's peer ids only say where to deliver. A seal grants no trust: anyone with the invite can make one.
 */
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import type { Seal } from '../../e2ee/seal.ts';
import { ConsultError, type ErrorCode } from '../../errors.ts';
import type { Channel, ChannelEvent, ChannelOptions, ChannelPeer, CodeEvent } from '../../signaling/channel.ts';
import { BoundedMap, BoundedSet } from '../../util/bounded-map.ts';
import { SerialQueue } from '../../util/serial-queue.ts';
import { encodeSealed, parseSealed, SEALED, type SealedMessage } from './messages.ts';

export interface SealedTransportEvents {
  onOnline(): void;
  onOffline(): void;
  onPeerJoined(peer: ChannelPeer): void;
  /** `session` has left the channel; it may come back under another peer id. */
  onSessionLeft(session: string): void;
  onMessage(session: string, message: SealedMessage): void;
  /** About the host's spoken code; nothing of it is sealed here. */
  onCode?(event: CodeEvent): void;
  /** The channel reported an error, or an envelope was invalid and dropped. */
  onProblem(code: ErrorCode, detail?: string): void;
  /** A handler of a valid message threw. */
  onError(error: unknown): void;
}

/** Seal sessions remembered with their peer ids; more than any room holds. */
const SESSIONS_KEPT = 256;
/** Envelopes that wait to be opened: only a flood brings more, and each may have 64 kB. */
const WAITING_KEPT = 256;

export class SealedTransport {
  readonly #seal: Seal;
  /** The signalling channel below; never used to send directly. */
  readonly channel: Channel;
  readonly #events: SealedTransportEvents;
  readonly #sending = new SerialQueue();
  /** Seal session → channel peer id. */
  readonly #peers = new BoundedMap<string, string>(SESSIONS_KEPT);
  /** Peers that have left: what they sent before may still wait to be opened, and does not make them present again. */
  readonly #gone = new BoundedSet<string>(SESSIONS_KEPT);
  #online = false;
  #waiting = 0;

  constructor(o: {
    readonly seal: Seal;
    readonly channel: (onEvent: ChannelOptions['onEvent']) => Channel;
    readonly events: SealedTransportEvents;
  }) {
    this.#seal = o.seal;
    this.#events = o.events;
    this.channel = o.channel((event) => this.#onEvent(event));
  }

  get online(): boolean {
    return this.#online;
  }

  /** Whether a seal session is connected to the channel, according to the server. */
  isPresent(session: string): boolean {
    return this.#online && this.#peers.has(session);
  }

  open(entry: 'join' | 'take-over'): void {
    if (entry === 'join') this.channel.open();
    else this.channel.takeOver();
  }

  /** Closes the channel after everything that is still being sealed, so that a goodbye is sent. */
  close(): Promise<void> {
    return this.#sending.run(async () => this.channel.close());
  }

  /** @param session a seal session in base64url, or `everyone` */
  send(session: string, message: SealedMessage): Promise<void> {
    return this.#sending.run(async () => {
      const everyone = session === 'everyone';
      const envelope = await this.#seal.seal(
        SEALED[message.type],
        everyone ? 'everyone' : fromBase64Url(session),
        encodeSealed(message),
      );
      // Without a known peer id it goes to everyone; only the recipient named in the seal opens it.
      this.channel.send((everyone ? undefined : this.#peers.get(session)) ?? 'everyone', envelope);
    });
  }

  #onEvent(event: ChannelEvent): void {
    switch (event.type) {
      case 'online':
        this.#peers.clear();
        this.#gone.clear();
        this.#online = true;
        return this.#events.onOnline();
      case 'offline':
        this.#online = false;
        return this.#events.onOffline();
      case 'peer-joined':
        this.#gone.delete(event.peer.id);
        return this.#events.onPeerJoined(event.peer);
      case 'peer-left':
        return this.#forget(event.peer.id);
      case 'error':
        return this.#events.onProblem(event.code, event.detail);
      case 'code':
        return this.#events.onCode?.(event.event);
      case 'message':
        return this.#enqueue(event.from, event.data);
    }
  }

  #enqueue(from: string, data: Uint8Array<ArrayBuffer>): void {
    if (this.#waiting >= WAITING_KEPT) return this.#events.onProblem('message-invalid');
    this.#waiting++;
    // The seal opens one after another, so that messages arrive in their order.
    void this.#receive(from, data)
      .catch((error: unknown) => this.#events.onError(error))
      .finally(() => this.#waiting--);
  }

  #forget(peer: string): void {
    this.#gone.add(peer);
    for (const [session, id] of this.#peers) {
      if (id !== peer) continue;
      this.#peers.delete(session);
      this.#events.onSessionLeft(session);
    }
  }

  async #receive(from: string, data: Uint8Array<ArrayBuffer>): Promise<void> {
    const opened = await this.#open(from, data);
    if (opened) this.#events.onMessage(opened.session, opened.message);
  }

  /** Null for an envelope that is for another session, or invalid. */
  async #open(
    from: string,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<{ readonly session: string; readonly message: SealedMessage } | null> {
    try {
      const opened = await this.#seal.open(data);
      if (opened.kind === 'other') return null;
      const session = toBase64Url(opened.sender);
      if (!this.#gone.has(from)) this.#peers.set(session, from);
      return { session, message: parseSealed(opened.type, opened.plaintext) };
    } catch (error: unknown) {
      if (!(error instanceof ConsultError)) throw error;
      this.#events.onProblem(error.code);
      return null;
    }
  }
}
