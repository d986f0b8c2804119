/** When a frame worker counts as dead: on a clock of the test's own. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import type { FromWorker, ToWorker } from '../../../src/e2ee/frames/worker-messages.ts';

const HEARTBEAT = 1_000;

/** A worker that becomes ready and answers when the test says so. */
class SlowWorker extends EventTarget {
  answers = true;
  terminated = false;

  postMessage(message: ToWorker): void {
    if (this.answers && message.type === 'ping') this.say({ type: 'reply', id: message.id, reply: { kind: 'done' } });
  }

  terminate(): void {
    this.terminated = true;
  }

  say(data: FromWorker): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

function client(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const workers: SlowWorker[] = [];
  const frames = new FrameWorkerClient({
    heartbeat: HEARTBEAT,
    createWorker: () => {
      const worker = new SlowWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
  });
  t.after(() => frames.close());
  const [first] = workers;
  assert.ok(first);
  const pass = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed++) {
      t.mock.timers.tick(HEARTBEAT);
      // Lets what was promised happen.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { workers, first, pass };
}

describe('a frame worker', () => {
  it('is not replaced when it takes longer to load than it may take to answer', async (t) => {
    const { workers, first, pass } = client(t);
    await pass(10);
    first.say({ type: 'ready' });
    await pass(10);
    assert.deepEqual([workers.length, first.terminated], [1, false]);
  });

  it('is replaced when it was ready and answers no more', async (t) => {
    const { workers, first, pass } = client(t);
    await pass(10);
    first.say({ type: 'ready' });
    await pass(5);
    first.answers = false;
    await pass(10);
    assert.deepEqual([workers.length, first.terminated], [2, true]);
  });
});
