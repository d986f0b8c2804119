/**
 * What the room needs of any way to carry opaque bytes between the browsers of a room. A channel knows peers by random
 * ids that live as long as one connection; it knows nothing of people, keys or contents.
 */
import type { ErrorCode } from '../errors.ts';

/** What a channel reports. `online` comes again after each outage, with everyone who is there then. */
export type ChannelEvent =
  | { readonly type: 'online'; readonly self: string; readonly peers: readonly ChannelPeer[] }
  | { readonly type: 'offline' }
  | { readonly type: 'peer-joined'; readonly peer: ChannelPeer }
  | { readonly type: 'peer-left'; readonly peer: ChannelPeer }
  | { readonly type: 'message'; readonly from: string; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'error'; readonly code: ErrorCode };

/** `host` is the server's word: good enough to save a message, never to trust one. */
export interface ChannelPeer {
  readonly id: string;
  readonly host: boolean;
}

/** How a host proves to the server that the room is its own (protocol.md §1, §2). All byte arrays as in the protocol. */
export interface HostProof {
  readonly spki: Uint8Array;
  readonly roomTag: Uint8Array;
  /** Seconds since the epoch. */
  readonly expires: number;
  /** Signs `server auth` for the signalling origin and both nonces (32 bytes each). */
  sign(origin: string, serverNonce: Uint8Array, clientNonce: Uint8Array): Promise<Uint8Array>;
}

export interface ChannelOptions {
  /** 48 bytes. */
  readonly roomId: Uint8Array;
  /** Present for the host only. */
  readonly host?: HostProof;
  onEvent(event: ChannelEvent): void;
}

export interface SignalingChannel {
  /** Connects, and reconnects by itself until {@link close}. */
  open(): void;
  /** For the host, after `host-elsewhere`: connects again, and the other window or device of the host has to go. */
  takeOver(): void;
  /** Sends to one peer or to everyone else; while offline, messages are dropped: what must arrive is sent again by its owner. */
  send(to: string | 'everyone', data: Uint8Array): void;
  /** Says goodbye and never reconnects. */
  close(): void;
}

/** A channel that also asks the server for relay credentials (protocol.md §10). */
export interface RelayBroker {
  admitted(keys: readonly Uint8Array[]): void;
  relayNonce(): Promise<Uint8Array>;
  relayCredentials(request: RelayRequest): Promise<RelayCredentials>;
}

export interface RelayRequest {
  readonly keys: readonly [Uint8Array, Uint8Array];
  readonly nonces: readonly [Uint8Array, Uint8Array];
  /** SHA-384 of the consent text. */
  readonly text: Uint8Array;
  readonly serverNonce: Uint8Array;
  readonly signatures: readonly [Uint8Array, Uint8Array];
}

export interface RelayCredentials {
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

export function isBroker(channel: SignalingChannel & Partial<RelayBroker>): channel is SignalingChannel & RelayBroker {
  return !!channel.admitted && !!channel.relayNonce && !!channel.relayCredentials;
}
