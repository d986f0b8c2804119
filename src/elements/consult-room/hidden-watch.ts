/**
 * Notices that the room is not rendered any more while a session runs, as when Escape closes the `<dialog>` it stands in: nobody
 * should still see and hear a person who can no longer see that they do.
 */
import type { LitElement, ReactiveController } from 'lit';

/** Milliseconds that a framework may need to put the element elsewhere. */
const GRACE = 1_000;

export class HiddenWatch implements ReactiveController {
  readonly #host: LitElement;
  readonly #onHidden: () => void;
  #observer: ResizeObserver | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: LitElement, onHidden: () => void) {
    this.#host = host;
    this.#onHidden = onHidden;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer ??= new ResizeObserver(() => this.#look());
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  get #isHidden(): boolean {
    const content = this.#host.renderRoot.querySelector('section');
    return content !== null && content.getClientRects().length === 0;
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.#isHidden) this.#timer = setTimeout(() => (this.#isHidden ? this.#onHidden() : undefined), GRACE);
  }
}
