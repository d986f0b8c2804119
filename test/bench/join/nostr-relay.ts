/** As much of a Nostr relay (NIP-01) as trystero needs: hands events to the subscriptions that name their topic. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

interface NostrEvent {
  readonly id: string;
  readonly tags: readonly (readonly string[])[];
}
type Message =
  | readonly ['EVENT', NostrEvent]
  | readonly ['REQ', string, { readonly '#x'?: readonly string[] }]
  | readonly ['CLOSE', string];

export interface Relay {
  readonly port: number;
  close(): void;
}

export async function startRelay(): Promise<Relay> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const subscriptions = new Map<WebSocket, Map<string, readonly string[]>>();
  server.on('connection', (socket) => {
    const own = new Map<string, readonly string[]>();
    subscriptions.set(socket, own);
    socket.on('close', () => subscriptions.delete(socket));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      if (message[0] === 'REQ') {
        own.set(message[1], message[2]['#x'] ?? []);
        socket.send(JSON.stringify(['EOSE', message[1]]));
      } else if (message[0] === 'CLOSE') own.delete(message[1]);
      else {
        socket.send(JSON.stringify(['OK', message[1].id, true, '']));
        publish(message[1]);
      }
    });
  });
  const publish = (event: NostrEvent): void => {
    const topics = event.tags.flatMap(([name, topic]) => (name === 'x' && topic !== undefined ? [topic] : []));
    for (const [socket, wanted] of subscriptions)
      for (const [id, named] of wanted)
        if (topics.some((topic) => named.includes(topic))) socket.send(JSON.stringify(['EVENT', id, event]));
  };
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
