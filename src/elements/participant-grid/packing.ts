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

/** Part of the stage that shared screens get. */
const SCREEN = 0.72;

/** Boxes for everything on the stage: first the screens, which get most of it, then the people, in a strip or everywhere. */
export function arrange(screens: number, people: number, stage: Box, range: AspectRange): readonly Box[] {
  if (screens === 0) return pack(people, stage, range);
  const share = people === 0 ? 1 : SCREEN;
  const upright = stage.width < stage.height;
  const length = (upright ? stage.height : stage.width) * share;
  const shown = upright ? { ...stage, height: length } : { ...stage, width: length };
  const each = (shown.height - GAP * (screens - 1)) / screens;
  const strip = upright
    ? { ...stage, y: stage.y + length + GAP, height: stage.height - length - GAP }
    : { ...stage, x: stage.x + length + GAP, width: stage.width - length - GAP };
  return [
    ...Array.from({ length: screens }, (_, index) => ({ ...shown, y: shown.y + index * (each + GAP), height: each })),
    ...pack(people, strip, range),
  ];
}
