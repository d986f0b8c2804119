/** How large an element is shown, in lines of the screen: so that nobody sends a larger picture than can be seen. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ViewSize } from '../../room/room.ts';

/** Lines of the screen up to which a picture of 640×480 fills the element as well as a larger one. */
const SMALL = 480;

export class ViewSizeController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #onChange: (size: ViewSize) => void;
  readonly #observer = new ResizeObserver(() => this.#measure());
  #size: ViewSize | null = null;

  /** @param onChange called with the first size, and whenever another is shown */
  constructor(host: ReactiveControllerHost & Element, onChange: (size: ViewSize) => void) {
    this.#host = host;
    this.#onChange = onChange;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#size = null;
  }

  #measure(): void {
    const { clientWidth, clientHeight } = this.#host;
    // Not laid out: it says nothing about how large it will be shown.
    if (clientHeight === 0) return;
    const lines = Math.min(clientWidth, clientHeight) * window.devicePixelRatio;
    const size: ViewSize = lines > SMALL ? 'large' : 'small';
    if (size === this.#size) return;
    this.#size = size;
    this.#onChange(size);
  }
}
