import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { differenceOf } from './raster.ts';

const raster = (values: readonly number[]): string => Buffer.from(values).toString('base64');
const PLAIN = Array.from({ length: 400 }, () => 240);

describe('differenceOf', () => {
  it('accepts a picture whose text is set in another font', () => {
    assert.equal(differenceOf(raster(PLAIN.map((value, index) => value - (index % 4) * 4)), raster(PLAIN)), '');
  });

  it('reports a picture in which a button is missing', () => {
    const missing = PLAIN.map((value, index) => (index < 16 ? 90 : value));
    assert.match(differenceOf(raster(missing), raster(PLAIN)), /in the worst cells/u);
  });

  it('reports a picture of another brightness, of another size, and of an unknown state', () => {
    assert.match(differenceOf(raster(PLAIN.map(() => 30)), raster(PLAIN)), /on average/u);
    assert.match(differenceOf(raster([1]), raster(PLAIN)), /cells, expected/u);
    assert.match(differenceOf(raster([1]), undefined), /a new state/u);
  });
});
