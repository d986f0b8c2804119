/** The base of every element: shared styles, texts, and what `define()` wants to know of a class. */
import { LitElement, type CSSResultGroup, type PropertyValues } from 'lit';
import type { ElementClass } from '../define.ts';
import { controls } from './controls.styles.ts';
import { markPrivate } from './replay-marks.ts';
import { Texts, type TextKey, type TextTable } from './texts.ts';
import { tokens } from './tokens.styles.ts';
import { VERSION } from './version.ts';

/** A class of this library. */
export interface ConsultElementClass extends ElementClass {
  /** CSS parts of its own shadow tree, for `exportparts`. */
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

  /** One text by its key. */
  protected t<K extends TextKey>(key: K, ...args: Arguments<K>): string {
    return this.texts.term(key, ...(args as never));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    markPrivate(this);
  }

  /** Marked in the task in which it is rendered, before any observer of the page sees it. */
  protected override update(changed: PropertyValues): void {
    super.update(changed);
    for (const child of this.renderRoot.children) if (child.localName !== 'style') markPrivate(child);
  }

  /** Sets the focus on a heading, once it is rendered: where a new screen begins to be read. */
  override focus(options?: FocusOptions): void {
    const target = this.renderRoot.querySelector<HTMLElement>('[tabindex="-1"], h1, h2') ?? undefined;
    if (target) target.focus(options);
    else super.focus(options);
  }
}

/** `exportparts` for the elements a class renders: each part under its own name, and prefixed with its element's tag. */
export function exportedParts(cls: ConsultElementClass): string {
  return cls.parts.flatMap((part) => [part, `${part}: ${cls.tag}-${part}`]).join(', ');
}
