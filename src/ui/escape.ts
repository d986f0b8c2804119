/**
 * Escape closes what an element has opened, and nothing else: the key of an input method, of a dialog above the element or of another
 * part of the page is left to them.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { isComposing } from './composing.ts';
import { matches } from './shortcut.ts';

/** What the browser itself closes by Escape. What it does not know in a forgiving list is no error (Selectors 4 §4.2). */
const LAYERS = ':is(dialog:modal, :popover-open:not([popover="manual"]), select:open)';

export class EscapeController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #isOpen: () => boolean;
  readonly #close: () => void;
  #listening = new AbortController();

  constructor(host: ReactiveControllerHost & HTMLElement, isOpen: () => boolean, close: () => void) {
    this.#host = host;
    this.#isOpen = isOpen;
    this.#close = close;
    host.addController(this);
  }

  hostConnected(): void {
    const { signal } = this.#listening;
    // With the focus inside: before a dialog that the element stands in, and the innermost element first.
    this.#host.addEventListener('keydown', this.#onKeyDown, { signal });
    // With the focus nowhere.
    window.addEventListener('keydown', this.#onKeyDown, { signal });
  }

  hostDisconnected(): void {
    this.#listening.abort();
    this.#listening = new AbortController();
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.repeat || isComposing(event) || !matches(event, 'Escape')) return;
    if (!this.#isOpen() || !this.#isOurs(event)) return;
    // The dialog around the element stays.
    event.preventDefault();
    this.#close();
  };

  #isOurs(event: Event): boolean {
    const host = this.#host;
    // Whoever has the focus is under no modal dialog of the page: only what is inside can be above.
    if (event.composedPath().includes(host)) return !isBelow(host, [host, host.shadowRoot]);
    const { activeElement, body } = document;
    return (activeElement === null || activeElement === body) && !isBelow(host, [document]);
  }
}

/** Whether something that the browser closes by Escape is open in these trees, and does not contain the element. */
function isBelow(element: Element, trees: readonly (ParentNode | null)[]): boolean {
  const around = new Set(ancestors(element));
  return trees.some((tree) => tree && [...layers(tree)].some((layer) => !around.has(layer)));
}

function* layers(tree: ParentNode): Generator<Element> {
  for (const element of tree.querySelectorAll('*')) {
    if (element.matches(LAYERS)) yield element;
    if (element.shadowRoot) yield* layers(element.shadowRoot);
  }
}

/** In the flat tree: shadow trees and slots included. */
function* ancestors(element: Element): Generator<Element> {
  const root = element.getRootNode();
  const parent = element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  if (!parent) return;
  yield parent;
  yield* ancestors(parent);
}
