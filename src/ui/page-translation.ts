/**
 * What a translator of the page (of the browser, or an extension) does to an element, and what keeps it from people's own words.
 *
 * A translator puts its own nodes, mostly `<font>`, in the place of text nodes. What is rendered later would be written into the nodes that
 * it took away, and the page would go on saying what is no longer so.
 */
import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';

/** Before a rendering: makes what a translator put in the place of a text a text again, which the rendering then finds and replaces. */
export function adoptTranslated(root: ParentNode): void {
  for (const font of root.querySelectorAll('font')) {
    // Within another one, or adopted together with the one before it.
    if (!root.contains(font) || font.parentElement?.localName === 'font') continue;
    if (font.querySelector(':not(font)')) {
      font.replaceWith(...font.childNodes);
      continue;
    }
    let text = font.textContent;
    for (let next = font.nextSibling; isFont(next); next = font.nextSibling) {
      text += next.textContent;
      next.remove();
    }
    font.replaceWith(text);
  }
}

const isFont = (node: Node | null): node is Element => node instanceof Element && node.localName === 'font';

/** People's own words, which stand in `<bdi>` or in what is marked as not to be translated, are not handed to a translation service. */
export function markUntranslated(root: ParentNode): void {
  for (const words of root.querySelectorAll('bdi, [translate="no"]')) {
    words.setAttribute('translate', 'no');
    words.classList.add('notranslate');
  }
}

/**
 * Keeps a text that people agree to in the words that their receipt will name. It is marked so that translators leave it alone. Where
 * one does not, that shows when a person agrees: then the original is shown, and only what was read counts.
 */
export class OriginalText implements ReactiveController {
  readonly #host: LitElement;
  #shown = 0;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#shown = 0;
  }

  /** Whether the original had to be shown again. */
  get altered(): boolean {
    return this.#shown > 0;
  }

  render(content: TemplateResult): TemplateResult {
    return html`${keyed(this.#shown, html`<div class="stack original" translate="no">${content}</div>`)}`;
  }

  /**
   * Whether these texts stand there as they were rendered, in this order; if not, they are rendered again.
   *
   * @param texts in the order in which they stand there
   */
  check(texts: readonly string[]): boolean {
    const element = this.#host.renderRoot.querySelector('.original');
    if (element && isAsWritten(element, texts)) return true;
    this.#shown++;
    this.#host.requestUpdate();
    return false;
  }
}

function isAsWritten(element: Element, texts: readonly string[]): boolean {
  const read = tidy(element.textContent);
  let from = 0;
  for (const text of texts.map(tidy)) {
    const at = read.indexOf(text, from);
    if (at < 0) return false;
    from = at + text.length;
  }
  return true;
}

const tidy = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();
