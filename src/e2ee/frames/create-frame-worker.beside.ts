/**
 * Replaces `create-frame-worker.ts` in the CDN folder: the worker is a file beside this one. Only where the folder is on another origin,
 * from which no browser starts a worker, does it start from a blob.
 */
import { createFrameWorker as createInline } from './create-frame-worker.inline.ts';
import { isOwn, startWorker } from './start-worker.ts';

const FILE = './frame-worker.js';

export function createFrameWorker(): Worker {
  const url = new URL(FILE, import.meta.url);
  return isOwn(url.href) ? startWorker(url, { type: 'module' }) : createInline();
}
