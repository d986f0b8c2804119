/**
 * Replaces `create-frame-worker.ts` in the CDN folder: the worker is a file beside this one. Only where the folder is on another origin,
 * from which no browser starts a worker, does it start from a blob, whose content is a part that the page can verify like the others.
 */
import { part } from '../../util/part.ts';
import { isOwn, startWorker } from './start-worker.ts';

const FILES = { frames: './frame-worker.js', trial: './worker-trial.js' } as const;

const loadInline = part(() => import('./create-frame-worker.inline.ts'));

function beside(file: string): (() => Worker) | null {
  const url = new URL(file, import.meta.url);
  return isOwn(url.href) ? () => startWorker(url, { type: 'module' }) : null;
}

export const loadFrameWorker = async (): Promise<() => Worker> =>
  beside(FILES.frames) ?? (await loadInline()).createFrameWorker;

/** A worker of a few bytes from the same folder, so that the first view does not wait for the other one. */
export const trialWorker = (): (() => Worker) | null => beside(FILES.trial);
