import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isSession, type RoomState, type SessionState } from '../../room/room.ts';
import { ConsultElement, type ConsultElementClass } from '../../ui/consult-element.ts';
import { sentenceWithNames } from '../../ui/host-mark.ts';
import { PressGuard } from '../../ui/press-guard.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { SelfViewController } from '../../ui/self-view.ts';
import { awaitsUs, ParticipantTile, type TileShape } from '../participant-tile/participant-tile.ts';
import { arrange, rangeFor, SCREEN_SHAPE } from './packing.ts';
import { styles } from './participant-grid.styles.ts';

interface Slice {
  /** Joined ids: the grid re-renders when participants join or leave, not when one speaks. */
  readonly people: string;
  readonly screens: string;
  readonly ownScreen: boolean;
  /** Who is alone and has not been acknowledged by this person. */
  readonly alone: string;
  readonly layout: 'grid' | 'speaker' | 'pinned';
  /** Whom the layout may show large: the pinned person, or those who speak now. */
  readonly candidates: string;
}

/** Whom the layout may show large. The grid does not render again for a voice. */
function candidatesOf({ layout, participants }: SessionState): readonly string[] {
  if (layout.kind === 'pinned') return [layout.id];
  if (layout.kind === 'grid') return [];
  return participants.filter(({ speaking }) => speaking).map(({ id }) => id);
}

function select(room: RoomState): Slice | undefined {
  if (!isSession(room)) return undefined;
  const ids = (list: typeof room.participants): string => list.map(({ id }) => id).join(' ');
  return {
    people: ids(room.participants),
    screens: ids(room.participants.filter(({ media, streams }) => media.screen && streams.screen)),
    ownScreen: room.media.screen,
    alone: ids(room.participants.filter((p) => awaitsUs(p) && p.occupants?.people.length === 0)),
    layout: room.layout.kind,
    candidates: candidatesOf(room).join(' '),
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
 * @csspart acknowledge-button - Acknowledges the declaration of the person in this tile.
 * @csspart acknowledge-all-button - Acknowledges everyone who is alone, by one press.
 * @csspart pin-button - In a group: shows the person of this tile large, or no longer.
 * @csspart watermark - The viewer's name and the time, over others' pictures.
 * @csspart host-mark - The mark beside the name of the counsellor.
 * @csspart sound-button - Turns the sound of a tile on, where the browser waits for a press.
 * @since 0.1.0
 */
export class ParticipantGrid extends ConsultElement {
  static readonly tag: string = 'participant-grid';
  static override readonly uses: readonly ConsultElementClass[] = [ParticipantTile];
  static override readonly parts: readonly string[] = [...ParticipantTile.parts, 'acknowledge-all-button'];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);
  readonly #guard = new PressGuard();
  readonly #selfView = new SelfViewController(this, () => this.#room.room);

  /** Whom the `speaker` layout shows large: who speaks, and after that who spoke last, so that nothing jumps in a silence. */
  #speaker: string | null = null;

  /** Sizes and places of the tiles: in a stylesheet, because a strict CSP forbids `style` attributes. */
  #places: CSSStyleSheet | undefined;
  #boxes = '';
  /** Aspect ratios of the cameras as they arrive, by participant. */
  readonly #aspects = new Map<string, number>();
  readonly #size = new ResizeObserver(() => this.#place());

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    this.#places = new CSSStyleSheet();
    if (root instanceof ShadowRoot) root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#places];
    root.addEventListener('tile-shape', this.#onShape);
    return root;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
  }

  protected override updated(): void {
    this.#guard.rendered(this.#room.value?.alone ?? '');
    this.#place();
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const people = split(slice.people);
    const screens = [...split(slice.screens), ...(slice.ownScreen ? ['self'] : [])];
    if (people.length === 0 && screens.length === 0)
      return html`<div class="alone"><p>${this.t('participant-grid.alone')}</p></div>
        ${this.#renderOwn()}`;
    // With two others or more, the own picture is a tile among the others.
    const own = this.#selfView.shown && people.length > 1 ? ['self'] : [];
    const tiles = [
      ...screens.map((id) => ({ id, kind: 'screen' as const })),
      ...[...people, ...own].map((id) => ({ id, kind: 'camera' as const })),
    ];
    const large = people.length + own.length > 1 ? this.#largeOf(slice, people) : null;
    return html`
      <div class="frame">
        ${this.#renderAskAll(split(slice.alone))}
        <ul class="grid" aria-label=${this.t('participant-grid.label')}>
          ${repeat(
            tiles,
            ({ id, kind }) => `${kind} ${id}`,
            ({ id, kind }) => html`
              <li class="cell ${kind} ${kind === 'camera' && id === large ? 'large' : ''}">
                <participant-tile
                  exportparts=${ParticipantTile.parts.join(', ')}
                  participant-id=${id}
                  kind=${kind}
                ></participant-tile>
              </li>
            `,
          )}
        </ul>
      </div>
      ${own.length > 0 ? nothing : this.#renderOwn()}
    `;
  }

  /** One press for all who are alone; each of them gets an acknowledgement of their own [R13]. */
  #renderAskAll(ids: readonly string[]): TemplateResult | typeof nothing {
    const { room } = this.#room;
    if (ids.length < 2 || !room || !isSession(room.state)) return nothing;
    const asked = room.state.participants.filter(({ id }) => ids.includes(id));
    return html`<div class="all" translate="no">
      <p>${sentenceWithNames(this.texts, (names) => this.t('participant-grid.alone-all', names), asked)}</p>
      <button
        part="acknowledge-all-button"
        class="primary"
        @click=${(event: MouseEvent) => {
          if (!this.#guard.allows(event)) return;
          for (const { id, occupants } of asked) room.acknowledgeOccupants(id, occupants?.hash);
        }}
      >
        ${this.t('participant-grid.acknowledge-all')}
      </button>
    </div>`;
  }

  #largeOf({ layout, candidates }: Slice, people: readonly string[]): string | null {
    const now = split(candidates);
    if (layout === 'pinned') return now[0] ?? null;
    const stays =
      this.#speaker !== null && people.includes(this.#speaker) && (now.length === 0 || now.includes(this.#speaker));
    this.#speaker = layout === 'speaker' ? (stays ? this.#speaker : (now[0] ?? null)) : null;
    return this.#speaker;
  }

  #renderOwn(): TemplateResult | typeof nothing {
    if (!this.#selfView.shown) return nothing;
    return html`<participant-tile class="own" exportparts="video, watermark" participant-id="self"></participant-tile>`;
  }

  readonly #onShape = (event: Event): void => {
    const { id, aspect } = (event as CustomEvent<TileShape>).detail;
    if (this.#aspects.get(id) === aspect) return;
    this.#aspects.set(id, aspect);
    this.#place();
  };

  #place(): void {
    const grid = this.renderRoot.querySelector<HTMLElement>('.grid');
    if (!grid) return;
    const cells = [...grid.querySelectorAll('.cell')];
    const isBig = (cell: Element): boolean => cell.classList.contains('screen') || cell.classList.contains('large');
    const big = cells.filter(isBig);
    // The tiles stay in their order in the document, so that no video is moved and restarted; only their places change.
    const places = [...big, ...cells.filter((cell) => !isBig(cell))];
    const ids = new Set(
      [...grid.querySelectorAll('.camera participant-tile')].map((tile) => tile.getAttribute('participant-id')),
    );
    for (const id of this.#aspects.keys()) if (!ids.has(id)) this.#aspects.delete(id);
    const stage = { x: 0, y: 0, width: grid.clientWidth, height: grid.clientHeight };
    const range = rangeFor([...this.#aspects.values()]);
    const narrowest = big.some((cell) => cell.classList.contains('screen')) ? SCREEN_SHAPE : range.min;
    const boxes = arrange(big.length, cells.length - big.length, stage, { range, narrowest });
    const rules = boxes.map(
      ({ x, y, width, height }, index) =>
        `.cell:nth-child(${String(cells.indexOf(places[index] ?? grid) + 1)}) {` +
        `inset-inline-start: ${px(x)}; inset-block-start: ${px(y)}; inline-size: ${px(width)}; block-size: ${px(height)} }`,
    );
    const next = rules.join('\n');
    if (next === this.#boxes) return;
    this.#boxes = next;
    this.#places?.replaceSync(next);
  }
}

const px = (value: number): string => `${value.toFixed(1)}px`;

declare global {
  interface HTMLElementTagNameMap {
    'participant-grid': ParticipantGrid;
  }
}
