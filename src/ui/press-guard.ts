/**
 * Ignores presses that were meant for something else: a pointer is already on its way when the view changes under it.
 * Presses by keyboard or assistive technology count at once, since people had to reach the button first.
 */

/** Milliseconds after a change in which a pointer press is ignored. */
const SETTLES = 500;

export class PressGuard {
  #shown = '';
  #changedAt = -Infinity;

  /** Call after each rendering. @param shown stands for what the buttons are about, in their order */
  rendered(shown: string): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changedAt = performance.now();
  }

  /** Whether the press was meant for what is shown. Only pointer presses have a click count. */
  allows({ detail, timeStamp }: MouseEvent): boolean {
    return detail === 0 || timeStamp - this.#changedAt >= SETTLES;
  }
}
