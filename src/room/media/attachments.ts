/**
 * Videos of the page that show media of the room. A site says once which participant a video shows; streams that come,
 * go and are replaced follow from here, so that nobody outside needs to hold one [R16].
 */
import { ConsultError } from '../../errors.ts';
import type { RoomState } from '../state/state.ts';
import type { ShownSizes } from './shown-sizes.ts';

export type VideoKind = 'camera' | 'screen';

export interface AttachmentsOptions {
  /** The stream to show now; null while there is none. */
  stream(id: string, kind: VideoKind): MediaStream | null;
  /** Shows a stream, or nothing; `refused` where another script captures the video. */
  show(video: HTMLVideoElement, stream: MediaStream | null): 'shown' | 'refused';
  /** All videos play on this loudspeaker now. */
  onLoudspeaker?(id: string): void;
  /** Follows how large the cameras of others are shown. */
  readonly sizes?: Pick<ShownSizes, 'watch' | 'unwatch'>;
}

interface Attachment {
  readonly id: string;
  readonly kind: VideoKind;
  readonly detach: () => void;
  /** A refused video stays empty until it is detached: it is not refused again at each change. */
  state: 'shown' | 'refused';
}

export class Attachments {
  readonly #o: AttachmentsOptions;
  /** Device id; empty for the one of the system. */
  #loudspeaker = '';
  /** The one of the last state. */
  #followed = '';
  readonly #videos = new Map<HTMLVideoElement, Attachment>();

  constructor(o: AttachmentsOptions) {
    this.#o = o;
  }

  /**
   * Shows a participant's stream in a video from now on. The same call again changes nothing; another participant takes
   * the place of the first.
   *
   * @returns ends it; without effect once the video shows another participant
   * @throws {ConsultError} `argument-invalid` for anything but a `<video>`
   */
  attach(video: HTMLVideoElement, id: string, kind: VideoKind): () => void {
    if (!isVideo(video)) throw new ConsultError('argument-invalid', { detail: 'attach: not a <video> element' });
    const before = this.#videos.get(video);
    if (before?.id === id && before.kind === kind) return before.detach;
    const attachment: Attachment = {
      id,
      kind,
      state: 'shown',
      detach: () => {
        if (this.#videos.get(video) !== attachment) return;
        this.#videos.delete(video);
        this.#o.sizes?.unwatch(video);
        this.#o.show(video, null);
      },
    };
    this.#videos.set(video, attachment);
    if (kind === 'camera' && id !== 'self') this.#o.sizes?.watch(video, id);
    else this.#o.sizes?.unwatch(video);
    if (this.#loudspeaker !== '') void setSink(video, this.#loudspeaker).catch(() => undefined);
    this.#refresh(video, attachment);
    return attachment.detach;
  }

  /** Plays every video, also those to come, on this loudspeaker. @throws {ConsultError} `action-failed` */
  async playOn(loudspeaker: string): Promise<void> {
    try {
      await Promise.all([...this.#videos.keys()].map((video) => setSink(video, loudspeaker)));
      this.#loudspeaker = loudspeaker;
      this.#o.onLoudspeaker?.(loudspeaker);
    } catch (error: unknown) {
      // All of them or none: nobody should be heard from elsewhere than the others.
      for (const video of this.#videos.keys()) void setSink(video, this.#loudspeaker).catch(() => undefined);
      throw new ConsultError('action-failed', { cause: error });
    }
  }

  /** Shows and plays what a new state says. Where the chosen loudspeaker is gone, it names the one of the system. */
  follow(state: RoomState): void {
    this.refresh();
    const { loudspeaker } = 'devices' in state ? state.devices : { loudspeaker: '' };
    if (loudspeaker === this.#followed) return;
    this.#followed = loudspeaker;
    // Also one that was just chosen: another may have been set on the way. To set the same one again changes nothing.
    void this.playOn(loudspeaker).catch(() => undefined);
  }

  /** Gives every video the stream of now. */
  refresh(): void {
    for (const [video, attachment] of this.#videos) this.#refresh(video, attachment);
  }

  #refresh(video: HTMLVideoElement, attachment: Attachment): void {
    if (attachment.state === 'refused') return;
    // Set first: reporting a refusal changes the state of the room, which leads here again.
    attachment.state = 'refused';
    attachment.state = this.#o.show(video, this.#o.stream(attachment.id, attachment.kind));
  }
}

/** Audio Output Devices API §3; not in every browser. */
async function setSink(video: HTMLVideoElement, loudspeaker: string): Promise<void> {
  const { setSinkId } = video as { setSinkId?(id: string): Promise<void> };
  await setSinkId?.call(video, loudspeaker);
}

/** Videos of same-origin frames count too. */
function isVideo(value: unknown): value is HTMLVideoElement {
  return Object.prototype.toString.call(value) === '[object HTMLVideoElement]';
}
