/**
 * Whether a key belongs to an input method: the Enter that chooses a word sends nothing. Safari ends the composition before it reports
 * that Enter and marks it with the key code 229 only (UI Events §4.2.2).
 */
export function isComposing({ isComposing: composing, keyCode }: KeyboardEvent): boolean {
  return composing || keyCode === 229;
}
