/** The deployment files, against the server they start: no flag, variable, metric or path that it does not know. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { securityHeaders } from '../../../src/server/headers.ts';
import { Metrics } from '../../../src/server/metrics.ts';
import { Tally } from '../../../src/server/tally.ts';
import { SERVE_FLAGS } from '../../../src/server/settings.ts';
import type { IncomingMessage } from 'node:http';

const FOLDER = 'src/server/deploy';
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
  statSync(join(FOLDER, file)).isFile(),
);
const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const flags = Object.keys(SERVE_FLAGS);
const variables = [
  'CONSULT_ROOM_RELAY_SECRET',
  'CONSULT_ROOM_CLUSTER_SECRET',
  'CONSULT_ROOM_WEBHOOK_SECRET',
  ...flags.map((flag) => `CONSULT_ROOM_${flag.toUpperCase().replaceAll('-', '_')}`),
];
const [NGINX, APACHE, CADDY, TRAEFIK] = ['nginx.conf', 'apache.conf', 'Caddyfile', 'traefik.yaml'];

describe('the deployment files', () => {
  it('use only variables that the server reads', () => {
    const used = files.flatMap((file) => textOf(file).match(/CONSULT_ROOM_[A-Z_]+/gu) ?? []);
    assert.ok(used.length > 5);
    assert.deepEqual(
      used.filter((name) => !variables.includes(name)),
      [],
    );
  });

  it('use only flags that the server has', () => {
    const commands = [
      /^ExecStart=.*consult-room-server (.*)$/mu.exec(textOf('consult-room.service'))?.[1] ?? '',
      /^CMD (.*)$/mu.exec(textOf('Dockerfile'))?.[1] ?? '',
    ];
    for (const command of commands) {
      const used = [...command.matchAll(/--([a-z-]+)/gu)].map(([, name = '']) => name);
      assert.ok(used.length >= 2, command);
      for (const name of used) assert.ok(flags.includes(name), name);
    }
  });

  it('alert on and show only metrics that the server has', async () => {
    const current = { connections: () => 0, rooms: () => 0, backplane: (): 0 | 1 => 1 };
    const text = await new Metrics(current, new Tally(() => undefined)).text();
    const known = [...text.matchAll(/^# TYPE (\S+)/gmu)].map(([, name = '']) => name);
    const used = ['prometheus-alerts.yaml', 'grafana-dashboard.json'].flatMap(
      (file) => textOf(file).match(/consult_room_[a-z_]+/gu) ?? [],
    );
    assert.deepEqual([...new Set(used)].sort(), [...known].sort());
  });

  it('pass on the paths that browsers need, and neither metrics nor the health check', () => {
    for (const file of [NGINX, APACHE, CADDY, TRAEFIK, 'helm/consult-room/templates/all.yaml']) {
      const text = textOf(file ?? '');
      for (const path of ['signal', 'config', 'transparency'])
        assert.match(text, new RegExp(`\\b${path}\\b`, 'u'), file);
      assert.doesNotMatch(text, /metrics/u, file);
    }
    for (const file of [NGINX, APACHE, CADDY]) assert.doesNotMatch(textOf(file ?? ''), /healthz/u);
  });

  it('set every header that the server sets itself', () => {
    const headers = Object.keys(securityHeaders({ headers: { host: 'beratung.example' } } as IncomingMessage));
    for (const file of [NGINX, APACHE, CADDY])
      for (const name of headers.filter((one) => one !== 'Cross-Origin-Resource-Policy'))
        assert.ok(textOf(file ?? '').includes(name), `${file ?? ''}: ${name}`);
  });

  it('set the Content-Security-Policy that the server sets itself', () => {
    const host = 'beratung.example';
    const policy = securityHeaders({ headers: { host } } as IncomingMessage)['Content-Security-Policy'] ?? '';
    const expected = policy.replace(`ws://${host} `, '');
    for (const [file, name] of [
      [NGINX, '$host'],
      [APACHE, host],
      [CADDY, '{$SITE}'],
    ] as const)
      assert.ok(textOf(file ?? '').includes(expected.replace(host, name)), file);
  });

  it('write no access log', () => {
    assert.match(textOf(NGINX ?? ''), /access_log off;/u);
    assert.deepEqual(textOf(APACHE ?? '').match(/\b(?:Custom|Error)Log .*/gu), [
      'CustomLog /dev/null common',
      'ErrorLog /dev/null',
    ]);
    assert.match(textOf(CADDY ?? ''), /output discard/u);
  });

  it('run containers without root, read-only and of a fixed version', () => {
    assert.match(textOf('Dockerfile'), /^USER 65532:65532$/mu);
    const compose = textOf('compose.yaml');
    const services = compose.split(/^ {2}(?=[a-z]+:$)/mu).filter((part) => /^\s+(?:image|build):/mu.test(part));
    assert.equal(services.length, 4);
    for (const service of services) {
      assert.match(service, /read_only: true/u);
      assert.match(service, /no-new-privileges:true/u);
    }
    const images = [...compose.matchAll(/image: (\S+)/gu), ...textOf('Dockerfile').matchAll(/^FROM (\S+)/gmu)];
    for (const [, image = ''] of images) assert.match(image, /:\d/u);
  });

  it('build the image of what .dockerignore leaves, and leave out what may be secret', (t) => {
    const lines = readFileSync('.dockerignore', 'utf8').split('\n');
    assert.equal(
      lines.find((line) => !line.startsWith('#')),
      '*',
    );
    const left = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const context = mkdtempSync(join(tmpdir(), 'consult-room-image-'));
    t.after(() => rmSync(context, { recursive: true }));
    for (const name of readdirSync('.').filter((one) =>
      left.some((pattern) => one === pattern || (pattern.startsWith('*') && one.endsWith(pattern.slice(1)))),
    ))
      cpSync(name, join(context, name), { recursive: true });
    assert.deepEqual(
      ['.git', 'node_modules', '.env', 'test'].filter((name) => existsSync(join(context, name))),
      [],
    );
    for (const secret of ['**/.env*', '**/*.pem', '**/*.key', 'src/server/deploy/config.json'])
      assert.ok(lines.includes(secret), secret);
    const [build = ''] = /npx (vite build --mode server)/u.exec(textOf('Dockerfile'))?.slice(1) ?? [];
    symlinkSync(resolve('node_modules'), join(context, 'node_modules'));
    execFileSync('npx', build.split(' '), { cwd: context, stdio: 'pipe' });
    assert.ok(existsSync(join(context, 'dist/server/cli.js')));
  });
});
