/** Chooses the frame worker: the one of this build, or the copy that a site names. */
import { loadFrameWorker, trialWorker } from './create-frame-worker.ts';
import { startWorker } from './start-worker.ts';

/**
 * @param workerUrl as in `RoomOptions`
 * @returns how to start a worker; the browser may refuse it then
 * @throws {ConsultError} `part-unavailable`
 */
export const frameWorkerFactory = async (workerUrl?: string): Promise<() => Worker> =>
  workerUrl === undefined ? loadFrameWorker() : () => startWorker(workerUrl, { type: 'module' });

/**
 * @param workerUrl as in `RoomOptions`
 * @returns how to start a worker of a few bytes that starts where the frame worker does; null where there is none
 */
export const trialWorkerFactory = (workerUrl?: string): (() => Worker) | null =>
  workerUrl === undefined ? trialWorker() : null;
