import { html, nothing, type TemplateResult } from 'lit';
import { isSession, type RoomState } from '../../room/state.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { styles } from './recording-guard.styles.ts';

interface Slice {
  /** Names of those whose agreement has come, as one string. */
  readonly agreed: string;
  readonly refused: boolean;
}

function select(state: RoomState): Slice | undefined {
  if (!isSession(state)) return undefined;
  // The agreement is part of the declaration: nobody can make one without it.
  const agreed = state.participants.filter(({ occupants }) => occupants !== null).map(({ name }) => name);
  return { agreed: JSON.stringify(agreed), refused: state.problems.some(({ code }) => code === 'recording-refused') };
}

/**
 * That nobody records [R16]: who agreed to it, whether something in the page has tried to, and in plain words what no web page can prevent.
 *
 * @tag recording-guard
 * @since 0.1.0
 */
export class RecordingGuard extends ConsultElement {
  /** @internal */
  static readonly tag: string = 'recording-guard';
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const agreed = JSON.parse(slice.agreed) as readonly string[];
    return html`
      <section class="stack">
        <h3>${this.t('recording-guard.heading')}</h3>
        <p class="agreed">
          ${icon('video-off')}
          <span
            >${agreed.length === 0 ? this.t('recording-guard.own') : this.t('recording-guard.agreed', this.texts.list(agreed))}</span
          >
        </p>
        ${slice.refused ? html`<p class="hint" role="status">${icon('triangle-alert')} <span>${this.t('recording-guard.refused')}</span></p>` : nothing}
        <p class="small">${this.t('recording-guard.limits')}</p>
      </section>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'recording-guard': RecordingGuard;
  }
}
