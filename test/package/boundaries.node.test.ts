/** The arrows of the architecture: each forbidden import, written down in a file of its own, must fail the lint. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';

interface Case {
  readonly file: string;
  readonly code: string;
  /** The rule that must speak, or undefined where the line is allowed. */
  readonly rule?: string;
}

const imports = (file: string, from: string): Case => ({
  file,
  code: `import '${from}';`,
  rule: 'no-restricted-imports',
});
const allowed = (file: string, from: string): Case => ({ file, code: `import '${from}';` });

const services = ['peer', 'e2ee', 'signaling', 'media', 'guard', 'consent'] as const;

const cases: readonly Case[] = [
  ...services.flatMap((service) => [
    imports(`src/elements/x/to-${service}.ts`, `../../${service}/y.ts`),
    imports(`src/ui/to-${service}.ts`, `../${service}/y.ts`),
    imports(`src/${service}/to-lit.ts`, 'lit'),
    imports(`src/${service}/to-context.ts`, '@lit/context'),
    imports(`src/${service}/to-room.ts`, '../room/room.ts'),
    imports(`src/${service}/to-ui.ts`, '../ui/y.ts'),
    imports(`src/${service}/to-server.ts`, '../server/y.ts'),
    allowed(`src/${service}/to-errors.ts`, '../errors.ts'),
    ...services
      .filter((other) => other !== service)
      .map((other) => imports(`src/${service}/to-${other}.ts`, `../${other}/y.ts`)),
  ]),
  ...services.flatMap((service) => [
    allowed(`src/${service}/to-util.ts`, '../util/base64url.ts'),
    allowed(`src/${service}/deep/to-util.ts`, '../../util/base64url.ts'),
    allowed(`src/${service}/deep/to-own.ts`, '../y.ts'),
    imports(`src/${service}/deep/to-room.ts`, '../../room/room.ts'),
    imports(`src/${service}/deep/to-lit.ts`, 'lit'),
  ]),
  imports('src/util/to-room.ts', '../room/room.ts'),
  imports('src/util/to-e2ee.ts', '../e2ee/bytes.ts'),
  imports('src/wire/to-room.ts', '../room/messages/messages.ts'),
  imports('src/integrations/to-room.ts', '../room/messages/messages.ts'),
  imports('src/peer/to-wire.ts', '../room/messages/messages.ts'),
  imports('src/signaling/to-room-wire.ts', '../room/messages/messages.ts'),
  allowed('src/signaling/to-wire.ts', '../wire/wire.ts'),
  allowed('src/signaling/to-configuration.ts', '../configuration.ts'),
  allowed('src/consent/to-configuration.ts', '../configuration.ts'),
  allowed('src/consent/to-policy.ts', '../policy.ts'),
  imports('src/peer/to-mls.ts', 'ts-mls'),
  imports('src/room/to-lit.ts', 'lit/decorators.js'),
  imports('src/room/to-context.ts', '@lit/context'),
  imports('src/room/to-element.ts', '../elements/x/x.ts'),
  imports('src/room/to-ui.ts', '../ui/y.ts'),
  imports('src/room/to-server.ts', '../server/y.ts'),
  allowed('src/room/to-peer.ts', '../peer/y.ts'),
  imports('src/ui/to-element.ts', '../elements/x/x.ts'),
  imports('src/elements/x/to-server.ts', '../../server/y.ts'),
  imports('src/elements/x/to-entry.ts', '../../index.ts'),
  allowed('src/elements/x/to-room.ts', '../../room/room.ts'),
  allowed('src/elements/consult-room/screens/to-room.ts', '../../../room/room.ts'),
  allowed('src/ui/to-room.ts', '../room/room.ts'),
  ...['room-api', 'room-store', 'state/state', 'messages/messages', 'consent/declaration'].flatMap((file) => [
    imports(`src/elements/x/to-room-${basename(file)}.ts`, `../../room/${file}.ts`),
    imports(`src/elements/consult-room/screens/to-room-${basename(file)}.ts`, `../../../room/${file}.ts`),
    imports(`src/ui/to-room-${basename(file)}.ts`, `../room/${file}.ts`),
  ]),
  ...['errors', 'policy', 'configuration'].flatMap((file) => [
    imports(`src/elements/x/to-${file}.ts`, `../../${file}.ts`),
    imports(`src/ui/to-${file}.ts`, `../${file}.ts`),
  ]),
  imports('src/server/to-ui.ts', '../ui/y.ts'),
  imports('src/server/to-room.ts', '../room/room.ts'),
  imports('src/server/deep/to-peer.ts', '../../peer/y.ts'),
  imports('src/server/to-room-wire.ts', '../room/messages/messages.ts'),
  ...['mls/group', 'seal', 'frames/frame-worker-client', 'admission/knock', 'frames/sframe'].map((file) =>
    imports(`src/server/to-${basename(file)}.ts`, `../e2ee/${file}.ts`),
  ),
  ...['bytes', 'admission/host-key', 'admission/invite-token', 'mls/leaf-key'].map((file) =>
    allowed(`src/server/to-${basename(file)}.ts`, `../e2ee/${file}.ts`),
  ),
  allowed('src/server/to-consent.ts', '../consent/notice.ts'),
  allowed('src/server/to-wire.ts', '../wire/wire.ts'),
  allowed('src/server/to-policy.ts', '../policy.ts'),
  allowed('src/server/to-relay-terms.ts', '../room/relay/relay-terms.ts'),
  { file: 'src/elements/x/camera.ts', code: 'navigator.mediaDevices;', rule: 'no-restricted-properties' },
  { file: 'src/ui/camera.ts', code: 'navigator.mediaDevices;', rule: 'no-restricted-properties' },
  { file: 'src/room/document.ts', code: 'document.title;', rule: 'no-restricted-globals' },
  { file: 'src/ui/sound.ts', code: 'new Audio();', rule: 'no-restricted-globals' },
  { file: 'src/room/state/room-events.ts', code: 'new Notification("x");', rule: 'no-restricted-globals' },
  { file: 'src/elements/x/vibrate.ts', code: 'navigator.vibrate(1);', rule: 'no-restricted-properties' },
  { file: 'src/ui/store.ts', code: 'localStorage.clear();', rule: 'no-restricted-globals' },
  { file: 'src/ui/console.ts', code: 'console.log(1);', rule: 'no-console' },
  { file: 'src/ui/later.ts', code: '// TODO later', rule: 'no-warning-comments' },
  { file: 'src/ui/any.ts', code: 'export const x = (y: any): unknown => y;', rule: 'no-explicit-any' },
  { file: 'src/ui/bang.ts', code: 'export const x = (y?: string): string => y!;', rule: 'no-non-null-assertion' },
  { file: 'src/ui/default.ts', code: 'export default 1;', rule: 'no-default-export' },
  { file: 'src/ui/promise.ts', code: 'export const f = (): void => { fetch("/x"); };', rule: 'no-floating-promises' },
  {
    file: 'src/ui/inline.ts',
    code: 'import { html } from \'lit\';\nexport const x = html`<p style="color:red"></p>`;',
    rule: 'ban-attributes',
  },
];

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

describe('the linter keeps the architecture', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consult-room-lint-'));
  let diagnostics: readonly Diagnostic[] = [];

  before(() => {
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) cpSync(name, join(folder, name));
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    for (const { file, code } of cases) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${code}\nexport {};\n`);
    }
    const { stdout } = spawnSync(
      process.execPath,
      [resolve('node_modules/oxlint/bin/oxlint'), '--type-aware', '-f', 'json'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    ({ diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { file, code, rule } of cases) {
    it(`${rule === undefined ? 'allows' : 'refuses'} ${file}: ${code.split('\n').at(-1)}`, () => {
      const codes = diagnostics.filter((found) => found.filename === file).map((found) => found.code);
      if (rule === undefined)
        assert.deepEqual(
          codes.filter((found) => found.includes('restricted')),
          [],
        );
      else
        assert.ok(
          codes.some((found) => found.includes(`(${rule})`)),
          `${file}: ${codes.join(', ') || 'nothing found'}`,
        );
    });
  }
});
