import { define, type ElementClass } from '../define.ts';

/** Defines what is not there yet: a page that loads two copies of the library is not warned of every element. */
export function defineAll(elements: readonly ElementClass[]): void {
  for (const element of elements) if (!customElements.get(element.tag)) define(element);
}
