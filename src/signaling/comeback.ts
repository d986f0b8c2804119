/**
 * Calls when the network or the page is back: browsers hold timers of hidden pages for up to a minute, so neither a wait
 * nor a time limit can be trusted then.
 *
 * @returns stops it
 */
export function onComeback(action: () => void): () => void {
  // Node has neither.
  if (typeof window === 'undefined') return () => undefined;
  const visible = (): void => {
    if (document.visibilityState === 'visible') action();
  };
  window.addEventListener('online', action);
  document.addEventListener('visibilitychange', visible);
  return () => {
    window.removeEventListener('online', action);
    document.removeEventListener('visibilitychange', visible);
  };
}
