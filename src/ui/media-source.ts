/** Directive that shows a participant, or yourself, in a `<video>`. */
import type { ElementPart } from 'lit';
import { noChange } from 'lit';
import { AsyncDirective } from 'lit/async-directive.js';
import { directive, type DirectiveParameters, type PartInfo, PartType } from 'lit/directive.js';
import type { RoomInterface, VideoKind } from '../room/room.ts';

/** Whom a video shows, and what to do if the browser needs a gesture to play sound. */
export interface Source {
  readonly room: RoomInterface | null;
  readonly id: string;
  readonly kind: VideoKind;
  onBlocked?(): void;
}

class MediaSource extends AsyncDirective {
  #video: HTMLVideoElement | null = null;
  #source: Source | null = null;
  #detach: (() => void) | null = null;

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new TypeError('mediaSource stands on an element');
  }

  render(_source: Source): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [source]: DirectiveParameters<this>): typeof noChange {
    const video = part.element as HTMLVideoElement;
    if (this.#source?.room !== source.room) this.#end();
    this.#video = video;
    this.#source = source;
    if (this.isConnected) this.#attach();
    // Browsers pause a moved element, and may not play sound without a gesture.
    if (video.srcObject && video.paused) void play(video, source.onBlocked);
    return noChange;
  }

  override disconnected(): void {
    this.#end();
  }

  override reconnected(): void {
    this.#attach();
  }

  #attach(): void {
    if (this.#video && this.#source?.room)
      this.#detach = this.#source.room.attach(this.#video, this.#source.id, this.#source.kind);
  }

  #end(): void {
    this.#detach?.();
    this.#detach = null;
  }
}

async function play(video: HTMLVideoElement, onBlocked: (() => void) | undefined): Promise<void> {
  try {
    await video.play();
  } catch (error: unknown) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked?.();
    // AbortError: a newer stream or a removal has superseded this one.
    else if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  }
}

/** `<video ${mediaSource({ room, id, kind })}>`: the video follows the stream until it is removed. */
export const mediaSource = directive(MediaSource);
