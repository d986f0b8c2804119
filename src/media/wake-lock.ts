/** Keeps the screen awake during a session (W3C screen-wake-lock) [R6]. Optional: a refusal changes nothing else. */
export class WakeLock {
  #wanted = false;
  #lock: WakeLockSentinel | null = null;

  async acquire(): Promise<void> {
    if (this.#wanted) return;
    this.#wanted = true;
    document.addEventListener('visibilitychange', this.#onVisible);
    await this.#request();
  }

  async release(): Promise<void> {
    this.#wanted = false;
    document.removeEventListener('visibilitychange', this.#onVisible);
    const lock = this.#lock;
    this.#lock = null;
    await lock?.release().catch(() => undefined);
  }

  /** Browsers release the lock when the tab is hidden. */
  readonly #onVisible = (): void => {
    if (document.visibilityState === 'visible' && this.#wanted) void this.#request();
  };

  async #request(): Promise<void> {
    try {
      const lock = await navigator.wakeLock.request('screen');
      // Another request may have been answered meanwhile, and this page is kept awake by one lock.
      const other = this.#wanted ? this.#lock : lock;
      if (this.#wanted) this.#lock = lock;
      await other?.release();
    } catch {
      // Unsupported, not allowed, or the battery is low.
    }
  }
}
