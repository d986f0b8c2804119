/**
 * Packs tiles into the stage: the largest tiles that show at least three quarters of each camera, last row centred, nothing to
 * scroll. Pure geometry, in CSS pixels.
 */

import { VISIBLE } from '../participant-tile/fit.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Aspect ratios that a tile may have. */
export interface AspectRange {
  readonly min: number;
  readonly max: number;
}

const GAP = 8;
/** A 4:3 camera, while the real shape is unknown. */
const USUAL = 4 / 3;
/** No tile gets narrower or wider than this, whatever the cameras are. */
const EXTREMES: AspectRange = { min: 0.75, max: 1.5 };

/** The shapes that suit these cameras: all of them where that is possible, most of them otherwise. */
export function rangeFor(aspects: readonly number[]): AspectRange {
  const sorted = [...(aspects.length > 0 ? aspects : [USUAL])].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? USUAL;
  const clamp = (value: number): number => Math.min(EXTREMES.max, Math.max(EXTREMES.min, value));
  const [narrowest = middle, widest = middle] = [sorted[0], sorted.at(-1)];
  const [min, max] = [clamp(VISIBLE * widest), clamp(narrowest / VISIBLE)];
  return min <= max ? { min, max } : { min: clamp(VISIBLE * middle), max: clamp(middle / VISIBLE) };
}

interface Raster {
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

/** The raster with the largest tiles; empty places cost a little, so that rows fill. */
function rasterFor(count: number, area: Box, { min, max }: AspectRange): Raster {
  let best: Raster = { columns: 1, width: 0, height: 0 };
  let score = -1;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = Math.max(0, (area.width - GAP * (columns - 1)) / columns);
    const height = Math.max(0, (area.height - GAP * (rows - 1)) / rows);
    const aspect = Math.min(max, Math.max(min, width / (height || 1)));
    const used = Math.min(width, height * aspect);
    const next = used * (used / aspect) * (1 - 0.04 * (columns * rows - count));
    if (next <= score) continue;
    score = next;
    best = { columns, width: Math.floor(used), height: Math.floor(used / aspect) };
  }
  return best;
}

/** Boxes for so many tiles within an area, in reading order. */
export function pack(count: number, area: Box, range: AspectRange): readonly Box[] {
  const { columns, width, height } = rasterFor(count, area, range);
  const rows = Math.ceil(count / columns);
  const top = area.y + (area.height - rows * height - (rows - 1) * GAP) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const start = area.x + (area.width - inRow * width - (inRow - 1) * GAP) / 2;
    return { x: start + (index - row * columns) * (width + GAP), y: top + row * (height + GAP), width, height };
  });
}

/** Part of the stage that what is shown large gets at most. */
const LARGE = 0.72;
/** A shared screen is hardly ever less wide. */
export const SCREEN_SHAPE = 4 / 3;

/**
 * Boxes for everything on the stage: first what is shown large, which gets most of it, then the others, in a strip or everywhere.
 *
 * @param narrowest aspect ratio of a large tile on an upright stage: what a screen would leave empty above and below shows people,
 * an interpreter among them, larger
 */
export function arrange(
  large: number,
  people: number,
  stage: Box,
  { range, narrowest }: { readonly range: AspectRange; readonly narrowest: number },
): readonly Box[] {
  if (large === 0) return pack(people, stage, range);
  const upright = stage.width < stage.height;
  const most = (upright ? stage.height : stage.width) * LARGE;
  const full = upright ? large * (stage.width / narrowest) + (large - 1) * GAP : most;
  const whole = upright ? stage.height : stage.width;
  const length = people === 0 ? whole : Math.min(most, full);
  const shown = upright ? { ...stage, height: length } : { ...stage, width: length };
  const each = (shown.height - GAP * (large - 1)) / large;
  const strip = upright
    ? { ...stage, y: stage.y + length + GAP, height: stage.height - length - GAP }
    : { ...stage, x: stage.x + length + GAP, width: stage.width - length - GAP };
  return [
    ...Array.from({ length: large }, (_, index) => ({ ...shown, y: shown.y + index * (each + GAP), height: each })),
    ...pack(people, strip, range),
  ];
}
