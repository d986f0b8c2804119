/** The elements in the templates of frameworks and in editors, from the package. Needs `npm run build`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TileKind } from '../../src/elements/participant-tile/participant-tile.ts';
import { readManifest, settable, writable } from '../../src/integrations/manifest.ts';
import { example, referencePage } from '../../src/integrations/reference.ts';
import { POLICY_NAMES } from '../../src/policy.ts';
import { site } from '../support/site.ts';

const REACT = `
import type {} from 'consult-room/react';
import type { Phase } from 'consult-room/room';

export const room = (
  <consult-room
    lang="de"
    signaling="wss://beratung.example/signal"
    display-name="Stern"
    configUrl="/config.json"
    policy="gruppe"
    hostToken={async () => 'token'}
    ref={(element) => element?.room?.leave()}
    onconsult-phase={({ detail, currentTarget }) => {
      const phase: Phase = detail.phase;
      currentTarget.setAttribute('data-phase', phase);
    }}
  >
    <participant-tile slot="stage" participant-id="p1" kind="camera" />
    <call-controls someoneCameInKey="F8" />
  </consult-room>
);
// @ts-expect-error There is no such preset.
export const wrongPolicy = <consult-room policy="nothing" />;
// @ts-expect-error There is no such property.
export const wrongName = <consult-room signalling="/signal" />;
// @ts-expect-error The attribute has the type of its property.
export const wrongAttribute = <consult-room display-name={1} />;
// @ts-expect-error A change of the phase has no code.
export const wrongEvent = <consult-room onconsult-phase={({ detail }) => detail.code} />;
// @ts-expect-error There is no such element.
export const wrongTag = <consult-rooms />;
`;

/** Vue's and Svelte's compilers turn a tag into an object of this type. */
const objects = (type: string, phase: string): string => `
export const room: ${type}['consult-room'] = {
  signaling: 'wss://beratung.example/signal',
  'display-name': 'Stern',
  configUrl: '/config.json',
  policy: 'gruppe',
  ${phase}: ({ detail, currentTarget }) => {
    const phase: Phase = detail.phase;
    currentTarget.setAttribute('data-phase', phase);
  },
};
export const tile: ${type}['participant-tile'] = { 'participant-id': 'p1', kind: 'camera' };
// @ts-expect-error There is no such preset.
export const wrongPolicy: ${type}['consult-room'] = { policy: 'nothing' };
// @ts-expect-error The attribute has the type of its property.
export const wrongAttribute: ${type}['consult-room'] = { 'display-name': 1 };
// @ts-expect-error A change of the phase has no code.
export const wrongEvent: ${type}['consult-room'] = { ${phase}: ({ detail }) => detail.code };
`;

const VUE = `
import type {} from 'consult-room/vue';
import type { Phase } from 'consult-room/room';
import type { GlobalComponents } from 'vue';

type Props = { readonly [Tag in 'consult-room' | 'participant-tile']: InstanceType<GlobalComponents[Tag]>['$props'] };
${objects('Props', 'onConsultPhase')}`;

const SVELTE = `
import type {} from 'consult-room/svelte';
import type { Phase } from 'consult-room/room';
import type { SvelteHTMLElements } from 'svelte/elements';
${objects('SvelteHTMLElements', "'onconsult-phase'")}`;

/** Every example of the reference, as React takes it. */
const EXAMPLES = `
import type {} from 'consult-room/react';
declare function onEvent(event: Event): void;
export const examples = [${readManifest()
  .map((element) => example(element, 'react'))
  .join(', ')}];
`;

const FRAMEWORKS = { react: ['page.tsx', REACT], vue: ['page.ts', VUE], svelte: ['page.ts', SVELTE] } as const;

describe('the elements in frameworks', () => {
  let folder = '';
  before(() => {
    folder = site();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('compile strictly in React, Vue and Svelte, and mistakes do not', () => {
    const files = Object.entries(FRAMEWORKS).map(([framework, [name, code]]) => {
      const file = `${framework}-${name}`;
      writeFileSync(join(folder, file), code);
      return file;
    });
    writeFileSync(join(folder, 'examples.tsx'), EXAMPLES);
    const flags = ['--noEmit', '--strict', '--target', 'ES2022', '--module', 'ESNext', '--jsx', 'react-jsx'];
    const { stdout, status } = spawnSync(
      process.execPath,
      [
        resolve('node_modules/typescript/bin/tsc'),
        ...flags,
        '--moduleResolution',
        'bundler',
        '--types',
        '',
        ...files,
        'examples.tsx',
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    assert.equal(status, 0, stdout);
  });

  it('may be imported where the types are taken for a module', () => {
    for (const framework of Object.keys(FRAMEWORKS)) {
      const code = `await import('consult-room/${framework}')`;
      const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
    }
  });
});

const manifest = readManifest();
const read = (file: string): unknown => JSON.parse(readFileSync(`dist/integrations/${file}`, 'utf8'));

describe('the types for frameworks', () => {
  for (const framework of Object.keys(FRAMEWORKS))
    it(`name every element, property, attribute and event in ${framework}`, () => {
      const types = readFileSync(`dist/integrations/${framework}.d.ts`, 'utf8');
      for (const element of manifest) {
        const [, body = ''] = types.split(`\n  '${element.tagName}': `);
        const own = body.split('\n  /**')[0] ?? '';
        const inputs = [...writable(element), ...settable(element)].map(({ name }) => name);
        for (const name of inputs) assert.match(own, new RegExp(`\\n    '?${name}'?\\?: `, 'u'), element.tagName);
        assert.equal(own.match(/\(event: /gu)?.length ?? 0, element.events?.length ?? 0, element.tagName);
      }
    });
});

interface Tag {
  readonly name: string;
  readonly attributes: readonly { readonly name: string }[];
}

describe('the data for editors', () => {
  it('lists for VS Code every element with its attributes', () => {
    const { tags } = read('vscode.html-custom-data.json') as { readonly tags: readonly Tag[] };
    assert.deepEqual(
      tags.map(({ name, attributes }) => [name, attributes.map((attribute) => attribute.name)]),
      manifest.map(({ tagName, attributes = [] }) => [tagName, attributes.map(({ name }) => name)]),
    );
  });

  it('offers in VS Code the values of attributes, and the slots of all elements', () => {
    interface Choice {
      readonly name: string;
      readonly values?: readonly { readonly name: string }[];
    }
    const { tags, globalAttributes } = read('vscode.html-custom-data.json') as {
      readonly tags: readonly { readonly name: string; readonly attributes: readonly Choice[] }[];
      readonly globalAttributes: readonly Choice[];
    };
    const values = (list: readonly Choice[] = [], attribute: string): readonly string[] =>
      (list.find(({ name }) => name === attribute)?.values ?? []).map(({ name }) => name);
    const attributes = (tag: string): readonly Choice[] => tags.find(({ name }) => name === tag)?.attributes ?? [];
    assert.deepEqual(values(attributes('consult-room'), 'policy'), POLICY_NAMES);
    assert.deepEqual(values(attributes('participant-tile'), 'kind'), ['camera', 'screen'] satisfies TileKind[]);
    assert.deepEqual(
      values(globalAttributes, 'slot'),
      manifest.flatMap(({ slots = [] }) => slots.map(({ name }) => name).filter(Boolean)),
    );
  });

  it('lists for JetBrains every element with attributes, slots, events, properties and parts', () => {
    const { version, contributions } = read('web-types.json') as {
      readonly version: string;
      readonly contributions: { readonly html: { readonly elements: readonly (Tag & Record<string, unknown>)[] } };
    };
    const names = (list: readonly { readonly name: string }[] = []): readonly string[] => list.map(({ name }) => name);
    assert.equal(version, (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
    for (const [index, element] of manifest.entries()) {
      const { name, attributes, slots, js, css } = contributions.html.elements[index] as unknown as Tag & {
        readonly slots: Tag['attributes'];
        readonly js: Record<'events' | 'properties', Tag['attributes']>;
        readonly css: Record<'parts' | 'properties', Tag['attributes']>;
      };
      assert.deepEqual(
        [name, names(attributes), names(slots), names(js.events), names(js.properties), names(css.parts)],
        [
          element.tagName,
          names(element.attributes),
          names(element.slots),
          names(element.events),
          names(writable(element)),
          names(element.cssParts),
        ],
      );
      assert.deepEqual(names(css.properties), names(element.cssProperties));
    }
  });
});

describe('the reference', () => {
  const page = referencePage(manifest, '1.2.3');
  const sections = page.split('\n## ').slice(1);

  it('has a section for every element, and a link to it', () => {
    assert.deepEqual(
      sections.map((section) => section.split('\n')[0]),
      manifest.map(({ tagName }) => `\`<${tagName}>\``),
    );
    for (const { tagName } of manifest) assert.ok(page.includes(`](#${tagName})`), tagName);
  });

  it('says in it everything that the manifest says', () => {
    for (const [index, element] of manifest.entries()) {
      const { attributes = [], members = [], events = [], slots = [], cssParts = [], cssProperties = [] } = element;
      const all = [...attributes, ...members, ...events, ...slots, ...cssParts, ...cssProperties];
      const missing = all.filter(({ name }) => name !== '' && sections[index]?.includes(`\n| \`${name}\` | `) !== true);
      assert.deepEqual(missing, [], element.tagName);
    }
  });

  it('breaks no table with the values of a type', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| '));
    const cells = (row: string): number => row.split(/(?<!\\)\|/u).length;
    assert.ok(rows.length > 100);
    for (const section of sections)
      for (const block of section
        .trim()
        .split('\n\n')
        .filter((text) => text.startsWith('| ')))
        assert.equal(new Set(block.split('\n').map((row) => cells(row))).size, 1, block.slice(0, 200));
  });
});
