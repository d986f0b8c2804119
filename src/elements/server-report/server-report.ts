import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { isSession, type RoomState, type ServerReport as Report } from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { heldRows, type HeldRow } from './held-rows.ts';
import { styles } from './server-report.styles.ts';

type Answered = Extract<Report, { step: 'answered' }>;

/** Ids of everyone in the room and at the door, and whether the server can be reached: with a change of these the server holds something else. */
function select(room: RoomState): string | undefined {
  if (!isSession(room)) return undefined;
  const { participants, knocks, signaling } = room;
  return JSON.stringify([signaling, ...[...participants, ...knocks].map(({ id }) => id)]);
}

/** How often the server is asked while its answer is shown, in milliseconds. */
const EVERY = 3_000;

/**
 * What the signalling server holds of this room at this moment, since when, and when it is deleted [R3] [R12]. The server is asked
 * while the list is open and the page is visible, and not otherwise.
 *
 * @tag server-report
 * @csspart details - The list, folded until someone opens it.
 * @csspart summary - What opens it.
 * @since 0.1.0
 */
export class ServerReport extends ConsultElement {
  static readonly tag: string = 'server-report';
  static override readonly parts: readonly string[] = ['details', 'summary'];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);
  /** `asking`: not answered yet; `missing`: the part of the library that asks did not load. */
  @state() private report: Report | 'asking' | 'missing' | 'no-server' = 'asking';
  /** The last list, which stays while the server does not answer. */
  #last: Answered | null = null;
  /** Aborted when the list is closed. */
  #shown: AbortController | null = null;
  #asking = false;
  /** The slice that the last question was about. */
  #about: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved within the page: an open list stays open, but fires no toggle event.
    if (this.renderRoot.querySelector('details')?.open) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.#room.value === undefined) return nothing;
    return html`
      <section class="stack">
        <h3>${this.t('server-report.heading')}</h3>
        <p class="small">${this.t('server-report.lead')}</p>
        <details part="details" @toggle=${this.#onToggle}>
          <summary part="summary">${this.t('server-report.open')}</summary>
          <div class="open">${this.#renderReport()}</div>
        </details>
      </section>
    `;
  }

  protected override updated(): void {
    // Someone came or left: the list follows at once.
    if (this.#shown && this.#about !== this.#room.value) void this.#ask();
  }

  #renderReport(): TemplateResult {
    const { report } = this;
    const said = this.#words(report);
    const list = typeof report === 'object' && report.step === 'answered' ? report : this.#last;
    return html`
      <p role="status" ?hidden=${said === ''}>${said}</p>
      ${list && report !== 'no-server' ? this.#renderList(list) : nothing}
    `;
  }

  /** What there is to say beside the list, or in its place; empty where the list says it all. */
  #words(report: typeof this.report): string {
    if (report === 'asking') return this.t('server-report.asking');
    if (report === 'no-server') return this.t('server-report.no-server');
    if (report === 'missing') return this.texts.error('part-unavailable').what;
    if (report.step === 'unknown') return this.t(`server-report.${report.why}`);
    if (report.trust === 'lacks-us') return this.t('server-report.lacks-us');
    return report.held.length === 0 ? this.t('server-report.nothing') : '';
  }

  #renderList({ asked, held }: Answered): TemplateResult {
    const at = new Intl.DateTimeFormat(this.texts.shown(), { timeStyle: 'medium' }).format(asked);
    return html`
      ${
        held.length === 0
          ? nothing
          : html`<ul class="held">
              ${heldRows(held).map((row) => this.#renderRow(row))}
            </ul>`
      }
      <p class="small">${this.t('server-report.address')}</p>
      <p class="small">${this.t('server-report.asked', at)}</p>
    `;
  }

  #renderRow(row: HeldRow): TemplateResult {
    const { since, deleted, ends } = row;
    return html`
      <li>
        <p>${this.#nameOf(row)}</p>
        <div class="times">
          ${since === null ? nothing : html`<span>${this.t('server-report.since', this.#time(since))}</span>`}
          <span>
            ${this.t(ends === 'by-time' ? 'server-report.deleted' : 'server-report.deleted.closed', this.#time(deleted))}
          </span>
        </div>
      </li>
    `;
  }

  #nameOf({ kind, item, count, details }: HeldRow): string {
    switch (kind) {
      case 'announcement':
        return this.t('server-report.held.announcement', details);
      case 'other':
        return this.t('server-report.held.other', details === '' ? item : `${item} (${details})`);
      case 'connection-guest':
      case 'code-connection':
      case 'admitted-keys':
      case 'relay-nonce':
        return this.t(`server-report.held.${kind}`, count);
      default:
        return this.t(`server-report.held.${kind}`);
    }
  }

  /** A time of today, or with its date. */
  #time(at: number): string {
    const isToday = new Date(at).toDateString() === new Date().toDateString();
    const style: Intl.DateTimeFormatOptions = { timeStyle: 'short', ...(isToday ? {} : { dateStyle: 'medium' }) };
    return new Intl.DateTimeFormat(this.texts.shown(), style).format(at);
  }

  #onToggle(event: Event): void {
    if ((event.target as HTMLDetailsElement).open) this.#begin();
    else this.#stop();
  }

  #begin(): void {
    this.#stop();
    const shown = new AbortController();
    this.#shown = shown;
    const { signal } = shown;
    const look = (): void => {
      if (!document.hidden) void this.#ask();
    };
    look();
    const timer = setInterval(look, EVERY);
    document.addEventListener('visibilitychange', look, { signal });
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  #stop(): void {
    this.#shown?.abort();
    this.#shown = null;
  }

  /** One question at a time: a slow server is not asked faster than it answers. */
  async #ask(): Promise<void> {
    const { room } = this.#room;
    if (this.#asking || !room) return;
    this.#asking = true;
    this.#about = this.#room.value;
    const report = await room.serverReport().catch(() => 'missing' as const);
    this.#asking = false;
    // Closed meanwhile: the next time it is opened the server is asked anew.
    if (!this.#shown) return;
    if (typeof report === 'object' && report?.step === 'answered') this.#last = report;
    this.report = report ?? 'no-server';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'server-report': ServerReport;
  }
}
