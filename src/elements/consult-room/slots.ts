/** Knows which slots a site has filled. Fallback content must not be rendered invisibly: it could play sound. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';

/** Children that show nothing, and so are no layout. */
const UNSEEN: ReadonlySet<string> = new Set([
  'base',
  'br',
  'link',
  'meta',
  'noscript',
  'script',
  'style',
  'template',
  'title',
  'wbr',
]);

export class Slots {
  readonly #host: LitElement;

  constructor(host: LitElement) {
    this.#host = host;
  }

  /** Whether the default slot holds a layout: an element that is seen. White space, comments and words for old browsers are none. */
  get filled(): boolean {
    return this.#isFilled('');
  }

  /**
   * The slot with its fallback content, which is only rendered if the site leaves the slot empty. A child that shows nothing would take
   * its place, so then it stands beside the slot.
   */
  render(name: string, fallback: () => unknown): TemplateResult {
    if (this.#isFilled(name)) return html`<slot name=${name} @slotchange=${this.#onChange}></slot>`;
    const isTaken = [...this.#host.children].some((child) => child.slot === name);
    return isTaken
      ? html`<slot name=${name} hidden @slotchange=${this.#onChange}></slot>${fallback()}`
      : html`<slot name=${name} @slotchange=${this.#onChange}>${fallback()}</slot>`;
  }

  /** The default slot, or what stands in for it: beside and not in the slot, which the least white space would fill. */
  renderDefault(fallback: () => unknown): TemplateResult {
    const { filled } = this;
    return html`<slot ?hidden=${!filled} @slotchange=${this.#onChange}></slot>${filled ? nothing : fallback()}`;
  }

  #isFilled(name: string): boolean {
    return [...this.#host.children].some((child) => child.slot === name && !UNSEEN.has(child.localName));
  }

  readonly #onChange = (): void => {
    this.#host.requestUpdate();
  };
}
