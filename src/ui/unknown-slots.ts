/**
 * Tells a site's developer of children that stand in a slot which the element does not have: they are not shown, and no template of a
 * framework can know it, because the names belong to the parent and `slot` to every element.
 */
const told = new Set<string>();

/** @param known names, with spaces around each */
export function tellUnknownSlots({ children, localName }: Element, known: string): void {
  for (const { slot } of children) {
    const message = `<${localName}> has no slot "${slot}", only${known}`;
    if (slot === '' || known.includes(` ${slot} `) || told.has(message)) continue;
    told.add(message);
    // oxlint-disable-next-line no-console -- once, to the site's developer
    console.warn(message);
  }
}
