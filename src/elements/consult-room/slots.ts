/** Knows which slots a site has filled. Fallback content must not be rendered invisibly: it could play sound. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';

export class Slots {
  readonly #host: LitElement;

  constructor(host: LitElement) {
    this.#host = host;
  }

  /** Whether the default slot holds an element. */
  get filled(): boolean {
    return [...this.#host.children].some((child) => !child.hasAttribute('slot'));
  }

  /** The slot with its fallback content, which is only rendered if the site leaves the slot empty. */
  render(name: string, fallback: () => unknown): TemplateResult {
    const assigned = [...this.#host.children].some((child) => child.slot === name);
    return html`<slot name=${name} @slotchange=${this.#onChange}>${assigned ? nothing : fallback()}</slot>`;
  }

  renderDefault(fallback: () => unknown): TemplateResult {
    return html`<slot @slotchange=${this.#onChange}>${this.filled ? nothing : fallback()}</slot>`;
  }

  readonly #onChange = (): void => {
    this.#host.requestUpdate();
  };
}
