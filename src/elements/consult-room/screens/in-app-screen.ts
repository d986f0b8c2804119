/** Before the notice, in the browser of an app: most have no camera, so a person is better told before they have read and agreed. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import { icon } from '../../../ui/icons.ts';
import { isInAppBrowser } from '../../../ui/in-app-browser.ts';
import { privateField } from '../../../ui/private-field.ts';
import type { Texts } from '../../../ui/texts.ts';

export class InAppScreen {
  readonly #host: LitElement;
  readonly #texts: Texts;
  /** The link that opened the page, whose invite is no longer in the address bar; null where it came another way. */
  readonly #link: () => string | null;
  #passed = false;
  #copied: 'no' | 'yes' | 'refused' = 'no';

  constructor(host: LitElement, texts: Texts, link: () => string | null) {
    this.#host = host;
    this.#texts = texts;
    this.#link = link;
  }

  get needed(): boolean {
    return !this.#passed && isInAppBrowser();
  }

  render(): TemplateResult {
    const link = this.#link();
    return html`
      <div class="card stack">
        <h2 tabindex="-1">${this.#texts.term('consult-room.in-app.heading')}</h2>
        <p class="lead">${this.#texts.term('consult-room.in-app.text')}</p>
        ${link === null ? nothing : this.#renderLink(link)}
        <div class="actions">
          <button part="continue-here-button" class="quiet" @click=${this.#onPass}>
            ${this.#texts.term('consult-room.in-app.continue')}
          </button>
        </div>
      </div>
    `;
  }

  #renderLink(link: string): TemplateResult {
    return html`
      <div class="field">
        <label for="link">${this.#texts.term('consult-room.in-app.link')}</label>
        <input part="link-input" id="link" readonly ${privateField()} .value=${link} />
      </div>
      <div class="actions">
        <button part="copy-link-button" class="primary" @click=${() => void this.#copy(link)}>
          ${icon('copy')} ${this.#texts.term('consult-room.in-app.copy')}
        </button>
      </div>
      <p class="small" role="status">
        ${this.#copied === 'no' ? nothing : this.#texts.term(`consult-room.in-app.copied.${this.#copied}`)}
      </p>
    `;
  }

  async #copy(link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.#copied = 'yes';
    } catch {
      // Apps often refuse the clipboard: then the person copies what is selected.
      this.#copied = 'refused';
      this.#host.renderRoot.querySelector<HTMLInputElement>('#link')?.select();
    }
    this.#host.requestUpdate();
  }

  readonly #onPass = (): void => {
    this.#passed = true;
    this.#host.requestUpdate();
  };
}
