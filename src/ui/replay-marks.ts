/**
 * Marks that tell session replay tools to skip an element and everything in it [R16]: the strongest mark that each tool
 * documents. They are set on every element and on the top level of its shadow tree, because some tools look at one and some at
 * the other. Where no recorder may run at all (`guard/replay.ts`), they are a second line of defence.
 */
const CLASSES = [
  'rr-block', // rrweb and what is built on it: `blockClass`
  'ph-no-capture', // PostHog
  'sentry-block', // Sentry
  'fs-exclude', // FullStory
  'no-mouseflow', // Mouseflow
  'smartlook-hide', // Smartlook
  'piwikNoCapture', // Matomo, older ones
  'nr-block', // New Relic
] as const;

const ATTRIBUTES: readonly (readonly [name: string, value: string])[] = [
  ['data-sentry-block', ''],
  ['data-dd-privacy', 'hidden'], // Datadog
  ['data-matomo-mask', ''],
  ['data-hj-suppress', ''], // Hotjar
  ['data-clarity-mask', 'true'], // Microsoft Clarity
  ['data-private', ''], // LogRocket
  ['data-cs-mask', ''], // Contentsquare
  ['data-openreplay-hidden', ''],
  ['data-recording-disable', ''], // Smartlook, older ones
  ['data-nr-block', ''],
];

/** A template that sets `class` again removes our classes, so call this after each rendering. */
export function markPrivate(element: Element): void {
  if (CLASSES.some((name) => !element.classList.contains(name))) element.classList.add(...CLASSES);
  for (const [name, value] of ATTRIBUTES) if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Puts the marks of an element back when the page takes them away. */
export class Remark {
  readonly #element: Element;
  #observer: MutationObserver | null = null;

  constructor(element: Element) {
    this.#element = element;
  }

  observe(): void {
    this.#observer ??= new MutationObserver(() => markPrivate(this.#element));
    this.#observer.observe(this.#element, { attributeFilter: ['class', ...ATTRIBUTES.map(([name]) => name)] });
  }

  disconnect(): void {
    this.#observer?.disconnect();
  }
}
