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
import { icon } from '../../ui/icons.ts';
import { mediaSource } from '../../ui/media-source.ts';
import { RoomController } from '../../ui/room-controller.ts';
import type { TextKey } from '../../ui/texts.ts';
import { styles } from './participant-tile.styles.ts';
import { Watermark } from './watermark.ts';

export type TileKind = 'camera' | 'screen';

type Slice =
  | { readonly who: 'self'; readonly name: string; readonly media: MediaNotice; readonly camera: boolean }
  | { readonly who: 'other'; readonly person: Participant; readonly viewer: string };

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
 * @csspart watermark - Who is looking, over the picture.
 * @cssproperty [--consult-color-speaking=#f2b964] - The line around who speaks.
 * @since 0.1.0
 */
export class ParticipantTile extends ConsultElement {
  /** @internal */
  static readonly tag: string = 'participant-tile';
  /** @internal */
  static override readonly parts: readonly string[] = ['video', 'watermark'];
  static override readonly styles = [ConsultElement.styles, styles];

  /** Whose tile it is: a participant's id, or `self`. */
  @property({ attribute: 'participant-id' }) participantId = 'self';

  /** Which of their streams. */
  @property() kind: TileKind = 'camera';

  @state() private soundBlocked = false;

  readonly #room = new RoomController(this, (room) => this.#select(room));
  readonly #watermark = new Watermark(this);

  #select(room: RoomState): Slice | undefined {
    if (!isSession(room)) return undefined;
    if (this.participantId === 'self')
      return { who: 'self', name: room.name, media: mediaNoticeOf(room), camera: room.devices.camera };
    const person = room.participants.find(({ id }) => id === this.participantId);
    return person && { who: 'other', person, viewer: room.name };
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    return slice.who === 'self' ? this.#renderSelf(slice) : this.#renderOther(slice);
  }

  #renderSelf({ media, camera, name }: Extract<Slice, { who: 'self' }>): TemplateResult {
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
        <div class="bar">
          <span class="chip"><bdi>${label}</bdi> ${media.microphone || screen ? nothing : icon('mic-off')}</span>
        </div>
      </div>
    `;
  }

  #renderOther({ person, viewer }: Extract<Slice, { who: 'other' }>): TemplateResult {
    const { id, name, media, streams, speaking } = person;
    const screen = this.kind === 'screen';
    const reason = reasonOf(person);
    const cameraOff: TextKey | null =
      !screen && !(media.camera && streams.camera) ? 'participant-tile.camera-off' : null;
    const instead = reason ?? cameraOff;
    const label = screen ? this.t('participant-tile.screen', name) : name;
    return html`
      <div class=${classMap({ tile: true, [this.kind]: true, dark: instead !== null, speaking: speaking && !screen })}>
        ${this.#renderVideo(id, label)}
        ${instead ? this.#renderInstead(name, instead) : this.#watermark.render(viewer, this.texts.lang())}
        ${
          this.soundBlocked && streams.audio && !screen
            ? html`<button class="primary sound" @click=${this.#onSound}>
                ${icon('volume-2')} ${this.t('participant-tile.sound')}
              </button>`
            : nothing
        }
        <div class="bar">
          <span class="chip">${this.#renderMuted(media)}<bdi>${label}</bdi>${this.#renderSpeaking(speaking)}</span>
          ${screen ? nothing : this.#renderConnection(person)}
        </div>
      </div>
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
      return html`<span class="chip weak" title=${this.t('participant-tile.connection.interrupted')}>
        ${icon('wifi-off')} ${this.t('participant-tile.connection.interrupted.short')}
      </span>`;
    if (connection !== 'connected' || path === 'none') return nothing;
    return html`
      <span class="chip path ${path}" title=${this.t(`participant-tile.path.${path}`)}>
        ${icon(path === 'relay' ? 'server' : 'arrow-left-right')} ${this.t(`participant-tile.path.${path}.short`)}
      </span>
      ${
        quality === 'weak'
          ? html`<span class="chip weak">${icon('wifi-off')} ${this.t('participant-tile.quality.weak')}</span>`
          : nothing
      }
    `;
  }

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
