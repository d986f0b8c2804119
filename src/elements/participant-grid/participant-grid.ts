import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isSession, type RoomState } from '../../room/room.ts';
import { ConsultElement, type ConsultElementClass } from '../../ui/consult-element.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { SelfViewController } from '../../ui/self-view.ts';
import { ParticipantTile } from '../participant-tile/participant-tile.ts';
import { styles } from './participant-grid.styles.ts';

interface Slice {
  /** Joined ids: the grid re-renders when participants join or leave, not when one speaks. */
  readonly people: string;
  readonly screens: string;
  readonly ownScreen: boolean;
}

function select(room: RoomState): Slice | undefined {
  if (!isSession(room)) return undefined;
  const ids = (list: typeof room.participants): string => list.map(({ id }) => id).join(' ');
  return {
    people: ids(room.participants),
    screens: ids(room.participants.filter(({ media, streams }) => media.screen && streams.screen)),
    ownScreen: room.media.screen,
  };
}

function split(ids: string): readonly string[] {
  return ids === '' ? [] : ids.split(' ');
}

/**
 * Shows everyone in the session, shared screens first. The self view is hidden until a person asks for it: body image matters
 * to many who come here [R15].
 *
 * @tag participant-grid
 * @csspart video - The pictures of its tiles.
 * @csspart watermark - The viewer's name and the time, over others' pictures.
 * @since 0.1.0
 */
export class ParticipantGrid extends ConsultElement {
  /** @internal */
  static readonly tag: string = 'participant-grid';
  /** @internal */
  static override readonly uses: readonly ConsultElementClass[] = [ParticipantTile];
  /** @internal */
  static override readonly parts: readonly string[] = ParticipantTile.parts;
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);
  readonly #selfView = new SelfViewController(this, () => this.#room.room);

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const people = split(slice.people);
    const screens = [...split(slice.screens), ...(slice.ownScreen ? ['self'] : [])];
    if (people.length === 0 && screens.length === 0)
      return html`<div class="alone"><p>${this.t('participant-grid.alone')}</p></div>
        ${this.#renderOwn()}`;
    const tiles = [
      ...screens.map((id) => ({ id, kind: 'screen' as const })),
      ...people.map((id) => ({ id, kind: 'camera' as const })),
    ];
    const layout =
      screens.length > 0
        ? `showing screens-${String(Math.min(2, screens.length))}`
        : `of-${String(Math.min(9, people.length))}`;
    return html`
      <ul class="grid ${layout}" aria-label=${this.t('participant-grid.label')}>
        ${repeat(
          tiles,
          ({ id, kind }) => `${kind} ${id}`,
          ({ id, kind }) => html`
            <li class="cell ${kind}">
              <participant-tile exportparts="video, watermark" participant-id=${id} kind=${kind}></participant-tile>
            </li>
          `,
        )}
      </ul>
      ${this.#renderOwn()}
    `;
  }

  #renderOwn(): TemplateResult | typeof nothing {
    if (!this.#selfView.shown) return nothing;
    return html`<participant-tile class="own" exportparts="video, watermark" participant-id="self"></participant-tile>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'participant-grid': ParticipantGrid;
  }
}
