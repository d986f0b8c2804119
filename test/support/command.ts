/** Runs a command with everything it starts in one process group, so that a hanging browser ends with it. */
import { spawn } from 'node:child_process';
import process from 'node:process';

export interface CommandResult {
  /** Exit code, or 124 where it took too long. */
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
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const endGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch (error: unknown) {
        // ESRCH: the group is gone already.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    };
    const interrupted = (): void => {
      endGroup();
      process.exit(130);
    };
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
    const clock = setTimeout(() => {
      tooLong = true;
      output += `\ntook longer than ${options.minutes} minutes`;
      endGroup();
    }, options.minutes * 60_000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(clock);
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      endGroup();
      resolve({ code: tooLong ? 124 : (code ?? 1), output });
    });
  });
}
