/** Draws the microphone level frame by frame without re-rendering the element. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** The meter's value changes in tenths, so as not to flood assistive technology. */
const STEPS = 10;

export class LevelMeter implements ReactiveController {
  readonly #level: () => number;
  readonly #meter: () => Element | null;
  #frame = 0;

  /**
   * @param level the current level, 0 to 1
   * @param meter the element with role `meter` that contains an SVG `rect` as its bar
   */
  constructor(host: ReactiveControllerHost, level: () => number, meter: () => Element | null) {
    this.#level = level;
    this.#meter = meter;
    host.addController(this);
  }

  hostConnected(): void {
    const draw = (): void => {
      this.#draw();
      this.#frame = requestAnimationFrame(draw);
    };
    this.#frame = requestAnimationFrame(draw);
  }

  hostDisconnected(): void {
    cancelAnimationFrame(this.#frame);
  }

  #draw(): void {
    const meter = this.#meter();
    const bar = meter?.querySelector('rect.level');
    if (!meter || !bar) return;
    const shown = Math.min(1, Math.max(0, this.#level()));
    bar.setAttribute('width', String(Math.round(shown * 100)));
    const step = String(Math.round(shown * STEPS) * (100 / STEPS));
    if (meter.getAttribute('aria-valuenow') !== step) meter.setAttribute('aria-valuenow', step);
  }
}
