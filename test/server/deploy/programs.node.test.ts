/** The deployment files, read and run by the programs they are for. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { CONFIGURATION, eventually } from '../harness.ts';
import { freePort } from '../../support/free-port.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ended, startNats, startProcess } from '../backplane/cluster.ts';
import { coturn, PAGE } from '../doctor/installation.ts';
import { run } from '../command.ts';

const FOLDER = 'src/server/deploy';
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;
const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
/** What a program says of a file; throws with its words where it refuses it. */
const said = (program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): string =>
  execFileSync(program, args, { env: { PATH, HOME: tmpdir(), ...more }, stdio: 'pipe' }).toString();

const SECRET = 'hush-hush-hush-hush';
const VARIABLES = { CONSULT_ROOM_RELAY_SECRET: SECRET };

const SCRIPT = `export const words = ${JSON.stringify('stille '.repeat(300))};\n`;

/** The page and a script of a site, and two servers of it with a relay, joined over NATS. */
async function installation(t: TestContext, port: number) {
  const own = temporaryFolder('deploy');
  // Apache, started as root, serves it as another user.
  chmodSync(own, 0o755);
  mkdirSync(join(own, 'site'));
  for (const name of ['room.html', 'index.html']) writeFileSync(join(own, 'site', name), PAGE);
  const script = join(own, 'site', 'room.js');
  writeFileSync(script, SCRIPT);
  writeFileSync(`${script}.br`, brotliCompressSync(SCRIPT));
  writeFileSync(`${script}.gz`, gzipSync(SCRIPT));
  const nats = await startNats();
  t.after(() => nats.stop());
  const relay = await coturn(t, ['--use-auth-secret', '--static-auth-secret', SECRET]);
  const servers = [
    ...CONFIGURATION.servers,
    { role: 'relay', urls: [relay], operator: 'Beratungsstelle am Markt', country: 'DE', addresses: ['127.0.0.1'] },
  ];
  const config = join(own, 'config.json');
  writeFileSync(config, JSON.stringify({ ...CONFIGURATION, servers }));
  const site = `localhost:${String(port)}`;
  const args = ['--config', config, '--origin', `https://${site}`, '--address-from', 'x-forwarded-for'];
  const processes = await Promise.all([1, 2].map(() => startProcess(nats.url, args, VARIABLES)));
  for (const { child } of processes) t.after(() => ended(child, 'SIGKILL'));
  const upstreams = processes.map(({ address }) => `127.0.0.1:${String(address.port)}`);
  const withoutServers = async (): Promise<void> => {
    await Promise.all(processes.map(({ child }) => ended(child, 'SIGKILL')));
  };
  return { own, site, upstreams, withoutServers };
}

/** Starts a web server that writes into its folder what it says, and ends it with the test. */
async function serving(
  t: TestContext,
  { own, port }: { readonly own: string; readonly port: number },
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
) {
  const output = openSync(join(own, 'output'), 'a');
  const server = spawn(command, args, { env, stdio: ['ignore', output, output] });
  await once(server, 'spawn');
  t.after(() => ended(server, 'SIGTERM'));
  await eventually(async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect').finally(() => socket.destroy());
  });
  return async (): Promise<void> => ended(server, 'SIGTERM');
}

/** @param authority certificate of the authority to trust */
async function doctorFindsNothing(site: string, authority: string): Promise<void> {
  const trust = { NODE_EXTRA_CA_CERTS: authority, ...VARIABLES };
  const { out, code } = await run(['doctor', `https://${site}/room.html`, '--lang', 'en'], trust);
  assert.match(out, /✔ Two trial participants/u);
  assert.equal(code, 0, out);
}

/** The coding in which a browser gets the script of the site, and its bytes on the way. */
async function scriptOf(
  site: string,
  authority: string,
): Promise<readonly [coding: string | undefined, bytes: number]> {
  const headers = { 'Accept-Encoding': 'gzip, deflate, br, zstd' };
  const [response] = (await once(
    get(`https://${site}/room.js`, { ca: readFileSync(authority), headers, family: 4, agent: false }),
    'response',
  )) as [IncomingMessage];
  let bytes = 0;
  for await (const part of response) bytes += (part as Buffer).length;
  return [response.headers['content-encoding'], bytes];
}

/** An address of this machine that nothing else has. */
const CLIENT = '127.0.0.19';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function asClient(site: string, path: string, authority: string): Promise<Answer> {
  const { hostname, port } = new URL(`https://${site}`);
  const options = { hostname, port, path, ca: readFileSync(authority), localAddress: CLIENT, family: 4, agent: false };
  const [response] = (await once(get(options), 'response')) as [IncomingMessage];
  let body = '';
  for await (const part of response) body += String(part);
  return { status: response.statusCode, headers: response.headers, body };
}

/** What stands in the files of a folder, those of the site and binary ones included. */
const everythingIn = (own: string): string =>
  readdirSync(own, { recursive: true, encoding: 'utf8' })
    .map((name) => join(own, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');

/**
 * Links whose `#` a mail scanner encoded, and an address at which nothing answers, leave no trace.
 *
 * @param stop ends the web server, so that it has written what it writes
 */
async function keepsInvites(
  { own, site, withoutServers }: Awaited<ReturnType<typeof installation>>,
  authority: string,
  stop: () => Promise<void>,
): Promise<void> {
  // A host link is longer than a name of a file may be.
  for (const token of ['AWcSHORT', `AWhLONG${'x'.repeat(600)}`])
    for (const sign of ['%23consult=', '%23consult%3D', '%2523consult%253D'])
      for (const page of ['/room.html', '/']) {
        const { status, headers, body } = await asClient(site, `${page}${sign}${token}`, authority);
        assert.deepEqual([status, body], [200, PAGE], `${page}${sign}`);
        assert.equal(headers['cache-control'], 'no-store');
        assert.equal(headers['referrer-policy'], 'no-referrer');
        assert.match(headers['content-type'] ?? '', /^text\/html/u);
      }
  assert.equal((await asClient(site, '/room.html', authority)).headers['cache-control'], undefined);
  assert.equal((await asClient(site, '/nothing.html%23consult=AWcSHORT', authority)).status, 404);
  assert.equal((await asClient(site, `/nothing-AWhLONG${'x'.repeat(600)}`, authority)).status! >= 400, true);
  await withoutServers();
  for (const path of ['/signal', '/config?AWcSHORT'])
    assert.match(String((await asClient(site, path, authority)).status), /^50[234]$/u);
  await stop();
  const written = everythingIn(own);
  assert.ok(written.includes(PAGE));
  for (const trace of [CLIENT, 'AWcSHORT', 'AWhLONG']) assert.ok(!written.includes(trace), trace);
}

/** A key and a certificate that signs itself, under the names of the deployment files. */
function certificate(own: string, name: string): void {
  const key = ['-keyout', join(own, 'privkey.pem'), '-out', join(own, 'fullchain.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  said('openssl', ['req', '-x509', '-days', '1', '-nodes', ...curve, ...names, ...key]);
}

describe('the deployment files', () => {
  it('make an installation in which the doctor finds nothing wrong: nginx, two servers, NATS and coturn', async (t) => {
    const port = await freePort();
    const place = await installation(t, port);
    const { own, site, upstreams } = place;
    certificate(own, 'localhost');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (one) => `${one}_temp_path ${own}/${one};`,
    );
    const virtual = textOf('nginx.conf')
      .replace('listen 443 ssl;', `listen 127.0.0.1:${String(port)} ssl;`)
      .replace('  listen [::]:443 ssl;\n', '')
      .replaceAll('/etc/ssl/beratung.example', own)
      .replace('/srv/site', join(own, 'site'))
      .replace('wss://$host', `wss://${site}`)
      .replace('server_name beratung.example', 'server_name localhost')
      .replace('server 127.0.0.1:8787;', upstreams.map((upstream) => `server ${upstream};`).join(' '));
    const file = join(own, 'nginx.conf');
    const types = 'types { text/html html; application/javascript js; }';
    // The distributions' own logs, which the file must silence for this site.
    const http = `access_log ${own}/access; error_log ${own}/errors; ${types} ${temporary.join(' ')}\n${virtual}`;
    writeFileSync(file, `daemon off; pid ${own}/pid; error_log ${own}/errors; events {} http { ${http}\n}`);
    said('nginx', ['-t', '-q', '-e', join(own, 'errors'), '-c', file]);
    const stop = await serving(t, { own, port }, 'nginx', ['-e', join(own, 'errors'), '-c', file], { PATH });
    const authority = join(own, 'fullchain.pem');
    await doctorFindsNothing(site, authority);
    assert.deepEqual(await scriptOf(site, authority), ['gzip', gzipSync(SCRIPT).length]);
    await keepsInvites(place, authority, stop);
  });

  it('are accepted by systemd, which finds little exposure', () => {
    const unit = join(temporaryFolder('deploy'), 'consult-room.service');
    copyFileSync(join(FOLDER, 'consult-room.service'), unit);
    said('systemd-analyze', ['verify', unit]);
    said('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit]);
  });

  it('make an installation in which the doctor finds nothing wrong: Caddy, two servers, NATS and coturn', async (t) => {
    const port = await freePort();
    const place = await installation(t, port);
    const { own, site, upstreams } = place;
    const caddyfile = textOf('Caddyfile')
      .replace('signal:8787', upstreams.join(' '))
      .replace('/srv/site', join(own, 'site'));
    // An authority of its own, on a port of its own; the rest is as it is.
    const trial = '{\n admin off\n skip_install_trust\n auto_https disable_redirects\n local_certs\n';
    assert.ok(caddyfile.startsWith('{\n'));
    writeFileSync(join(own, 'Caddyfile'), caddyfile.replace('{\n', trial));
    const env = { PATH, HOME: own, XDG_DATA_HOME: own, XDG_CONFIG_HOME: own, SITE: site };
    const stop = await serving(
      t,
      { own, port },
      'caddy',
      ['run', '--adapter', 'caddyfile', '--config', join(own, 'Caddyfile')],
      env,
    );
    const authority = join(own, 'caddy/pki/authorities/local/root.crt');
    await eventually(async () => assert.ok(existsSync(authority)));
    // It listens before it has made the certificate of the site.
    await eventually(() => scriptOf(site, authority));
    await doctorFindsNothing(site, authority);
    assert.deepEqual(await scriptOf(site, authority), ['br', brotliCompressSync(SCRIPT).length]);
    await keepsInvites(place, authority, stop);
  });

  it('make such an installation behind Apache, too', async (t) => {
    const port = await freePort();
    const place = await installation(t, port);
    const { own, site, upstreams } = place;
    certificate(own, 'localhost');
    const needed = [
      'mpm_event',
      'authz_core',
      'dir',
      'mime',
      'ssl',
      'headers',
      'filter',
      'deflate',
      'rewrite',
      'proxy',
      'proxy_http',
    ];
    const modules = needed.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
    const virtual = textOf('apache.conf')
      .replace('*:443', `127.0.0.1:${String(port)}`)
      .replaceAll('/etc/ssl/beratung.example', own)
      .replace('/srv/site', join(own, 'site'))
      .replaceAll('127.0.0.1:8787', upstreams[0] ?? '')
      .replace('wss://beratung.example', `wss://${site}`)
      .replace('beratung.example', 'localhost');
    writeFileSync(join(own, 'types'), 'text/html html\ntext/javascript js\n');
    const main = [
      `ServerRoot ${own}`,
      `PidFile ${own}/pid`,
      `ErrorLog ${own}/errors`,
      // As Debian has it for sites without a log of their own.
      `CustomLog ${own}/other_vhosts_access "%h %r"`,
      `Listen 127.0.0.1:${String(port)}`,
      ...(process.getuid?.() === 0 ? ['User nobody', 'Group nogroup'] : []),
      ...modules,
      `TypesConfig ${own}/types`,
    ];
    const file = join(own, 'httpd.conf');
    writeFileSync(file, `${main.join('\n')}\n${virtual}`);
    said('apache2', ['-t', '-f', file]);
    const stop = await serving(t, { own, port }, 'apache2', ['-D', 'FOREGROUND', '-f', file], { PATH });
    const authority = join(own, 'fullchain.pem');
    await doctorFindsNothing(site, authority);
    const [coding, bytes] = await scriptOf(site, authority);
    assert.equal(coding, 'gzip');
    assert.ok(bytes < SCRIPT.length / 2);
    await keepsInvites(place, authority, stop);
  });
});
