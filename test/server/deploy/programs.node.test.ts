/** The deployment files, read and run by the programs they are for. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CONFIGURATION, eventually } from '../harness.ts';
import { ended, freePort, startNats, startProcess } from '../backplane/cluster.ts';
import { coturn, PAGE } from '../doctor/installation.ts';
import { run } from '../command.ts';

const FOLDER = 'src/server/deploy';
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;
const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const folder = (): string => mkdtempSync(join(tmpdir(), 'consult-room-deploy-'));
/** What a program says of a file; throws with its words where it refuses it. */
const said = (program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): string =>
  execFileSync(program, args, { env: { PATH, HOME: tmpdir(), ...more }, stdio: 'pipe' }).toString();

const SECRET = 'hush-hush-hush-hush';

describe('the deployment files', () => {
  it('are accepted by nginx', () => {
    const own = folder();
    const key = ['-keyout', join(own, 'privkey.pem'), '-out', join(own, 'fullchain.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    said('openssl', ['req', '-x509', '-days', '1', '-nodes', ...curve, '-subj', '/CN=beratung.example', ...key]);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (one) => `${one}_temp_path ${own}/${one};`,
    );
    const site = textOf('nginx.conf').replaceAll('/etc/ssl/beratung.example', own);
    const file = join(own, 'nginx.conf');
    writeFileSync(file, `pid ${own}/pid; events {} http { ${temporary.join(' ')}\n${site}\n}`);
    said('nginx', ['-t', '-q', '-e', join(own, 'errors'), '-c', file]);
  });

  it('are accepted by systemd, which finds little exposure', () => {
    const unit = join(folder(), 'consult-room.service');
    copyFileSync(join(FOLDER, 'consult-room.service'), unit);
    said('systemd-analyze', ['verify', unit]);
    said('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit]);
  });

  it('make an installation in which the doctor finds nothing wrong: Caddy, two servers, NATS and coturn', async (t) => {
    const own = folder();
    mkdirSync(join(own, 'site'));
    writeFileSync(join(own, 'site', 'room.html'), PAGE);
    const port = await freePort();
    const site = `localhost:${String(port)}`;
    const nats = await startNats();
    t.after(() => nats.stop());
    const relay = await coturn(t, ['--use-auth-secret', '--static-auth-secret', SECRET]);
    const servers = [
      ...CONFIGURATION.servers,
      { role: 'relay', urls: [relay], operator: 'Beratungsstelle am Markt', country: 'DE', addresses: ['127.0.0.1'] },
    ];
    const config = join(own, 'config.json');
    writeFileSync(config, JSON.stringify({ ...CONFIGURATION, servers }));
    const args = ['--config', config, '--origin', `https://${site}`, '--address-from', 'x-forwarded-for'];
    const variables = { CONSULT_ROOM_RELAY_SECRET: SECRET };
    const processes = await Promise.all([1, 2].map(() => startProcess(nats.url, args, variables)));
    for (const { child } of processes) t.after(() => ended(child, 'SIGKILL'));
    const upstream = processes.map(({ address }) => `127.0.0.1:${String(address.port)}`).join(' ');
    const caddyfile = textOf('Caddyfile').replace('signal:8787', upstream).replace('/srv/site', join(own, 'site'));
    // An authority of its own, on a port of its own; the rest is as it is.
    writeFileSync(
      join(own, 'Caddyfile'),
      `{\n admin off\n skip_install_trust\n auto_https disable_redirects\n local_certs\n}\n${caddyfile}`,
    );
    const environment = { PATH, HOME: own, XDG_DATA_HOME: own, XDG_CONFIG_HOME: own, SITE: site };
    const caddy = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', join(own, 'Caddyfile')], {
      env: environment,
      stdio: 'ignore',
    });
    await once(caddy, 'spawn');
    t.after(() => ended(caddy, 'SIGKILL'));
    const authority = join(own, 'caddy/pki/authorities/local/root.crt');
    const trust = { NODE_EXTRA_CA_CERTS: authority, ...variables };
    await eventually(async () => {
      assert.ok(existsSync(authority));
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect').finally(() => socket.destroy());
    });
    const { out, code } = await run(['doctor', `https://${site}/room.html`, '--lang', 'en'], trust);
    assert.match(out, /✔ Two trial participants/u);
    assert.equal(code, 0, out);
  });
});
