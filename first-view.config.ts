/**
 * What the CDN folder shows before everything else (`src/cdn/first-view.ts`), cut out of the sources that the other builds take whole: the
 * room until the notice is accepted, its screens, their icons and German texts. Each cut is checked where it is made.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * The screens of a room need of an element that is not there yet its tag and its parts, so in the first chunk of the CDN folder these
 * stand for it. Elements of the first view are themselves.
 */
export const FIRST_VIEW: readonly string[] = ['consult-room', 'privacy-notice', 'quick-exit'];

interface Description {
  readonly name: string;
  readonly tag: string;
  readonly parts: readonly string[];
  readonly uses: readonly { readonly tag: string; readonly uses: readonly [] }[];
}

/** Reads an element's class, tag, parts and what it renders from its source; parts may be those of another element, `...Other.parts`. */
function elementAt(tag: string): Description {
  const code = readFileSync(path(`src/elements/${tag}/${tag}.ts`), 'utf8');
  const [, name] = /export class (\w+)/u.exec(code) ?? [];
  const [, list = ''] = /static override readonly parts: readonly string\[\] = \[([^\]]*)\]/u.exec(code) ?? [];
  const parts = list.split(/,\s*/u).flatMap((item) => {
    const [, other, part] = /^(?:\.\.\.(\w+)\.parts|'([\w-]+)')$/u.exec(item.trim()) ?? [];
    if (other !== undefined) return elementAt(tagOf(other)).parts;
    if (part === undefined && item.trim() !== '') throw new Error(`${tag}: no part can be read of ${item}`);
    return part ?? [];
  });
  if (name === undefined || tagOf(name) !== tag || !code.includes(`static readonly tag: string = '${tag}'`))
    throw new Error(`src/elements/${tag}/${tag}.ts is not written like the other elements`);
  const [, used = ''] =
    /static override readonly uses: readonly ConsultElementClass\[\] = \[([\w, ]*)\]/u.exec(code) ?? [];
  const uses = used.split(/,\s*/u).flatMap((other) => (other === '' ? [] : { tag: tagOf(other), uses: [] as const }));
  return { name, tag, parts, uses };
}

const tagOf = (name: string): string => name.replaceAll(/(?<!^)[A-Z]/gu, (letter) => `-${letter}`).toLowerCase();

export const laterElements: Plugin = {
  name: 'consult-room:later-elements',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer?.includes('/src/elements/consult-room/') !== true) return null;
    const [, tag] = /\.\.\/([a-z-]+)\/\1\.ts$/u.exec(source) ?? [];
    if (tag === undefined || FIRST_VIEW.includes(tag) || !existsSync(path(`src/elements/${tag}/${tag}.ts`)))
      return null;
    return `\0later:${tag}`;
  },
  load(id) {
    if (!id.startsWith('\0later:')) return null;
    const { name, ...description } = elementAt(id.slice('\0later:'.length));
    return `export const ${name} = ${JSON.stringify(description)};`;
  },
};

/** Beginnings of the texts that the first view shows, of those that belong to what is late. */
const EARLY_TEXTS = [
  'announce.phase.notice',
  'consult-room.alternatives',
  'consult-room.ended.',
  'consult-room.failed.',
  'consult-room.idle.',
  'consult-room.in-app.',
  'consult-room.label',
  'consult-room.problem.',
  'consult-room.step',
];

/** What can be wrong before the notice is accepted (`src/room/setup/`); `action-failed` stands for whatever else is. */
const EARLY_ERRORS =
  /^error\.(?:invite-|configuration-|server-|action-failed|browser-unsupported|clock-wrong|element-name-taken|insecure-context|part-unavailable|policy-loosened|signaling-(?:address-invalid|mixed-content)|tab-duplicated|worker-blocked)/u;

/** Tags of the elements that a file of `src/cdn/` exports. */
const tagsIn = (file: string): readonly string[] =>
  [...readFileSync(path(`src/cdn/${file}`), 'utf8').matchAll(/'\.\.\/elements\/([a-z-]+)\//gu)].map(
    ([, tag]) => tag ?? '',
  );

const RARE = tagsIn('rare-elements.ts');

/** Texts of rare elements that other elements and announcements show as well. */
const SHARED_TEXTS: ReadonlySet<string> = new Set(
  ['elements', 'ui'].flatMap((folder) =>
    readdirSync(path(`src/${folder}`), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !RARE.some((tag) => file.startsWith(`${tag}/`)))
      .flatMap(
        (file) => readFileSync(path(`src/${folder}/${file}`), 'utf8').match(/(?<=')[a-z-]+\.[\w.-]+(?=')/gu) ?? [],
      ),
  ),
);

const isRareText = (key: string): boolean => RARE.includes(key.split('.')[0] ?? '') && !SHARED_TEXTS.has(key);

/**
 * Texts of errors, for which `Texts.error` says `action-failed` until they are there, and those of `src/cdn/late-screens.ts` that nothing else
 * shows or announces.
 */
const TROUBLE_TEXTS =
  /^(?:error\.|room-occupants-notice\.(?:acknowledged$|others$|ours|take-out|theirs\.(?:awaited|someone-came-in)$)|consult-room\.(?:panel\.close$|without\.|relay\.|paused\.(?!(?:heading|text)\.someone-came-in$)|(?:direct|direct\.used)\.(?:go|stay)$|hand-over\.(?:accept|decline)$|host-word\.(?:on|off)$|quality\.(?:audio-only|keep)$))/u;

const isTroubleText = (key: string): boolean => TROUBLE_TEXTS.test(key) && isLaterText(key);

const pieceOf = (key: string): 'first' | 'later' | 'rare' | 'trouble' => {
  if (!isLaterText(key)) return 'first';
  if (isTroubleText(key)) return 'trouble';
  return isRareText(key) ? 'rare' : 'later';
};

/** Texts of no element that the first view does without. */
const LATER_TEXTS: readonly string[] = ['host-mark', 'spoken-code'];

const isLaterText = (key: string): boolean => {
  if (EARLY_TEXTS.some((early) => key.startsWith(early))) return false;
  const [tag = ''] = key.split('.');
  if (tag === 'error') return key !== 'error.' && !EARLY_ERRORS.test(key);
  if (tag === 'announce' || tag === 'consult-room' || LATER_TEXTS.includes(tag)) return true;
  return existsSync(path(`src/elements/${tag}/${tag}.ts`)) && !FIRST_VIEW.includes(tag);
};

interface Call {
  readonly type: 'CallExpression';
  readonly callee: { readonly name?: string };
  readonly arguments: readonly { readonly start: number; readonly end: number }[];
}

/** The calls of a function by its name. */
function callsOf(node: unknown, name: string): readonly Call[] {
  if (typeof node !== 'object' || node === null) return [];
  const isCall = 'type' in node && node.type === 'CallExpression' && (node as Call).callee.name === name;
  return [...(isCall ? [node as Call] : []), ...Object.values(node).flatMap((inner) => callsOf(inner, name))];
}

/** Leaves out what the JSON Schema says of each entry of a configuration: browsers read no schema. */
export const entriesUndescribed: Plugin = {
  name: 'consult-room:entries-undescribed',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/src/configuration.ts')) return null;
    const texts = callsOf(this.parse(code, { lang: 'ts' }), 'described').map(({ arguments: [, text] }) => text);
    if (texts.length === 0) throw new Error('src/configuration.ts describes nothing');
    const short = texts
      .flatMap((text) => text ?? [])
      .toSorted((one, other) => other.start - one.start)
      .reduce((rest, { start, end }) => `${rest.slice(0, start)}''${rest.slice(end)}`, code);
    // One that adds no text either.
    return short.replace('v.pipe(schema, v.description(text))', 'schema');
  },
};

interface Entry {
  readonly type: 'Property';
  readonly key: { readonly value?: string; readonly name?: string };
  readonly value: { readonly start: number; readonly end: number };
  readonly start: number;
  readonly end: number;
}

/** The entries of all objects in a syntax tree whose keys are strings, or that one name. */
export function entriesOf(node: unknown, name?: string): readonly Entry[] {
  if (typeof node !== 'object' || node === null) return [];
  const isEntry =
    'type' in node &&
    node.type === 'Property' &&
    (name === undefined ? typeof (node as Entry).key.value === 'string' : (node as Entry).key.name === name);
  return isEntry ? [node as Entry] : Object.values(node).flatMap((inner) => entriesOf(inner, name));
}

/**
 * German in four: the texts of the first view, those of every call after it, those of errors, and those that come with the rare elements.
 */
export const laterTexts: Plugin = {
  name: 'consult-room:later-texts',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!source.endsWith('/locales/de.ts') || importer === undefined) return null;
    const [, late] = /\/src\/cdn\/(?:(rare|trouble)-part|[\w-]+)\.ts$/u.exec(importer) ?? [importer, 'first'];
    return `${path('src/locales/de.ts')}?${late ?? 'later'}`;
  },
  load(id) {
    const [, file, piece] = /^(.*\/locales\/de\.ts)\?(first|later|rare|trouble)$/u.exec(id) ?? [];
    if (file === undefined) return null;
    const whole = readFileSync(file, 'utf8');
    const code = entriesOf(this.parse(whole, { lang: 'ts' }))
      .filter(({ key: { value = '' } }) => pieceOf(value) !== piece)
      .toSorted((one, other) => other.start - one.start)
      .reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end).replace(/^,/u, ''), whole);
    return { code, moduleType: 'ts' };
  },
  /** What is there first must name no text that comes later, and what is there in every call none of the rare ones. */
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || /^(?:rare-part|en)-/u.test(chunk.fileName)) continue;
      const isFirst = /^(?:consult-room|first-[\w-]+)\.js$/u.test(chunk.fileName);
      for (const [, key = ''] of chunk.code.matchAll(/["'`]([a-z-]+\.[\w.-]+)/gu)) {
        if (isFirst && isLaterText(key))
          throw new Error(`${chunk.fileName} shows ${key}, which is loaded later: see EARLY_TEXTS`);
        if (isTroubleText(key) && !chunk.fileName.startsWith('trouble-part-') && !key.startsWith('error.'))
          throw new Error(`${chunk.fileName} shows ${key}, which is loaded later: see TROUBLE_TEXTS`);
        if (isRareText(key))
          throw new Error(`${chunk.fileName} shows ${key}, which may never be loaded: write the key out`);
      }
    }
  },
};

/** Leaves out what Lit tells authors of styles who put a text into them: ours are checked by their types, and a page cannot add one. */
export const stylesUnexplained: Plugin = {
  name: 'consult-room:styles-unexplained',
  transform(code, id) {
    if (!id.endsWith('/@lit/reactive-element/css-tag.js')) return null;
    const told = /Error\("[^"]*"(?:\+\w\+"[^"]*")?\)/gu;
    if (code.match(told)?.length !== 2) throw new Error('Lit explains its styles in another way');
    return code.replaceAll(told, 'Error("css")');
  },
};

/**
 * Leaves out what each error means, which no page shows: its code says it, and the documentation explains the code. What is left of the table
 * are two lists of names.
 */
export const errorsByCode: Plugin = {
  name: 'consult-room:errors-by-code',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/src/errors.ts')) return null;
    const [before, table, after] = code.split(
      /(?<=\nexport const ERROR_CODES = )(\{\n.*?\n\}) as const(?= satisfies )/su,
    );
    const entry = /^ {2}'([\w-]+)': \{\s*fatal: (true|false),\s*meaning:/gmu;
    const entries = [...(table ?? '').matchAll(entry)].map(([, name = '', fatal = '']) => ({ name, fatal }));
    if (entries.length < 50 || entries.length !== table?.match(/\bmeaning:/gu)?.length)
      throw new Error('src/errors.ts is not written as expected');
    const named = (fatal: string): string =>
      `...${JSON.stringify(entries.flatMap((one) => (one.fatal === fatal ? one.name : [])).join(' '))}.split(' ').map((name) => [name, { fatal: ${fatal}, meaning: '' }])`;
    return `${String(before)}/* @__PURE__ */ Object.fromEntries([${named('true')}, ${named('false')}])${String(after)}`;
  },
};

/** Modules that the first view imports by a list of names, and uses nothing of. */
const UNUSED_AT_FIRST =
  /\/src\/(?:consent\/rules|room\/spoken|room\/state\/(?:chat-lines|name-resemblance|reachability))\.ts$/u;

/**
 * Parts in the order in which they are loaded, each as one chunk with what none before it has: by default each set of parts that share
 * modules has a chunk of its own, and small ones compress badly. What both roles need is in the session.
 */
const PARTS = {
  first: ['cdn/first-view.ts'],
  'later-elements': ['cdn/later-elements.ts'],
  'session-part': ['room/session/session-part.ts'],
  'host-part': ['room/admission/host-lobby.ts', 'room/code/host-code.ts', 'e2ee/mls/host-commit.ts'],
  'guest-part': ['room/admission/guest-lobby.ts'],
  'late-part': ['e2ee/mls/follow-commit.ts', 'room/session/relaying.ts'],
  'rare-part': ['cdn/rare-part.ts'],
  'trouble-part': ['cdn/trouble-part.ts'],
} as const;
type Part = keyof typeof PARTS;

/** What the bundler adds for parts that are several modules. */
const RUNTIME = '\0rolldown/runtime.js';

const partOf = new Map<string, Part>();

/** One chunk for each part. */
export const groups = (Object.keys(PARTS) as readonly Part[]).map((name) => ({
  name,
  test: (id: string): boolean => (id === RUNTIME ? name === 'later-elements' : partOf.get(id) === name),
}));

export const partsInOrder: Plugin = {
  name: 'consult-room:parts-in-order',
  buildEnd() {
    const add = (id: string, part: Part): void => {
      const known = partOf.get(id);
      if (part === 'guest-part' && known === 'host-part') partOf.set(id, 'session-part');
      else if (known !== undefined || (part === 'first' && UNUSED_AT_FIRST.test(id))) return;
      else partOf.set(id, part);
      for (const imported of this.getModuleInfo(id)?.importedIds ?? []) add(imported, part);
    };
    for (const part of Object.keys(PARTS) as readonly Part[])
      for (const file of PARTS[part]) add(path(`src/${file}`), part);
  },
};

/** How the bundler writes what a part loads. */
const IMPORTED = /\(\)\s*=>\s*import\((`\.\/[^`]+`)\)/gu;

/**
 * After the first chunk, parts are loaded by what `part` gives them (src/cdn/open-file.ts): an address that failed is failed for good in some
 * browsers.
 */
export const partsOpened: Plugin = {
  name: 'consult-room:parts-opened',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || /^(?:consult-room|first-[\w-]+)\.js$/u.test(chunk.fileName)) continue;
      chunk.code = chunk.code.replaceAll(IMPORTED, (_, file: string) => `o=>o(${file})`);
      const [left] = /import\(`\.[^)]*\)/u.exec(chunk.code) ?? [];
      if (left !== undefined) throw new Error(`${chunk.fileName} loads ${left} by no part: see src/util/part.ts`);
    }
  },
};

const PART = /\bchunk:([a-z-]+)/gu;

/** Writes the files of parts where `src/cdn/fetch-ahead.ts` names them, and checks the list of the rare elements. */
export const namesOfParts: Plugin = {
  name: 'consult-room:names-of-parts',
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).flatMap((item) => (item.type === 'chunk' ? [item] : []));
    let named = 0;
    for (const chunk of chunks)
      chunk.code = chunk.code.replaceAll(PART, (_, name: string) => {
        const part = chunks.find(({ fileName }) => fileName.replace(/-[\w-]{8}\.js$/u, '') === name);
        if (!part) throw new Error(`there is no chunk ${name}`);
        named += 1;
        return `./${part.fileName}`;
      });
    if (named === 0) throw new Error('no part is fetched ahead');
    const all = readdirSync(path('src/elements'), { withFileTypes: true }).flatMap((one) =>
      one.isDirectory() ? [one.name] : [],
    );
    const listed = [...FIRST_VIEW, ...tagsIn('call-elements.ts'), ...RARE];
    if (listed.toSorted().join() !== all.toSorted().join()) throw new Error(`elements of src/cdn/: ${listed.join()}`);
    const tags = [...readFileSync(path('src/cdn/rare-tags.ts'), 'utf8').matchAll(/^  '([a-z-]+)',$/gmu)].map(
      ([, tag]) => tag,
    );
    if (tags.join() !== RARE.join()) throw new Error(`src/cdn/rare-tags.ts lists ${tags.join()}`);
  },
};

/** Screens of a session that few calls show; beside them, what the others declared, which most confirm in the tiles. */
const LATE_SCREENS =
  /\/(?:direct-offer|quality-choice|hand-over-word|host-word|no-connection-screen|paused-screen|relay-pending-screen|relay-state|side-panel)\.ts$/u;

/** What stands in the entry for a file that is late: the room, its screens and their styles. */
export const firstParts: Plugin = {
  name: 'consult-room:first-parts',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer === undefined || importer.includes('/src/cdn/')) return null;
    const isRoom = importer.endsWith('/consult-room/consult-room.ts');
    const isLate = /\/screens\/(?:room|session)-screen\.ts$/u.test(importer) && LATE_SCREENS.test(source);
    if (isLate || source === './declarations.ts') return path('src/cdn/late-screens.ts');
    if (source.endsWith('/room/room.ts')) return path(isRoom ? 'src/cdn/first-exports.ts' : 'src/room/room-exports.ts');
    if (isRoom && source === './screens/room-screen.ts') return path('src/cdn/late-view.ts');
    return isRoom && source === './consult-room.styles.ts' ? path('src/cdn/first-styles.ts') : null;
  },
};

/** Icons of the first view. */
const FIRST_ICONS: readonly string[] = [
  'arrow-left-right',
  'calendar',
  'copy',
  'door-open',
  'file-text',
  'info',
  'languages',
  'lock',
  'log-out',
  'mail',
  'message-circle',
  'phone',
  'printer',
  'refresh-cw',
  'server',
  'video-off',
  'x',
];

/** Icons of panels and rare elements, which come with the screens of panels. */
const TROUBLE_ICONS: readonly string[] = [
  'clock',
  'lock-open',
  'play',
  'send',
  'triangle-alert',
  'undo-2',
  'user-round-minus',
];

const ICON_FILE = /\/src\/ui\/icons\.ts(?:\?(first|later|trouble))?$/u;

const pieceOfIcon = (name: string): string =>
  FIRST_ICONS.includes(name) ? 'first' : TROUBLE_ICONS.includes(name) ? 'trouble' : 'later';

/** The icons in three: those of the first view, those of every call, and those of panels. */
export const firstIcons: Plugin = {
  name: 'consult-room:first-icons',
  enforce: 'pre',
  resolveId(source, importer) {
    const isOfUi = importer?.includes('/src/ui/') === true && source === './icons.ts';
    if (importer === undefined || !(isOfUi || source.endsWith('/ui/icons.ts'))) return null;
    const [, piece = 'first'] = /\/src\/cdn\/(later|trouble)-(?:elements|part)\.ts$/u.exec(importer) ?? [];
    return `${path('src/ui/icons.ts')}?${piece}`;
  },
  load(id) {
    const [, piece] = ICON_FILE.exec(id) ?? [];
    if (piece === undefined) return null;
    const whole = readFileSync(path('src/ui/icons.ts'), 'utf8');
    const code = whole
      .split('\n')
      .filter((line) => {
        const [, imported, quoted, entry] =
          /^import \w+ from 'lucide\/dist\/esm\/icons\/([a-z0-9-]+)\.mjs';$|^  '([a-z0-9-]+)': \w+,$|^  ([a-z0-9]+)(?:: \w+)?,$/u.exec(
            line,
          ) ?? [];
        const name = imported ?? quoted ?? entry;
        return name === undefined || pieceOfIcon(name) === piece;
      })
      .join('\n');
    return { code, moduleType: 'ts' };
  },
  /** What is there first must show no icon that comes later, and what is there in every call none of panels. */
  generateBundle(_options, bundle) {
    const all = [...readFileSync(path('src/ui/icons.ts'), 'utf8').matchAll(/icons\/([a-z0-9-]+)\.mjs/gu)];
    const names = all.map(([, name = '']) => name);
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || /^(?:rare|trouble)-part-/u.test(chunk.fileName)) continue;
      const isFirst = /^(?:consult-room|first-[\w-]+)\.js$/u.test(chunk.fileName);
      const missing = names.filter(
        (name) => pieceOfIcon(name) === 'trouble' || (isFirst && pieceOfIcon(name) !== 'first'),
      );
      for (const id of chunk.moduleIds.filter(
        (one) => /\/src\/(?:elements|ui|cdn)\//u.test(one) && !ICON_FILE.test(one),
      )) {
        const code = this.getModuleInfo(id)?.code ?? '';
        const used = missing.find((name) =>
          new RegExp(`icon\\w*\\(\\s*["'\`]${name}["'\`]|:\\s*["'\`]${name}["'\`]`, 'u').test(code),
        );
        if (used !== undefined)
          throw new Error(`${id} shows the icon ${used}, which is loaded later: see FIRST_ICONS and TROUBLE_ICONS`);
      }
    }
  },
};
