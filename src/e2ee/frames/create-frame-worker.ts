/** Creates the frame worker from its module. The builds replace this file by one that contains the worker inline. */
export const createFrameWorker = (): Worker =>
  new Worker(new URL('./frame-worker.ts', import.meta.url), { type: 'module' });
