/**
 * Runs `action` when the network or the page comes back: browsers throttle timers of hidden pages to one a minute, so
 * neither a wait nor a time limit is reliable then.
 *
 * @returns stops listening
 */
export function onComeback(action: () => void): () => void {
  // Node has neither.
  if (typeof window === 'undefined') return () => undefined;
  const visible = (): void => {
    if (document.visibilityState === 'visible') action();
  };
  const restored = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) action();
  };
  window.addEventListener('online', action);
  document.addEventListener('visibilitychange', visible);
  // Back from the cache for going back (HTML §7.4.6.3), or thawed (Page Lifecycle §4).
  window.addEventListener('pageshow', restored);
  document.addEventListener('resume', action);
  return () => {
    window.removeEventListener('online', action);
    document.removeEventListener('visibilitychange', visible);
    window.removeEventListener('pageshow', restored);
    document.removeEventListener('resume', action);
  };
}
