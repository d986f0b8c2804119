/** protocol.md §10: the consent to a relay whose code comes late. Without it there is no relay, and nothing is forgotten or asked twice. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ConsultError } from '../../../src/errors.ts';
import type { KnownMember } from '../../../src/room/group/members.ts';
import type { GroupMessage } from '../../../src/room/messages/messages.ts';
import { LateRelaying } from '../../../src/room/session/late-relaying.ts';
import type { Relaying } from '../../../src/room/session/relaying.ts';

const member = (id: string): KnownMember => ({ id, leaf: 1 }) as KnownMember;
const message = (seq: number): GroupMessage =>
  ({
    type: 'relay-question',
    body: { nonce: String(seq), text: '' },
    to: 'everyone',
    link: '',
    seq,
  }) satisfies GroupMessage;

/** Lets everything run that waits for nothing else. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function stage(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const log: string[] = [];
  const whole = {
    consent: {
      needed: (id: string) => log.push(`needed ${id}`),
      notNeeded: (id: string) => log.push(`not needed ${id}`),
      receive: async (from: KnownMember, { seq }: GroupMessage) => log.push(`${from.id} says ${String(seq)}`),
      forget: (id: string) => log.push(`forget ${id}`),
      clear: () => log.push('clear'),
    },
  } as unknown as Relaying;
  const network = { isCut: false, asked: 0 };
  const late = new LateRelaying({
    load: async () => {
      network.asked++;
      if (network.isCut) throw new ConsultError('part-unavailable');
      return whole;
    },
    onProblem: (code) => log.push(code),
  });
  return { late, log, network };
}

describe('the consent to a relay, late', () => {
  it('[R7] is not loaded, and does nothing, while every pair has a direct path', async (t) => {
    const { late, log, network } = stage(t);
    late.notNeeded('mia');
    late.forget('mia');
    late.clear();
    await turn();
    assert.deepEqual([log, network.asked, late.whole], [[], 0, null]);
  });

  it('asks about everyone without a direct path as soon as it is there, after what others have asked', async (t) => {
    const { late, log } = stage(t);
    late.needed('mia');
    late.receive(member('tom'), message(1));
    late.needed('tom');
    late.receive(member('tom'), message(2));
    await turn();
    assert.deepEqual(log, ['tom says 1', 'tom says 2', 'needed mia', 'needed tom']);
    late.receive(member('mia'), message(3));
    late.needed('eva');
    assert.deepEqual(log.slice(4), ['mia says 3', 'needed eva']);
  });

  it('does not ask about those who found a path meanwhile, and knows nothing of those who left', async (t) => {
    const { late, log } = stage(t);
    for (const id of ['mia', 'tom', 'eva']) late.needed(id);
    late.receive(member('tom'), message(1));
    late.notNeeded('mia');
    late.forget('tom');
    await turn();
    assert.deepEqual(log, ['needed eva']);
  });

  it('asks nothing of a group that is over', async (t) => {
    const { late, log } = stage(t);
    late.needed('mia');
    late.receive(member('mia'), message(1));
    late.clear();
    await turn();
    assert.deepEqual(log, []);
  });

  it('[R9] says that a part is missing where it cannot be loaded, has no relay until then, and tries again', async (t) => {
    const { late, log, network } = stage(t);
    network.isCut = true;
    late.needed('mia');
    late.needed('tom');
    await turn();
    late.notNeeded('mia');
    assert.deepEqual([log, late.whole], [['part-unavailable'], null]);
    t.mock.timers.tick(1_000);
    await turn();
    assert.deepEqual([log, network.asked], [['part-unavailable'], 2]);
    network.isCut = false;
    t.mock.timers.tick(2_000);
    await turn();
    assert.deepEqual(log, ['part-unavailable', 'needed tom']);
  });

  it('keeps the last 64 messages of people who send without end', async (t) => {
    const { late, log } = stage(t);
    for (let seq = 0; seq < 1_000; seq++) late.receive(member('mia'), message(seq));
    await turn();
    assert.deepEqual([log.length, log[0], log.at(-1)], [64, 'mia says 936', 'mia says 999']);
  });

  it('hands everything on once it is there', async (t) => {
    const { late, log } = stage(t);
    late.needed('mia');
    await turn();
    late.notNeeded('mia');
    late.forget('mia');
    late.clear();
    assert.deepEqual(log.slice(1), ['not needed mia', 'forget mia', 'clear']);
  });
});
