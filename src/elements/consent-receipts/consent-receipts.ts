import { html, nothing, type TemplateResult } from 'lit';
import type { Receipt, RoomState } from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { UnfoldForPrint } from '../../ui/unfold-for-print.ts';
import { styles } from './consent-receipts.styles.ts';

interface Slice {
  readonly receipts: readonly Receipt[];
  /** Whether the session is still running. */
  readonly running: boolean;
}

function select(state: RoomState): Slice | undefined {
  if (!('receipts' in state)) return undefined;
  return { receipts: state.receipts, running: state.phase !== 'ended' && state.phase !== 'failed' };
}

/** The newest receipt of each record, in the order in which the consents were given. */
function newest(receipts: readonly Receipt[]): readonly Receipt[] {
  return [...new Map(receipts.map((receipt) => [receipt.record.record_id, receipt])).values()];
}

/**
 * What this person agreed to [R1]: each consent with its text, time and state, to save as a file or print, and one button that
 * withdraws the consent and ends the session immediately. Nothing is stored: the receipts are gone with the page.
 *
 * @tag consent-receipts
 * @csspart save-button - Saves all receipts as one file.
 * @csspart print-button - Prints them.
 * @csspart withdraw-consent-button - Withdraws the consent to the notice: the session ends immediately.
 * @csspart summary - Unfolds the details of a receipt.
 * @since 0.1.0
 */
export class ConsentReceipts extends ConsultElement {
  static readonly tag: string = 'consent-receipts';
  static override readonly parts: readonly string[] = [
    'save-button',
    'print-button',
    'withdraw-consent-button',
    'summary',
  ];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);

  constructor() {
    super();
    new UnfoldForPrint(this);
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice || slice.receipts.length === 0) return nothing;
    return html`
      <section class="stack">
        <h3>${this.t('consent-receipts.heading')}</h3>
        ${slice.running ? this.#renderWithdraw() : nothing}
        <p class="small screen">${this.t('consent-receipts.lead')}</p>
        <ul class="records">
          ${newest(slice.receipts).map((receipt) => this.#renderRecord(receipt))}
        </ul>
        <div class="actions">
          <button part="save-button" @click=${this.#onSave}>
            ${icon('file-text')} ${this.t('consent-receipts.save')}
          </button>
          <button part="print-button" class="quiet" @click=${this.#onPrint}>
            ${icon('printer')} ${this.t('consent-receipts.print')}
          </button>
        </div>
      </section>
    `;
  }

  #renderRecord({ record }: Receipt): TemplateResult {
    const { privacy_notice: text, parties, language } = record;
    const line = (term: string, words: string): TemplateResult =>
      html`<div>
        <dt>${term}</dt>
        <dd>${words}</dd>
      </div>`;
    return html`
      <li class="record">
        <p class="what">${this.t(`consent-receipts.kind.${record.consent_kind}`)}</p>
        ${record.events.map(
          ({ event_state, event_time }) =>
            html`<p class="state ${event_state}">
              ${icon(event_state === 'given' ? 'check' : 'x')}
              <span>${this.t(`consent-receipts.${event_state}`, this.#time(event_time))}</span>
            </p>`,
        )}
        <details>
          <summary part="summary">${this.t('consent-receipts.details')}</summary>
          <dl>
            ${line(this.t('consent-receipts.controller'), parties[0]?.party_name ?? '')}
            ${line(this.t('consent-receipts.text'), this.t('consent-receipts.version', text.version, this.#language(language)))}
            ${line(this.t('consent-receipts.hash'), text.hash)}
            ${line(this.t('consent-receipts.record'), record.record_id)}
            ${line(this.t('consent-receipts.key'), record.pii_principal_id)}
          </dl>
        </details>
      </li>
    `;
  }

  #renderWithdraw(): TemplateResult {
    return html`
      <div class="withdraw">
        <button
          part="withdraw-consent-button"
          aria-describedby="withdraw"
          @click=${() => this.#room.room?.withdraw('notice')}
        >
          ${this.t('consent-receipts.withdraw')}
        </button>
        <p class="small" id="withdraw">${this.t('consent-receipts.withdraw.text')}</p>
      </div>
    `;
  }

  #time(iso: string): string {
    return new Intl.DateTimeFormat(this.texts.shown(), { dateStyle: 'long', timeStyle: 'medium' }).format(
      new Date(iso),
    );
  }

  #language(code: string): string {
    return new Intl.DisplayNames([this.texts.shown()], { type: 'language' }).of(code) ?? code;
  }

  /** Runs only on a click; the person chooses where the file goes, and the page keeps no copy. */
  readonly #onSave = (): void => {
    const { receipts = [] } = this.#room.value ?? {};
    const file = new Blob([`${JSON.stringify(receipts, undefined, 2)}\n`], { type: 'application/json' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `${this.t('consent-receipts.file')}.json`;
    link.click();
    // By the next task the browser has read the file.
    setTimeout(() => URL.revokeObjectURL(link.href));
  };

  readonly #onPrint = (): void => {
    window.print();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'consent-receipts': ConsentReceipts;
  }
}
