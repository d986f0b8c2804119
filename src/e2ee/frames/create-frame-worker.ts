/** Creates the frame worker from its module. The builds replace this file by one that contains the worker, or finds it beside itself. */
import { startWorker } from './start-worker.ts';

/** Loads what the frame worker of this build is made of, and returns how to start one. */
export const loadFrameWorker = (): Promise<() => Worker> =>
  Promise.resolve(() => startWorker(new URL('./frame-worker.ts', import.meta.url), { type: 'module' }));

/** Null: the frame worker itself is tried, since nothing smaller starts as it does. */
export const trialWorker = (): (() => Worker) | null => null;
