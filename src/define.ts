/** Registers element classes: what a class renders comes with it, and registering twice is quiet. */

export interface ElementClass {
  new (): HTMLElement;
  /** The tag it is known by everywhere. */
  readonly tag: string;
  /** The classes its own template renders. */
  readonly uses: readonly ElementClass[];
  readonly version: string;
}

/**
 * Defines a class and the classes it uses. On a server, where there is no registry, it does nothing.
 *
 * A class goes before what it uses: a provider of the room must be there when the elements that ask for it wake up.
 *
 * @param cls the class; another tag name by `define(class extends X { static tag = '…' })`
 * @param registry a scoped registry, or the page's own
 */
export function define(
  cls: ElementClass,
  registry: CustomElementRegistry | undefined = globalThis.customElements as CustomElementRegistry | undefined,
): void {
  if (!registry) return;
  const known = registry.get(cls.tag) as (CustomElementConstructor & Partial<ElementClass>) | undefined;
  if (known === cls) return;
  if (known) {
    // Silence here would hide that half of the page runs another version.
    // oxlint-disable-next-line no-console
    console.warn(
      `<${cls.tag}> is already defined by version ${known.version ?? 'unknown'}; version ${cls.version} is not used.`,
    );
    return;
  }
  registry.define(cls.tag, cls);
  for (const used of cls.uses) define(used, registry);
}
