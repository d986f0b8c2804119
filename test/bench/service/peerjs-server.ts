/** PeerJS's own server, allowed as many clients as the bench has. */
import type { AddressInfo } from 'node:net';
import { PeerServer } from 'peer';

PeerServer({ host: '127.0.0.1', port: 0, concurrent_limit: 50_000 }, (server) => {
  const print = (): void => console.log(`127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  if (server.listening) print();
  else server.once('listening', print);
});
