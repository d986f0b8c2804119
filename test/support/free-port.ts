/**
 * Ports for programs that have to be told one, and ports at which nobody is. Systems give out ports from 32768 (Linux) or 49152 on; one
 * that was free there a moment ago may be that of any connection when the program has started.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';

const FIRST = 12_000;
const COUNT = 20_000;
/** Test files are processes of their own and run at the same time: each begins elsewhere. */
const STRIDE = 173;

let given = 0;

/** @returns a port of 127.0.0.1 at which nothing listens, and which no other test is given as long as this process runs */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + ((process.pid * STRIDE + given) % COUNT);
    given += 1;
    // In this order: a look at whether it is free takes it for a moment, and would be in the way of whom it was given to.
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/**
 * Takes a name that the system keeps for this process until it ends, without a file: a socket of Linux's abstract namespace. The numbers
 * of two processes may lead to the same ports, and the program that is to listen may take a while to start.
 *
 * @returns false where another process has it
 */
async function reserve(port: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const name = createServer().listen(`\0consult-room test port ${String(port)}`);
  try {
    await once(name, 'listening');
  } catch {
    return false;
  }
  name.unref();
  return true;
}
