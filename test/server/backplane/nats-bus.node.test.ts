import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { NatsBus } from '../../../src/server/backplane/nats-bus.ts';
import { until } from '../../support/until.ts';
import { type Nats, SECRET, startNats } from './cluster.ts';

const PROCESS = 'p'.repeat(22);
const pulse = (number: number) => ({ process: PROCESS, usage: { [String(number)]: [0, 0] as [number, number] } });

describe('what is sent soon', () => {
  let nats: Nats;
  let bus: NatsBus;
  let other: NatsBus;
  const heard: string[] = [];

  before(async () => {
    nats = await startNats();
    const make = async () => {
      const one = new NatsBus({ servers: [nats.url], secret: SECRET }, { onStatus: () => {}, onReconnected: () => {} });
      await one.connect();
      one.open();
      return one;
    };
    [bus, other] = [await make(), await make()];
    other.subscribe('said', ({ data }) => heard.push(Buffer.from(data).toString()));
    // NATS has taken the subscription once it has answered anything that came after it.
    await other.request('nobody', { type: 'probe', room: 'r', seat: 's' }, 5_000);
  });
  after(async () => {
    await bus.close();
    await other.close();
    await nats.stop();
  });

  it('stays in order with what is sent at once, and nothing of it is lost at the end', async () => {
    bus.sendSoon('said', 'one');
    bus.sendSoon('said', 'two');
    bus.send('said', pulse(3));
    bus.sendSoon('said', 'four');
    bus.answer({ reply: 'consult-room.1.said' } as never, { type: 'lost', process: PROCESS, room: 'five' });
    bus.sendSoon('said', 'six');
    void bus.request('said', { type: 'lost', process: PROCESS, room: 'seven' }, 1_000);
    bus.sendSoon('said', 'eight');
    await until(
      () => heard.length,
      (count) => count >= 8,
      'eight messages',
    );
    bus.sendSoon('said', 'nine');
    await bus.close();
    await until(
      () => heard.length,
      (count) => count >= 9,
      'the ninth',
    );
    const words = ['one', 'two', '"3"', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
    assert.deepEqual(
      heard.map((said, index) => said.includes(words[index] ?? '')),
      words.map(() => true),
      heard.join('\n'),
    );
  });
});
