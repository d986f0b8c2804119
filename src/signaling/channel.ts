/**
 * The interface of a signalling channel: carries opaque bytes between the browsers of a room. A channel knows its
 * peers by random ids that live as long as one connection; it knows no names, keys or contents.
 */
import type { ErrorCode } from '../errors.ts';

/** Events of a channel. `online` is repeated after each outage, with the peers present then. */
export type ChannelEvent =
  | { readonly type: 'online'; readonly self: string; readonly peers: readonly ChannelPeer[] }
  | { readonly type: 'offline' }
  | { readonly type: 'peer-joined'; readonly peer: ChannelPeer }
  | { readonly type: 'peer-left'; readonly peer: ChannelPeer }
  | { readonly type: 'message'; readonly from: string; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'code'; readonly event: CodeEvent }
  /** `detail`: for the site's developer, where the site can change something. */
  | { readonly type: 'error'; readonly code: ErrorCode; readonly detail?: string };

/**
 * Of the spoken code for which this host answers (protocol.md §14). `open` is repeated after each outage; `taken`: another host answers for
 * this locator.
 */
export type CodeEvent =
  | { readonly type: 'open' | 'taken' }
  | { readonly type: 'message'; readonly from: string; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'left'; readonly from: string };

/** `host` is the server's claim: it may save a message, but it is never trusted. */
export interface ChannelPeer {
  readonly id: string;
  readonly host: boolean;
}

/** Proves to the server that the room belongs to this host (protocol.md §1, §2). Byte arrays are as in the protocol. */
export interface HostProof {
  /** Of the host key that the invite names. */
  readonly spki: Uint8Array;
  /** Where a delegate leads: signed by that key, and names the key that signs here (protocol.md §13). */
  readonly delegation?: Uint8Array;
  readonly roomTag: Uint8Array;
  /** Seconds since the epoch. */
  readonly expires: number;
  /** When it began to lead, in milliseconds since the epoch. */
  readonly since: number;
  /** A fresh token of the site's backend, asked for at each connection; null where the site uses none. */
  token?(): Promise<string | null>;
  /** Signs `server auth` for the signalling origin, both nonces (32 bytes each), and `since`. */
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
  /** Connects, and reconnects until {@link close}. */
  open(): void;
  /** For the host, after `host-elsewhere`: reconnects, and evicts the host's other window or device. */
  takeOver(): void;
  /** Sends to one peer or to all others. While offline, messages are dropped: the caller resends what must arrive. */
  send(to: string | 'everyone', data: Uint8Array): void;
  /** Disconnects for good. */
  close(): void;
}

/** A channel that can also request relay credentials from the server (protocol.md §10). */
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
  readonly username: string;
  readonly credential: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** A host's channel that can also answer for a spoken code (protocol.md §14). */
export interface CodeBroker {
  /** Answers for this locator from now on, after outages too, and no longer for an earlier one. */
  openCode(locator: string): void;
  /** To a guest who typed the code. */
  sendCode(to: string, data: Uint8Array): void;
}

/** Any channel; one with a server behind it is also a broker of relay credentials, and of codes. */
export type Channel = SignalingChannel & Partial<RelayBroker & CodeBroker>;

export function isBroker(channel: Channel): channel is SignalingChannel & RelayBroker {
  return !!channel.admitted && !!channel.relayNonce && !!channel.relayCredentials;
}

export function isCodeBroker(channel: Channel): channel is SignalingChannel & CodeBroker {
  return !!channel.openCode && !!channel.sendCode;
}
