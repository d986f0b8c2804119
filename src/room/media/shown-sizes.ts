/**
 * How large this page shows each participant's camera, for the participant to know: who is shown small needs no large
 * picture, and who is not shown none.
 */
import type { ViewSize } from '../state/state.ts';

/** CSS pixels from which a low picture looks coarse, and the share of the window from which someone looks at it. */
const LARGE = { height: 240, share: 0.15 } as const;

export interface Area {
  readonly width: number;
  readonly height: number;
}

/** @param page the window's own area, and whether anybody can see it */
export function sizeOf(video: Area, page: Area & { readonly hidden: boolean }): ViewSize {
  if (video.width === 0 || video.height === 0) return 'none';
  const share = (video.width * video.height) / Math.max(1, page.width * page.height);
  return !page.hidden && video.height >= LARGE.height && share >= LARGE.share ? 'large' : 'small';
}

const RANK: readonly ViewSize[] = ['none', 'small', 'large'];

export class ShownSizes {
  readonly #onChange: (id: string) => void;
  readonly #videos = new Map<HTMLVideoElement, string>();
  /** By participant; those whose camera was never shown here are missing. */
  readonly #sizes = new Map<string, ViewSize>();
  #observer: ResizeObserver | null = null;
  /** The page of the videos. */
  #page: Document | null = null;

  /** @param onChange called with the participant whose {@link of} has changed */
  constructor(onChange: (id: string) => void) {
    this.#onChange = onChange;
  }

  /** Null where this page never showed the participant: it may do with the stream what nobody knows here. */
  of(id: string): ViewSize | null {
    return this.#sizes.get(id) ?? null;
  }

  watch(video: HTMLVideoElement, id: string): void {
    const before = this.#videos.get(video);
    this.#videos.set(video, id);
    // Called at once for each element that it begins to observe (Resize Observer §3.1).
    this.#observer ??= this.#observe(video.ownerDocument);
    this.#observer.observe(video);
    if (before === undefined || before === id) return;
    // A browser may say nothing about an element that it observes already.
    this.#lookSoon(before);
    this.#lookSoon(id);
  }

  unwatch(video: HTMLVideoElement): void {
    const id = this.#videos.get(video);
    if (id === undefined) return;
    this.#videos.delete(video);
    this.#observer?.unobserve(video);
    this.#lookSoon(id);
    if (this.#videos.size === 0) this.close();
  }

  close(): void {
    this.#observer?.disconnect();
    this.#observer = null;
    this.#videos.clear();
    this.#page?.removeEventListener('visibilitychange', this.#lookAtAll);
    this.#page?.defaultView?.removeEventListener('resize', this.#lookAtAll);
    this.#page = null;
  }

  #observe(page: Document): ResizeObserver {
    this.#page = page;
    page.addEventListener('visibilitychange', this.#lookAtAll);
    page.defaultView?.addEventListener('resize', this.#lookAtAll);
    return new ResizeObserver(this.#lookAtAll);
  }

  readonly #lookAtAll = (): void => {
    for (const id of new Set(this.#videos.values())) this.#look(id);
  };

  /** After a page has moved its videos: a participant who goes from one to another is shown all the time. */
  #lookSoon(id: string): void {
    setTimeout(() => this.#look(id));
  }

  #look(id: string): void {
    const { innerWidth: pageWidth = 0, innerHeight: pageHeight = 0 } = this.#page?.defaultView ?? {};
    const page = { width: pageWidth, height: pageHeight, hidden: this.#page?.hidden ?? true };
    let best: ViewSize = 'none';
    for (const [{ clientWidth: width, clientHeight: height }, shown] of this.#videos) {
      const size = shown === id ? sizeOf({ width, height }, page) : 'none';
      if (RANK.indexOf(size) > RANK.indexOf(best)) best = size;
    }
    if (best === this.#sizes.get(id)) return;
    this.#sizes.set(id, best);
    this.#onChange(id);
  }
}
