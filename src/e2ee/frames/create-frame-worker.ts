/** Creates the frame worker from its module. The builds replace this file by one that contains the worker inline. */
import { startWorker } from './start-worker.ts';

export const createFrameWorker = (): Worker =>
  startWorker(new URL('./frame-worker.ts', import.meta.url), { type: 'module' });
