/**
 * One key, or keys together, that works wherever in the page the focus is: written as for `aria-keyshortcuts` (WAI-ARIA §6.7),
 * `F8` or `Alt+Shift+J`. Empty means none.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * «Someone came in»: a key of its own, hit without looking. F8 means nothing in Chromium, Firefox and Safari (F1 to F7, F10 to F12 do in one of
 * them, F9 is Firefox's reader view) nor, alone, in NVDA, JAWS, VoiceOver and Orca; and being no letter it cannot be hit by dictation or while
 * writing (WCAG 2.1.4).
 */
export const SOMEONE_CAME_IN_KEY = 'F8';

const MODIFIERS = ['Alt', 'Control', 'Meta', 'Shift'] as const;

function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+').map((part) => part.trim().toLowerCase());
  const held = MODIFIERS.filter((name) => event.getModifierState(name)).map((name) => name.toLowerCase());
  const wanted = parts.filter((part) => MODIFIERS.some((name) => name.toLowerCase() === part));
  const [key] = parts.filter((part) => !wanted.includes(part));
  return (
    key === event.key.toLowerCase() && held.length === wanted.length && held.every((name) => wanted.includes(name))
  );
}

export class ShortcutController implements ReactiveController {
  readonly #keys: () => string;
  readonly #act: () => void;
  #listening = new AbortController();

  constructor(host: ReactiveControllerHost, keys: () => string, act: () => void) {
    this.#keys = keys;
    this.#act = act;
    host.addController(this);
  }

  hostConnected(): void {
    // On the window and first: no dialog and no field of the page may keep the keys for itself.
    window.addEventListener('keydown', this.#onKeyDown, { capture: true, signal: this.#listening.signal });
  }

  hostDisconnected(): void {
    this.#listening.abort();
    this.#listening = new AbortController();
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const keys = this.#keys();
    if (keys === '' || event.repeat || !matches(event, keys)) return;
    event.preventDefault();
    this.#act();
  };
}
