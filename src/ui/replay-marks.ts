/**
 * The marks by which session replay tools are told to leave an element and all that is in it alone [R16]: of each tool the strongest
 * that it documents. They stand on every element of ours and on what is in its shadow tree, since some tools look at the one and
 * some at the other. Where no recorder may run in the page at all (`guard/replay.ts`), they are the second line.
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

/** Classes a template sets anew wash ours away, so this is called after each rendering. */
export function markPrivate(element: Element): void {
  if (CLASSES.some((name) => !element.classList.contains(name))) element.classList.add(...CLASSES);
  for (const [name, value] of ATTRIBUTES) if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
