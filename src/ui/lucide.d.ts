/** Lucide ships one module per icon without types of its own; importing them singly keeps the other thousands away. */
declare module 'lucide/dist/esm/icons/*.mjs' {
  const node: readonly (readonly [tag: string, attributes: Readonly<Record<string, string | number>>])[];
  export default node;
}
