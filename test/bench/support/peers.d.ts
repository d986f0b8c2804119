/** The least of the types of what we compare with, so that the sources can be checked where it is not installed. */
declare module 'livekit-client/e2ee-worker';

declare module 'peerjs' {
  interface MediaConnection {
    on(event: 'stream', listener: (stream: MediaStream) => void): void;
    answer(stream: MediaStream): void;
  }
  export class Peer {
    constructor(
      id: string,
      options: {
        readonly host: string;
        readonly port: number;
        readonly path: string;
        readonly config: RTCConfiguration;
      },
    );
    on(event: 'open', listener: () => void): void;
    on(event: 'call', listener: (call: MediaConnection) => void): void;
    on(event: 'error', listener: (error: Error) => void): void;
    call(id: string, stream: MediaStream): MediaConnection;
  }
}

declare module 'peer' {
  import type { Server } from 'node:http';
  export function PeerServer(
    options: { readonly port: number; readonly host: string; readonly concurrent_limit?: number },
    onListening: (server: Server) => void,
  ): unknown;
}

declare module '@trystero-p2p/nostr' {
  interface Room {
    onPeerJoin: ((id: string) => void) | null;
    onPeerStream: ((stream: MediaStream) => void) | null;
    addStream(stream: MediaStream, options: { readonly target: string }): unknown;
  }
  export function joinRoom(
    config: {
      readonly appId: string;
      readonly relayConfig: { readonly urls: readonly string[]; readonly redundancy: number };
      readonly rtcConfig: RTCConfiguration;
    },
    room: string,
  ): Room;
}

declare module 'socket.io' {
  import type { Server as HttpServer } from 'node:http';
  interface Socket {
    readonly handshake: { readonly query: Readonly<Record<string, unknown>> };
    join(room: string): Promise<void> | void;
    on(event: 'send', listener: (to: string, data: string) => void): void;
    to(room: string): { emit(event: string, data: string): boolean };
  }
  export class Server {
    constructor(http: HttpServer, options: { readonly transports: readonly string[]; readonly serveClient: boolean });
    on(event: 'connection', listener: (socket: Socket) => void): void;
  }
}

declare module 'socket.io-client' {
  interface Socket {
    on(event: 'connect', listener: () => void): void;
    on(event: 'connect_error', listener: (error: Error) => void): void;
    on(event: 'data', listener: (data: string) => void): void;
    emit(event: 'send', to: string, data: string): void;
    disconnect(): void;
  }
  export function io(
    url: string,
    options: {
      readonly transports: readonly string[];
      readonly forceNew: boolean;
      readonly reconnection: boolean;
      readonly query: Readonly<Record<string, string>>;
    },
  ): Socket;
}
