/** Loads the rare elements of a room when it shows the first of them, and says so over the call where they cannot be loaded. */
import { html, nothing, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import { asConsultError } from '../errors.ts';
import { dispatchConsultEvent } from '../events.ts';
import { isSession, type RoomInterface } from '../room/room.ts';
import { icon } from '../ui/icons.ts';
import type { Texts } from '../ui/texts.ts';
import { untilLoaded } from '../util/until-loaded.ts';
import { whenIdle } from '../util/when-idle.ts';
import { fetchAhead } from './fetch-ahead.ts';
import { loadRare } from './load-rare.ts';
import { loadTrouble } from './load-trouble.ts';
import { MISSING } from './rare-tags.ts';

/** `<consult-room>` as far as this is concerned. */
type Host = LitElement & { readonly room: RoomInterface | undefined };

export class RareElementsOfRoom implements ReactiveController {
  readonly #host: Host;
  readonly #texts: Texts;
  #step: 'late' | 'loading' | 'failed' | 'there' = 'late';
  #ahead: 'no' | 'fetched' = 'no';

  constructor(host: Host, texts: Texts) {
    this.#host = host;
    this.#texts = texts;
    host.addController(this);
    // What is folded needs no content; this event does not bubble.
    host.renderRoot.addEventListener('toggle', () => void this.#load(), true);
  }

  hostUpdated(): void {
    void this.#load();
    const { room } = this.#host;
    if (this.#ahead === 'fetched' || !room || !isSession(room.state)) return;
    this.#ahead = 'fetched';
    whenIdle(fetchAhead);
  }

  /** Over a call, which continues: what was to be shown is tried again by itself. */
  render(): TemplateResult | typeof nothing {
    if (this.#step !== 'failed') return nothing;
    const { what, advice } = this.#texts.error('part-unavailable');
    return html`<div class="missing hint" role="alert">
      ${icon('info')}
      <p>${what} ${advice}</p>
    </div>`;
  }

  async #load(): Promise<void> {
    if (this.#step !== 'late' || !this.#lacks) return;
    this.#step = 'loading';
    await untilLoaded(
      () => Promise.all([loadTrouble(), loadRare()]),
      (error) => {
        this.#step = 'failed';
        const { code, message } = asConsultError(error, 'part-unavailable');
        dispatchConsultEvent(this.#host, 'consult-error', { code, message });
        this.#host.requestUpdate();
      },
    );
    this.#step = 'there';
    this.#host.requestUpdate();
  }

  /** Whether an element or a screen is to be shown that is not there. */
  get #lacks(): boolean {
    return [...this.#host.renderRoot.querySelectorAll(`${MISSING},.late`)].some(
      (element) =>
        !element.closest('details:not([open])') && (element.localName !== 'relay-consent-dialog' || this.#isAsked),
    );
  }

  /** The dialog stands in every session, and most ask nothing. */
  get #isAsked(): boolean {
    const { state } = this.#host.room ?? {};
    return state !== undefined && isSession(state) && state.participants.some(({ relay }) => relay.step === 'asked');
  }
}
