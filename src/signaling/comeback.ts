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
  window.addEventListener('online', action);
  document.addEventListener('visibilitychange', visible);
  return () => {
    window.removeEventListener('online', action);
    document.removeEventListener('visibilitychange', visible);
  };
}
