/**
 * Two hosts and a server in network namespaces of their own: a (10.77.1.2) and b (10.77.2.2) reach each other only
 * through s, which forwards or does not. The server's address, where the site and the relay live, is on its loopback.
 * Needs root.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export const SERVER = '10.77.9.1';
/** Where STUN is answered and nothing else, so that a capture at the relay counts the relay alone. */
export const STUN = '10.77.9.2';

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
      // Duplicate address detection (RFC 4862 §5.4) ends a second or two after a link is up, and Chromium then aborts what it
      // loads with ERR_NETWORK_CHANGED: a page without its script.
      for (const which of ['all', 'default']) this.run(host, 'sysctl', '-qw', `net.ipv6.conf.${which}.accept_dad=0`);
    }
    for (const address of [SERVER, STUN]) ip('-n', this.name('s'), 'addr', 'add', `${address}/32`, 'dev', 'lo');
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

  /** Cuts a host's link, like an unplugged cable; the route disappears and returns with it. */
  link(host: string, state: 'up' | 'down'): void {
    const end = `${this.#id}${host}`;
    this.run(host, 'ip', 'link', 'set', end, state);
    if (state === 'up') this.#route(host);
  }

  /** Another address for a host, in another network, as when a telephone leaves the house. */
  move(host: string): void {
    const [end, far] = [`${this.#id}${host}`, `${this.#id}${host}s`];
    this.run('s', 'ip', 'addr', 'add', '10.77.7.1/24', 'dev', far);
    this.run(host, 'ip', 'addr', 'flush', 'dev', end);
    this.run(host, 'ip', 'addr', 'add', '10.77.7.2/24', 'dev', end);
    this.run(host, 'ip', 'route', 'replace', 'default', 'via', '10.77.7.1');
  }

  /** Of every hundred packets between a and b so many are lost, both ways; zero ends it. */
  lose(percent: number): void {
    this.#filter(`numgen random mod 100 < ${String(percent)} drop`);
  }

  /** What a host's line carries each way, in kbit/s (tc-tbf(8)); a queue of 400 ms stands before it, as in a router. */
  narrow(host: string, kilobits: number | 'free'): void {
    for (const [where, end] of [
      ['s', `${this.#id}${host}s`],
      [host, `${this.#id}${host}`],
    ] as const) {
      const change =
        kilobits === 'free'
          ? `qdisc del dev ${end} root`
          : `qdisc replace dev ${end} root tbf rate ${String(kilobits)}kbit burst 4kb latency 400ms`;
      this.run(where, 'tc', ...change.split(' '));
    }
  }

  /**
   * A NAT before a, whose mapping to b is like none that STUN tells: another port per peer, and nothing comes in
   * unasked.
   */
  translate(): void {
    const far = `${this.#id}bs`;
    this.#filter(`iifname "${far}" ct state new drop`);
    const chain = 'type nat hook postrouting priority srcnat;';
    this.run(
      's',
      'nft',
      `add chain ip lab leaving { ${chain} }; add rule ip lab leaving oifname "${far}" masquerade random`,
    );
  }

  /** What happens to packets that s forwards (nft(8)), in the place of what happened to them before. */
  #filter(rule: string): void {
    const chain = 'type filter hook forward priority filter;';
    this.run(
      's',
      'nft',
      `add table ip lab; delete table ip lab; add table ip lab; add chain ip lab hops { ${chain} }; add rule ip lab hops ${rule}`,
    );
  }

  #route(host: string): void {
    const [, gateway] =
      /inet (10\.77\.\d+)\./u.exec(this.run(host, 'ip', '-4', 'addr', 'show', `${this.#id}${host}`)) ?? [];
    if (gateway !== undefined) this.run(host, 'ip', 'route', 'replace', 'default', 'via', `${gateway}.1`);
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
    // Read also where nobody listens: a program stands still when the pipe is full of what it says.
    child.stdout.resume();
    child.stderr.resume();
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
      file,
      packets: () => this.#read(file).length,
      last: () => this.#read(file).at(-1) ?? 0,
      since: (seconds) => this.#read(file).filter((at) => at > seconds).length,
    };
  }

  /** When each packet passed, in seconds since the epoch. */
  #read(file: string): readonly number[] {
    return this.run('s', 'tcpdump', '-tt', '-nr', file)
      .split('\n')
      .flatMap((line) => /^(\d+\.\d+) /u.exec(line)?.[1] ?? [])
      .map(Number);
  }

  async close(): Promise<void> {
    await Promise.all(this.#children.map(end));
    for (const host of ['a', 'b', 's']) ip('netns', 'del', this.name(host));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  // No test waits here: it bounds the tidying up of a program that does not end when asked.
  await Promise.race([once(child, 'exit'), new Promise((resolve) => setTimeout(resolve, 3000, undefined).unref())]);
  child.kill('SIGKILL');
}

export interface Capture {
  readonly file: string;
  packets(): number;
  /** When the last packet passed, in seconds since the epoch. */
  last(): number;
  /** Packets after a moment, in seconds since the epoch. */
  since(seconds: number): number;
}

function ip(...parameters: readonly string[]): void {
  execFileSync('ip', parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
}
