/** Unfolds an element's details while printing, also when people print from the browser's menu. */
import type { LitElement, ReactiveController } from 'lit';

export class UnfoldForPrint implements ReactiveController {
  readonly #host: LitElement;
  #listening = new AbortController();
  #unfolded: readonly HTMLDetailsElement[] = [];

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    const { signal } = this.#listening;
    window.addEventListener('beforeprint', this.#unfold, { signal });
    window.addEventListener('afterprint', this.#fold, { signal });
  }

  hostDisconnected(): void {
    this.#listening.abort();
    this.#listening = new AbortController();
  }

  readonly #unfold = (): void => {
    const folded = [...this.#host.renderRoot.querySelectorAll('details')].filter((details) => !details.open);
    for (const details of folded) details.open = true;
    this.#unfolded = folded;
  };

  readonly #fold = (): void => {
    for (const details of this.#unfolded) details.open = false;
    this.#unfolded = [];
  };
}
