/** A direct way has appeared beside the relay, or is used by now: people choose whether to let the relay go [R7]. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { RoomInterface } from '../../room/room-api.ts';
import type { SessionState } from '../../room/state/state.ts';
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
    const found = participants.filter(({ relay }) => relay.step === 'granted' && relay.direct !== undefined);
    const open = found.filter(({ id }) => !this.#stays.has(id));
    if (open.length === 0) return nothing;
    const names = this.#texts.list(open.map(({ name }) => name));
    // Who is connected directly has nothing to gain by it but the end of the relay, and is told so.
    const used = open.every(({ relay }) => relay.step === 'granted' && relay.direct === 'used');
    return html`
      <div class="hint direct" role="group" aria-labelledby="direct">
        ${icon('arrow-left-right')}
        <p id="direct">
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
