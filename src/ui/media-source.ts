/** Gives a `<video>` its stream. `srcObject` is a property and not for templates to compare. */
import type { ElementPart } from 'lit';
import { noChange } from 'lit';
import { directive, Directive, type DirectiveParameters, type PartInfo, PartType } from 'lit/directive.js';

class MediaSource extends Directive {
  /** Not read back from the element: during a session nobody reads a stream out of one [R16]. */
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
    // A moved element is paused by the browser; a page without a gesture may not play sound.
    if (stream && video.paused) void play(video, onBlocked);
    return noChange;
  }
}

async function play(video: HTMLVideoElement, onBlocked: (() => void) | undefined): Promise<void> {
  try {
    await video.play();
  } catch (error: unknown) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked?.();
    // AbortError: another stream or a removal came first, and that one plays or none needs to.
    else if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  }
}

/** `<video ${mediaSource(stream, () => …)}>`; the callback hears that the browser wants a gesture before it plays sound. */
export const mediaSource = directive(MediaSource);
