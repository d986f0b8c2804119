import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import {
  isSession,
  mayStream,
  type MediaNotice,
  mediaNoticeOf,
  type Participant,
  type RelayQuestion,
  type RoomState,
} from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { hostMark } from '../../ui/host-mark.ts';
import { icon, type IconName } from '../../ui/icons.ts';
import { mediaSource } from '../../ui/media-source.ts';
import { PressGuard } from '../../ui/press-guard.ts';
import { RoomController } from '../../ui/room-controller.ts';
import type { TextKey } from '../../ui/texts.ts';
import { fit } from './fit.ts';
import { styles } from './participant-tile.styles.ts';
import { Watermark } from './watermark.ts';

export type TileKind = 'camera' | 'screen';

/** Detail of the event that tells the grid the shape of a camera. */
export interface TileShape {
  readonly id: string;
  readonly aspect: number;
}

const percent = (share: number): string => (share * 100).toFixed(2);

/** Whether this person still has to acknowledge the participant's declaration. */
export function awaitsUs({ acknowledged, occupants, media }: Participant): boolean {
  return !acknowledged.byUs && occupants !== null && media.paused !== 'someone-came-in';
}

type Slice =
  | {
      readonly who: 'self';
      readonly name: string;
      readonly media: MediaNotice;
      readonly camera: boolean;
      readonly standIn: boolean;
    }
  | {
      readonly who: 'other';
      readonly person: Participant;
      readonly viewer: string;
      /** Whether this tile is pinned; `alone` where there is no other to choose from. */
      readonly pin: 'alone' | 'off' | 'on';
    };

/** What the question of the relay has to do with it [R9]: others in the room go on, so it is said where the picture would be. */
function relayReason(relay: RelayQuestion): TextKey | null {
  if (relay.step === 'declined' || relay.step === 'withdrawn') return `participant-tile.relay.${relay.step}`;
  if (relay.step !== 'asked') return null;
  return relay.ours === 'open' ? 'participant-tile.relay.open' : 'participant-tile.relay.awaited';
}

/** Why there is no picture to see, in the order in which it matters; null where there is one. */
function reasonOf(p: Participant): TextKey | null {
  if (p.encryption === 'broken') return 'participant-tile.encryption.broken';
  const relay = p.connection === 'connected' ? null : relayReason(p.relay);
  if (relay) return relay;
  if (p.retrying) return 'participant-tile.connection.failed';
  if (p.media.paused !== 'no') return `participant-tile.paused.${p.media.paused}`;
  if (!mayStream(p)) return 'participant-tile.awaiting';
  if (p.connection === 'none' || p.connection === 'connecting') return `participant-tile.connection.${p.connection}`;
  return p.encryption === 'pending' ? 'participant-tile.encryption.pending' : null;
}

/**
 * One person's picture and sound, or one shared screen, with the name, what is off, how the path runs, and who speaks. The own
 * picture is mirrored and silent. Whatever keeps the picture away is said in words. Over another's picture stands faintly who is
 * looking at it and when, so that a filmed screen tells whose it was.
 *
 * @tag participant-tile
 * @csspart video - The picture.
 * @csspart acknowledge-button - Acknowledges the declaration of this person.
 * @csspart pin-button - In a group: shows this person large, or no longer.
 * @csspart watermark - Who is looking, over the picture.
 * @csspart host-mark - The mark beside the name of the counsellor.
 * @csspart sound-button - Turns the sound on, where the browser waits for a press.
 * @cssproperty [--consult-color-speaking=#f4c26b] - The line around who speaks.
 * @since 0.1.0
 */
export class ParticipantTile extends ConsultElement {
  static readonly tag: string = 'participant-tile';
  static override readonly parts: readonly string[] = [
    'video',
    'watermark',
    'acknowledge-button',
    'pin-button',
    'host-mark',
    'sound-button',
  ];
  static override readonly styles = [ConsultElement.styles, styles];

  /** Whose tile it is: a participant's id, or `self`. */
  @property({ attribute: 'participant-id' }) participantId = 'self';

  /** Which of their streams. */
  @property() kind: TileKind = 'camera';

  @state() private soundBlocked = false;

  readonly #room = new RoomController(this, (room) => this.#select(room));
  readonly #watermark = new Watermark(this);
  readonly #guard = new PressGuard();

  /** Size of the picture within the tile: in a stylesheet, because a strict CSP forbids `style` attributes. */
  #fit: CSSStyleSheet | undefined;

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    this.#fit = new CSSStyleSheet();
    if (root instanceof ShadowRoot) root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#fit];
    return root;
  }

  #select(room: RoomState): Slice | undefined {
    if (!isSession(room)) return undefined;
    if (this.participantId === 'self')
      return {
        who: 'self',
        name: room.name,
        media: mediaNoticeOf(room),
        camera: room.devices.camera,
        standIn: room.authority === 'stand-in',
      };
    const person = room.participants.find(({ id }) => id === this.participantId);
    const { layout, participants } = room;
    const pinned = layout.kind === 'pinned' && layout.id === this.participantId;
    const pin = participants.length < 2 ? 'alone' : pinned ? 'on' : 'off';
    return person && { who: 'other', person, viewer: room.name, pin };
  }

  protected override updated(): void {
    const slice = this.#room.value;
    this.#guard.rendered(slice?.who === 'other' ? `${slice.person.id} ${slice.person.occupants?.hash ?? ''}` : '');
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    return slice.who === 'self' ? this.#renderSelf(slice) : this.#renderOther(slice);
  }

  #renderSelf({ media, camera, name, standIn }: Extract<Slice, { who: 'self' }>): TemplateResult {
    const screen = this.kind === 'screen';
    const reason: TextKey | null = screen
      ? null
      : media.paused !== 'no'
        ? `participant-tile.paused.${media.paused}`
        : media.camera && camera
          ? null
          : 'participant-tile.camera-off';
    const label = this.t(screen ? 'participant-tile.screen.self' : 'participant-tile.self');
    return html`
      <div class=${classMap({ tile: true, self: true, [this.kind]: true, dark: reason !== null })}>
        ${this.#renderVideo('self', label)} ${reason ? this.#renderInstead(name, reason) : nothing}
        <div class="plate">
          <bdi>${label}</bdi> ${media.microphone || screen ? nothing : icon('mic-off')}
          ${standIn && !screen ? this.#renderStandIn() : nothing}
        </div>
      </div>
    `;
  }

  #renderOther({ person, viewer, pin }: Extract<Slice, { who: 'other' }>): TemplateResult {
    const { id, name, media, streams, speaking } = person;
    const screen = this.kind === 'screen';
    const asked = !screen && awaitsUs(person);
    const reason = reasonOf(person);
    const cameraOff: TextKey | null =
      !screen && !(media.camera && streams.camera) ? 'participant-tile.camera-off' : null;
    const instead = reason ?? cameraOff;
    const label = screen ? this.t('participant-tile.screen', name) : name;
    const classes = { tile: true, [this.kind]: true, dark: asked || instead !== null, speaking: speaking && !screen };
    return html`
      <div class=${classMap(classes)}>
        ${this.#renderVideo(id, label)}
        ${
          asked
            ? this.#renderAsk(person)
            : instead
              ? this.#renderInstead(name, instead)
              : this.#watermark.render(viewer, this.texts.lang())
        }
        ${
          this.soundBlocked && streams.audio && !screen
            ? html`<button part="sound-button" class="primary sound" @click=${this.#onSound}>
                ${icon('volume-2')} ${this.t('participant-tile.sound')}
              </button>`
            : nothing
        }
        ${asked ? nothing : this.#renderPlate(person, label)}
        ${screen || asked || pin === 'alone' ? nothing : this.#renderPin(person, pin)}
      </div>
    `;
  }

  /** The declaration of a person who is not confirmed yet: it concerns their tile and covers nobody else [R13]. */
  #renderAsk(person: Participant): TemplateResult {
    const { id, name, occupants } = person;
    const { people = [], hash = '' } = occupants ?? {};
    return html`<div class="ask" translate="no">
      <p class="said">
        ${
          people.length === 0
            ? this.t('room-occupants-notice.theirs.alone', name)
            : this.t('room-occupants-notice.theirs.people', name, this.texts.list(people))
        }
        ${hostMark(this.texts, person)}
      </p>
      <p class="rules">${this.t('room-occupants-notice.theirs.rules')}</p>
      <button
        part="acknowledge-button"
        class="primary"
        aria-label=${this.t('room-occupants-notice.acknowledge.label', name)}
        @click=${(event: MouseEvent) =>
          this.#guard.allows(event) ? this.#room.room?.acknowledgeOccupants(id, hash) : undefined}
      >
        ${this.t('room-occupants-notice.acknowledge')}
      </button>
    </div>`;
  }

  /** One plate: who it is, what is off, who speaks, and how the path runs, in icons; the words are for screen readers and titles. */
  #renderPlate(person: Participant, label: string): TemplateResult {
    const { media, speaking } = person;
    const screen = this.kind === 'screen';
    return html`<div class="plate">
      ${speaking && !screen ? html`<span class="voice" aria-hidden="true"></span>` : nothing}
      ${this.#renderMuted(media)}<bdi translate=${screen ? nothing : 'no'}>${label}</bdi>
      ${person.host && !screen ? this.#renderHost() : nothing} ${this.#renderSpeaking(speaking)}
      ${screen ? nothing : this.#renderTold(person)} ${screen ? nothing : this.#renderConnection(person)}
    </div>`;
  }

  /** The mark of the host in words, or in a small tile as a sign: there the name needs the room. */
  #renderHost(): TemplateResult {
    const words = this.texts.term('host-mark');
    return html`<span class="host-mark" part="host-mark" title=${words}
      >${icon('handshake')}<span>${words}</span></span
    >`;
  }

  #renderPin({ id, name }: Participant, pin: 'off' | 'on'): TemplateResult {
    const label = this.t(pin === 'on' ? 'participant-tile.unpin' : 'participant-tile.pin', name);
    return html`<button
      class="pin"
      part="pin-button"
      aria-label=${label}
      title=${label}
      aria-pressed=${pin === 'on' ? 'true' : 'false'}
      @click=${() => this.#room.room?.pin(pin === 'on' ? null : id)}
    >
      ${icon('pin')}
    </button>`;
  }

  /** Who leads where the host is lost: everyone knows it beforehand. */
  #renderStandIn(): TemplateResult {
    const words = this.t('host-tools.stand-in');
    return this.#renderSign('umbrella', words, words);
  }

  /** What they told the room without words, and the role that the host gave them. */
  #renderTold({ hand, break: wanted, role, standIn }: Participant): TemplateResult {
    const sign = (name: IconName, key: TextKey): TemplateResult =>
      this.#renderSign(name, this.texts.term(key), this.texts.term(key));
    return html`
      ${standIn ? this.#renderStandIn() : nothing}
      ${role === 'interpreter' ? sign('languages', 'participant-tile.interpreter') : nothing}
      ${hand ? sign('hand', 'participant-tile.hand') : nothing}
      ${wanted ? sign('coffee', 'participant-tile.break') : nothing}
    `;
  }

  #renderVideo(id: string, label: string): TemplateResult {
    // Audio comes with the camera's stream, so the element stays even when there is no picture.
    return html`<video
      part="video"
      autoplay
      playsinline
      disablepictureinpicture
      disableremoteplayback
      controlslist="nodownload noremoteplayback"
      aria-label=${label}
      .muted=${id === 'self' || this.kind === 'screen'}
      @resize=${this.#onShape}
      @loadedmetadata=${this.#onShape}
      ${mediaSource({ room: this.#room.room ?? null, id, kind: this.kind, onBlocked: this.#onBlocked })}
    ></video>`;
  }

  #renderInstead(name: string, reason: TextKey): TemplateResult {
    const lang = this.texts.lang();
    const [first] = new Intl.Segmenter(lang, { granularity: 'grapheme' }).segment(name);
    const letter = first?.segment.toLocaleUpperCase(lang) ?? '';
    return html`<div class="instead">
      <div class="initial" translate="no" aria-hidden="true"><span>${letter}</span></div>
      <p>${this.texts.term(reason)}</p>
    </div>`;
  }

  #renderMuted({ microphone }: MediaNotice): TemplateResult | typeof nothing {
    if (microphone || this.kind === 'screen') return nothing;
    return html`${icon('mic-off')}<span class="visually-hidden">${this.t('participant-tile.muted')}:</span>`;
  }

  #renderSpeaking(speaking: boolean): TemplateResult | typeof nothing {
    return speaking ? html`<span class="visually-hidden">${this.t('participant-tile.speaking')}</span>` : nothing;
  }

  #renderConnection({ connection, path, quality }: Participant): TemplateResult | typeof nothing {
    if (connection === 'interrupted')
      return this.#renderSign(
        'wifi-off',
        this.t('participant-tile.connection.interrupted.short'),
        this.t('participant-tile.connection.interrupted'),
      );
    if (connection !== 'connected' || path === 'none') return nothing;
    const way = this.t(`participant-tile.path.${path}.short`);
    const weak = this.t('participant-tile.quality.weak');
    return html`
      ${
        path === 'relay'
          ? this.#renderSign('server', way, this.t('participant-tile.path.relay'))
          : html`<span class="visually-hidden">${way}</span>`
      }
      ${quality === 'weak' ? this.#renderSign('wifi-off', weak, weak) : nothing}
    `;
  }

  #renderSign(name: IconName, words: string, title: string): TemplateResult {
    return html`<span class="sign" title=${title}>${icon(name)}<span class="visually-hidden">${words}</span></span>`;
  }

  /** Width by height of the camera's picture; null before there is one. */
  get #aspect(): number | null {
    const video = this.renderRoot.querySelector('video');
    return video?.videoWidth && this.kind === 'camera' ? video.videoWidth / video.videoHeight : null;
  }

  /** At least three quarters of a camera are visible, whatever its shape and that of the tile. */
  readonly #onShape = (): void => {
    const aspect = this.#aspect;
    if (aspect === null) return;
    const { inline, block } = fit(aspect);
    this.#fit?.replaceSync(
      `video { inline-size: min(100cqi, ${percent(inline)}cqb); block-size: min(100cqb, ${percent(block)}cqi) }`,
    );
    const detail: TileShape = { id: this.participantId, aspect };
    this.dispatchEvent(new CustomEvent('tile-shape', { detail, bubbles: true }));
  };

  readonly #onBlocked = (): void => {
    this.soundBlocked = true;
  };

  readonly #onSound = (): void => {
    // Within the gesture the browser lets it play; should it not, the callback brings the button back.
    this.soundBlocked = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'participant-tile': ParticipantTile;
  }
}
