/**
 * The layers of `src`: every import, type-only ones included, against a table of what each folder may import. The table is ordered from
 * the bottom to the top, so a folder that imports only what is listed before it points downwards. `LAYERS=print` prints it with its floors.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';

/** Entry files and data that belong to no folder; anything may import what is listed at the bottom. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  util: ['errors.ts'],
  wire: ['errors.ts', 'util'],
  'policy.ts': ['errors.ts'],
  'ice-url.ts': [],
  'configuration.ts': ['errors.ts', 'policy.ts', 'ice-url.ts'],
  'invite-expiry.ts': ['util'],
  // Words and files for an appointment, for pages and the command line.
  appointment: [],
  // The six services: none imports another.
  peer: ['errors.ts', 'util'],
  e2ee: ['errors.ts', 'util'],
  signaling: ['errors.ts', 'util', 'wire'],
  media: ['errors.ts'],
  guard: ['errors.ts'],
  consent: ['errors.ts', 'util', 'policy.ts', 'configuration.ts'],
  'invite.ts': ['policy.ts', 'e2ee'],
  // The room, from the messages up to its facade.
  'room/messages': ['errors.ts', 'util', 'wire', 'e2ee', 'signaling'],
  'room/state': ['util', 'errors.ts', 'policy.ts', 'configuration.ts', 'consent', 'media', 'peer', 'room/messages'],
  'room/group': ['errors.ts', 'util', 'e2ee', 'room/messages'],
  'room/setup': [
    'errors.ts',
    'util',
    'policy.ts',
    'configuration.ts',
    'consent',
    'e2ee',
    'peer',
    'signaling',
    'room/messages',
    'room/state',
  ],
  'room/held': ['util', 'room/setup'],
  'room/mesh': ['errors.ts', 'util', 'e2ee', 'guard', 'peer', 'room/messages', 'room/state'],
  'room/media': ['errors.ts', 'util', 'policy.ts', 'guard', 'media', 'peer', 'room/state'],
  'room/relay': [
    'errors.ts',
    'util',
    'policy.ts',
    'configuration.ts',
    'e2ee',
    'peer',
    'signaling',
    'wire',
    'room/group',
    'room/messages',
    'room/state',
  ],
  'room/admission': ['errors.ts', 'util', 'policy.ts', 'e2ee', 'room/group', 'room/messages', 'room/state'],
  'room/consent': [
    'util',
    'policy.ts',
    'configuration.ts',
    'consent',
    'e2ee',
    'room/messages',
    'room/relay',
    'room/state',
  ],
  'room/code': ['errors.ts', 'util', 'e2ee', 'signaling', 'room/setup', 'room/state'],
  'room/session': [
    'errors.ts',
    'util',
    'policy.ts',
    'configuration.ts',
    'e2ee',
    'peer',
    'signaling',
    'room/admission',
    'room/code',
    'room/consent',
    'room/group',
    'room/mesh',
    'room/messages',
    'room/relay',
    'room/setup',
    'room/state',
  ],
  room: [
    'errors.ts',
    'util',
    'policy.ts',
    'configuration.ts',
    'consent',
    'guard',
    'media',
    'room/code',
    'room/consent',
    'room/held',
    'room/media',
    'room/mesh',
    'room/messages',
    'room/session',
    'room/setup',
    'room/state',
  ],
  'context.ts': ['room'],
  'events.ts': ['errors.ts', 'room'],
  // Rooms without a server, for tests.
  testing: [
    'errors.ts',
    'util',
    'policy.ts',
    'configuration.ts',
    'consent',
    'room/messages',
    'room/state',
    'room/mesh',
    'room/media',
    'room',
    'context.ts',
  ],
  locales: ['errors.ts'],
  // Written at build from the manifest, and shipped as data only.
  integrations: [],
  'define.ts': [],
  ui: ['context.ts', 'define.ts', 'locales', 'appointment', 'room'],
  elements: ['util', 'context.ts', 'events.ts', 'invite-expiry.ts', 'appointment', 'room', 'ui'],
  'elements.ts': ['elements'],
  'index.ts': ['define.ts', 'elements.ts', 'events.ts', 'ui'],
  cdn: ['errors.ts', 'util', 'e2ee', 'locales', 'define.ts', 'events.ts', 'room', 'ui', 'elements'],
  server: [
    'errors.ts',
    'util',
    'wire',
    'policy.ts',
    'ice-url.ts',
    'configuration.ts',
    'consent',
    'e2ee',
    'invite.ts',
    'appointment',
    // The relay terms: what a receipt names.
    'room/relay',
  ],
};

const SOURCE = 'src';
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** `import`, `export … from` and `import()` of files in `src`, as paths relative to it. */
function importsOf(file: string): readonly string[] {
  const code = readFileSync(join(SOURCE, file), 'utf8');
  const paths = [...code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)'(\.{1,2}\/[^'?]+)/gu)].map(([, path]) => path ?? '');
  return paths
    .map((path) => relative(SOURCE, join(SOURCE, dirname(file), path)))
    .filter((path) => files.includes(path));
}

/** The entry of the table that a file belongs to. */
function layerOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  return top === 'room' && file.split('/').length > 2 ? `room/${second}` : top;
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));
const found = new Map<string, Map<string, string>>();
for (const [file, targets] of imports)
  for (const target of targets) {
    const [from, to] = [layerOf(file), layerOf(target)];
    if (from === to) continue;
    found.set(from, (found.get(from) ?? new Map<string, string>()).set(to, `${file} → ${target}`));
  }

/** The first circle of imports that is reached from a file, or null. */
function circleFrom(file: string, path: readonly string[], done: Set<string>): readonly string[] | null {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (done.has(file)) return null;
  for (const target of imports.get(file) ?? []) {
    const circle = circleFrom(target, [...path, file], done);
    if (circle) return circle;
  }
  done.add(file);
  return null;
}

function floors(): ReadonlyMap<string, number> {
  const floor = new Map<string, number>();
  for (const [layer, below] of Object.entries(TABLE)) {
    floor.set(layer, 1 + Math.max(0, ...below.map((one) => floor.get(one) ?? Number.NaN)));
  }
  return floor;
}

describe('the layers of src', () => {
  const order = Object.keys(TABLE);

  it('reads the imports of every file', () => {
    assert.ok(files.length > 150 && (imports.get('room/room.ts')?.length ?? 0) > 10);
    assert.ok(importsOf('room/room-api.ts').includes('room/state/state.ts'), 'type-only imports count');
  });

  it('holds every file', () => {
    assert.deepEqual(
      files.filter((file) => !order.includes(layerOf(file))),
      [],
    );
  });

  it('imports downwards only', () => {
    const upwards = Object.entries(TABLE).flatMap(([layer, below]) =>
      below.filter((one) => order.indexOf(one) >= order.indexOf(layer) || !order.includes(one)),
    );
    assert.deepEqual(upwards, []);
  });

  for (const layer of order)
    it(`${layer} imports what the table allows, and nothing else`, () => {
      const allowed = TABLE[layer] ?? [];
      const actual = found.get(layer) ?? new Map<string, string>();
      assert.deepEqual(
        [...actual].filter(([to]) => !allowed.includes(to)).map(([, example]) => example),
        [],
      );
      assert.deepEqual(
        allowed.filter((to) => !actual.has(to)),
        [],
        'allowed, and not used',
      );
    });

  it('has no circle of files, not even of types', () => {
    const done = new Set<string>();
    const circles = files.flatMap((file) => {
      const circle = circleFrom(file, [], done);
      return circle ? [circle.join(' → ')] : [];
    });
    assert.deepEqual(circles, []);
  });
});

if (process.env['LAYERS'] === 'print') {
  const floor = floors();
  for (const [layer, below] of Object.entries(TABLE))
    console.log(`${String(floor.get(layer)).padStart(2)}  ${layer.padEnd(18)} ${below.join(', ')}`);
}
