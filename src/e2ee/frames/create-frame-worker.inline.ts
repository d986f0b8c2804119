/** Replaces `create-frame-worker.ts` in the builds: the worker is part of the file and starts from a blob. */
import FrameWorker from './frame-worker.ts?worker&inline';

export const createFrameWorker = (): Worker => new FrameWorker();
