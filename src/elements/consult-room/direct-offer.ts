/** A direct path has become available, or is already in use: people choose whether to drop the relay [R7]. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { RoomInterface, SessionState } from '../../room/room.ts';
import { icon } from '../../ui/icons.ts';
import type { Texts } from '../../ui/texts.ts';

export class DirectOffer {
  readonly #host: LitElement;
  readonly #texts: Texts;
  /** Participants for whom the person chose to keep the relay; others are asked about again. */
  #stays: ReadonlySet<string> = new Set();

  constructor(host: LitElement, texts: Texts) {
    this.#host = host;
    this.#texts = texts;
  }

  render({ participants }: SessionState, room: RoomInterface | undefined): TemplateResult | typeof nothing {
    const found = participants.filter(({ relay }) => relay.step === 'granted' && relay.direct !== undefined);
    const open = found.filter(({ id }) => !this.#stays.has(id));
    if (open.length === 0) return nothing;
    const names = this.#texts.list(open.map(({ name }) => name));
    // If the direct path is already used everywhere, all that changes is that the relay ends: say that.
    const used = open.every(({ relay }) => relay.step === 'granted' && relay.direct === 'used');
    return html`
      <div class="hint direct" role="group" aria-labelledby="direct">
        ${icon('arrow-left-right')}
        <p id="direct" translate="no">
          ${this.#texts.term(used ? 'consult-room.direct.used.text' : 'consult-room.direct.text', names)}
        </p>
        <div class="row">
          <button part="direct-button" @click=${() => room?.goDirect()}>
            ${this.#texts.term(used ? 'consult-room.direct.used.go' : 'consult-room.direct.go')}
          </button>
          <button part="stay-button" @click=${() => this.#stay(found.map(({ id }) => id))}>
            ${this.#texts.term('consult-room.direct.stay')}
          </button>
        </div>
      </div>
    `;
  }

  #stay(ids: readonly string[]): void {
    this.#stays = new Set([...this.#stays, ...ids]);
    this.#host.requestUpdate();
  }
}
