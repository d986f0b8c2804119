/**
 * Every screen of the room, drawn from the fake room: how it looks, how much there is to read, and what is in sight. The pictures are
 * compared by their structure, a raster of mean brightness, so that another font does not matter and a lost button does.
 * `UPDATE_PICTURES=1 npm run test:e2e -- test/pictures/screens.e2e.ts` writes the expected rasters anew; look at
 * `npm run contact-sheet` before.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { JOURNEYS } from './journeys.ts';
import { differenceOf, rasterOf } from './raster.ts';
import type { Measured } from './measure.ts';
import { openStudio, SCHEMES, SIZES, type Size, type Studio } from './studio.ts';

/** In the page: names on the plates of tiles, and whether each is there whole. */
function plates(): readonly (readonly [name: string, isWhole: boolean])[] {
  const found: (readonly [string, boolean])[] = [];
  const walk = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      if (element.matches('.plate bdi')) {
        const { clientHeight, clientWidth, scrollHeight, scrollWidth } = element;
        found.push([element.textContent ?? '', scrollWidth <= clientWidth && scrollHeight <= clientHeight]);
      }
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  return found;
}

/** In the page: words on a tile that the answer below them covers, and words that are wider than their button. */
function covered(): readonly string[] {
  const found: string[] = [];
  const boxOf = (node: Node): DOMRect => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect();
  };
  const walk = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      if (element.matches('.ask')) {
        const top = element.querySelector('button')?.getBoundingClientRect().top ?? 0;
        for (const words of element.querySelectorAll('p'))
          if (boxOf(words).bottom > top + 1) found.push(words.innerText);
      }
      if (element.matches('button:is(.bar *, [slot="bar"], .ask *)')) {
        const { left, right } = element.getBoundingClientRect();
        const words = boxOf(element);
        if (words.left < left || words.right > right) found.push(element.textContent?.trim() ?? '');
      }
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  return found;
}

const nameOf = ({ width, height }: Size): string => `${String(width)}x${String(height)}`;
const PHONE = { width: 390, height: 844 };
const EXPECTED = new URL('./expected.json', import.meta.url);
const update = process.env['UPDATE_PICTURES'] === '1';
const expected = (existsSync(EXPECTED) ? JSON.parse(readFileSync(EXPECTED, 'utf8')) : {}) as Record<string, string>;

/** In the page: buttons and icons with a colour that is none of the system's. */
function ownColors(): readonly string[] {
  const probe = document.body.appendChild(document.createElement('span'));
  probe.style.forcedColorAdjust = 'none';
  const system = ['CanvasText', 'ButtonText', 'LinkText', 'Highlight', 'HighlightText', 'GrayText'].map((name) => {
    probe.style.color = name;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  const found: string[] = [];
  const walk = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      const isSeen = element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true });
      const { color } = getComputedStyle(element);
      if (element.matches('button, svg.icon') && isSeen && !system.includes(color))
        found.push(`${element.localName} ${element.closest('[part]')?.getAttribute('part') ?? ''} ${color}`);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  return found;
}

/**
 * In the page: what nothing but a ground, a shadow or a border draws, such as bars and dots, and whether it can be told from what is behind
 * it. A text, a picture or a field is seen in any colours.
 */
function drawn(): readonly (readonly [name: string, isSeen: boolean])[] {
  const found: (readonly [string, boolean])[] = [];
  const probe = document.body.appendChild(document.createElement('span'));
  probe.style.background = 'Canvas';
  const canvas = getComputedStyle(probe).backgroundColor;
  probe.remove();
  const isSeen = (style: CSSStyleDeclaration): boolean => {
    const { backgroundColor, backgroundImage, boxShadow, borderBlockStartWidth, borderBlockStartColor } = style;
    const isClear = (color: string): boolean => /^(?:transparent|rgba\(.*, 0\))$/u.test(color);
    const ground = !isClear(backgroundColor) && backgroundColor !== canvas;
    const edge = Number.parseFloat(borderBlockStartWidth) > 0 && !isClear(borderBlockStartColor);
    return ground || edge || backgroundImage !== 'none' || boxShadow !== 'none';
  };
  const words = (element: Element): string =>
    [...element.childNodes]
      .map((node) => {
        if (!(node instanceof Element)) return node.nodeType === Node.TEXT_NODE ? (node.textContent ?? '') : '';
        return node.matches('.visually-hidden') ? '' : words(node);
      })
      .join('');
  const walk = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (!(element instanceof HTMLElement) || !element.checkVisibility({ visibilityProperty: true })) continue;
      // Nobody sees it, and what it announces goes again by itself.
      if (element.closest('.visually-hidden')) continue;
      const name = `${element.localName}.${element.className.split(' ', 1)[0] ?? ''}`;
      const holds = 'svg, video, img, slot, input, textarea, select';
      const isOwn = !element.shadowRoot && !element.matches(holds) && !element.querySelector(holds);
      if (isOwn && words(element).trim() === '') found.push([name, isSeen(getComputedStyle(element))]);
      const before = getComputedStyle(element, '::before');
      if (before.content === '""') found.push([`${name}::before`, isSeen(before)]);
    }
  };
  walk(document.body);
  return found;
}

/** In the page: buttons that reach out of the window at its sides, or of which nearly nothing is left. */
function buttonsOutside(): readonly string[] {
  const found: string[] = [];
  const walk = (root: ParentNode): void => {
    for (const button of root.querySelectorAll('*')) {
      if (button.shadowRoot) walk(button.shadowRoot);
      if (button.localName !== 'button' || !button.checkVisibility({ visibilityProperty: true })) continue;
      const { left, right, width } = button.getBoundingClientRect();
      if (width < 20 || left < -1 || right > innerWidth + 1)
        found.push(
          `${button.getAttribute('part') ?? button.className} ${String(Math.round(left))}–${String(Math.round(right))}`,
        );
    }
  };
  walk(document);
  return found;
}

/** In the page: lines of the words on buttons; none where they reach out of the button. */
function linesOf(parts: readonly string[]): readonly (readonly [part: string, lines: number])[] {
  const found: (readonly [string, number])[] = [];
  const walk = (root: ParentNode): void => {
    for (const button of root.querySelectorAll('*')) {
      if (button.shadowRoot) walk(button.shadowRoot);
      const part = parts.find((name) => button.part.contains(name));
      if (part === undefined || !button.checkVisibility()) continue;
      const words = document.createRange();
      words.selectNodeContents(button.querySelector('span') ?? button);
      const box = button.getBoundingClientRect();
      const rows = [...words.getClientRects()].filter(({ width }) => width > 1);
      const isWithin = rows.every(({ left, right }) => left >= box.left && right <= box.right);
      const lines = new Set(rows.map(({ bottom }) => Math.round(bottom / 8)));
      found.push([part, isWithin ? lines.size : 0]);
    }
  };
  walk(document);
  return found;
}

describe('the screens of the room', () => {
  let studio: Studio;
  /** Taken with the pictures, so that each state is drawn once for both. */
  const measured = new Map<string, Measured>();
  const barriers = new Map<string, readonly string[]>();
  const measure = async (state: string, size: Size): Promise<Measured> => {
    const known = measured.get(`${nameOf(size)} ${state}`);
    if (known) return known;
    await studio.show(state, size);
    return studio.measure();
  };
  before(async () => {
    studio = await openStudio();
  });
  after(async () => {
    await studio.close();
    if (update) writeFileSync(EXPECTED, `${JSON.stringify(expected, undefined, 1)}\n`);
  });

  for (const size of SIZES)
    for (const scheme of SCHEMES)
      it(`look as expected at ${String(size.width)}×${String(size.height)}, ${scheme}`, async () => {
        const different: string[] = [];
        for (const state of studio.states) {
          await studio.show(state, { ...size, scheme });
          if (scheme === 'light') measured.set(`${nameOf(size)} ${state}`, await studio.measure());
          if (size === SIZES[0]) barriers.set(`${scheme} ${state}`, await studio.barriers());
          const raster = await rasterOf(studio.page, size);
          const key = `${nameOf(size)} ${scheme} ${state}`;
          if (update) expected[key] = raster;
          const found = differenceOf(raster, expected[key]);
          if (found) different.push(`${state}: ${found}`);
        }
        assert.deepEqual(different, []);
      });

  for (const scheme of SCHEMES)
    it(`have no barrier that axe finds, ${scheme}`, async () => {
      const faults: string[] = [];
      for (const state of studio.states) {
        let found = barriers.get(`${scheme} ${state}`);
        if (!found) {
          await studio.show(state, { ...PHONE, scheme });
          found = await studio.barriers();
        }
        faults.push(...found.map((barrier) => `${state}: ${barrier}`));
      }
      assert.deepEqual(faults, []);
    });

  for (const size of [...SIZES, { width: 320, height: 568 }])
    it(`keep the main action and the way out in sight at ${String(size.width)}×${String(size.height)}`, async () => {
      const faults: string[] = [];
      for (const state of studio.states) {
        const { below, exit, wider } = await measure(state, size);
        if (below > 0) faults.push(`${state}: ${String(below)} px below the fold`);
        if (exit === false) faults.push(`${state}: no way out in sight`);
        if (wider > 0) faults.push(`${state}: ${String(wider)} px too wide`);
      }
      assert.deepEqual(faults, []);
    });

  it('overflow nowhere and keep the picture when text is twice as large', async () => {
    const faults: string[] = [];
    for (const state of studio.states) {
      await studio.show(state, { ...PHONE, text: '200%' });
      const { wider, exit, stage } = await studio.measure();
      if (wider > 0) faults.push(`${state}: ${String(wider)} px too wide`);
      if (exit === false) faults.push(`${state}: no way out in sight`);
      if (state.startsWith('call of') && stage < 1 / 3)
        faults.push(`${state}: the stage has ${stage.toFixed(2)} of the height`);
    }
    assert.deepEqual(faults, []);
  });

  it('show buttons and icons in colours that the person has forced', async () => {
    const faults: string[] = [];
    for (const state of [
      'notice',
      'occupants',
      'relay asked',
      'call, more',
      'call, chat',
      'call of 6',
      'call, weak',
      'break',
    ]) {
      await studio.show(state, { ...PHONE, look: 'forced', scheme: 'dark' });
      faults.push(...(await studio.page.evaluate(ownColors)).map((found) => `${state}: ${found}`));
    }
    assert.deepEqual(faults, []);
  });

  it('lose nothing that is drawn without words when the person has forced the colours', async () => {
    const faults: string[] = [];
    for (const state of ['notice', 'devices', 'call of 3', 'call, chat']) {
      await studio.show(state, PHONE);
      const plain = await studio.page.evaluate(drawn);
      assert.ok(plain.some(([, isSeen]) => isSeen) || state === 'call, chat', state);
      await studio.show(state, { ...PHONE, look: 'forced' });
      const forced = await studio.page.evaluate(drawn);
      assert.equal(forced.length, plain.length, state);
      faults.push(
        ...plain.flatMap(([name, isSeen], index) => (isSeen && !forced[index]?.[1] ? [`${state}: ${name}`] : [])),
      );
    }
    assert.deepEqual(faults, []);
  });

  it('keep every button within a narrow window when names are as long as they may be', async () => {
    const faults: string[] = [];
    for (const state of studio.states) {
      await studio.show(state, { width: 320, height: 700, names: 'long' });
      const outside = await studio.page.evaluate(buttonsOutside);
      faults.push(...outside.map((part) => `${state}: ${part}`));
    }
    assert.deepEqual(faults, []);
  });

  it('show whole names beside the person who is shown large', async () => {
    for (const size of SIZES) {
      await studio.show('call of 9, speaker', size);
      const names = await studio.page.evaluate(plates);
      assert.deepEqual([names.length, names.filter(([, isWhole]) => !isWhole)], [8, []], nameOf(size));
    }
  });

  it('cover no words with an answer, and keep words within their buttons, on a small phone', async () => {
    const faults: string[] = [];
    for (const state of ['connecting, group', 'group, host tools', 'waiting, host', 'call, chat']) {
      await studio.show(state, { width: 320, height: 568 });
      faults.push(...(await studio.page.evaluate(covered)).map((words) => `${state}: ${words}`));
    }
    assert.deepEqual(faults, []);
  });

  it('keep short answers in one line on a phone', async () => {
    const faults: string[] = [];
    for (const [state, parts] of [
      ['notice', ['accept-button', 'decline-button']],
      ['occupants', ['continue-button', 'company-button']],
      ['connecting', ['acknowledge-button']],
      ['connecting, group', ['acknowledge-button']],
      ['call, more', ['blur-button']],
      ['break', ['resume-button']],
      ['relay asked', ['accept-button', 'decline-button']],
    ] as const)
      for (const [width, text] of [
        [390, ''],
        [320, ''],
        ...(state === 'call, more' ? ([[390, '200%']] as const) : []),
      ] as const) {
        await studio.show(state, { width, height: 844, text });
        const lines = await studio.page.evaluate(linesOf, parts);
        assert.ok(lines.length >= parts.length, state);
        faults.push(
          ...lines.filter(([, count]) => count !== 1).map(([part]) => `${state} at ${String(width)} ${text}: ${part}`),
        );
      }
    assert.deepEqual(faults, []);
  });

  for (const [role, { states, limit }] of Object.entries(JOURNEYS))
    it(`ask a ${role} to read at most ${String(limit)} words from the link to the call`, async () => {
      const words: number[] = [];
      for (const state of states) words.push((await measure(state, PHONE)).words);
      const sum = words.reduce((a, b) => a + b, 0);
      assert.ok(sum <= limit, `${String(sum)} words: ${words.join(' + ')}`);
    });

  for (const size of SIZES)
    it(`show three quarters of every camera at ${String(size.width)}×${String(size.height)}`, async () => {
      const shares: Record<string, number> = {};
      for (const state of studio.states.filter((name) => name.startsWith('call'))) {
        const { cameras } = await measure(state, size);
        if (cameras.length > 0) shares[state] = Math.min(...cameras);
      }
      assert.deepEqual(
        Object.entries(shares).filter(([, share]) => share < 0.745),
        [],
      );
      for (const people of [2, 3, 4, 6, 9]) assert.ok(`call of ${String(people)}` in shares);
    });

  it('keep the field of the chat and the stage in sight when a soft keyboard covers the page', async () => {
    await studio.show('call, chat', { width: 390, height: 844 });
    await studio.focus('chat-input');
    await studio.resize({ width: 390, height: 460 });
    const { stage, field } = await studio.measure();
    assert.equal(field, true);
    assert.ok(stage >= 0.2, String(stage));
  });

  it('keep the question and its answer in sight when the phone is turned in the middle of it', async () => {
    await studio.show('occupants, company', { width: 390, height: 844 });
    await studio.resize({ width: 844, height: 390 });
    const { below, words } = await studio.measure();
    assert.ok(words > 0);
    assert.equal(below, 0);
  });
});
