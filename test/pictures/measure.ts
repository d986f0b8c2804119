/** What a person sees of a screen without scrolling: words, whether its main action is in sight, and how much of each camera. */
import { everything } from '../support/shadow.ts';

export interface Measured {
  /** Visible words of the whole page, folded text left out. */
  readonly words: number;
  readonly pageHeight: number;
  /** CSS pixels by which the main action lies below the fold; 0 if it is in sight. */
  readonly below: number;
  /** Whether the way out is in sight; null where the screen has none. */
  readonly exit: boolean | null;
  /** Share of the window's height that the stage has; 0 without one. */
  readonly stage: number;
  /** Whether the field of the chat is wholly in sight. */
  readonly field: boolean;
  /** CSS pixels by which the page is wider than the window. */
  readonly wider: number;
  /** Visible share of each camera, 0 to 1. */
  readonly cameras: readonly number[];
}

/** Parts that lead on, in the order in which they count as the main action. */
const MAIN = [
  'accept-button',
  'continue-button',
  'uncover-button',
  'admit-button',
  'acknowledge-all-button',
  'acknowledge-button',
  'resume-button',
  'leave-button',
];

function visible(element: Element): boolean {
  if (element.closest('.visually-hidden')) return false;
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  const { width, height } = element.getBoundingClientRect();
  return width > 1 && height > 1;
}

function wordsOf(root: ParentNode): number {
  let count = 0;
  for (const element of everything(root)) {
    if (element.localName === 'style' || element.localName === 'option' || !visible(element)) continue;
    const own = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent);
    count += own
      .join(' ')
      .split(/\s+/u)
      .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  }
  return count;
}

/** The share of a camera's picture that lies inside its tile and inside the window. */
function shareOf(video: HTMLVideoElement): number {
  const box = video.getBoundingClientRect();
  const tile = video.parentElement?.getBoundingClientRect() ?? box;
  const aspect = video.videoWidth / video.videoHeight;
  const scale = Math.max(box.width / aspect, box.height);
  const shown = { width: Math.min(box.width, tile.width), height: Math.min(box.height, tile.height) };
  const inWindow =
    tile.top < -1 || tile.left < -1 || tile.bottom > window.innerHeight + 1 || tile.right > window.innerWidth + 1
      ? 0
      : 1;
  return (inWindow * shown.width * shown.height) / (scale * aspect * scale);
}

export function measure(): Measured {
  const elements = [...everything(document.body)];
  const main = MAIN.map((part) => elements.find((element) => element.part.contains(part) && visible(element))).find(
    Boolean,
  );
  const exit = elements.find((element) => element.part.contains('exit-button'))?.getBoundingClientRect();
  const videos = elements.filter(
    (element): element is HTMLVideoElement => element instanceof HTMLVideoElement && visible(element),
  );
  const stage = elements.find((element) => element.classList.contains('stage'))?.getBoundingClientRect();
  const field = elements.find((element) => element.part.contains('chat-input'))?.getBoundingClientRect();
  const { scrollHeight, scrollWidth, clientWidth } = document.documentElement;
  return {
    words: wordsOf(document.body),
    pageHeight: scrollHeight,
    below: Math.max(0, Math.round((main?.getBoundingClientRect().bottom ?? 0) - window.innerHeight)),
    exit: exit ? exit.top >= 0 && exit.bottom <= window.innerHeight && exit.right <= window.innerWidth + 1 : null,
    stage: (stage?.height ?? 0) / window.innerHeight,
    field: field !== undefined && field.top >= 0 && field.bottom <= window.innerHeight,
    wider: scrollWidth - clientWidth,
    cameras: videos
      .filter((video) => video.videoWidth > 0 && video.closest('.screen') === null && !video.closest('.picture'))
      .map((video) => Math.round(shareOf(video) * 100) / 100),
  };
}
