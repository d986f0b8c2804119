/** Base class of every element: shared styles, texts, and the static members that `define()` reads. */
import { LitElement, type CSSResultGroup, type CSSResultOrNative, type PropertyValues } from 'lit';
import type { ElementClass } from '../define.ts';
import { controls } from './controls.styles.ts';
import { adoptTranslated, markUntranslated } from './page-translation.ts';
import { markPrivate, Remark } from './replay-marks.ts';
import { followRootFontSize, scalable } from './root-font-size.ts';
import { Texts, type Speaks, type TextKey, type TextTable } from './texts.ts';
import { tokens } from './tokens.styles.ts';
import { VERSION } from './version.ts';

/** Class of an element of this library. */
export interface ConsultElementClass extends ElementClass {
  /** CSS parts of its shadow tree, for `exportparts`. */
  readonly parts: readonly string[];
}

/** The same in every copy of the library. */
const OURS = Symbol.for('consult-room/element');

interface Used {
  readonly tag: string;
  readonly uses: readonly Used[];
}

/**
 * The tags of these classes, and of what they render themselves, that other code of the page has defined: what it renders would stand
 * inside the room.
 */
export function foreignTags(classes: readonly Used[]): readonly string[] {
  const tags = (used: readonly Used[]): readonly string[] => used.flatMap(({ tag, uses }) => [tag, ...tags(uses)]);
  return [...new Set(tags(classes))].filter((tag) => {
    const known = customElements.get(tag);
    return known !== undefined && !(OURS in known);
  });
}

type Arguments<K extends TextKey> = TextTable[K] extends (...args: infer A) => string ? A : [];

export abstract class ConsultElement extends LitElement {
  /** The classes that its template renders: `define()` defines them too. */
  static readonly uses: readonly ConsultElementClass[] = [];
  /** CSS parts of its shadow tree. */
  static readonly parts: readonly string[] = [];
  /** Version of this library. */
  static readonly version: string = VERSION;
  /** @internal Tells a class of ours, of this copy of the library or another, from one of the page's. */
  static readonly [OURS]: true = true;

  static override readonly styles: CSSResultGroup = [tokens, controls];

  protected static override finalizeStyles(styles?: CSSResultGroup): CSSResultOrNative[] {
    return super.finalizeStyles(styles).map(scalable);
  }

  /** @internal `agreement` where the element asks for a consent. */
  static readonly speaks: Speaks = 'any';

  protected readonly texts = new Texts(this, (this.constructor as typeof ConsultElement).speaks);
  /** Whether texts are shown in another direction than their surroundings. */
  #directed = false;

  /** A text by its key. */
  protected t<K extends TextKey>(key: K, ...args: Arguments<K>): string {
    return this.texts.term(key, ...(args as never));
  }

  /** Frameworks rewrite `class` and remove the marks, which causes no rendering of ours. */
  readonly #marks = new Remark(this);

  override connectedCallback(): void {
    super.connectedCallback();
    markPrivate(this);
    this.#marks.observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#marks.disconnect();
  }

  /** The first rendering waits for the language, so that nobody sees another one flash. */
  protected override scheduleUpdate(): void | Promise<unknown> {
    const loading = this.texts.loading();
    return loading ? loading.then(() => super.scheduleUpdate()) : super.scheduleUpdate();
  }

  /** Marks new content in the same task that renders it, before any observer of the page sees it. */
  protected override update(changed: PropertyValues): void {
    followRootFontSize(this.renderRoot);
    adoptTranslated(this.renderRoot);
    super.update(changed);
    const dir = this.texts.directionShown();
    for (const child of this.renderRoot.children) {
      if (child.localName === 'style') continue;
      markPrivate(child);
      // Texts in the place of a language that is not there run as they are read.
      if (dir) child.setAttribute('dir', dir);
      else if (this.#directed) child.removeAttribute('dir');
    }
    this.#directed = dir !== null;
    markUntranslated(this.renderRoot);
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
