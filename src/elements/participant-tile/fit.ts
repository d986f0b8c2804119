/** How a camera's picture fits into its tile. */

/** A person sees at least this share of each picture. */
export const VISIBLE = 0.75;

/**
 * Size of a camera's picture within its tile, as shares of the tile: it covers the tile unless less than three quarters of it
 * would be visible. Then it gets narrower or lower until they are.
 */
export function fit(tile: number, camera: number): { readonly inline: number; readonly block: number } {
  if (camera > tile / VISIBLE) return { inline: 1, block: tile / (VISIBLE * camera) };
  if (camera < tile * VISIBLE) return { inline: camera / VISIBLE / tile, block: 1 };
  return { inline: 1, block: 1 };
}
