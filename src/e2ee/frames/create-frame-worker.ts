/** The seam between development and the builds, which put another file in its place that carries the worker inline. */
export const createFrameWorker = (): Worker =>
  new Worker(new URL('./frame-worker.ts', import.meta.url), { type: 'module' });
