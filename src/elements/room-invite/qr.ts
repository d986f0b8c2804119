/** A QR code as a picture of its own, so that its colours stay readable for cameras whatever the page looks like. */
import { encode } from 'uqr';

/** White modules around the code, as ISO/IEC 18004 asks. */
const QUIET = 4;

/** One SVG path over all dark modules, and the side of the square they stand in. */
export function qrPath(text: string): { readonly side: number; readonly path: string } {
  const { data, size } = encode(text, { border: 0, ecc: 'L' });
  const rows = data.map((row, y) =>
    row.map((dark, x) => (dark ? `M${String(x + QUIET)} ${String(y + QUIET)}h1v1h-1z` : '')).join(''),
  );
  return { side: size + 2 * QUIET, path: rows.join('') };
}
