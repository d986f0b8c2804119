/**
 * Tries the frame worker before a person is asked anything, and finds out why it does not start: a worker that a content
 * security policy blocks fires an event without a reason, and so does one that is missing or no script.
 */
import { frameWorkerFactory, trialWorkerFactory } from '../../e2ee/frames/frame-worker-factory.ts';
import { WorkerPort } from '../../e2ee/frames/worker-port.ts';
import { ConsultError } from '../../errors.ts';
import { part } from '../../util/part.ts';
import { PolicyViolations } from '../../util/policy-violations.ts';

/** Milliseconds that the event about a violation may come after the failure. */
const VIOLATION_WITHIN = 100;

const loadCause = part(() => import('./worker-cause.ts'));

/**
 * @param workerUrl as in `RoomOptions`
 * @throws {ConsultError} `worker-blocked`, with the cause for the site's developer; `part-unavailable`
 */
export async function checkWorker(workerUrl?: string): Promise<void> {
  const violations = new PolicyViolations();
  try {
    if (await runsTrial(workerUrl)) return;
    await run(await frameWorkerFactory(workerUrl));
  } catch (error: unknown) {
    if (error instanceof ConsultError && error.code === 'part-unavailable') throw error;
    await new Promise((resolve) => setTimeout(resolve, VIOLATION_WITHIN));
    // Where the reasons cannot be loaded either, the code alone is said.
    const detail = await loadCause().then(
      ({ causeOf }) => causeOf(error, violations, workerUrl),
      () => '',
    );
    throw new ConsultError('worker-blocked', { detail, cause: error });
  } finally {
    violations.close();
  }
}

/** Whether there is a smaller worker, and it runs. A policy may name the file of the frame worker alone, which is then tried itself. */
async function runsTrial(workerUrl: string | undefined): Promise<boolean> {
  const createWorker = trialWorkerFactory(workerUrl);
  if (!createWorker) return false;
  try {
    await run(createWorker);
    return true;
  } catch {
    return false;
  }
}

/** Starts a worker, waits until it says that it runs, and ends it. */
async function run(createWorker: () => Worker): Promise<void> {
  let port: WorkerPort | null = null;
  try {
    port = new WorkerPort({ createWorker, generation: 0, onNews: () => undefined, onError: () => undefined });
    await port.ready;
  } finally {
    port?.close();
  }
}
