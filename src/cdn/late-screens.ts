/**
 * In the CDN folder, what the session's screens of pauses, relays, weak connections, panels and questions of the host are elsewhere (vite.config.ts):
 * few calls show one. Nothing of them until they are there, which is long before a session.
 */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { DirectOffer as WholeDirectOffer } from '../elements/consult-room/direct-offer.ts';
import type { QualityChoice as WholeQualityChoice } from '../elements/consult-room/quality-choice.ts';
import type { renderHandOverWord as wholeHandOverWord } from '../elements/consult-room/screens/hand-over-word.ts';
import type { renderHostWord as wholeHostWord } from '../elements/consult-room/screens/host-word.ts';
import type { renderNoConnection as wholeNoConnection } from '../elements/consult-room/screens/no-connection-screen.ts';
import type { renderPaused as wholePaused } from '../elements/consult-room/screens/paused-screen.ts';
import type { renderRelayPending as wholeRelayPending } from '../elements/consult-room/screens/relay-pending-screen.ts';
import type { renderRelayState as wholeRelayState } from '../elements/consult-room/screens/relay-state.ts';
import type { renderSidePanel as wholeSidePanel } from '../elements/consult-room/screens/side-panel.ts';
import type { renderDeclarations as wholeDeclarations } from '../elements/room-occupants-notice/declarations.ts';
import type { RoomInterface, SessionState } from '../room/room.ts';
import type { Texts } from '../ui/texts.ts';

export interface LateScreens {
  readonly DirectOffer: typeof WholeDirectOffer;
  readonly QualityChoice: typeof WholeQualityChoice;
  readonly renderDeclarations: typeof wholeDeclarations;
  readonly renderHandOverWord: typeof wholeHandOverWord;
  readonly renderHostWord: typeof wholeHostWord;
  readonly renderNoConnection: typeof wholeNoConnection;
  readonly renderPaused: typeof wholePaused;
  readonly renderRelayPending: typeof wholeRelayPending;
  readonly renderRelayState: typeof wholeRelayState;
  readonly renderSidePanel: typeof wholeSidePanel;
}

let late: LateScreens | null = null;

export function addScreens(screens: LateScreens): void {
  late = screens;
}

/** A choice that remembers what people answered. */
interface Choice {
  render(state: SessionState, room: RoomInterface | undefined): TemplateResult | typeof nothing;
}

const choice = (kind: 'DirectOffer' | 'QualityChoice'): new (host: LitElement, texts: Texts) => Choice =>
  class implements Choice {
    readonly #host: LitElement;
    readonly #texts: Texts;
    #whole: Choice | undefined;

    constructor(host: LitElement, texts: Texts) {
      this.#host = host;
      this.#texts = texts;
    }

    render(state: SessionState, room: RoomInterface | undefined): TemplateResult | typeof nothing {
      this.#whole ??= late ? new late[kind](this.#host, this.#texts) : undefined;
      return this.#whole?.render(state, room) ?? nothing;
    }
  };

export const DirectOffer = choice('DirectOffer');
export const QualityChoice = choice('QualityChoice');

type Rendered = TemplateResult | typeof nothing;

export const renderHandOverWord = (...given: Parameters<typeof wholeHandOverWord>): Rendered =>
  late?.renderHandOverWord(...given) ?? nothing;
export const renderHostWord = (...given: Parameters<typeof wholeHostWord>): Rendered =>
  late?.renderHostWord(...given) ?? nothing;
export const renderNoConnection = (...given: Parameters<typeof wholeNoConnection>): TemplateResult | null =>
  late?.renderNoConnection(...given) ?? null;
/** Nobody is acknowledged without it [R13]. */
export const renderDeclarations = (...given: Parameters<typeof wholeDeclarations>): Rendered =>
  late?.renderDeclarations(...given) ?? nothing;

/** What people wait for: while one stands in a room that has no screens, `rare-elements-of-room.ts` loads them, and says so where it cannot. */
const missing = html`<div class="late" hidden></div>`;

/** Empty rather than the pictures, which a pause hides. */
export const renderPaused = (...given: Parameters<typeof wholePaused>): TemplateResult =>
  late?.renderPaused(...given) ?? missing;
export const renderSidePanel = (...given: Parameters<typeof wholeSidePanel>): TemplateResult =>
  late?.renderSidePanel(...given) ?? missing;
export const renderRelayPending = (...given: Parameters<typeof wholeRelayPending>): TemplateResult | null =>
  late?.renderRelayPending(...given) ?? null;
export const renderRelayState = (...given: Parameters<typeof wholeRelayState>): Rendered =>
  late?.renderRelayState(...given) ?? nothing;
