import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ConsultError, enterCode, type CodeEntry, type CodeProgress, type ErrorCode } from '../../room/room.ts';
import { dispatchConsultEvent } from '../../events.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { privateField } from '../../ui/private-field.ts';
import { styles } from './room-code.styles.ts';

type Step = { readonly step: 'idle' } | CodeProgress | { readonly step: 'failed'; readonly code: ErrorCode };

/** Nothing of this is to be said again while it lasts. */
const RUNNING: readonly Step['step'][] = ['connecting', 'checking', 'waiting', 'unreachable'];

/**
 * A client types the code that the counsellor reads out on the telephone, instead of opening a link. The page with the room opens with the
 * invite of that room. Needs no room around it, so it can stand on any page of the site; `<consult-room>` shows it where it was opened
 * without an invite. Contacts the signalling server when the person submits the code, and not before.
 *
 * @tag room-code
 * @csspart code-input - The field.
 * @csspart code-button - Submits the code.
 * @csspart stop-button - Stops waiting for the counsellor.
 * @fires {CustomEvent<{ code: ErrorCode, message: string }>} consult-error - The code was not accepted; carries a stable code and no personal data.
 * @since 0.1.0
 */
export class RoomCode extends ConsultElement {
  static readonly tag: string = 'room-code';
  static override readonly parts: readonly string[] = ['code-input', 'code-button', 'stop-button'];
  static override readonly styles = [ConsultElement.styles, styles];

  /** WebSocket URL of the signalling server; default `/signal` of the page's origin. With `broadcast:` there are no codes. */
  @property() signaling: string | undefined;

  /** The page that holds `<consult-room>`, on the same origin; default: this page. */
  @property({ attribute: 'room-url' }) roomUrl: string | undefined;

  @state() private now: Step = { step: 'idle' };

  #typed = '';
  #run: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.signaling === 'broadcast:') return nothing;
    const { now } = this;
    const running = RUNNING.includes(now.step);
    return html`
      <form class="stack" @submit=${this.#onSubmit}>
        <h3>${this.t('room-code.heading')}</h3>
        <p>${this.t('room-code.text')}</p>
        <div class="field">
          <label for="code">${this.t('room-code.label')}</label>
          <p class="small" id="hint">${this.texts.error('code-invalid').advice}</p>
          <input
            id="code"
            part="code-input"
            inputmode="text"
            autocapitalize="characters"
            enterkeyhint="go"
            maxlength="40"
            aria-describedby="hint problem"
            aria-invalid=${now.step === 'failed' ? 'true' : 'false'}
            ?readonly=${running}
            ${privateField()}
            .value=${this.#typed}
            @input=${this.#onInput}
          />
        </div>
        <div id="problem">${now.step === 'failed' ? this.#renderProblem(now.code) : nothing}</div>
        <p class="small" role="status">${this.#status()}</p>
        <div class="actions">
          ${
            running
              ? html`<button part="stop-button" type="button" @click=${this.#onStop}>
                  ${icon('x')} ${this.t('room-code.stop')}
                </button>`
              : html`<button part="code-button" class="primary">
                  ${icon('door-open')} ${this.t('room-code.enter')}
                </button>`
          }
        </div>
      </form>
    `;
  }

  #renderProblem(code: ErrorCode): TemplateResult {
    const { what, advice } = this.texts.error(code);
    return html`<div role="alert">
      <p class="wrong">${what}</p>
      <p>${advice}</p>
    </div>`;
  }

  #status(): string {
    const { now } = this;
    switch (now.step) {
      case 'connecting':
      case 'checking':
        return this.t('room-code.checking');
      case 'waiting':
        return `${this.t('waiting-room.guest.host-absent')} ${this.t('room-code.compare')}`;
      case 'unreachable': {
        const { what, advice } = this.texts.error(now.code);
        return `${what} ${advice}`;
      }
      case 'idle':
      case 'failed':
        return '';
    }
  }

  readonly #onInput = (event: InputEvent): void => {
    this.#typed = (event.target as HTMLInputElement).value;
    // What was wrong is being mended.
    if (this.now.step === 'failed') this.now = { step: 'idle' };
  };

  readonly #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!this.#run) void this.#start();
  };

  readonly #onStop = async (): Promise<void> => {
    this.#stop();
    this.now = { step: 'idle' };
    await this.updateComplete;
    this.#focusField();
  };

  #stop(): void {
    this.#run?.abort();
    this.#run = null;
  }

  #focusField(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  async #start(): Promise<void> {
    const run = new AbortController();
    this.#run = run;
    const isOver = (): boolean => run.signal.aborted;
    // In one sentence with what follows, so that it is said once.
    this.now = { step: 'connecting' };
    try {
      const invite = await this.enter({
        typed: this.#typed,
        signal: run.signal,
        ...(this.signaling ? { signaling: this.signaling } : {}),
        onProgress: (progress) => {
          if (!isOver()) this.now = progress;
        },
      });
      if (isOver()) return;
      this.#typed = '';
      const page = new URL(this.roomUrl ?? location.href, location.href);
      page.hash = invite;
      this.open(page);
      // Where this very page takes the invite, the element stays.
      this.now = { step: 'idle' };
    } catch (error: unknown) {
      if (isOver()) return;
      const { code, message } =
        error instanceof ConsultError ? error : new ConsultError('action-failed', { cause: error });
      this.now = { step: 'failed', code };
      dispatchConsultEvent(this, 'consult-error', { code, message });
      await this.updateComplete;
      this.#focusField();
    } finally {
      if (this.#run === run) this.#run = null;
    }
  }

  /** Exchanges the code for the invite. Override it to use another implementation. */
  protected enter(entry: CodeEntry): Promise<string> {
    return enterCode(entry);
  }

  /** Opens the page with the room; only its fragment differs where that is this page. */
  protected open(page: URL): void {
    location.assign(page);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'room-code': RoomCode;
  }
}
