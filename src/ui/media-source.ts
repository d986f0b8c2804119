/** Directive that sets the stream of a `<video>`. */
import type { ElementPart } from 'lit';
import { noChange } from 'lit';
import { directive, Directive, type DirectiveParameters, type PartInfo, PartType } from 'lit/directive.js';

class MediaSource extends Directive {
  /** Kept here because during a session the guard blocks reading `srcObject` [R16]. */
  #shown: MediaStream | null = null;

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new TypeError('mediaSource stands on an element');
  }

  render(_stream: MediaStream | null, _onBlocked?: () => void): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [stream, onBlocked]: DirectiveParameters<this>): typeof noChange {
    const video = part.element as HTMLVideoElement;
    if (this.#shown !== stream) video.srcObject = stream;
    this.#shown = stream;
    // Browsers pause a moved element, and may not play sound without a gesture.
    if (stream && video.paused) void play(video, onBlocked);
    return noChange;
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

/** `<video ${mediaSource(stream, onBlocked)}>`; `onBlocked` is called if the browser needs a gesture to play sound. */
export const mediaSource = directive(MediaSource);
