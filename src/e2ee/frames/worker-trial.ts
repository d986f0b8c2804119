/** In the CDN folder, a worker that says it runs and does nothing else: whether a page lets ours start is known without it. */
import type { FromWorker } from './worker-messages.ts';

(globalThis as unknown as { postMessage(message: FromWorker): void }).postMessage({ type: 'ready' });
