/** Server processes under load: started, and read from `/proc`, so Linux only. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

/** Clock ticks per second of `/proc/PID/stat` (proc(5)); fixed at 100 for user space. */
const TICKS = 100;

export interface Running {
  /** `ws://127.0.0.1:PORT` */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a server that prints one line with its address, such as `http://127.0.0.1:8787/`.
 *
 * @throws where it ends before that
 */
export async function startServer(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (data: Buffer) => errors.push(data.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [host] = /127\.0\.0\.1:\d+/u.exec(line) ?? [];
      if (host) resolve(`ws://${host}`);
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${String(code)}: ${errors.join('')}`)));
  });
  if (child.pid === undefined) throw new Error('the server has no process');
  return { url, pid: child.pid, stop: () => end(child) };
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** User and system time of a process, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  // proc(5): fields 14 and 15; the name before them may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Memory of a process in kilobytes: the least within some seconds, because the collector runs when it likes. */
export async function restingMemory(pid: number, seconds: number): Promise<number> {
  let least = Infinity;
  for (let half = 0; half < seconds * 2; half++) {
    await pause(500);
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
    least = Math.min(least, Number(kilobytes));
  }
  return least;
}
