/**
 * custom-elements.json describes every element completely and keeps the public names. That it is current is checked by
 * `npm run manifest`.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as elements from '../../src/elements.ts';
import { namedTypes, readManifest, type Described } from '../../src/integrations/manifest.ts';

const declarations = readManifest();

/** Parts that scripts and designers may rely on. Removing one breaks sites. */
const promisedParts: Readonly<Record<string, readonly string[]>> = {
  'privacy-notice': ['accept-button', 'decline-button'],
  'relay-consent-dialog': ['accept-button', 'decline-button'],
  'device-check': ['continue-button', 'name-input'],
  'room-occupants-notice': ['continue-button', 'acknowledge-button', 'occupants-input'],
  'waiting-room': ['admit-button', 'refuse-button'],
  'call-controls': ['leave-button', 'microphone-button', 'camera-button', 'share-button'],
  'participant-tile': ['video'],
  'safety-code': ['code'],
};
const promisedTags = [
  'consult-room',
  'privacy-notice',
  'device-check',
  'room-occupants-notice',
  'waiting-room',
  'participant-grid',
  'participant-tile',
  'call-controls',
  'relay-consent-dialog',
  'recording-guard',
  'safety-code',
  'connection-report',
  'room-chat',
  'room-invite',
  'quick-exit',
  'device-menu',
];
const promisedAttributes = ['signaling', 'invite', 'display-name', 'config-url', 'policy', 'phase'];
const promisedEvents = ['consult-phase', 'consult-participant', 'consult-path', 'consult-consent', 'consult-error'];

const sourcesOf = (folder: string): readonly { readonly file: string; readonly code: string }[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => ({ file: join(folder, file), code: readFileSync(join(folder, file), 'utf8') }));

/** What people press, type into or follow, in the templates of a source: each tag up to the end of its attributes. */
function controlsIn(code: string): readonly string[] {
  return Array.from(code.matchAll(/(?<!`)<(?:button|input|select|textarea|a|summary)(?=[\s>])/gu), ({ index }) => {
    let depth = 0;
    let end = index;
    // A `>` inside of `${…}` ends no tag.
    for (; depth > 0 || code[end] !== '>'; end += 1)
      if (code[end] === '{') depth += 1;
      else if (code[end] === '}') depth -= 1;
    return code.slice(index, end);
  });
}

/** Parts in what several elements render, by the function. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  renderQuestion: ['confirm-button', 'cancel-button'],
  renderHostCode: ['spoken-code', 'new-code-button', 'summary'],
  renderCode: ['spoken-code'],
  hostMark: ['host-mark'],
  named: ['host-mark'],
  sentenceWithNames: ['host-mark'],
  renderDevicePicker: ['camera-select', 'microphone-select'],
};

const names = (list: readonly Described[] | undefined): readonly string[] =>
  (list ?? []).map((item) => item.name).sort();
const undescribed = (list: readonly Described[] | undefined): readonly string[] =>
  (list ?? []).filter((item) => !item.description?.trim()).map((item) => item.name);

describe('custom-elements.json', () => {
  it('lists exactly the elements of src/elements.ts', () => {
    const tags = Object.values(elements).map((element) => element.tag);
    assert.deepEqual(declarations.map((declaration) => declaration.tagName).sort(), tags.sort());
  });

  it('has every element of the contract', () => {
    const tags = declarations.map((declaration) => declaration.tagName);
    assert.deepEqual(
      promisedTags.filter((tag) => !tags.includes(tag)),
      [],
    );
  });

  it('has the attributes and events of <consult-room>', () => {
    const room = declarations.find((declaration) => declaration.tagName === 'consult-room');
    assert.deepEqual(
      promisedAttributes.filter((name) => !names(room?.attributes).includes(name)),
      [],
    );
    assert.deepEqual(
      promisedEvents.filter((name) => !names(room?.events).includes(name)),
      [],
    );
  });

  it('lists every custom property that a site can set, with <consult-room>, and the README says how many', () => {
    const styles = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.styles.ts'),
    );
    const read = styles.flatMap((file) =>
      [...readFileSync(join('src', file), 'utf8').matchAll(/var\(\s*(--consult-[\w-]+)/gu)].map(
        ([, name = '']) => name,
      ),
    );
    const room = declarations.find((declaration) => declaration.tagName === 'consult-room');
    const expected = [...new Set(read)].sort();
    assert.deepEqual(names(room?.cssProperties), expected);
    assert.ok(readFileSync('README.md', 'utf8').includes(`${String(expected.length)} \`--consult-*\` properties`));
  });

  for (const element of Object.values(elements)) {
    const declaration = declarations.find((candidate) => candidate.tagName === element.tag);

    describe(`<${element.tag}>`, () => {
      it('says what it is for', () => assert.ok((declaration?.description ?? '').length > 40));

      it('is defined in the folder of its name', () => {
        assert.equal(declaration?.path, `dist/npm/elements/${element.tag}/${element.tag}.js`);
      });

      it('describes attributes, members, events, slots, parts and properties', () => {
        assert.deepEqual(undescribed(declaration?.attributes), []);
        assert.deepEqual(undescribed(declaration?.members), []);
        assert.deepEqual(undescribed(declaration?.events), []);
        assert.deepEqual(undescribed(declaration?.slots), []);
        assert.deepEqual(undescribed(declaration?.cssParts), []);
        assert.deepEqual(undescribed(declaration?.cssProperties), []);
      });

      it('types its events and attributes', () => {
        const events = declaration?.events ?? [];
        assert.deepEqual(
          events.filter((event) => !event.type?.text.startsWith('CustomEvent<')),
          [],
        );
        assert.deepEqual(
          (declaration?.attributes ?? []).filter((attribute) => !attribute.type?.text),
          [],
        );
      });

      it('documents exactly its parts, the promised ones among them', () => {
        const documented = names(declaration?.cssParts);
        assert.deepEqual(
          documented.filter((part) => !part.includes(' ')),
          [...element.parts].sort(),
        );
        assert.deepEqual(
          (promisedParts[element.tag] ?? []).filter((part) => !documented.includes(part)),
          [],
        );
      });
    });
  }

  it('spells out the types it names, but for those that a site can import and those of the platform', () => {
    const platform = new Set(['CustomEvent', 'Date', 'FocusOptions', 'Promise']);
    const described = declarations.flatMap(({ attributes = [], members = [], events = [] }) => [
      ...attributes,
      ...members,
      ...events,
    ]);
    const words = described.flatMap(({ type }) => {
      const told = new Set(type?.references?.map(({ name }) => name));
      const text = type?.text.replaceAll(/'[^']*'/gu, '') ?? '';
      return (text.match(/\b[A-Z]\w*/gu) ?? []).filter((name) => !told.has(name));
    });
    assert.deepEqual(
      [...new Set(words)].filter((name) => !platform.has(name)),
      [],
    );
    assert.ok(words.length > 5);
    assert.ok(namedTypes(described).includes('ErrorCode'));
  });

  it('has no event without the prefix, and lets no other event out of a shadow tree', () => {
    const events = declarations.flatMap((element) => element.events ?? []).map(({ name }) => name);
    assert.ok(events.length > 5);
    assert.deepEqual(
      events.filter((name) => !name.startsWith('consult-')),
      [],
    );
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const own = sources.flatMap((file) => [
      ...readFileSync(join('src', file), 'utf8').matchAll(/new CustomEvent\((?:'([\w-]+)'|type\b)[^;]*;/gu),
    ]);
    assert.ok(own.some(([, name]) => name === 'more'));
    assert.deepEqual(
      own.filter(([code, name]) => name !== undefined && code.includes('composed')).map(([, name]) => name),
      [],
    );
  });

  it('gives one default to each custom property, that of the styles where they have one', () => {
    const tokens = readFileSync('src/ui/tokens.styles.ts', 'utf8').replaceAll(/\s+/gu, ' ');
    const ofStyles = new Map(
      [...tokens.matchAll(/--_[\w-]+: var\( ?(--consult-[\w-]+), ((?:[^();]|\((?:[^()]|\([^()]*\))*\))+?) ?\);/gu)].map(
        ([, name = '', value = '']) => [name, value],
      ),
    );
    assert.ok(ofStyles.size > 20);
    const wrong = declarations.flatMap(({ tagName, cssProperties = [] }) =>
      cssProperties.flatMap(({ name, default: told }) => {
        const first = declarations.flatMap((one) => one.cssProperties ?? []).find((one) => one.name === name)?.default;
        const expected = ofStyles.get(name) ?? first;
        // Of a list of fonts, the first.
        return told === expected || expected?.startsWith(`${String(told)},`) === true
          ? []
          : [`${tagName} ${name}: ${String(told)}, not ${String(expected)}`];
      }),
    );
    assert.deepEqual(wrong, []);
  });

  it('has a part for every control that a template renders, and tells no other', () => {
    const shared = sourcesOf('src/ui');
    const bare = [...shared, ...sourcesOf('src/elements')].flatMap(({ file, code }) =>
      controlsIn(code).flatMap((control) => (/\spart=/u.test(control) ? [] : [`${file}: ${control}`])),
    );
    assert.deepEqual(bare, []);
    for (const { tagName, cssParts } of declarations) {
      const code = sourcesOf(join('src/elements', tagName))
        .map((source) => source.code)
        .join('\n');
      const own = Array.from(code.matchAll(/\spart="([\w-]+)"/gu), ([, name = '']) => name);
      const others = Object.entries(SHARED).flatMap(([render, parts]) =>
        new RegExp(`import \\{[^}]*\\b${render}\\b`, 'u').test(code) ? parts : [],
      );
      assert.deepEqual(
        [...own, ...others].filter((name) => !names(cssParts).includes(name)),
        [],
        tagName,
      );
    }
    const told = shared.flatMap(({ code }) =>
      Array.from(code.matchAll(/\spart="([\w-]+)"/gu), ([, name = '']) => name),
    );
    assert.deepEqual(
      told.filter((name) => !Object.values(SHARED).flat().includes(name)),
      [],
    );
  });

  it('gives values as defaults, not the names of constants', () => {
    const defaults = declarations.flatMap(({ attributes = [], members = [] }) =>
      [...attributes, ...members].flatMap((item) => item.default ?? []),
    );
    assert.ok(defaults.length > 5);
    assert.deepEqual(
      defaults.filter((value) => /^(?!true$|false$|null$|undefined$)[A-Za-z_$][\w$]*$/u.test(value)),
      [],
    );
  });
});
