/**
 * Two hosts and a server in network namespaces of their own: a (10.77.1.2) and b (10.77.2.2) reach each other only through s, which
 * forwards or does not. The server's address, where the site and the relay live, is on its loopback. Needs root.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export const SERVER = '10.77.9.1';

export class Network {
  readonly #id = Math.random().toString(36).slice(2, 7);
  readonly #folder = mkdtempSync(join(tmpdir(), 'consult-room-lab-'));
  readonly #children: ChildProcess[] = [];

  constructor() {
    if (process.getuid?.() !== 0)
      throw new Error('the network lab needs root: network namespaces cannot be made without it');
    for (const host of ['a', 'b', 's']) {
      ip('netns', 'add', this.name(host));
      ip('-n', this.name(host), 'link', 'set', 'lo', 'up');
    }
    ip('-n', this.name('s'), 'addr', 'add', `${SERVER}/32`, 'dev', 'lo');
    for (const [index, host] of [
      [1, 'a'],
      [2, 'b'],
    ] as const) {
      const [end, far] = [`${this.#id}${host}`, `${this.#id}${host}s`];
      ip('link', 'add', end, 'netns', this.name(host), 'type', 'veth', 'peer', 'name', far, 'netns', this.name('s'));
      ip('-n', this.name(host), 'addr', 'add', `10.77.${String(index)}.2/24`, 'dev', end);
      ip('-n', this.name('s'), 'addr', 'add', `10.77.${String(index)}.1/24`, 'dev', far);
      ip('-n', this.name(host), 'link', 'set', end, 'up');
      ip('-n', this.name('s'), 'link', 'set', far, 'up');
      ip('-n', this.name(host), 'route', 'add', 'default', 'via', `10.77.${String(index)}.1`);
    }
    this.forward('no');
  }

  name(host: string): string {
    return `cr-${this.#id}-${host}`;
  }

  get folder(): string {
    return this.#folder;
  }

  /** Whether a and b can reach each other; the server they always reach. */
  forward(direct: 'yes' | 'no'): void {
    this.run('s', 'sysctl', '-qw', `net.ipv4.ip_forward=${direct === 'yes' ? '1' : '0'}`);
  }

  run(host: string, ...command: readonly string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.name(host), ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Starts a program in a namespace; it ends with {@link close}. */
  start(host: string, ...command: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.name(host), ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#children.push(child);
    return child;
  }

  /** Waits until something listens on a UDP port of the server. */
  async answers(address: string, port: number): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (this.run('s', 'ss', '-lun').includes(`${address}:${String(port)}`)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`nothing listens on ${address}:${String(port)}`);
  }

  /** A file that starts a browser in a namespace, for puppeteer. */
  wrapper(host: string, program: string): string {
    const path = join(this.#folder, `browser-${host}`);
    writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.name(host)} ${program} "$@"\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** Everything that the relay sends or receives from now on: its own port, and all of UDP at its address. */
  async capture(): Promise<Capture> {
    const file = join(this.#folder, `relay-${String(Date.now())}.pcap`);
    const child = this.start('s', 'tcpdump', '-i', 'any', '-U', '-w', file, `host ${SERVER} and (port 3478 or udp)`);
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (text) => String(text).includes('listening') && resolve());
      child.once('exit', (code) => reject(new Error(`tcpdump ended: ${String(code)}`)));
    });
    return {
      packets: () =>
        this.run('s', 'tcpdump', '-nr', file)
          .split('\n')
          .filter((line) => line !== '').length,
      file,
    };
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await Promise.race([once(child, 'exit'), new Promise((resolve) => setTimeout(resolve, 3000, undefined))]);
      child.kill('SIGKILL');
    }
    for (const host of ['a', 'b', 's']) ip('netns', 'del', this.name(host));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export interface Capture {
  packets(): number;
  readonly file: string;
}

function ip(...parameters: readonly string[]): void {
  execFileSync('ip', parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
}
