/** The least that carries a text from one client to another over `ws`: no check, no limit, no room. */
import { WebSocketServer, type WebSocket } from 'ws';
import type { AddressInfo } from 'node:net';

const clients = new Map<string, WebSocket>();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket, { url = '' }) => {
  const id = new URL(url, 'ws://127.0.0.1').searchParams.get('id') ?? '';
  clients.set(id, socket);
  socket.on('message', (text) => {
    const { to, data } = JSON.parse((text as Buffer).toString()) as { to: string; data: string };
    clients.get(to)?.send(JSON.stringify({ from: id, data }));
  });
  socket.on('close', () => clients.delete(id));
});
server.on('listening', () => console.log(`127.0.0.1:${String((server.address() as AddressInfo).port)}`));
