/**
 * A keyboard shortcut that works wherever the focus is, written as in `aria-keyshortcuts` (WAI-ARIA 1.2 §6.6): `F8` or
 * `Alt+Shift+J`. Empty means none.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { isComposing } from './composing.ts';

/**
 * The key for “someone came in”: one key, found without looking. Chromium, Firefox and Safari do not use F8 (each of F1 to F7
 * and F10 to F12 is used by one of them, F9 is Firefox's reader view), nor do NVDA, JAWS, VoiceOver and Orca on its own. It is
 * not a letter, so dictation and typing cannot trigger it (WCAG 2.1.4).
 */
export const SOMEONE_CAME_IN_KEY = 'F8';

const MODIFIERS = ['Alt', 'Control', 'Meta', 'Shift'] as const;

/** Whether a press is that of these keys, with exactly their modifiers. */
export function matches(event: KeyboardEvent, keys: string): boolean {
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
    // On the window, in the capture phase: no dialog or field of the page can swallow the keys.
    window.addEventListener('keydown', this.#onKeyDown, { capture: true, signal: this.#listening.signal });
  }

  hostDisconnected(): void {
    this.#listening.abort();
    this.#listening = new AbortController();
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const keys = this.#keys();
    // Input methods have uses for F8 of their own, and a letter alone is text where one writes (WCAG 2.1.4).
    if (keys === '' || event.repeat || isComposing(event) || !matches(event, keys) || isText(event)) return;
    event.preventDefault();
    this.#act();
  };
}

/** Whether a press writes, or chooses from a list by its letter. */
function isText(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (event.key.length > 1 || event.altKey || event.ctrlKey || event.metaKey || !(target instanceof HTMLElement))
    return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}
