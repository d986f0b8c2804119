/** Milliseconds after which the work is done on a busy page too, or in a browser that tells no idle time. */
const AT_LATEST = 1_000;

/** Does work that nobody waits for when the page has nothing else to do, so that it does not delay what people see. */
export function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(work, { timeout: AT_LATEST });
  else setTimeout(work, AT_LATEST);
}
