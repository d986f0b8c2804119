/** What the builds put in place of `create-frame-worker.ts`: the worker as part of the file, started from a blob. */
import FrameWorker from './frame-worker.ts?worker&inline';

export const createFrameWorker = (): Worker => new FrameWorker();
