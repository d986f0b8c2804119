/** What every element of this library keeps: run by each element's own test with the states it can be in. */
import { expect, fixture } from '@open-wc/testing';
import { html, type LitElement, type TemplateResult } from 'lit';
import { define } from '../../src/define.ts';
import type { ConsultElementClass } from '../../src/ui/consult-element.ts';
import type { RoomInterface } from '../../src/room/room-api.ts';
import './room-fixture.ts';
import type { RoomProvider } from './room-fixture.ts';
import { byPart, everything, settled } from './shadow.ts';

export { byPart, everything, settled };

export interface ElementCase {
  readonly name: string;
  /** The room it stands in; a new one for each test. */
  readonly room: () => RoomInterface;
  /** The element, where it needs attributes; otherwise its bare tag. */
  readonly template?: TemplateResult;
  /** Brings it into the state that is meant, such as an open dialog. */
  readonly prepare?: (element: LitElement) => void | Promise<void>;
}

export interface Frame {
  readonly lang?: 'de' | 'en';
  readonly scheme?: 'light' | 'dark';
  readonly dir?: 'ltr' | 'rtl';
  /** Inline size, in CSS pixels. */
  readonly width?: number;
}

/** Renders one case in a frame: the language, the colours, the direction and the width around it. */
export async function show(cls: ConsultElementClass, one: ElementCase, frame: Frame = {}): Promise<LitElement> {
  const { lang = 'de', scheme = 'light', dir = 'ltr', width = 800 } = frame;
  define(cls);
  const tag = document.createElement(cls.tag);
  const colours =
    scheme === 'dark' ? 'color-scheme: dark; background: #141a19' : 'color-scheme: light; background: #f5f4ef';
  const box = await fixture<HTMLElement>(html`
    <div lang=${lang} dir=${dir} style="${colours}; inline-size: ${width}px; container-type: inline-size">
      <test-room-provider .room=${one.room()}>${one.template ?? tag}</test-room-provider>
    </div>
  `);
  const element = box.querySelector<LitElement>(cls.tag)!;
  await settled(element);
  await one.prepare?.(element);
  await settled(element);
  return element;
}

const hidden = (element: Element): boolean => element.closest('.visually-hidden, [aria-hidden="true"]') !== null;

/** Also in the shadow tree of an element in a dialog. */
function inDialog(element: Element): boolean {
  const root = element.getRootNode();
  return element.closest('dialog') !== null || (root instanceof ShadowRoot && inDialog(root.host));
}

/** Elements that reach out of the box they are shown in; an open dialog lies above the page and is as wide as that. */
function overflowing(element: LitElement): readonly string[] {
  const box = element.getBoundingClientRect();
  return [...everything(element.renderRoot)]
    .filter((inner) => !hidden(inner) && !inDialog(inner) && inner.getClientRects().length > 0)
    .filter((inner) => {
      const { left, right } = inner.getBoundingClientRect();
      return left < box.left - 1 || right > box.right + 1;
    })
    .map((inner) => `${inner.localName}.${String(inner.getAttribute('class'))}`);
}

const inlineStyles = (element: LitElement): readonly string[] =>
  [...everything(element.renderRoot)].filter((inner) => inner.hasAttribute('style')).map(({ localName }) => localName);

/** Fields without the marks for session replay tools [R16]; around a field that left the page nothing is marked. */
const openFields = (element: LitElement): readonly string[] =>
  [...everything(element.renderRoot)]
    .filter((inner) => inner.matches('input, textarea') && !inner.matches('.rr-block.ph-no-capture[translate="no"]'))
    .map(({ outerHTML }) => outerHTML);

/** Ids that stand twice in one tree: whatever refers to them finds the first, which may be another one's (ARIA, `for`). */
function* doubleIds(root: ParentNode): Generator<string> {
  const found = new Set<string>();
  for (const { id, shadowRoot } of root.querySelectorAll('*')) {
    if (id !== '' && found.has(id)) yield `#${id}`;
    found.add(id);
    if (shadowRoot) yield* doubleIds(shadowRoot);
  }
}

export function elementSuite(cls: ConsultElementClass, cases: readonly ElementCase[]): void {
  define(cls);
  accessible(cls, cases);

  // After every test of the element, those of its own file included: in whatever state it left the page.
  afterEach(() => expect([...doubleIds(document)], 'ids of two elements').to.deep.equal([]));

  it('is defined a second time quietly', () => {
    const said: unknown[] = [];
    const { warn } = console;
    console.warn = (...args: unknown[]) => said.push(args);
    define(cls);
    console.warn = warn;
    expect(said).to.deep.equal([]);
    expect(customElements.get(cls.tag)).to.equal(cls);
  });

  for (const one of cases) {
    it(`[${one.name}] fits 320 pixels, left to right and right to left`, async () => {
      for (const dir of ['ltr', 'rtl'] as const) {
        const element = await show(cls, one, { width: 320, dir });
        expect(overflowing(element), dir).to.deep.equal([]);
      }
    });

    it(`[${one.name}] fits 640 pixels with text twice as large`, async () => {
      document.documentElement.style.fontSize = '200%';
      try {
        expect(overflowing(await show(cls, one, { width: 640 }))).to.deep.equal([]);
      } finally {
        document.documentElement.style.fontSize = '';
      }
    });

    it(`[${one.name}] has no inline style, and no field that recorders may read`, async () => {
      const element = await show(cls, one);
      expect(inlineStyles(element)).to.deep.equal([]);
      expect(openFields(element)).to.deep.equal([]);
    });

    it(`[${one.name}] shows the same after it was moved`, async () => {
      const element = await show(cls, one);
      const before = textOf(element);
      const provider = element.closest('test-room-provider') as RoomProvider;
      provider.append(document.createElement('div'), element);
      await settled(element);
      expect(textOf(element)).to.equal(before);
    });
  }
}

function accessible(cls: ConsultElementClass, cases: readonly ElementCase[]): void {
  for (const one of cases)
    for (const lang of ['de', 'en'] as const)
      for (const scheme of ['light', 'dark'] as const)
        it(`[${one.name}] is accessible in ${lang}, ${scheme}`, async () => {
          const element = await show(cls, one, { lang, scheme });
          await expect(element).to.be.accessible();
        });
}

/** What can be read in an element, shadow roots included. */
export function textOf(element: LitElement): string {
  const read = (root: ParentNode): string =>
    [...root.children]
      // A watermark shows the time, which changes.
      .filter((child) => child.localName !== 'style' && !child.part.contains('watermark'))
      .map((child) =>
        child.shadowRoot
          ? `${read(child.shadowRoot)} ${read(child)}`
          : child.children.length > 0
            ? own(child) + read(child)
            : child.textContent,
      )
      .join(' ');
  const own = (child: Element): string =>
    [...child.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent)
      .join('');
  return read(element.renderRoot).replaceAll(/\s+/gu, ' ').trim();
}
