/**
 * The code that the documentation and the READMEs offer for copying compiles against the types of the package, strictly. Needs
 * `npm run build`.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { documents } from '../../demo/site/pages.ts';
import { samplesOf } from '../support/samples.ts';
import { site } from '../support/site.ts';

/** What samples show of other services, and what they leave to the reader. */
const YOURS = `
declare class JitsiMeetExternalAPI {
  constructor(domain: string, options: {
    roomName: string; parentNode: Element | null; lang?: string; userInfo?: { displayName: string };
  });
}
declare const configuration: import('consult-room/server').ServerConfigurationInput;
declare const app: import('express').Express;
declare const fastify: import('fastify').FastifyInstance;
declare const hono: import('hono').Hono;
declare const serve: (options: { fetch: import('hono').Hono['fetch']; port: number }) => import('node:http').Server;
declare module '*/agreements.js' {
  const agreements: Readonly<Record<string, import('consult-room/room').AgreementTexts>>;
  export default agreements;
}
`;

interface Sample {
  readonly from: string;
  readonly code: string;
  readonly kind: 'js' | 'ts' | 'tsx';
}

/** The scripts inside a sample of HTML, Vue or Svelte. */
const scriptsIn = (from: string, code: string, kind: 'js' | 'ts'): readonly Sample[] =>
  Array.from(code.matchAll(/<script\b[^>]*>\n(.*?)<\/script>/gsu), ([, script = '']) => ({ from, code: script, kind }));

function scriptsOf(from: string, language: string, code: string): readonly Sample[] {
  if (language === 'js' || language === 'ts' || language === 'tsx') return [{ from, code, kind: language }];
  if (language === 'html') return scriptsIn(from, code, 'js');
  return language === 'vue' || language === 'svelte' ? scriptsIn(from, code, 'ts') : [];
}

/** Each once: most are the same in both languages. */
const once = (samples: readonly Sample[]): readonly Sample[] => [
  ...new Map(samples.map((sample) => [`${sample.kind} ${sample.code}`, sample])).values(),
];

const ofPages = once(
  [...documents()].flatMap(([path, html]) =>
    samplesOf(html).flatMap(([language, code]) => scriptsOf(path, language, code)),
  ),
);

const READMES = [
  'README.md',
  ...readdirSync('src', { recursive: true, encoding: 'utf8' }).flatMap((file) =>
    file.endsWith('.md') ? [join('src', file)] : [],
  ),
];

const ofReadmes = once(
  READMES.flatMap((path) =>
    Array.from(readFileSync(path, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gmsu)).flatMap(
      ([, language = '', code = '']) => scriptsOf(path, language, code),
    ),
  ),
);

describe('the code to copy', () => {
  let folder = '';
  before(() => {
    folder = site();
    writeFileSync(join(folder, 'yours.d.ts'), YOURS);
    // Every page has loaded the elements.
    writeFileSync(join(folder, 'loaded.ts'), `import 'consult-room';`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** @returns what the compiler says, with the page instead of the file */
  function compile(samples: readonly Sample[], ...flags: readonly string[]): string {
    const files = samples.map(({ from, code, kind }, index) => {
      const name = `${from.replaceAll(/\W/gu, '-')}-${String(index)}.${kind}`;
      // A page loads the folder of the CDN by its address.
      const text = code.replaceAll('/consult-room/consult-room.js', 'consult-room/cdn');
      writeFileSync(join(folder, name), `${text}\nexport {};\n`);
      return name;
    });
    const { stdout, status } = spawnSync(
      process.execPath,
      [
        resolve('node_modules/typescript/bin/tsc'),
        '--noEmit',
        '--strict',
        '--allowJs',
        '--checkJs',
        '--target',
        'ES2022',
        '--lib',
        'ES2023,DOM,DOM.Iterable',
        '--module',
        'ESNext',
        '--moduleResolution',
        'bundler',
        '--jsx',
        'react-jsx',
        '--types',
        'node',
        '--skipLibCheck',
        ...flags,
        'yours.d.ts',
        'loaded.ts',
        ...files,
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    return status === 0 ? '' : stdout;
  }

  it('compiles strictly in the pages of the documentation', () => {
    for (const kind of ['js', 'ts', 'tsx'])
      assert.ok(ofPages.filter((sample) => sample.kind === kind).length > 3, kind);
    assert.equal(compile(ofPages), '');
  });

  it('compiles in the READMEs, which leave out what a page may lack', () => {
    const samples = ofReadmes.filter(({ kind }) => kind === 'js');
    assert.ok(samples.length > 3);
    assert.equal(compile(samples, '--strictNullChecks', 'false'), '');
  });
});
