import { html, nothing, svg, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { dispatchConsultEvent } from '../../events.ts';
import { ConsultError } from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import type * as SheetPart from '../../appointment/sheet-part.ts';
import type { Appointment, Sheet, SheetLanguage } from '../../appointment/sheet-part.ts';
import { part } from '../../util/part.ts';
import { PrintAlone } from './print-alone.ts';
import { readAppointment } from './read-appointment.ts';
import { styles } from './appointment-sheet.styles.ts';
import { tellUnknownSlots } from '../../ui/unknown-slots.ts';

const loadSheet = part(() => import('../../appointment/sheet-part.ts'));

/**
 * What a client gets before an appointment, to print or to send: when it is, the link and its QR code, the spoken code and how to spell it,
 * what to expect, and what to do when nothing works; and an entry for the client's calendar. Everything is made in the browser.
 *
 * Needs no room around it. While the page is printed, only the sheet is on the paper. It speaks German and English; in a page of
 * another language it is German. What it shows is loaded when the element stands in a page.
 *
 * @tag appointment-sheet
 * @slot logo - The centre's logo, above the heading.
 * @slot - More lines of the centre, such as how to cancel.
 * @csspart sheet - The sheet without its buttons.
 * @csspart link - The guest link.
 * @csspart qr - The QR code of the guest link.
 * @csspart spoken-code - The spoken code.
 * @csspart print-button - Prints the sheet.
 * @csspart calendar-button - Saves the calendar entry (iCalendar); only where the time is set.
 * @fires {CustomEvent<{ code: ErrorCode, message: string }>} consult-error - A value cannot be on a sheet (`argument-invalid`), or a file did not load (`part-unavailable`).
 * @since 0.1.0
 */
export class AppointmentSheet extends ConsultElement {
  static readonly tag: string = 'appointment-sheet';
  static override readonly parts: readonly string[] = [
    'sheet',
    'link',
    'qr',
    'spoken-code',
    'print-button',
    'calendar-button',
  ];
  static override readonly styles = [ConsultElement.styles, styles];

  /** The link for the guest, from `createInvite`. A host link is refused: it would hand over the room. */
  @property({ attribute: 'guest-link' }) guestLink: string | undefined;

  /** The spoken code, from `spokenCode`, such as `K7M-2QX-9TD`. */
  @property() code: string | undefined;

  /** Begin: a `Date`, or text such as `2026-12-01T10:00+01:00`. Without it the printed sheet has a line to fill in by hand. */
  @property() starts: Date | string | undefined;

  /** How long the appointment takes, in minutes. */
  @property({ type: Number }) minutes = 50;

  /** Name of the counselling centre. */
  @property() centre: string | undefined;

  /** Telephone number of the centre, for when nothing works. */
  @property() telephone: string | undefined;

  /** IANA time zone of the appointment, such as `Europe/Berlin`; default: that of the device. */
  @property({ attribute: 'time-zone' }) timeZone: string | undefined;

  @state() private loaded: typeof SheetPart | 'loading' | 'failed' = 'loading';

  readonly #paper = new PrintAlone(this);
  /** What was reported last, so that one mistake is reported once. */
  #reported = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.#paper.connect();
    if (typeof this.loaded === 'string') void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#paper.disconnect();
  }

  async #load(): Promise<void> {
    try {
      this.loaded = await loadSheet();
    } catch {
      this.loaded = 'failed';
      this.#report('part-unavailable', 'the sheet');
    }
  }

  get #language(): SheetLanguage {
    return this.texts.shown().startsWith('en') ? 'en' : 'de';
  }

  protected override render(): TemplateResult | typeof nothing {
    const { loaded: part } = this;
    if (part === 'loading') return nothing;
    if (part === 'failed') return this.#renderFailed();
    const [read, language, lang] = [readAppointment(this), this.#language, this.texts.shown()];
    if (read.kind === 'problem')
      return html`<p role="alert" lang=${language}>${part.SHEET_WORDS[language].problems[read.problem]}</p>`;
    const locale = lang.startsWith(language) ? lang : language;
    return this.#renderSheet(part.sheetOf(read.appointment, language, locale), read.appointment);
  }

  protected override updated(): void {
    tellUnknownSlots(this, ' logo ');
    if (typeof this.loaded === 'string') return;
    const read = readAppointment(this);
    if (read.kind === 'problem') this.#report('argument-invalid', `appointment-sheet: ${read.problem}`);
    else this.#reported = '';
  }

  #renderFailed(): TemplateResult {
    const { what, advice } = this.texts.error('part-unavailable');
    return html`<div role="alert">
      <p>${what}</p>
      <p class="small">${advice}</p>
    </div>`;
  }

  #renderSheet(sheet: Sheet, { starts }: Appointment): TemplateResult {
    const { words, centre, times, link, code } = sheet;
    return html`
      <div class="stack" lang=${sheet.language}>
        <div part="sheet" class="sheet">
          <div class="head">
            <slot name="logo"></slot>
            <h2>${words.heading}</h2>
            ${centre === '' ? nothing : html`<p class="lead"><bdi>${centre}</bdi></p>`}
          </div>
          <section>
            <h3>${words.when}</h3>
            ${
              starts
                ? html`<p class="times">${times[0]}</p>`
                : html`<p class="by-hand" role="presentation" aria-hidden="true"></p>`
            }
            ${times.slice(starts ? 1 : 0).map((time) => html`<p class="small">${time}</p>`)}
          </section>
          <section class="join">
            <div class="words">
              <h3>${words.link}</h3>
              <p>${words.linkText}</p>
              <p class="link" translate="no"><a part="link" href=${link} rel="noopener noreferrer">${link}</a></p>
            </div>
            ${this.#renderQr(link, words.qr)}
          </section>
          ${
            code
              ? html`<section>
                  <h3>${words.code}</h3>
                  <p>${code.text}</p>
                  <p part="spoken-code" class="code" role="img" translate="no" aria-label=${code.spelled}>
                    ${code.code}
                  </p>
                  <p class="small" aria-hidden="true" translate="no">${code.spelled}</p>
                </section>`
              : nothing
          }
          ${this.#renderList(words.expect, words.expectations)} ${this.#renderList(words.trouble, sheet.troubles)}
          <slot></slot>
          <p class="keep">${words.keep}</p>
        </div>
        <div class="actions">
          <button part="print-button" class="primary" @click=${this.#onPrint}>${icon('printer')} ${words.print}</button>
          ${
            starts
              ? html`<button part="calendar-button" @click=${this.#onCalendar}>
                  ${icon('calendar')} ${words.calendar}
                </button>`
              : nothing
          }
        </div>
      </div>
    `;
  }

  #renderList(heading: string, items: readonly string[]): TemplateResult {
    return html`<section>
      <h3>${heading}</h3>
      <ul>
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>
    </section>`;
  }

  #renderQr(link: string, label: string): TemplateResult | typeof nothing {
    if (typeof this.loaded === 'string') return nothing;
    const { side, path } = this.loaded.qrPath(link);
    return html`<svg part="qr" class="qr" viewBox="0 0 ${side} ${side}" role="img" aria-label=${label}>
      ${svg`<rect width=${side} height=${side} fill="#fff"></rect><path d=${path} fill="#000" shape-rendering="crispEdges"></path>`}
    </svg>`;
  }

  #report(code: 'argument-invalid' | 'part-unavailable', detail: string): void {
    if (this.#reported === detail) return;
    this.#reported = detail;
    const { message } = new ConsultError(code, { detail });
    dispatchConsultEvent(this, 'consult-error', { code, message });
  }

  readonly #onPrint = (): void => {
    this.#paper.print();
  };

  /** Runs only on a click; the person chooses where the file goes, and the page keeps no copy. */
  readonly #onCalendar = async (): Promise<void> => {
    const [read, part] = [readAppointment(this), this.loaded];
    if (read.kind === 'problem' || !read.appointment.starts || typeof part === 'string') return;
    const { starts } = read.appointment;
    const id = await idOf(read.appointment.guestLink);
    const text = part.calendarEntry({ ...read.appointment, starts }, { language: this.#language, id, now: new Date() });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/calendar' }));
    link.download = `${part.SHEET_WORDS[this.#language].calendarFile}.ics`;
    link.click();
    // By the next task the browser has read the file.
    setTimeout(() => URL.revokeObjectURL(link.href));
  };
}

/** The same for each entry of an appointment, so that a calendar replaces the earlier one; the link cannot be found from it. */
async function idOf(guestLink: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(guestLink)));
  return Array.from(hash.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

declare global {
  interface HTMLElementTagNameMap {
    'appointment-sheet': AppointmentSheet;
  }
}
