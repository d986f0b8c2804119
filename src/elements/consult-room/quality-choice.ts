/** When the connection is weak, people choose what happens to their picture; nothing changes silently [R18]. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { RoomInterface, SessionState } from '../../room/room.ts';
import { icon } from '../../ui/icons.ts';
import type { Texts } from '../../ui/texts.ts';

export class QualityChoice {
  readonly #host: LitElement;
  readonly #texts: Texts;
  /** Answered for this episode of weak connection; the next one asks again. */
  #answered = false;

  constructor(host: LitElement, texts: Texts) {
    this.#host = host;
    this.#texts = texts;
  }

  render(state: SessionState, room: RoomInterface | undefined): TemplateResult | typeof nothing {
    const weak = state.participants.some(({ quality }) => quality === 'weak');
    if (!weak) this.#answered = false;
    // While picture and sound are held there is nothing to decide.
    if (state.stale || !weak || this.#answered || !state.media.camera || !state.devices.camera) return nothing;
    const answer = (act: () => void) => (): void => {
      this.#answered = true;
      act();
      this.#host.requestUpdate();
    };
    return html`
      <div class="hint quality" role="group" aria-labelledby="quality">
        ${icon('wifi-off')}
        <p id="quality">${this.#texts.term('consult-room.quality.text')}</p>
        <div class="row">
          <button part="audio-only-button" @click=${answer(() => room?.setCamera(false))}>
            ${icon('video-off')} ${this.#texts.term('consult-room.quality.audio-only')}
          </button>
          <button part="keep-button" @click=${answer(() => undefined)}>
            ${this.#texts.term('consult-room.quality.keep')}
          </button>
        </div>
      </div>
    `;
  }
}
