/** Files of the CDN folder that fail or hang: tried again under another address, and never by more requests than a call can spare. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { fileOpener } from '../../src/cdn/open-file.ts';
import { PATIENCE } from '../../src/util/part.ts';

/** Requests that a test answers itself. */
function stage(t: TestContext) {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  interface Request {
    readonly name: string;
    resolve(answer: string): void;
    reject(error: Error): void;
  }
  const requests: Request[] = [];
  const open = fileOpener(
    (file, tried) =>
      new Promise<string>((resolve, reject) => {
        requests.push({ name: `${file} ${String(tried)}`, resolve, reject });
      }),
  );
  return {
    open,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    answer: (index: number) => requests[index]?.resolve(`answer ${String(index)}`),
    fail: (index: number) => requests[index]?.reject(new Error('failed')),
    names: () => requests.map(({ name }) => name),
  };
}

describe('a file of the CDN folder', () => {
  it('is requested once for all parts in it', async (t) => {
    const { open, answer, names } = stage(t);
    const both = Promise.all([open('./late.js'), open('./late.js')]);
    answer(0);
    assert.deepEqual([await both, names()], [['answer 0', 'answer 0'], ['./late.js 0']]);
    assert.deepEqual([await open('./late.js'), names().length], ['answer 0', 1]);
  });

  it('has another address after each failure', async (t) => {
    const { open, fail, answer, names } = stage(t);
    for (const index of [0, 1]) {
      const failing = assert.rejects(open('./late.js'), /failed/u);
      fail(index);
      await failing;
    }
    const last = open('./late.js');
    answer(2);
    assert.deepEqual([await last, names()], ['answer 2', ['./late.js 0', './late.js 1', './late.js 2']]);
  });

  it('is requested again beside a request that hangs, three times at most, and comes with the first that ends', async (t) => {
    const { open, pass, answer, names } = stage(t);
    const tries: Promise<unknown>[] = [];
    for (let count = 0; count < 5; count++) {
      tries.push(open('./late.js'));
      pass(PATIENCE);
    }
    assert.deepEqual(names(), ['./late.js 0', './late.js 1', './late.js 2']);
    answer(0);
    assert.deepEqual(await Promise.all(tries), Array<string>(5).fill('answer 0'));
  });
});
