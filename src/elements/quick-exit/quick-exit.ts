import { html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { isComposing } from '../../ui/composing.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { styles } from './quick-exit.styles.ts';

/** How many presses of Escape leave, and within how many milliseconds. */
const PRESSES = 3;
const WITHIN = 1_500;

/**
 * Leaves immediately, by a button or by pressing Escape three times: stops camera and microphone, drops the keys and replaces
 * the page with a neutral one. The back button does not return to it. The hint says what no page can do: the browser's history
 * may still show the address of the site.
 *
 * @tag quick-exit
 * @csspart exit-button - Leaves immediately.
 * @csspart exit-hint - What no page can do.
 * @since 0.1.0
 */
export class QuickExit extends ConsultElement {
  static readonly tag: string = 'quick-exit';
  static override readonly parts: readonly string[] = ['exit-button', 'exit-hint'];
  static override readonly styles = [ConsultElement.styles, styles];

  /**
   * The page to show instead. Set it: the default, `about:blank`, opens an empty tab, and an empty tab is itself a sign. A
   * weather page or a search engine's start page draws no attention.
   */
  @property() href = 'about:blank';

  readonly #room = new RoomController(this, (state) => state.phase);
  #presses: readonly number[] = [];
  #listening = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    // On the window, in the capture phase: no dialog of the page can swallow the keys.
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
        title=${this.t('quick-exit.button')}
        aria-label=${this.t('quick-exit.button')}
        aria-describedby="hint"
        @click=${this.#exit}
      >
        <span>${this.t('quick-exit.button')}</span>
      </button>
      <p part="exit-hint" id="hint" class="small">${this.t('quick-exit.hint')}</p>
    `;
  }

  /** Empties the page, because the next one may take a moment to load, and leaves. Tests override it. */
  protected leaveFor(href: string): void {
    // The page that the browser keeps for going back is empty as well.
    document.title = '';
    document.documentElement.replaceChildren();
    // `replace` puts the other page in the place of this one in the history.
    location.replace(href);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    // That of an input method takes back what one is writing.
    if (event.key !== 'Escape' || event.repeat || isComposing(event)) return;
    // When the key was pressed: a page that stalls between two presses hears of the second one late.
    const { timeStamp } = event;
    this.#presses = [...this.#presses, timeStamp].filter((at) => timeStamp - at < WITHIN);
    if (this.#presses.length >= PRESSES) this.#exit();
  };

  readonly #exit = (): void => {
    const { room } = this.#room;
    const { href } = this;
    // First hide what can be seen, then stop what runs, then leave the page.
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
