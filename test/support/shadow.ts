/** Looks into shadow trees, for tests and for the pictures. */
import type { LitElement } from 'lit';

/** Waits until an element and all elements in its shadow tree have rendered. */
export async function settled(element: LitElement): Promise<void> {
  await element.updateComplete;
  const inner = [...element.renderRoot.querySelectorAll<LitElement>('*')].filter((child) => 'updateComplete' in child);
  for (const child of inner) await settled(child);
}

/** Every element of a tree, those in shadow roots included. */
export function* everything(root: ParentNode): Generator<Element> {
  for (const element of root.querySelectorAll('*')) {
    yield element;
    if (element.shadowRoot) yield* everything(element.shadowRoot);
  }
}

/** The first element with this part, in any shadow tree. */
export function byPart<T extends HTMLElement = HTMLElement>(element: LitElement, part: string): T {
  for (const found of everything(element.renderRoot)) if (found.part.contains(part)) return found as T;
  throw new Error(`no part ${part}`);
}
