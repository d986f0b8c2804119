/**
 * Replaces `create-frame-worker.ts` in the CDN folder: the worker is a file beside this one. Only where the folder is on another origin,
 * from which no browser starts a worker, does it start from a blob, whose content is a part that the page can verify like the others.
 */
import { part } from '../../util/part.ts';
import { isOwn, startWorker } from './start-worker.ts';

const FILE = './frame-worker.js';

const loadInline = part(() => import('./create-frame-worker.inline.ts'));

export async function loadFrameWorker(): Promise<() => Worker> {
  const url = new URL(FILE, import.meta.url);
  if (isOwn(url.href)) return () => startWorker(url, { type: 'module' });
  return (await loadInline()).createFrameWorker;
}
