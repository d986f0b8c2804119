/**
 * Runs a command in a process group of its own. On a timeout the group first gets SIGTERM, so that puppeteer can close
 * its browsers (they are in groups of their own), then SIGKILL.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 10_000;

export interface CommandResult {
  /** Exit code, or 124 after a timeout. */
  readonly code: number;
  readonly output: string;
}

export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly minutes: number },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let tooLong = false;
    let grace: NodeJS.Timeout | undefined;
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const endGroup = (signal: 'SIGTERM' | 'SIGKILL'): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch (error: unknown) {
        // ESRCH: the group no longer exists.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    };
    const interrupted = (): void => {
      child.once('close', () => process.exit(130));
      endGroup('SIGTERM');
      setTimeout(() => endGroup('SIGKILL'), GRACE);
    };
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
    const clock = setTimeout(() => {
      tooLong = true;
      output += `\ntook longer than ${options.minutes} minutes`;
      endGroup('SIGTERM');
      grace = setTimeout(() => endGroup('SIGKILL'), GRACE);
    }, options.minutes * 60_000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(clock);
      clearTimeout(grace);
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      endGroup('SIGKILL');
      resolve({ code: tooLong ? 124 : (code ?? 1), output });
    });
  });
}
