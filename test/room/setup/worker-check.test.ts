/** The frame worker is tried at the start, and each reason why it does not run is told apart. */
import { expect } from '@open-wc/testing';
import { ConsultError } from '../../../src/errors.ts';
import { checkWorker } from '../../../src/room/setup/worker-check.ts';
import { underPolicy } from '../../support/policed-frame.ts';

describe('the check of the frame worker', () => {
  const failure = async (workerUrl: string): Promise<ConsultError> => {
    try {
      await checkWorker(workerUrl);
    } catch (error: unknown) {
      if (error instanceof ConsultError) return error;
    }
    throw new Error('it ran');
  };

  it('accepts the worker of the library', async () => {
    await checkWorker();
  });

  it('finds the copy of the site when the page has a foreign <base>', async () => {
    const base = Object.assign(document.createElement('base'), { href: 'https://other.example/' });
    document.head.prepend(base);
    try {
      await checkWorker('/src/e2ee/frames/frame-worker.ts');
    } finally {
      base.remove();
    }
  });

  for (const [what, url, words] of [
    ['is missing', '/no/such/worker.js', /answers 404/u],
    ['is a page', '/test/signaling/broadcast-peer.html', /text\/html/u],
    ['is on another origin', 'https://other.example/worker.js', /another origin/u],
    ['is no URL', 'https://', /no URL/u],
  ] as const)
    it(`says so when the copy of the site ${what}`, async () => {
      const { code, detail } = await failure(url);
      expect(code).to.equal('worker-blocked');
      expect(detail).to.match(words);
    });

  for (const [what, source, worker] of [
    ['a file of its own', "'self'", 'undefined'],
    ['a file of the site', "'self'", "'/src/e2ee/frames/frame-worker.ts'"],
    ['a blob', 'blob:', "URL.createObjectURL(new Blob([''], { type: 'text/javascript' }))"],
  ] as const)
    it(`names the source that the content security policy lacks when the worker is ${what}`, async () => {
      const error = await underPolicy<{ readonly code: string; readonly detail: string }>(
        "worker-src 'none'",
        `const { checkWorker } = await import('/src/room/setup/worker-check.ts');
        return checkWorker(${worker}).then(() => ({}), ({ code, detail }) => ({ code, detail }));`,
      );
      expect(error.code).to.equal('worker-blocked');
      expect(error.detail).to.contain(`"worker-src ${source}"`);
    });
});
