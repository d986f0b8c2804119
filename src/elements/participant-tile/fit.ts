/** How a camera's picture fits into its tile. */

/** A person sees at least this share of each picture. */
export const VISIBLE = 0.75;

/**
 * The largest size of a camera's picture: it covers its tile unless less than three quarters of it would be visible. Then it
 * gets narrower or lower until they are.
 *
 * @returns `inline` in heights of the tile, `block` in widths of the tile
 */
export function fit(camera: number): { readonly inline: number; readonly block: number } {
  return { inline: camera / VISIBLE, block: 1 / (VISIBLE * camera) };
}
