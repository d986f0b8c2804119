/** A whole installation on loopback: the real server with a page, and a web server in front that can have faults. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, request, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import type { ServerConfigurationInput } from '../../../src/configuration.ts';
import { createServer, type HostRule } from '../../../src/server/server.ts';
import { checkRelay } from '../../../src/server/relay-check.ts';
import { credentialsFor } from '../../../src/server/turn.ts';
import { CONFIGURATION, eventually } from '../harness.ts';
import { freePort } from '../../support/free-port.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ended } from '../backplane/cluster.ts';

/** What is wrong with the web server in front. */
export interface Fault {
  readonly html?: string;
  readonly header?: readonly [name: string, value: string | null];
  readonly config?: unknown;
  readonly status?: number;
  readonly upgrade?: 'dropped' | 'as-own-page' | 'foreign';
  readonly metrics?: 'public' | 'broken' | 'down';
  /** Answered with a page of the web server's own. */
  readonly transparency?: 'kept';
  readonly certificate?: true;
  /** What the server does not know its name to be. */
  readonly origins?: readonly string[];
  /** Minutes by which the server's clock is ahead; the web server's, which writes the date of each answer, is right. */
  readonly ahead?: number;
  /** Where the web server sends everyone who asks for the page. */
  readonly moved?: string;
  readonly hosts?: HostRule;
}

export const PAGE =
  '<!doctype html><title>Raum</title><script type="module" src="/room.js"></script><consult-room></consult-room>';

interface Cleanup {
  after(action: () => unknown): void;
}

export async function install(
  t: Cleanup,
  fault: Fault = {},
  servers: ServerConfigurationInput['servers'] = [],
): Promise<URL> {
  const directory = temporaryFolder('doctor');
  writeFileSync(join(directory, 'room.html'), fault.html ?? PAGE);
  const port = await freePort();
  const scheme = fault.certificate ? 'https' : 'http';
  const site = `${scheme}://127.0.0.1:${String(port)}`;
  const server = createServer({
    configuration: { ...CONFIGURATION, servers: [...CONFIGURATION.servers, ...servers] },
    static: directory,
    origins: fault.origins ?? [site],
    relayCheck: 'off',
    ...(fault.hosts === undefined ? {} : { hosts: fault.hosts }),
    now: () => Date.now() + (fault.ahead ?? 0) * 60_000,
  });
  const { port: behind } = await server.listen({ port: 0 });
  t.after(() => server.close());
  const front = fault.certificate
    ? createHttps(selfSigned(directory), answer(behind, fault))
    : createHttp(answer(behind, fault));
  if (fault.upgrade === 'foreign')
    new WebSocketServer({ server: front }).on('connection', (socket) => socket.send('hello from another program'));
  else if (fault.upgrade !== 'dropped')
    front.on('upgrade', ({ url, headers }, near) => {
      const far = connect(behind, '127.0.0.1', () => {
        const passed = fault.upgrade === 'as-own-page' ? { ...headers, origin: site } : headers;
        far.write(`GET ${url ?? '/'} HTTP/1.1\r\n${lines(passed)}\r\n`);
        near.pipe(far).pipe(near);
      });
      for (const socket of [near, far])
        socket.on('error', () => undefined).on('close', () => [near, far].forEach((one) => one.destroy()));
    });
  front.listen(port, '127.0.0.1');
  await once(front, 'listening');
  t.after(() => {
    front.closeAllConnections();
    front.close();
  });
  return new URL(`${site}/room.html`);
}

const lines = (headers: IncomingHttpHeaders): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${String(value)}\r\n`)
    .join('');

/** A proxy that forgets the upgrade passes the request on as a plain one. */
function answer(behind: number, fault: Fault): RequestListener {
  return (asked, response) => {
    if (fault.metrics && asked.url === '/metrics')
      switch (fault.metrics) {
        case 'public':
          return void response.end('consult_room_rooms 3\n');
        case 'broken':
          return void asked.socket.destroy();
        case 'down':
          return void response.writeHead(502).end();
      }
    if (fault.transparency && asked.url === '/transparency') return void response.writeHead(404).end('not found');
    if (fault.config !== undefined && asked.url === '/config') return void response.end(JSON.stringify(fault.config));
    if (fault.moved !== undefined && asked.url === '/room.html')
      return void response.writeHead(308, { Location: fault.moved }).end();
    if (fault.status !== undefined && asked.url === '/room.html') return void response.writeHead(fault.status).end();
    const { upgrade: _upgrade, connection: _connection, ...headers } = asked.headers;
    const { method, url: path } = asked;
    const passed = request({ port: behind, host: '127.0.0.1', method, path, headers }, (got) => {
      const sent: Record<string, string | string[] | undefined> = { ...got.headers };
      if (fault.header) {
        const [name, value] = fault.header;
        if (value === null) delete sent[name];
        else sent[name] = value;
      }
      // As nginx does.
      response.writeHead(got.statusCode ?? 502, { ...sent, date: new Date().toUTCString() });
      got.pipe(response);
    });
    passed.on('error', () => response.destroy());
    asked.pipe(passed);
  };
}

function selfSigned(directory: string): { readonly key: Buffer; readonly cert: Buffer } {
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const args = ['req', '-x509', '-days', '1', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  execFileSync('openssl', [...args, '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** coturn on loopback; resolves with its URL once it answers. */
export async function coturn(t: Cleanup, flags: readonly string[]): Promise<string> {
  const port = await freePort();
  const fixed = ['-c=/dev/null', '--log-file=stdout', '--no-cli', '--no-tls', '--no-dtls', '--pidfile=/dev/null'];
  const address = ['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${String(port)}`];
  const child = spawn('turnserver', [...fixed, ...address, '--realm=test', '--allow-loopback-peers', ...flags], {
    stdio: 'ignore',
  });
  t.after(() => ended(child, 'SIGKILL'));
  const url = `turn:127.0.0.1:${String(port)}?transport=udp`;
  await eventually(async () => {
    const { username, credential } = credentialsFor({ urls: [url] }, 'any secret', Date.now());
    const { kind } = await checkRelay({ url, username, credential, timeout: 300 });
    if (kind === 'unreachable') throw new Error('coturn does not answer');
  });
  return url;
}
