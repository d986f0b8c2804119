/** The structure of a picture: a raster of mean brightness, coarse enough that another font does not matter. */
import type { Page } from 'puppeteer-core';
import type { Size } from './studio.ts';

/** CSS pixels of one cell, in both directions. */
const CELL = 48;
/** Brightness, of 255, that the cells may differ on average, and that one in fifty may differ at most. */
const MEAN = 7;
const FEW = 70;

/** Mean brightness of each cell, base64. */
export async function rasterOf(page: Page, { width, height }: Size): Promise<string> {
  const picture = await page.screenshot({ encoding: 'base64' });
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  return page.evaluate(
    async (data, w, h) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no 2d context');
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, w, h);
      const pixels = context.getImageData(0, 0, w, h).data;
      const light = Array.from({ length: w * h }, (_, i) => {
        const [r = 0, g = 0, b = 0] = pixels.slice(4 * i, 4 * i + 3);
        return String.fromCharCode(Math.round(0.3 * r + 0.59 * g + 0.11 * b));
      });
      return btoa(light.join(''));
    },
    picture,
    columns,
    rows,
  );
}

/** @returns what differs, in words; an empty text where nothing does */
export function differenceOf(found: string, expected: string | undefined): string {
  if (expected === undefined) return 'not expected: a new state?';
  const [a, b] = [Buffer.from(found, 'base64'), Buffer.from(expected, 'base64')];
  if (a.length !== b.length) return `${String(a.length)} cells, expected ${String(b.length)}`;
  const off = [...a].map((value, index) => Math.abs(value - (b[index] ?? 0))).sort((x, y) => y - x);
  const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
  const worst = off[Math.floor(off.length / 50)] ?? 0;
  if (mean <= MEAN && worst <= FEW) return '';
  return `differs by ${mean.toFixed(1)} on average, by ${String(worst)} in the worst cells`;
}
