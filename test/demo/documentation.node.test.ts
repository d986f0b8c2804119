/** The pages of the documentation, as the build writes them: links, samples, and what the samples name. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'node:test';
import { transformSync } from 'esbuild';
import { compile as compileSvelte } from 'svelte/compiler';
import { parse as parseVue } from 'vue/compiler-sfc';
import { PAGES, documents } from '../../demo/site/pages.ts';
import { GUIDE_TEXTS } from '../../demo/site/guide-texts.ts';
import { llmsFiles } from '../../demo/site/llms.ts';
import { LANGUAGES, pathOf } from '../../demo/site/page.ts';
import { searchFiles, type SearchEntry } from '../../demo/site/search-index.ts';
import { ELEMENT_STATES } from '../../demo/states/elements.ts';
import { ERROR_CODES } from '../../src/errors.ts';
import { readManifest } from '../../src/integrations/manifest.ts';
import { exampleFile } from '../../src/integrations/reference.ts';
import { Room } from '../../src/room/room.ts';
import { INVITE_FLAGS } from '../../src/server/invite-command.ts';
import { SERVE_FLAGS } from '../../src/server/settings.ts';
import { SNIPPET_FLAGS } from '../../src/server/snippet-command.ts';
import { FakeRoom } from '../../src/testing/testing.ts';
import { samplesOf, unescaped } from '../support/samples.ts';

const manifest = readManifest();
const pages = documents();
const files = new Set([...pages.keys(), ...searchFiles().keys(), ...llmsFiles().keys()]);

const idsOf = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/<[^>]*? id="([^"]*)"/gu)].map(([, id = '']) => id));

/** Playground addresses name an element. */
const isTag = (path: string, anchor: string): boolean =>
  path.endsWith('playground.html') && manifest.some(({ tagName }) => tagName === anchor);

describe('the pages of the documentation', () => {
  it('lead to pages, files and anchors that exist, in both languages', () => {
    const dead: string[] = [];
    let count = 0;
    for (const [path, html] of pages) {
      const [, body = ''] = /<body>(.*)<\/body>/su.exec(html) ?? [];
      for (const [, link = ''] of body.matchAll(/<(?:a|img)\b[^>]*? (?:href|src)="([^"]*)"/gu)) {
        count += 1;
        const [to = '', anchor = ''] = unescaped(link).split('#');
        const target = to === '' ? path : posix.join(posix.dirname(path), to);
        const isKnown = files.has(target) || existsSync(`demo/${target}`);
        const isThere = anchor === '' || isTag(target, anchor) || idsOf(pages.get(target) ?? '').has(anchor);
        if (!isKnown || !isThere || /^\w+:/u.test(to)) dead.push(`${path}: ${link}`);
      }
    }
    assert.ok(count > 1_000);
    assert.deepEqual(dead, []);
  });

  it('have an id once, one h1, a title and a sentence of their own, and no script or style inside', () => {
    for (const [path, html] of pages) {
      const ids = [...html.matchAll(/<[^>]*? id="([^"]*)"/gu)].map(([, id]) => id);
      assert.equal(ids.length, new Set(ids).size, path);
      assert.equal(html.match(/<h1\b/gu)?.length, 1, path);
      assert.doesNotMatch(html, /<script>|<style|\sstyle="|\son\w+="|https?:\/\/(?![\w.]*\bexample\b)[^<"]*"/u, path);
    }
    const titles = [...pages].map(
      ([path, html]) => `${path.startsWith('en/') ? 'en' : 'de'} ${/<title>.*<\/title>/u.exec(html)?.[0] ?? ''}`,
    );
    assert.equal(new Set(titles).size, pages.size);
    for (const { path, about } of PAGES)
      for (const lang of LANGUAGES) assert.match(about[lang], /^[^#\n`]{20,300}$/u, path);
  });

  it('have every page of the reference for every element, with all that the manifest knows', () => {
    for (const { tagName, attributes = [], events = [], slots = [], cssParts = [], cssProperties = [] } of manifest) {
      assert.ok(tagName in ELEMENT_STATES, tagName);
      const ids = idsOf(pages.get(`en/reference/${tagName}.html`) ?? '');
      const groups = { attributes, events, slots, parts: cssParts, 'css-properties': cssProperties };
      for (const [group, items] of Object.entries(groups))
        for (const { name } of items)
          assert.ok(ids.has(`${group}-${name === '' ? 'default' : name}`), `${tagName} ${name}`);
    }
  });

  it('say what may be painted where a consent is given, and only there', () => {
    const told = [...pages].filter(([, html]) => html.includes('id="paint"')).map(([path]) => path);
    assert.deepEqual(told.toSorted(), [
      'en/reference/privacy-notice.html',
      'en/reference/relay-consent-dialog.html',
      'reference/privacy-notice.html',
      'reference/relay-consent-dialog.html',
    ]);
  });
});

describe('the samples', () => {
  it('of the reference compile in React, Vue and Svelte', () => {
    for (const element of manifest) {
      transformSync(exampleFile(element, 'react'), { loader: 'tsx', jsx: 'automatic' });
      const { errors, descriptor } = parseVue(exampleFile(element, 'vue'));
      assert.deepEqual([errors, descriptor.template?.content.includes(`<${element.tagName}`)], [[], true]);
      compileSvelte(exampleFile(element, 'svelte'), { generate: 'server' });
      assert.ok(exampleFile(element, 'html').includes(`<${element.tagName}`));
    }
  });

  // Scripts are compiled against the package's types in test/package/samples.node.test.ts.
  it('of data can be parsed', () => {
    for (const [, html] of pages)
      for (const [language, code] of samplesOf(html)) if (language === 'json' && code !== '') JSON.parse(code);
  });

  it('name only attributes, elements and options that exist', () => {
    const flags = new Set(
      [SERVE_FLAGS, INVITE_FLAGS, SNIPPET_FLAGS].flatMap((table) => Object.keys(table)).map((name) => `--${name}`),
    );
    const known = new Map(
      manifest.map(({ tagName, attributes = [] }) => [tagName, attributes.map(({ name }) => name)]),
    );
    let tags = 0;
    for (const [path, html] of pages)
      for (const [language, code] of samplesOf(html)) {
        for (const [, tag = '', text = ''] of code.matchAll(/<([a-z]+-[a-z-]+)((?:\s+[^\s>]+)*?)\s*\/?>/gu)) {
          if (tag === 'whereby-embed') continue;
          tags += 1;
          const attributes = known.get(tag);
          assert.ok(attributes, `${path}: <${tag}>`);
          for (const [, name = ''] of text.matchAll(/\s([@\w-]+)=/gu))
            assert.ok(
              attributes.includes(name) || /^@|^on|^(?:id|class|slot)$/u.test(name),
              `${path}: <${tag} ${name}>`,
            );
        }
        if (language !== 'sh') continue;
        for (const [line] of code.replaceAll(/\\\n/gu, ' ').matchAll(/^.*consult-room-server.*$/gmu))
          for (const [flag] of line.matchAll(/--[a-z-]+/gu)) assert.ok(flags.has(flag), `${path}: ${flag}`);
      }
    assert.ok(tags > 100);
  });

  it('of the guides name only methods, events, parts and slots that exist', () => {
    const named = (kind: 'events' | 'cssParts' | 'slots'): ReadonlySet<string> =>
      new Set(manifest.flatMap((element) => (element[kind] ?? []).map(({ name }) => name)));
    const rooms = [Room.prototype, FakeRoom.prototype];
    const kinds: readonly (readonly [pattern: RegExp, isKnown: (name: string) => boolean])[] = [
      [/\broom\??\.(\w+)\(/gu, (name) => rooms.some((room) => name in room)],
      [/['`](consult-(?!room)[\w-]+)['`]/gu, (name) => named('events').has(name)],
      [/::part\(([\w-]+)\)/gu, (name) => named('cssParts').has(name)],
      [/\bslot="([\w-]+)"/gu, (name) => named('slots').has(name)],
    ];
    const text = GUIDE_TEXTS.flatMap((guide) => LANGUAGES.map((lang) => guide.text[lang])).join('\n');
    for (const [pattern, isKnown] of kinds) {
      const names = Array.from(text.matchAll(pattern), ([, name = '']) => name);
      assert.ok(names.length > 0, pattern.source);
      assert.deepEqual(
        names.filter((name) => !isKnown(name)),
        [],
      );
    }
  });

  it('of the guides are the same in both languages, but for words', () => {
    for (const { name, text } of GUIDE_TEXTS) {
      const shape = (lang: 'de' | 'en'): readonly string[] =>
        [...text[lang].matchAll(/^(?:```\w*|#+ )/gmu)].map(([mark]) => mark);
      assert.deepEqual(shape('de'), shape('en'), name);
    }
  });
});

describe('the search', () => {
  it('has every page, every error code and every part in both languages', () => {
    for (const lang of LANGUAGES) {
      const entries = JSON.parse(searchFiles().get(`search.${lang}.json`) ?? '') as readonly SearchEntry[];
      const ids = new Set(entries.map(({ id }) => id));
      assert.equal(ids.size, entries.length);
      for (const { path, section } of PAGES) assert.ok(section === 'search' || ids.has(path), path);
      for (const code of Object.keys(ERROR_CODES)) assert.ok(ids.has(`guides/errors.html#${code}`), code);
      assert.ok(ids.has('reference/privacy-notice.html#parts-accept-button'));
      for (const id of ids) {
        const [path = '', anchor] = id.split('#');
        assert.ok(anchor === undefined || idsOf(pages.get(pathOf(path, lang)) ?? '').has(anchor), id);
      }
    }
  });
});

describe('llms.txt', () => {
  it('leads to the guides and the reference as Markdown', () => {
    const links = [...(llmsFiles().get('llms.txt') ?? '').matchAll(/\]\(([^)]+)\)/gu)].map(([, to = '']) => to);
    assert.equal(links.length, GUIDE_TEXTS.length + 1);
    for (const link of links) assert.ok((llmsFiles().get(link) ?? '').startsWith('# '), link);
  });
});
