/** Replaces `create-frame-worker.ts` in the builds: the worker is part of the file and starts from a blob. */
import source from './frame-worker.ts?source';
import { startWorker } from './start-worker.ts';

export function createFrameWorker(): Worker {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = startWorker(url);
  // Not before the script has been read.
  for (const event of ['message', 'error'] as const)
    worker.addEventListener(event, () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

export const loadFrameWorker = (): Promise<() => Worker> => Promise.resolve(createFrameWorker);

/** Null: the frame worker itself is tried, since nothing smaller starts as it does. */
export const trialWorker = (): (() => Worker) | null => null;
