/** Base class of every element: shared styles, texts, and the static members that `define()` reads. */
import { LitElement, type CSSResultGroup, type PropertyValues } from 'lit';
import type { ElementClass } from '../define.ts';
import { controls } from './controls.styles.ts';
import { markPrivate } from './replay-marks.ts';
import { Texts, type TextKey, type TextTable } from './texts.ts';
import { tokens } from './tokens.styles.ts';
import { VERSION } from './version.ts';

/** Class of an element of this library. */
export interface ConsultElementClass extends ElementClass {
  /** CSS parts of its shadow tree, for `exportparts`. */
  readonly parts: readonly string[];
}

type Arguments<K extends TextKey> = TextTable[K] extends (...args: infer A) => string ? A : [];

export abstract class ConsultElement extends LitElement {
  /** @internal */
  static readonly uses: readonly ConsultElementClass[] = [];
  /** @internal */
  static readonly parts: readonly string[] = [];
  /** @internal */
  static readonly version: string = VERSION;

  static override readonly styles: CSSResultGroup = [tokens, controls];

  protected readonly texts = new Texts(this);

  /** A text by its key. */
  protected t<K extends TextKey>(key: K, ...args: Arguments<K>): string {
    return this.texts.term(key, ...(args as never));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    markPrivate(this);
  }

  /** Marks new content in the same task that renders it, before any observer of the page sees it. */
  protected override update(changed: PropertyValues): void {
    super.update(changed);
    for (const child of this.renderRoot.children) if (child.localName !== 'style') markPrivate(child);
  }

  /** Focuses the heading, where screen readers start reading a new screen. */
  override focus(options?: FocusOptions): void {
    const target = this.renderRoot.querySelector<HTMLElement>('[tabindex="-1"], h1, h2') ?? undefined;
    if (target) target.focus(options);
    else super.focus(options);
  }
}

/** Value of `exportparts`: each part under its own name, and prefixed with the tag of its element. */
export function exportedParts(cls: ConsultElementClass): string {
  return cls.parts.flatMap((part) => [part, `${part}: ${cls.tag}-${part}`]).join(', ');
}
