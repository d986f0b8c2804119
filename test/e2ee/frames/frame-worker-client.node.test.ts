/** When a frame worker counts as dead: on a clock of the test's own, but where the page stands still. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import type { FromWorker, ToWorker } from '../../../src/e2ee/frames/worker-messages.ts';
import { until } from '../../support/until.ts';

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

function started(t: TestContext, heartbeat: number, Kind = SlowWorker) {
  const workers: SlowWorker[] = [];
  const frames = new FrameWorkerClient({
    heartbeat,
    createWorker: () => {
      const worker = new Kind();
      workers.push(worker);
      return worker as unknown as Worker;
    },
  });
  t.after(() => frames.close());
  const [first] = workers;
  assert.ok(first);
  return { frames, workers, first };
}

function client(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const { frames, workers, first } = started(t, HEARTBEAT);
  const pass = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < 4 * seconds; passed++) {
      t.mock.timers.tick(HEARTBEAT / 4);
      // Lets what was promised happen.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { frames, workers, first, pass };
}

describe('a frame worker', () => {
  it('is not replaced when it takes longer to load than it may take to answer', async (t) => {
    const { workers, first, pass } = client(t);
    await pass(10);
    first.say({ type: 'ready' });
    await pass(10);
    assert.deepEqual([workers.length, first.terminated], [1, false]);
  });

  it('is not taken for blocked when the page stood still while it started', async (t) => {
    const { frames, first } = client(t);
    t.mock.timers.tick(60_000);
    first.say({ type: 'ready' });
    await frames.ready;
  });

  it('is taken for blocked when it does not start within fifteen seconds', async (t) => {
    const { frames, pass } = client(t);
    const refused = assert.rejects(frames.ready, { code: 'worker-blocked' });
    await pass(16);
    await refused;
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

  it('is not replaced when the page stood still, and has the answer in its queue', async (t) => {
    const heartbeat = 10;
    let asked = 0;
    class PromptWorker extends SlowWorker {
      override postMessage(message: ToWorker): void {
        if (message.type !== 'ping') return;
        asked += 1;
        setImmediate(() => {
          const end = performance.now() + 10 * heartbeat;
          while (performance.now() < end);
          // Node comes to its timers first.
          setImmediate(() => super.postMessage(message));
        });
      }
    }
    const { workers, first } = started(t, heartbeat, PromptWorker);
    first.say({ type: 'ready' });
    await until(
      () => asked,
      (count) => count > 5,
      'the questions',
      { every: 1 },
    );
    assert.deepEqual([workers.length, first.terminated], [1, false]);
  });
});
