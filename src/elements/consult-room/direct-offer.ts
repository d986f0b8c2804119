/** A direct way has appeared beside the relay: people choose whether to take it; nothing moves by itself [R7]. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { RoomInterface } from '../../room/room-interface.ts';
import type { SessionState } from '../../room/state.ts';
import { icon } from '../../ui/icons.ts';
import type { Texts } from '../../ui/texts.ts';

export class DirectOffer {
  readonly #host: LitElement;
  readonly #texts: Texts;
  /** Whom the answer «stay» was about; somebody else is asked about again. */
  #stays: ReadonlySet<string> = new Set();

  constructor(host: LitElement, texts: Texts) {
    this.#host = host;
    this.#texts = texts;
  }

  render({ participants }: SessionState, room: RoomInterface | undefined): TemplateResult | typeof nothing {
    const found = participants.filter(({ relay }) => relay.step === 'granted' && relay.direct === 'found');
    const names = found.filter(({ id }) => !this.#stays.has(id)).map(({ name }) => name);
    if (names.length === 0) return nothing;
    return html`
      <div class="hint direct" role="group" aria-labelledby="direct">
        ${icon('arrow-left-right')}
        <p id="direct">${this.#texts.term('consult-room.direct.text', this.#texts.list(names))}</p>
        <div class="row">
          <button part="direct-button" @click=${() => room?.goDirect()}>
            ${this.#texts.term('consult-room.direct.go')}
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
