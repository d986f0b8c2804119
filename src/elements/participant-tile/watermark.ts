/**
 * Watermark over another person's picture: the viewer's name and the time, so that a filmed screen can be traced [R16]. Small,
 * faint and in a corner, so that it does not distract from a face; hidden from screen readers.
 */
import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';

const MINUTE = 60_000;
/** It moves every few minutes, so that it burns into nobody's view; the fourth corner has the name. */
const STAYS = 3 * MINUTE;
const CORNERS = ['top-end', 'top-start', 'bottom-end'] as const;

export class Watermark implements ReactiveController {
  readonly #host: LitElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#wait();
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  /** @param viewer the name of the person in front of this screen */
  render(viewer: string, lang: string): TemplateResult {
    const time = new Intl.DateTimeFormat(lang, { timeStyle: 'short' }).format(Date.now());
    const corner = CORNERS[Math.floor(Date.now() / STAYS) % CORNERS.length] ?? '';
    return html`
      <div class="mark ${corner}" part="watermark" aria-hidden="true"><bdi>${viewer}</bdi><span>· ${time}</span></div>
    `;
  }

  /** The next full minute. */
  #wait(): void {
    this.#timer = setTimeout(
      () => {
        this.#host.requestUpdate();
        this.#wait();
      },
      MINUTE - (Date.now() % MINUTE),
    );
  }
}
