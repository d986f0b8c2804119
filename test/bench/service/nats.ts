/** A NATS of this bench alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import process from 'node:process';
import { end } from './processes.ts';

export async function startNats(): Promise<{ readonly url: string; readonly pid: number; stop(): Promise<void> }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], {
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.stderr.on('data', (data: Buffer) => data.includes('Server is ready') && resolve());
  });
  return { url: `nats://127.0.0.1:${String(port)}`, pid: child.pid ?? 0, stop: () => end(child) };
}
