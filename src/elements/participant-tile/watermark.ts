/**
 * Watermark over another person's picture: the viewer's name and the time, so that a filmed screen can be traced [R16]. Faint
 * and slow, so that it does not distract from a face; hidden from screen readers.
 */
import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';

const MINUTE = 60_000;

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
    const time = new Intl.DateTimeFormat(lang, { hour: 'numeric', minute: '2-digit' }).format(new Date());
    // Two, so that no half of the picture is without one.
    return html`
      <div class="marks" part="watermark" aria-hidden="true">
        <div class="drift">
          <span class="mark"><bdi>${viewer}</bdi><span>· ${time}</span></span>
        </div>
        <div class="drift second">
          <span class="mark"><bdi>${viewer}</bdi><span>· ${time}</span></span>
        </div>
      </div>
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
