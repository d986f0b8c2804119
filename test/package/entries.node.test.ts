/** What the package offers, as a site meets it. Needs `npm run build`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { after, before, describe, it } from 'node:test';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { build, type Rolldown } from 'vite';
import { de } from '../../src/locales/de.ts';
import { VERSION } from '../../src/ui/version.ts';
import { site } from '../support/site.ts';

interface Package {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly sideEffects: readonly string[];
  readonly bin: Readonly<Record<string, string>>;
}
/** One element with Lit, the texts in both languages and the shared styles, in bytes, minified and gzipped. */
const ONE_ELEMENT = 32_500;

const description = JSON.parse(readFileSync('package.json', 'utf8')) as Package;

/** Entry → what a site imports from it. Taking one away breaks sites. */
const promised: Readonly<Record<string, readonly string[]>> = {
  'consult-room': ['define', 'registerTexts', 'ConsultRoom'],
  'consult-room/elements': ['ConsultRoom', 'PrivacyNotice', 'RelayConsentDialog', 'QuickExit'],
  'consult-room/define': ['define'],
  'consult-room/room': [
    'Room',
    'buildNotice',
    'noticeHash',
    'noticeFooter',
    'rulesFor',
    'ruleText',
    'ConsultError',
    'ERROR_CODES',
    'LIMITS',
    'isSession',
    'mayStream',
    'mediaNoticeOf',
    'sameChoice',
    'wordFor',
    'whyUnreachable',
    'awaitsEveryone',
    'isAwaited',
    'takeInvite',
  ],
  'consult-room/testing': [
    'FakeRoom',
    'ScriptedRoom',
    'snapshot',
    'participant',
    'provideRoom',
    'replaceRooms',
    'drawnCamera',
  ],
  'consult-room/invite': ['createInvite'],
  'consult-room/server': ['createServer'],
  'consult-room/locales/de': ['de'],
  'consult-room/locales/en': ['en'],
};

/** What runs in a browser alone: a site types what it loads from there. */
const inBrowsers: Readonly<Record<string, readonly string[]>> = {
  'consult-room/cdn': ['define', 'loadElements', 'loadTexts', 'registerTexts', 'ConsultRoom'],
  'consult-room/cdn/all': ['define', 'loadTexts', 'registerTexts', 'ConsultRoom', 'PrivacyNotice'],
};

/** The pages whose examples a site copies. */
const EXAMPLES = [
  'README.md',
  'src/consent/README.md',
  'src/server/README.md',
  'src/elements/README.md',
  'src/testing/README.md',
];

/** What these examples leave to the reader. */
const YOURS = `
  declare function draw(state: import('consult-room/room').RoomState): void;
  declare function tell(code: import('consult-room/room').ErrorCode): void;
  declare function ask(texts: object): Promise<void>;
  declare function keep(receipt: import('consult-room/room').Receipt): void;`;

describe('entries', () => {
  let folder = '';
  before(() => {
    folder = site();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are exactly these', () => {
    assert.deepEqual(Object.keys(description.exports), [
      '.',
      './elements',
      './define',
      './room',
      './testing',
      './invite',
      './server',
      './react',
      './vue',
      './svelte',
      './themes/*.css',
      './locales/*',
      './frame-worker.js',
      './cdn',
      './cdn/all',
      './vscode.html-custom-data.json',
      './web-types.json',
      './config.schema.json',
      './custom-elements.json',
      './package.json',
    ]);
  });

  it('point to files that are there', () => {
    const files = [
      ...Object.values(description.exports).flatMap((entry) =>
        typeof entry === 'string' ? [entry] : [entry.types, entry.default],
      ),
      ...description.sideEffects.filter((file) => !file.startsWith('./src/') && !file.includes('*')),
      ...Object.values(description.bin),
    ].map((file) => file.replace('*', file.endsWith('.css') ? 'calm' : 'de'));
    assert.deepEqual(
      files.filter((file) => !existsSync(file)),
      [],
    );
  });

  it('have types, wherever they are scripts to import', () => {
    const untyped = Object.entries(description.exports).flatMap(([entry, target]) =>
      typeof target === 'string' && target.endsWith('.js') ? [entry] : [],
    );
    // The frame worker is the address of a worker, and exports nothing.
    assert.deepEqual(untyped, ['./frame-worker.js']);
    for (const target of Object.values(description.exports))
      if (typeof target !== 'string')
        assert.equal(Object.keys(target)[0], 'types', 'a condition after `default` is never read');
  });

  for (const [entry, names] of Object.entries(promised)) {
    it(`${entry} imports on a server, where there is no DOM, and has ${names.join(', ')}`, () => {
      const code = `const m = await import('${entry}'); if (globalThis.document) throw new Error('a DOM?'); console.log(Object.keys(m).join());`;
      const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      const found = stdout.trim().split(',');
      assert.deepEqual(
        names.filter((name) => !found.includes(name)),
        [],
      );
      assert.deepEqual(
        found.filter((name) => name.length < 2),
        [],
        'names of the bundler leak',
      );
    });
  }

  for (const [resolution, module] of [
    ['bundler', 'ESNext'],
    ['nodenext', 'NodeNext'],
  ] as const) {
    it(`have types under moduleResolution ${resolution}`, () => {
      const uses = Object.entries({ ...promised, ...inBrowsers }).map(
        ([entry, names], index) =>
          `import * as m${index} from '${entry}';\nexport const n${index} = [${names.map((name) => `m${index}.${name}`).join(', ')}] as const;`,
      );
      const code = [
        ...uses,
        `const element = document.createElement('consult-room');`,
        `element.addEventListener('consult-phase', (event) => { const phase: string = event.detail.phase; void phase; });`,
        `export const room: m0.ConsultRoom = element;`,
        `const heard = ({ detail }: m3.RoomEventMap['error']) => { const code: m3.ErrorCode = detail.code; void code; };`,
        `const headless = new m3.Room();`,
        `headless.addEventListener('error', (event) => heard(event));`,
        `headless.removeEventListener('error', heard);`,
        `// @ts-expect-error A step of the phase has no code, so the events are typed.`,
        `headless.addEventListener('phase', ({ detail }) => detail.code);`,
        `// @ts-expect-error There is no such phase, so the types are not \`any\`.`,
        `export const wrong: 'nothing' = element.phase;`,
      ];
      writeFileSync(join(folder, 'site.ts'), code.join('\n'));
      const examples = EXAMPLES.flatMap((page) => [
        ...readFileSync(page, 'utf8').matchAll(/^```ts\n(.*?)^```$/gmsu),
      ]).map(([, ts], index) => {
        const file = `readme-${String(index)}.ts`;
        writeFileSync(join(folder, file), `${YOURS}\n${ts ?? ''}\nexport {};\n`);
        return file;
      });
      assert.ok(examples.length >= 3);
      const own = readFileSync('test/package/own-interface.ts', 'utf8');
      assert.match(own, /from '\.\.\/\.\.\/src\/room\/room\.ts';/u);
      assert.equal(own.match(/\bfrom '/gu)?.length, 1, 'it needs the entry of the room and nothing else');
      writeFileSync(join(folder, 'own-interface.ts'), own.replace("'../../src/room/room.ts'", "'consult-room/room'"));
      const flags = [
        '--noEmit',
        '--strict',
        '--target',
        'ES2022',
        '--lib',
        'ES2023,DOM,DOM.Iterable',
        '--types',
        'node',
        // What the package's types import is checked as well: sites need not skip it, nor install types that are no
        // dependency.
        '--listFiles',
      ];
      const { stdout, status } = spawnSync(
        process.execPath,
        [
          resolve('node_modules/typescript/bin/tsc'),
          ...flags,
          '--module',
          module,
          '--moduleResolution',
          resolution,
          'site.ts',
          ...examples,
          'own-interface.ts',
        ],
        { cwd: folder, encoding: 'utf8' },
      );
      assert.equal(status, 0, stdout);
      assert.ok(stdout.includes('dist/types/server/server.d.ts') && !stdout.includes('@types/ws'));
    });
  }

  it('one element brings no other, and is small', async () => {
    writeFileSync(
      join(folder, 'one.js'),
      `import { SafetyCode } from 'consult-room/elements'; console.log(SafetyCode.tag);`,
    );
    const [output] = (await build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      build: {
        write: false,
        lib: { entry: join(folder, 'one.js'), formats: ['es'], fileName: 'one' },
        rolldownOptions: { output: { minify: true } },
      },
    })) as Rolldown.RolldownOutput[];
    const [chunk] = output?.output ?? [];
    assert.ok(chunk);
    const ours = Object.keys(chunk.modules).flatMap((id) => /dist\/npm\/(.*)/.exec(id)?.[1] ?? []);
    assert.ok(ours.includes('elements/safety-code/safety-code.js'), ours.join());
    assert.deepEqual(
      ours.filter((id) => /^elements\/(?!safety-code)|^(peer|e2ee|signaling|media|guard|consent)\//.test(id)),
      [],
    );
    const size = gzipSync(chunk.code).length;
    assert.ok(size < ONE_ELEMENT, `${size} bytes, gzipped`);
  });

  it('carry one version', () => assert.equal(VERSION, description.version));

  it('satisfy publint', async () => {
    const { messages } = await publint({ pkgDir: resolve('.'), strict: true });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, description as never)),
      [],
    );
  });
});

/** Names that standards wrote as addresses: RTP header extensions. Nothing asks them. */
const identifiers = [
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
];

/** The same as the file beside it, which the tests read. */
const isCompressed = (file: string): boolean => /\.(?:br|gz)$/u.test(file);

describe('the CDN folder', () => {
  const files = readdirSync('dist/cdn', { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() && !isCompressed(entry.name) ? [entry.name] : [],
  );
  const loaded = (code: string): readonly string[] =>
    [...code.matchAll(/(?:\bfrom|\bimport\s*\(?)\s*["'`]([^"'`]+)["'`]/gu)].map(([, file]) => file ?? '');

  it('is flat, and its scripts load nothing but each other', () => {
    const scripts = files.filter((file) => file !== 'consult-room.all.js');
    const imports = scripts.flatMap((file) => loaded(readFileSync(`dist/cdn/${file}`, 'utf8')));
    assert.deepEqual(
      imports.filter((file) => !scripts.includes(file.replace('./', '')) || !file.startsWith('./')),
      [],
    );
    assert.ok(imports.length > 5);
  });

  it('has themes in a folder of their own, and nothing else', () => {
    const inside = readdirSync('dist/cdn', { recursive: true, encoding: 'utf8' }).filter(
      (file) => !files.includes(file) && !isCompressed(file),
    );
    assert.deepEqual(
      inside.sort(),
      ['themes', ...readdirSync('src/themes').map((file) => join('themes', file))].sort(),
    );
  });

  it('has each of its texts compressed beside it, of the same content', () => {
    const all = readdirSync('dist/cdn', { recursive: true, encoding: 'utf8' });
    const compressed = all.filter(isCompressed);
    for (const file of compressed) {
      const bytes = readFileSync(join('dist/cdn', file));
      const content = file.endsWith('.br') ? brotliDecompressSync(bytes) : gunzipSync(bytes);
      assert.ok(content.equals(readFileSync(join('dist/cdn', file.slice(0, -3)))), file);
      assert.ok(bytes.length < content.length * 0.7, file);
    }
    const large = all.filter((file) => /\.(?:css|js|txt)$/u.test(file) && statSync(join('dist/cdn', file)).size > 2000);
    assert.ok(large.length > 10);
    assert.deepEqual(
      large.filter((file) => !compressed.includes(`${file}.br`) || !compressed.includes(`${file}.gz`)),
      [],
    );
  });

  it('has the licence of each package in it, to which its scripts point', () => {
    const licences = readFileSync('dist/cdn/licences.txt', 'utf8');
    const contained = ['@noble/curves', 'lit', 'lit-html', 'lucide', 'ts-mls', 'uqr', 'valibot', 'webrtc-adapter'];
    for (const name of contained) assert.match(licences, new RegExp(`^${name} \\d`, 'mu'));
    const pointing = files.filter((file) => readFileSync(`dist/cdn/${file}`, 'utf8').endsWith('/*! licences.txt */\n'));
    assert.ok(pointing.some((file) => file.startsWith('first-')));
    assert.ok(pointing.some((file) => file.startsWith('session-part-')));
  });

  it('[R3] opens a database in the part alone that keeps the key of a counsellor, who asked for it', () => {
    const opening = files.filter((file) => /indexedDB\.open/.test(readFileSync(`dist/cdn/${file}`, 'utf8')));
    assert.deepEqual(
      opening.map((file) => file.replace(/-[\w-]{8}\.js$/u, '')),
      ['consult-room.all.js', 'host-key-store'],
    );
  });

  it('has what is said of errors in a part of its own, and first what stands for it', () => {
    const holding = (text: string): readonly string[] =>
      files
        .filter((file) => file.endsWith('.js') && readFileSync(`dist/cdn/${file}`, 'utf8').includes(text))
        .map((file) => file.replace(/-[\w-]{8}\.js$/u, ''));
    assert.deepEqual(holding(de['error.camera-in-use']), ['consult-room.all.js', 'trouble-part']);
    assert.deepEqual(holding(de['error.action-failed']), ['consult-room.all.js', 'first']);
    assert.deepEqual(holding(de['device-check.choices']), ['consult-room.all.js', 'later-elements']);
  });

  it('has the same frame worker as the package', () => {
    const [beside, packaged] = ['dist/cdn/frame-worker.js', 'dist/worker/frame-worker.js'].map(
      (file) => readFileSync(file).length,
    );
    assert.ok(Math.abs((beside ?? 0) - (packaged ?? 0)) < 100);
  });

  it('[R11] names no host', () => {
    for (const file of files) {
      const code = readFileSync(`dist/cdn/${file}`, 'utf8');
      const addresses = code.match(/["'`](?:https?|wss?):\/\/[\w.-]+\.[a-z]{2,}[^"'`\s]*/gi) ?? [];
      const foreign = addresses.map((address) => address.slice(1)).filter((address) => !identifiers.includes(address));
      assert.deepEqual(foreign, [], file);
    }
  });

  for (const mode of ['cdn', 'all'])
    it(`is built with the same bytes again, in mode ${mode}`, async () => {
      const again = (await build({
        mode,
        configFile: 'vite.config.ts',
        build: { write: false },
      })) as Rolldown.RolldownOutput[];
      const { output } = again[0] ?? { output: [] };
      for (const item of output) {
        const content = item.type === 'chunk' ? item.code : Buffer.from(item.source).toString();
        assert.equal(content === readFileSync(`dist/cdn/${item.fileName}`, 'utf8'), true, item.fileName);
      }
      assert.ok(output.length > 0);
    });
});

describe('the one-file version', () => {
  const code = readFileSync('dist/cdn/consult-room.all.js', 'utf8');

  it('stands alone', () => {
    assert.doesNotMatch(code, /\bimport\s*\(|\bimport\s*["'{*]|\bfrom\s*["'][^"']+["'];|import\.meta/);
  });

  it('[R11] names no host', () => {
    const addresses = code.match(/["'`](?:https?|wss?|stuns?|turns?):\/*[\w.-]+\.[a-z]{2,}[^"'`\s]*/gi) ?? [];
    const foreign = addresses.map((address) => address.slice(1)).filter((address) => !identifiers.includes(address));
    assert.deepEqual(foreign, []);
  });

  it('[R16] has no recorder', () => assert.doesNotMatch(code, /new\s+(?:globalThis\.|window\.)?MediaRecorder/));

  it('[R3] [R5] keeps no cookie or local storage, and no database but that of a counsellor who asked for it', () => {
    assert.doesNotMatch(code, /document\.cookie\s*=|localStorage\.setItem/);
    assert.equal(code.match(/indexedDB\.open/g)?.length, 1);
  });
});

describe('everything that reaches a browser', () => {
  const files = ['cdn', 'npm', 'worker', 'demo'].flatMap((folder) =>
    readdirSync(`dist/${folder}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !isCompressed(entry.name))
      .map(({ parentPath, name }) => join(parentPath, name)),
  );

  it('[R6] cannot make a sound or interrupt', () => {
    const calls = [
      /new\s+(?:globalThis\.|window\.|self\.)?(?:Audio|Notification|OscillatorNode|AudioBufferSourceNode|ConstantSourceNode)\b/,
      /create(?:Oscillator|BufferSource|ConstantSource)\b|\.destination\b|speechSynthesis/,
      /\.vibrate\b|requestPermission\b|showNotification\b|set(?:App|Client)Badge\b/,
      /(?<![\w$.#])(?:window\.)?(?:alert|confirm|prompt)\(|window\.focus\b/,
      // Only quick exit touches the title, and empties it.
      /document\.title\s*=(?!=)(?!\s*(?:""|''|``))/,
      /data:audio|audio\/(?:mpeg|ogg|wav|aac|flac)/,
    ];
    const found = files.flatMap((file) => {
      const code = readFileSync(file, 'utf8');
      return calls.flatMap((call) => (call.test(code) ? [`${file}: ${String(call.exec(code)?.[0])}`] : []));
    });
    assert.deepEqual(found, []);
    assert.ok(files.length > 100);
    assert.deepEqual(
      files.filter(
        (file) => !/\.(?:js|css|html)$|^dist\/cdn\/licences\.txt$|^dist\/demo\/.*\.(?:md|txt|json|png)$/.test(file),
      ),
      [],
    );
  });
});
