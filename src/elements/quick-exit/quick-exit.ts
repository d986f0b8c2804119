import { html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { styles } from './quick-exit.styles.ts';

/** Escape this often within this many milliseconds. */
const PRESSES = 3;
const WITHIN = 1_500;

/**
 * Leaves at once, by a button or by pressing Escape three times: camera and keys off, the page replaced by a neutral one. Going back does not
 * return to it. What no page can do is said as well: the browser's history may still hold the address of the site.
 *
 * @tag quick-exit
 * @csspart exit-button - Leaves at once.
 * @csspart exit-hint - What no page can do.
 * @since 0.1.0
 */
export class QuickExit extends ConsultElement {
  /** @internal */
  static readonly tag: string = 'quick-exit';
  /** @internal */
  static override readonly parts: readonly string[] = ['exit-button', 'exit-hint'];
  static override readonly styles = [ConsultElement.styles, styles];

  /**
   * The page that is shown instead. By default an empty one, whose address tells nothing either; a site may name one that tells
   * as little.
   */
  @property() href = 'about:blank';

  readonly #room = new RoomController(this, (state) => state.phase);
  #presses: readonly number[] = [];
  #listening = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    // On the window and first: no dialog of the page may keep the keys for itself.
    window.addEventListener('keydown', this.#onKeyDown, { capture: true, signal: this.#listening.signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
    this.#listening = new AbortController();
  }

  protected override render(): TemplateResult {
    return html`
      <button
        part="exit-button"
        class="danger"
        title=${this.t('quick-exit.button')}
        aria-label=${this.t('quick-exit.button')}
        aria-describedby="hint"
        @click=${this.#exit}
      >
        ${icon('door-open')} <span>${this.t('quick-exit.button')}</span>
      </button>
      <p part="exit-hint" id="hint" class="small">${this.t('quick-exit.hint')}</p>
    `;
  }

  /** Empties the page, which another one may take a moment to replace, and goes; a test stands another way in its place. */
  protected leaveFor(href: string): void {
    // Not in this page's own words: what is kept of it for going back is empty as well.
    document.title = '';
    document.documentElement.replaceChildren();
    // In the history the other page stands in this one's place.
    location.replace(href);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.repeat) return;
    const now = performance.now();
    this.#presses = [...this.#presses, now].filter((at) => now - at < WITHIN);
    if (this.#presses.length >= PRESSES) this.#exit();
  };

  readonly #exit = (): void => {
    const { room } = this.#room;
    const { href } = this;
    // What can be seen goes first, then what runs, then the page.
    document.documentElement.hidden = true;
    room?.quit();
    this.leaveFor(href);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'quick-exit': QuickExit;
  }
}
