/**
 * The sites of `test/frameworks/sites`, each in one framework, as their developers have them: the packed library is installed,
 * the framework's own compiler checks the types, its own bundler builds. Needs `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';

export const FRAMEWORKS = ['react', 'vue', 'svelte', 'angular'] as const;
export type Framework = (typeof FRAMEWORKS)[number];

const FOLDER = resolve('test/frameworks');
const TOOLS = join(FOLDER, 'node_modules/.bin');

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

function run(command: string, args: readonly string[], cwd = FOLDER): Outcome {
  const env = { ...process.env, NG_CLI_ANALYTICS: 'false', NO_COLOR: '1' };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', env });
  if (error) throw error;
  return { status, output: `${stdout}${stderr}` };
}

function must(command: string, args: readonly string[], cwd?: string): void {
  const { status, output } = run(command, args, cwd);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}:\n${output}`);
}

/** Installs the frameworks on first use, and the library as it is packed each time. */
export function install(): void {
  if (!existsSync('dist/npm/index.js')) throw new Error('run `npm run build` first');
  if (!existsSync(TOOLS)) {
    must('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline']);
  }
  const folder = mkdtempSync(join(tmpdir(), 'consult-room-pack-'));
  must('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], resolve('.'));
  const [archive = ''] = readdirSync(folder);
  const place = join(FOLDER, 'node_modules/consult-room');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  must('tar', ['xzf', join(folder, archive), '-C', place, '--strip-components=1']);
  rmSync(folder, { recursive: true });
}

interface Site {
  /** The page, in the folder of the site. */
  readonly page: string;
  readonly check: readonly [string, ...string[]];
  /** What a mistaken copy of the page may not compile with; each replaces a text of the page. */
  readonly mistakes: Readonly<Record<string, string>>;
}

const WRONG_DETAIL = { 'detail.phase': 'detail.code' };
const WRONG_POLICY = { 'lang="de"': 'lang="de" policy="nothing"' };

const SITES: Readonly<Record<Framework, Site>> = {
  react: { page: 'page.tsx', check: ['tsc', '-p', '.'], mistakes: { ...WRONG_DETAIL, ...WRONG_POLICY } },
  vue: {
    page: 'Page.vue',
    check: ['vue-tsc', '-p', '.'],
    mistakes: {
      ...WRONG_DETAIL,
      ...WRONG_POLICY,
      ':exit-href': ':exit-page',
      '@consult-error': '@consult-mistake',
      '<p v-if': '<template #ended>Bis bald</template><p v-if',
    },
  },
  svelte: {
    page: 'Page.svelte',
    check: ['svelte-check', '--tsconfig', 'tsconfig.json', '--fail-on-warnings', '--output', 'machine'],
    mistakes: { ...WRONG_DETAIL, ...WRONG_POLICY },
  },
  // Under CUSTOM_ELEMENTS_SCHEMA, Angular checks events and what the class does with the element, but no attributes.
  angular: { page: 'src/page.ts', check: ['ngc', '-p', 'tsconfig.check.json'], mistakes: WRONG_DETAIL },
};

export interface Checked {
  /** One line for each error outside of the mistaken copy. */
  readonly errors: readonly string[];
  /** Mistakes that the compiler let pass. */
  readonly unseen: readonly string[];
}

/** Compiles the site strictly, beside it a copy of the page for each mistake. */
export function check(framework: Framework): Checked {
  const {
    page,
    check: [tool, ...args],
    mistakes,
  } = SITES[framework];
  const folder = join(FOLDER, 'sites', framework);
  const source = readFileSync(join(folder, page), 'utf8');
  const copies = Object.entries(mistakes).map(([right, wrong], index) => {
    if (!source.includes(right)) throw new Error(`${framework}: the page has no ${right}`);
    const name = page.replace(/page/iu, `Mistake${String(index)}`);
    writeFileSync(join(folder, name), source.replace(right, wrong));
    return { name, wrong };
  });
  try {
    const { output, status } = run(join(TOOLS, tool), args, folder);
    const errors = output.split('\n').filter((line) => /error/iu.test(line) && !/COMPLETED|^npm /u.test(line));
    const isCopy = (line: string): boolean => copies.some(({ name }) => line.includes(name));
    const strange = status === 0 ? [] : errors.filter((line) => !isCopy(line));
    const unseen = copies.filter(({ name }) => !errors.some((line) => line.includes(name)));
    return { errors: strange, unseen: unseen.map(({ wrong }) => wrong) };
  } finally {
    for (const { name } of copies) rmSync(join(folder, name));
  }
}

/** Builds the site into `dist/frameworks/NAME/`. */
export function build(framework: Framework): void {
  if (framework === 'angular') must(join(TOOLS, 'ng'), ['build', '--progress=false'], join(FOLDER, 'sites/angular'));
  else must(join(TOOLS, 'vite'), ['build', '--config', 'sites.config.ts', '--mode', framework]);
}
