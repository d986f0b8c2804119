/** protocol.md §12, `view`: what a page shows of whom, for them to send no more than that. */
import { expect } from '@open-wc/testing';
import { ShownSizes, sizeOf } from '../../../src/room/media/shown-sizes.ts';
import { until } from '../../support/until.ts';

const PAGE = { width: 1280, height: 800, hidden: false };

describe('the size in which a page shows somebody', () => {
  for (const [what, video, page, expected] of [
    ['alone', { width: 1200, height: 675 }, PAGE, 'large'],
    ['one of four', { width: 620, height: 350 }, PAGE, 'large'],
    ['one of six', { width: 410, height: 230 }, PAGE, 'small'],
    ['one of nine on a large screen', { width: 620, height: 349 }, { ...PAGE, width: 1920, height: 1080 }, 'small'],
    ['one of two on a phone held upright', { width: 390, height: 300 }, { ...PAGE, width: 390, height: 844 }, 'large'],
    ['in a strip', { width: 160, height: 90 }, PAGE, 'small'],
    ['in a page that nobody sees', { width: 1200, height: 675 }, { ...PAGE, hidden: true }, 'small'],
    ['without any area', { width: 0, height: 675 }, PAGE, 'none'],
  ] as const)
    it(`is ${expected} for ${what}`, () => {
      expect(sizeOf(video, page)).to.equal(expected);
    });

  it('is told at each change, and the largest of several counts', async () => {
    const told: string[] = [];
    const sizes: ShownSizes = new ShownSizes((id) => told.push(`${id} ${String(sizes.of(id))}`));
    const [big, small] = [document.createElement('video'), document.createElement('video')];
    for (const video of [big, small]) document.body.append(video);
    const fit = (video: HTMLVideoElement, width: number, height: number): void => {
      video.style.cssText = `display: block; width: ${String(width)}px; height: ${String(height)}px`;
    };
    try {
      fit(big, innerWidth, Math.max(innerHeight / 2, 300));
      fit(small, 160, 90);
      expect(sizes.of('mia')).to.equal(null);
      for (const video of [big, small]) sizes.watch(video, 'mia');
      const next = (expected: string) =>
        until(
          () => told.at(-1),
          (last) => last === expected,
          expected,
          { patience: 10_000, every: 20 },
        );
      await next('mia large');
      fit(big, 160, 90);
      await next('mia small');
      sizes.watch(small, 'tom');
      await next('tom small');
      sizes.unwatch(big);
      await next('mia none');
      expect(told).to.deep.equal(['mia large', 'mia small', 'tom small', 'mia none']);
    } finally {
      sizes.close();
      for (const video of [big, small]) video.remove();
    }
  });
});
