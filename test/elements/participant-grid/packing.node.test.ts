import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrange, pack, rangeFor, SCREEN_SHAPE } from '../../../src/elements/participant-grid/packing.ts';
import { fit } from '../../../src/elements/participant-tile/fit.ts';

const STAGES = {
  '390×844': [374, 664],
  '844×390': [724, 374],
  '1280×800': [1248, 648],
  '320×568': [304, 380],
} as const;
/** Size of a picture in a tile of this aspect ratio and height 1. */
const shown = (tile: number, camera: number): { readonly inline: number; readonly block: number } => {
  const { inline, block } = fit(camera);
  return { inline: Math.min(tile, inline), block: Math.min(1, block * tile) };
};
/** Shares of a picture that are seen, in both directions. */
const visible = (tile: number, camera: number): number => {
  const { inline, block } = shown(tile, camera);
  const box = inline / block;
  return Math.min(box / camera, camera / box);
};

describe('pack', () => {
  for (const [name, [width, height]] of Object.entries(STAGES))
    for (let count = 1; count <= 9; count++)
      it(`puts ${String(count)} tiles inside ${name}, none over another`, () => {
        const boxes = pack(count, { x: 0, y: 0, width, height }, rangeFor([]));
        assert.equal(boxes.length, count);
        for (const [index, box] of boxes.entries()) {
          assert.ok(box.width > 60 && box.height > 60, 'large enough to see a face');
          assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height);
          for (const other of boxes.slice(index + 1))
            assert.ok(
              box.x + box.width <= other.x ||
                other.x + other.width <= box.x ||
                box.y + box.height <= other.y ||
                other.y + other.height <= box.y,
            );
        }
      });

  it('centres the last row', () => {
    const [, , last] = pack(3, { x: 0, y: 0, width: 400, height: 400 }, rangeFor([]));
    assert.ok(last && Math.abs(last.x + last.width / 2 - 200) <= 1);
  });

  it('survives a stage of no size', () => {
    assert.equal(pack(4, { x: 0, y: 0, width: 0, height: 0 }, rangeFor([])).length, 4);
  });
});

describe('fit', () => {
  it('shows three quarters of any camera in any tile', () => {
    for (const camera of [9 / 16, 3 / 4, 1, 4 / 3, 16 / 9, 21 / 9, 3.5])
      for (const tile of [0.75, 1, 4 / 3, 1.5, 2]) assert.ok(visible(tile, camera) >= 0.7499, `${camera} in ${tile}`);
  });

  it('covers the tile with a usual camera', () => {
    assert.deepEqual(shown(1.2, 4 / 3), { inline: 1.2, block: 1 });
  });
});

describe('arrange', () => {
  const range = rangeFor([]);

  it('gives a shared screen most of the stage and the people a strip', () => {
    for (const [width, height] of Object.values(STAGES)) {
      const [screen, ...people] = arrange(1, 5, { x: 0, y: 0, width, height }, { range, narrowest: SCREEN_SHAPE });
      assert.ok(screen);
      const [most, shape] = [(screen.width * screen.height) / (width * height), screen.width / screen.height];
      if (width > height) assert.ok(Math.abs(most - 0.72) < 0.01);
      // On a phone held upright, the whole width: more height would stay empty.
      else assert.deepEqual([screen.width, Math.abs(shape - SCREEN_SHAPE) < 0.01 || most > 0.71], [width, true]);
      for (const { x, y, width: w, height: h } of people)
        assert.ok(x + w <= width + 1 && y + h <= height + 1 && w > 20);
    }
  });

  it('leaves three people tiles in which signs can be read, beside a screen on a phone held upright', () => {
    const [, person] = arrange(1, 3, { x: 0, y: 0, width: 374, height: 664 }, { range, narrowest: SCREEN_SHAPE });
    assert.ok(person && person.width >= 180, String(person?.width));
  });

  it('fills the stage with screens where nobody else is there', () => {
    const stage = { x: 0, y: 0, width: 374, height: 664 };
    assert.deepEqual(arrange(1, 0, stage, { range, narrowest: SCREEN_SHAPE }), [stage]);
  });
});
