/** The colours of the tokens and of every theme have enough contrast, in light and dark (WCAG 2.2, 1.4.3 and 1.4.11). */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { build } from 'vite';
import { readManifest } from '../../src/integrations/manifest.ts';

type Properties = ReadonlyMap<string, string>;

const matches = (text: string, pattern: RegExp): Properties =>
  new Map([...text.matchAll(pattern)].map(([, name = '', value = '']) => [name, value.trim()]));

/** A value up to the `;`, or inside `var(--consult-…, value)` up to the bracket that closes it. */
const defaults = matches(
  readFileSync('src/ui/tokens.styles.ts', 'utf8'),
  /var\(--consult-([\w-]+),\s*((?:[^()]|\([^()]*\))+)\)/gu,
);
const THEMES: Readonly<Record<string, Properties>> = Object.fromEntries(
  readdirSync('src/themes')
    // A layout without colours.
    .filter((file) => file !== 'page.css')
    .map((file) => [
      file.replace('.css', ''),
      matches(readFileSync(`src/themes/${file}`, 'utf8'), /--consult-([\w-]+):\s*([^;]+);/gu),
    ]),
);

const [, brandCode = ''] =
  /```css\n(\/\* brand\.css.*?)```/su.exec(readFileSync('src/elements/README.md', 'utf8')) ?? [];
/** The example of the reference for a site's own brand. */
const BRAND = matches(brandCode, /--consult-([\w-]+):\s*([^;]+);/gu);

/** Relative luminance (WCAG 2.2) of `#rrggbb`. */
function luminance(colour: string): number {
  assert.match(colour, /^#[0-9a-f]{6}$/u);
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

type Scheme = 'light' | 'dark';

function colour(theme: Properties, name: string, scheme: Scheme): string {
  // A speaker is lit by the lamp, unless a theme says otherwise.
  const value =
    theme.get(`color-${name}`) ??
    defaults.get(`color-${name}`) ??
    (name === 'speaking' ? colour(theme, 'lamp', scheme) : '');
  const [, light, dark] = /^light-dark\((#\w+), (#\w+)\)$/u.exec(value) ?? [];
  return (scheme === 'light' ? light : dark) ?? value;
}

/** Text on its ground. */
const TEXTS: readonly (readonly [text: string, ground: string])[] = [
  ...['surface', 'raised', 'sunken', 'glow'].flatMap((ground) => [
    ['text', ground] as const,
    ['muted', ground] as const,
  ]),
  ...['surface', 'raised'].flatMap((ground) => ['accent', 'good', 'danger'].map((text) => [text, ground] as const)),
  ['on-accent', 'accent'],
  ['on-danger', 'danger'],
  ['on-leave', 'leave'],
  ['on-lamp', 'lamp'],
  ['on-tile', 'tile'],
];
/** What has to be recognised without being read. */
const SHAPES: readonly (readonly [shape: string, ground: string])[] = [
  ...['surface', 'raised'].flatMap((ground) => [['control', ground] as const, ['focus', ground] as const]),
  ['speaking', 'tile'],
];

function tooWeak(theme: Properties, pairs: typeof TEXTS, least: number): readonly string[] {
  return (['light', 'dark'] as const).flatMap((scheme) =>
    pairs
      .map(([one, ground]) => ({
        pair: `${one} on ${ground}, ${scheme}`,
        ratio: contrast(colour(theme, one, scheme), colour(theme, ground, scheme)),
      }))
      .filter(({ ratio }) => ratio < least)
      .map(({ pair, ratio }) => `${pair}: ${ratio.toFixed(2)}`),
  );
}

const pixels = (theme: Properties, name: string): number => Number.parseFloat(theme.get(name) ?? '') * 16;

describe('the contrast of colours', () => {
  it('is measured as WCAG 2.2 defines it', () => {
    assert.equal(contrast('#ffffff', '#000000'), 21);
    assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
    assert.deepEqual(tooWeak(new Map([['color-text', '#808080']]), [['text', 'surface']], 4.5).length, 2);
  });

  for (const [name, theme] of Object.entries({
    'the tokens': new Map<string, string>(),
    'the brand': BRAND,
    ...THEMES,
  }))
    it(`of ${name} is at least 4.5 for text and 3 for shapes`, () => {
      assert.deepEqual(tooWeak(theme, TEXTS, 4.5), []);
      assert.deepEqual(tooWeak(theme, SHAPES, 3), []);
    });

  it('of high-contrast is at least 7 for text and 4.5 for shapes', () => {
    const theme = THEMES['high-contrast'] ?? new Map<string, string>();
    assert.deepEqual(tooWeak(theme, TEXTS, 7), []);
    assert.deepEqual(tooWeak(theme, SHAPES, 4.5), []);
  });
});

describe('the themes', () => {
  const elements = readManifest();
  const room = elements.find(({ tagName }) => tagName === 'consult-room');
  const documented = (room?.cssProperties ?? []).map(({ name }) => name.replace('--consult-', ''));

  it('are calm, compact, dark and high-contrast', () => {
    assert.deepEqual(Object.keys(THEMES).sort(), ['calm', 'compact', 'dark', 'high-contrast']);
  });

  for (const [name, theme] of Object.entries({ ...THEMES, 'the brand': BRAND }))
    it(`${name} sets documented properties only`, () => {
      assert.deepEqual(
        [...theme.keys()].filter((property) => !documented.includes(property)),
        [],
      );
      // In a custom property these set nothing.
      assert.deepEqual(
        [...theme.values()].filter((value) => /^(?:inherit|initial|unset|revert)$/u.test(value)),
        [],
      );
      assert.ok(theme.size > 10);
    });

  for (const name of ['calm', 'dark', 'high-contrast'])
    it(`${name} leaves no colour to another palette`, () => {
      const colours = documented.filter((property) => property.startsWith('color-'));
      assert.deepEqual(
        colours.filter((property) => THEMES[name]?.has(property) !== true),
        [],
      );
    });

  it('the brand paints parts that there are, and no consent', () => {
    const painted = [...brandCode.matchAll(/consult-room::part\(([\w-]+)\)/gu)].map(([, name]) => name ?? '');
    const known = elements.flatMap(({ cssParts = [] }) => cssParts.map(({ name }) => name));
    assert.equal(painted.length, 2);
    assert.deepEqual(
      painted.filter((name) => !known.includes(name) || /accept|decline/u.test(name)),
      [],
    );
  });

  for (const name of ['calm', 'dark', 'high-contrast'])
    it(`${name} has a dark call behind a bundler that lowers CSS for older browsers`, async () => {
      const source = readFileSync(`src/themes/${name}.css`, 'utf8');
      const options = { configFile: false, logLevel: 'silent' } as const;
      const result = (await build({
        ...options,
        build: { write: false, rolldownOptions: { input: `src/themes/${name}.css` } },
      })) as { readonly output: readonly { readonly fileName: string; readonly source?: unknown }[] };
      const css = String(result.output.find(({ fileName }) => fileName.endsWith('.css'))?.source);
      const count = (text: string): number => text.match(/light-dark\(#/gu)?.length ?? 0;
      assert.equal(count(css), count(source));
      assert.ok(css.includes('--consult-color-surface'));
      assert.doesNotMatch(css, /var\(--lightningcss/u);
    });

  it('compact keeps text readable and buttons large enough to be hit', () => {
    const compact = THEMES['compact'] ?? new Map<string, string>();
    assert.ok(pixels(compact, 'font-size-s') >= 14);
    assert.ok(pixels(compact, 'font-size-m') >= 16);
    assert.ok(pixels(compact, 'target-size') >= 44);
  });
});
