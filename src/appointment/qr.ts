/** Draws a QR code as an SVG path with colours of its own, so that cameras can read it on any page. */
import { encode } from 'uqr';

/** Quiet zone: white modules around the code (ISO/IEC 18004 §5.3.8). */
const QUIET = 4;

/** One SVG path over all dark modules, and the side length of the code including its quiet zone. */
export function qrPath(text: string): { readonly side: number; readonly path: string } {
  const { data, size } = encode(text, { border: 0, ecc: 'L' });
  const rows = data.map((row, y) =>
    row.map((dark, x) => (dark ? `M${String(x + QUIET)} ${String(y + QUIET)}h1v1h-1z` : '')).join(''),
  );
  return { side: size + 2 * QUIET, path: rows.join('') };
}
