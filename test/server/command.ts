/** The command line as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

const CLI = ['--import', './test/support/typescript.mjs', 'src/server/cli.ts'];

export function launch(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [...CLI, ...args], { env: { PATH: process.env['PATH'], ...variables } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  // Later than its exit: by then all that it said has been read.
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    child,
    line: async () => {
      while (!out.includes('\n')) await once(child.stdout, 'data');
      return out;
    },
    end: async () => {
      await closed;
      return { code: child.exitCode, out, err };
    },
  };
}

export const run = (args: readonly string[], variables?: Readonly<Record<string, string>>) =>
  launch(args, variables).end();
