import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import {
  type DropReason,
  type Encryption,
  isSession,
  type LinkReport,
  type Path,
  type RoomState,
} from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { styles } from './connection-report.styles.ts';

interface Slice {
  readonly encryption: Encryption | null;
  /** Ids, names and paths as one string, so that only a change of these re-renders. */
  readonly people: string;
}

interface Person {
  readonly id: string;
  readonly name: string;
  readonly path: Path;
}

function select(room: RoomState): Slice | undefined {
  if (!isSession(room)) return undefined;
  const people: readonly Person[] = room.participants.map(({ id, name, path }) => ({ id, name, path }));
  return { encryption: room.encryption, people: JSON.stringify(people) };
}

/** How often the figures are updated while they are shown, in milliseconds. */
const EVERY = 2_000;

/** DTLS versions as sent on the wire (RFC 9147 §5.3, RFC 6347 §4.1). */
const DTLS: Readonly<Record<string, string>> = { FEFC: '1.3', FEFD: '1.2' };

function dtlsName({ version, cipher }: { readonly version: string; readonly cipher: string }): string {
  return [DTLS[version.toUpperCase()] ?? version, cipher].filter((part) => part !== '').join(', ');
}

/** Most worrying first. */
const REASONS: readonly DropReason[] = ['unauthenticated', 'malformed', 'unknownKey', 'waitedTooLong', 'noKey'];

/**
 * How this person is connected, in plain words first: directly or through a relay, and how it is encrypted. Technical details
 * are folded.
 *
 * @tag connection-report
 * @csspart details - The technical details.
 * @csspart summary - Unfolds the details.
 * @since 0.1.0
 */
export class ConnectionReport extends ConsultElement {
  static readonly tag: string = 'connection-report';
  static override readonly parts: readonly string[] = ['details', 'summary'];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);
  @state() private reports: readonly LinkReport[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved within the page: open details stay open, but fire no toggle event.
    if (this.renderRoot.querySelector('details')?.open) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const people = JSON.parse(slice.people) as readonly Person[];
    return html`
      <section class="stack">
        <h3>${this.t('connection-report.heading')}</h3>
        <ul class="paths">
          ${people.map(
            ({ name, path }) =>
              html`<li>
                ${icon(path === 'direct' ? 'arrow-left-right' : path === 'relay' ? 'route' : 'wifi-off')}
                <span translate="no">${this.t(`connection-report.path.${path}`, name)}</span>
              </li>`,
          )}
        </ul>
        <p class="small">${this.t('connection-report.encryption')}</p>
        <details part="details" @toggle=${this.#onToggle}>
          <summary part="summary">${this.t('connection-report.details')}</summary>
          ${this.#renderGroup(slice.encryption)} ${this.reports.map((report) => this.#renderReport(report, people))}
        </details>
      </section>
    `;
  }

  #renderGroup(encryption: Encryption | null): TemplateResult | typeof nothing {
    if (!encryption) return nothing;
    return html`<dl>
      ${this.#row('connection-report.suite', encryption.suite)}
      ${this.#row('connection-report.epoch', encryption.epoch)}
      ${this.#row('connection-report.frames', 'SFrame (RFC 9605), AES-256-GCM')}
    </dl>`;
  }

  #renderReport(report: LinkReport, people: readonly Person[]): TemplateResult {
    const { frames, dtls, srtp, codecs, roundTrip } = report;
    const number = (value: number): string => this.texts.number(value);
    return html`
      <h4><bdi>${people.find(({ id }) => id === report.id)?.name ?? ''}</bdi></h4>
      <dl>
        ${this.#row('connection-report.encrypted', number(frames.encrypted))}
        ${this.#row('connection-report.decrypted', number(frames.decrypted))}
        ${this.#row('connection-report.dropped', number(frames.dropped))}
        ${REASONS.filter((reason) => frames.reasons[reason] > 0).map((reason) =>
          this.#row(`connection-report.dropped.${reason}`, number(frames.reasons[reason])),
        )}
        ${frames.repeated > 0 ? this.#row('connection-report.repeated', number(frames.repeated)) : nothing}
      </dl>
      ${dtls || srtp ? html`<p class="small">${this.t('connection-report.transport')}</p>` : nothing}
      <dl>
        ${dtls ? this.#row('connection-report.dtls', dtlsName(dtls)) : nothing}
        ${srtp ? this.#row('connection-report.srtp', srtp) : nothing}
        ${codecs.length > 0 ? this.#row('connection-report.codecs', codecs.join(', ')) : nothing}
        ${roundTrip === null ? nothing : this.#row('connection-report.round-trip', `${number(roundTrip)} ms`)}
      </dl>
    `;
  }

  #row(label: Parameters<typeof this.t>[0] & `connection-report.${string}`, value: string): TemplateResult {
    return html`<div>
      <dt>${this.texts.term(label as 'connection-report.suite')}</dt>
      <dd><bdi>${value}</bdi></dd>
    </div>`;
  }

  #onToggle(event: Event): void {
    clearInterval(this.#timer);
    if ((event.target as HTMLDetailsElement).open) this.#begin();
  }

  #begin(): void {
    clearInterval(this.#timer);
    const read = async (): Promise<void> => {
      this.reports = (await this.#room.room?.reports()) ?? [];
    };
    void read();
    this.#timer = setInterval(() => void read(), EVERY);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'connection-report': ConnectionReport;
  }
}
