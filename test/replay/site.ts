/**
 * A counselling site that runs a session replay tool beside the room: its page, the tool, and the server that the tool
 * reports to, all on one origin. What the tool sends is kept as it would be read there, unpacked.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, inflateSync } from 'node:zlib';
import { build as bundle } from 'esbuild';
import { build, type Rolldown } from 'vite';

export const TOOLS = ['rrweb', 'posthog', 'sentry', 'datadog'] as const;
export type Tool = (typeof TOOLS)[number];

/** The marks that each documents, each of which is to be enough. */
export const MARKS: Readonly<Record<Tool, readonly string[]>> = {
  rrweb: ['rr-block'],
  posthog: ['ph-no-capture'],
  sentry: ['sentry-block', 'data-sentry-block'],
  datadog: ['data-dd-privacy'],
};

const FOLDER = 'test/replay';
/** Words of the site's own page: a recorder that works has them. */
export const OWN_WORDS = 'Unsere Öffnungszeiten stehen hier';
export const LATE_WORDS = 'Ein Satz, der später dazukam';

/** Installed on first use, exact versions, and never with the library. */
export function installTools(): void {
  const { dependencies } = readPackage(FOLDER);
  const isThere = ([name, version]: readonly [string, string]): boolean => {
    const folder = `${FOLDER}/node_modules/${name}`;
    return existsSync(`${folder}/package.json`) && readPackage(folder).version === version;
  };
  if (Object.entries(dependencies).every(isThere)) return;
  const flags = ['--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
  const { status, stdout, stderr } = spawnSync('npm', ['install', '--prefix', FOLDER, ...flags], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the replay tools could not be installed:\n${stdout}${stderr}`);
}

interface Package {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const readPackage = (folder: string): Package => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Package;

async function bundleTool(tool: Tool): Promise<string> {
  const { outputFiles } = await bundle({
    entryPoints: [`${FOLDER}/tools/${tool}.mjs`],
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

/**
 * The one-file version as it would be if the tools were ones that the detection does not know. {@link withOnly} takes the marks away.
 */
export async function buildUnsuspecting(): Promise<string> {
  const built = (await build({
    mode: 'all',
    configFile: 'vite.config.ts',
    logLevel: 'error',
    plugins: [
      {
        name: 'chosen-mark-and-no-detection',
        enforce: 'pre',
        load: (id) => {
          if (id.endsWith('/src/guard/replay.ts')) return 'export const findReplayRecorders = () => [];';
          return id.endsWith('/src/ui/replay-marks.ts') ? withChoice(readFileSync(id, 'utf8')) : null;
        },
      },
    ],
    build: { write: false },
  })) as readonly Rolldown.RolldownOutput[];
  const chunk = built[0]?.output.find((output) => output.type === 'chunk');
  if (!chunk) throw new Error('no script was built');
  return chunk.code;
}

/** The two lists of marks, of which the page chooses one mark: building takes longer than a conversation, so one build serves all. */
function withChoice(source: string): string {
  const chosen = '(globalThis as unknown as { onlyMark: string }).onlyMark';
  const code = source
    .replace(/^\] as const;$/mu, `].filter((name) => name === ${chosen});`)
    .replace(/^\];$/mu, `].filter(([name]) => name === ${chosen});`);
  if (code.split(chosen).length !== 3) throw new Error('src/ui/replay-marks.ts has no longer two lists of marks');
  return code;
}

/**
 * What {@link buildUnsuspecting} built, with this mark and no other: tools that are built on each other heed each other's, and one
 * that is missing would not be missed.
 */
export const withOnly = (mark: string, library: string): string =>
  `globalThis.onlyMark = ${JSON.stringify(mark)};\n${library}`;

export interface Site {
  readonly origin: string;
  /** Everything that the tool has reported so far. */
  reported(): string;
  close(): Promise<void>;
}

/** @param library the room's script */
export async function openSite(tool: Tool, library: string): Promise<Site> {
  const script = await bundleTool(tool);
  const reports: string[] = [];
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/room.html': ['text/html', page('<script src="/tool.js"></script><script>startTool()</script>')],
    '/plain.html': ['text/html', page('')],
    '/room.js': ['text/javascript', library],
    '/tool.js': ['text/javascript', script],
    '/config': ['application/json', readFileSync('demo/config.json', 'utf8')],
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const file = files[path];
    if (file) return void response.writeHead(200, { 'Content-Type': `${file[0]}; charset=utf-8` }).end(file[1]);
    void read(request).then((body) => {
      if (body.length > 0) reports.push(...readings(body));
      answer(path, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    reported: () => reports.join('\n'),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function page(tool: string): string {
  return `<!doctype html><html lang="de"><title>Beratung</title><meta charset="utf-8">${tool}
    <script type="module" src="/room.js"></script>
    <body><p id="own">${OWN_WORDS}</p><consult-room signaling="broadcast:"></consult-room></body></html>`;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What the tools' own servers say at the start; PostHog asks whether it may record. */
function answer(path: string, response: ServerResponse): void {
  const may = { sessionRecording: { endpoint: '/s/' }, supportedCompression: [], featureFlags: {}, flags: {} };
  response
    .writeHead(200, { 'Content-Type': 'application/json' })
    .end(path.includes('posthog') ? JSON.stringify(may) : '{}');
}

/** A report as it is, and what is packed in it: gzip, zlib, or zlib streams inside a form. */
function readings(body: Buffer): readonly string[] {
  const found = [body.toString('utf8')];
  for (let at = 0; at < body.length - 1; at++) {
    const packed = body.subarray(at);
    if (body[at] === 0x1f && body[at + 1] === 0x8b) found.push(...attempt(() => gunzipSync(packed)));
    if (body[at] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(body[at + 1]!))
      found.push(...attempt(() => inflateSync(packed, { finishFlush: 2 })));
  }
  return found.flatMap(unescaped);
}

function attempt(unpack: () => Buffer): readonly string[] {
  try {
    return [unpack().toString('utf8')];
  } catch {
    return [];
  }
}

/** Text inside JSON inside JSON may be written with escapes. */
function unescaped(text: string): readonly string[] {
  const plain = text.replaceAll(/\\+u([0-9a-fA-F]{4})/gu, (_all, code: string) =>
    String.fromCodePoint(Number.parseInt(code, 16)),
  );
  return plain === text ? [text] : [text, plain];
}
