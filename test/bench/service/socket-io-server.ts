/** The same on socket.io: each client has a room of its own name, WebSocket only. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

const http = createServer();
new Server(http, { transports: ['websocket'], serveClient: false }).on('connection', (socket) => {
  void socket.join(socket.handshake.query['id'] as string);
  socket.on('send', (to: string, data: string) => socket.to(to).emit('data', data));
});
http.listen(0, '127.0.0.1', () => console.log(`127.0.0.1:${String((http.address() as AddressInfo).port)}`));
