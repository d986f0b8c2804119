/** protocol.md §5, §9: who enters a group of three or more can follow its commits, a removal among them, before anything begins. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConsultError } from '../../../src/errors.ts';
import { untilFollowing } from '../../../src/room/admission/admission.ts';

describe('a guest who has joined', () => {
  it('waits among three until it can follow the host, and says what is missing', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const log: string[] = [];
    let isCut = true;
    const load = async (): Promise<void> => {
      if (isCut) throw new ConsultError('part-unavailable');
    };
    const waiting = untilFollowing(3, (code) => void log.push(code), load).then(() => log.push('begins'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(log, ['part-unavailable']);
    isCut = false;
    t.mock.timers.tick(1_000);
    await waiting;
    assert.deepEqual(log, ['part-unavailable', 'begins']);
  });

  it('does not wait with the host alone', async () => {
    const load = (): Promise<never> => Promise.reject(new ConsultError('part-unavailable'));
    await untilFollowing(2, () => assert.fail('nothing is missing'), load);
  });
});
