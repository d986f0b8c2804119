/**
 * A way to a port inside a host of the lab: sockets belong to a namespace, but names in the file system do not, so a
 * Unix socket joins a port out here with the same one in there.
 */
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import type { Network } from './network.ts';

/** Runs inside: what comes in by the Unix socket goes to the port. */
const INSIDE = `
  const { createServer, connect } = require('node:net');
  const [path, port] = process.argv.slice(1);
  createServer((from) => {
    const to = connect(Number(port), '127.0.0.1');
    for (const [a, b] of [[from, to], [to, from]]) { a.pipe(b); a.on('error', () => b.destroy()); }
  }).listen(path, () => console.log('listening'));
`;

export class Bridge {
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async open(network: Network, host: string): Promise<Bridge> {
    const path = join(network.folder, `bridge-${host}`);
    const server = createServer((from) => {
      const to = connect(path);
      for (const [a, b] of [
        [from, to],
        [to, from],
      ] as const) {
        a.pipe(b);
        a.on('error', () => b.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const inside = network.start(host, process.execPath, '-e', INSIDE, path, String(port));
    await new Promise<void>((resolve, reject) => {
      inside.stdout?.once('data', () => resolve());
      inside.once('exit', (code) => reject(new Error(`the bridge ended: ${String(code)}`)));
    });
    return new Bridge(server, port);
  }

  close(): void {
    this.#server.close();
  }
}
