/** Real server processes on a real NATS, with a line to NATS that can be cut, slowed, or made to say things twice. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';
import type { Address } from '../../../src/server/server.ts';
import { launch } from '../command.ts';
import type { Client } from '../harness.ts';

export const SECRET = 'a secret of all processes';

export interface Nats {
  readonly port: number;
  readonly url: string;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

export async function startNats(args: readonly string[] = [], port?: number): Promise<Nats> {
  const own = port ?? (await freePort());
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(own), ...args], {
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
  });
  let log = '';
  child.stderr.on('data', (data: Buffer) => (log += data.toString()));
  await until(
    () => log,
    (text) => text.includes('Server is ready') || child.exitCode !== null,
    'NATS',
    { every: 20 },
  );
  if (child.exitCode !== null) throw new Error(log);
  return { port: own, url: `nats://127.0.0.1:${String(own)}`, child, stop: () => ended(child, 'SIGTERM') };
}

export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

export interface ServerProcess {
  readonly address: Address;
  readonly child: ChildProcess;
}

export async function startProcess(
  nats: string,
  args: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const own = args.includes('--port') ? [] : ['--port', '0'];
  const { child, line, end } = launch([...own, '--nats', nats, '--log', 'on', ...args], {
    ...variables,
    CONSULT_ROOM_CLUSTER_SECRET: SECRET,
  });
  const output = await Promise.race([line(), end().then(({ err }) => Promise.reject(new Error(err)))]);
  const url = /http:\/\/\S+/u.exec(output)?.[0] ?? '';
  const { hostname, port } = new URL(url);
  return { address: { host: hostname, port: Number(port), url }, child };
}

/** The seat of a client who meets one on another process: told with the seat, or afterwards where that process answers late. */
export async function meeting(client: Client) {
  const { you, peers } = await client.take('joined');
  if (peers.length > 0) return { you, peers };
  const { change, id, host } = await client.take('peer');
  assert.equal(change, 'joined');
  return { you, peers: [{ id, host }] };
}

/** A line to NATS. `twice` repeats each message that NATS delivers; `late` holds back all it says, `silent` loses it. */
export class Line {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: () => number;
  #mode: 'plain' | 'cut' | 'twice' | 'late' | 'silent' = 'plain';

  /** What is late, in its order. */
  readonly #held: (() => void)[] = [];

  readonly #kind: 'client' | 'route';

  private constructor(target: () => number, kind: 'client' | 'route') {
    this.#target = target;
    this.#kind = kind;
    this.#server = createServer((near) => this.#accept(near));
  }

  /** @param kind what speaks over it: a process, or another NATS, whose words are passed on as they are */
  static async to(target: () => number, kind: 'client' | 'route' = 'client'): Promise<Line> {
    const line = new Line(target, kind);
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  get url(): string {
    return `nats://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  set mode(mode: 'plain' | 'cut' | 'twice' | 'late' | 'silent') {
    this.#mode = mode;
    if (mode === 'cut') for (const socket of this.#sockets) socket.destroy();
    if (mode !== 'late') for (const write of this.#held.splice(0)) write();
  }

  close(): void {
    this.mode = 'cut';
    this.#server.close();
  }

  #accept(near: Socket): void {
    if (this.#mode === 'cut') return void near.destroy();
    const far = connect(this.#target(), '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    near.on('data', (data) => far.write(data));
    if (this.#kind === 'route') return void far.on('data', (data) => near.write(data));
    let rest: Buffer = Buffer.alloc(0);
    far.on('data', (data: Buffer) => {
      const { whole, left } = messages(Buffer.concat([rest, data]));
      rest = left;
      const out = Buffer.concat(
        whole.flatMap((one) => (this.#mode === 'twice' && isMessage(one) ? [one, one] : [one])),
      );
      if (this.#mode === 'silent') return;
      if (this.#mode === 'late') this.#held.push(() => near.writable && near.write(out));
      else near.write(out);
    });
  }
}

const isMessage = (bytes: Buffer): boolean => bytes.subarray(0, 4).toString() === 'MSG ';

/** Splits what NATS says into lines, and messages with their payloads. */
function messages(bytes: Buffer): { readonly whole: readonly Buffer[]; readonly left: Buffer } {
  const whole: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return { whole, left: bytes.subarray(at) };
    const line = bytes.subarray(at, end).toString();
    const size = /^H?MSG /u.test(line) ? Number(line.split(' ').at(-1)) + 2 : 0;
    if (bytes.length < end + 2 + size) return { whole, left: bytes.subarray(at) };
    whole.push(bytes.subarray(at, end + 2 + size));
    at = end + 2 + size;
  }
}
