/** What is sent to one participant over channels that die. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { fc } from '../../support/property.ts';
import { Inbox } from '../../../src/room/mesh/inbox.ts';
import { Outbox } from '../../../src/room/mesh/outbox.ts';
import type { ChannelMessage, DataMessage } from '../../../src/room/messages/messages.ts';

const chat = (text: string): DataMessage => ({ type: 'chat', text });

/** One direction, with a channel in memory that a test cuts; `way` says what becomes of a message that was sent. */
function direction() {
  const read: string[] = [];
  const acks: number[] = [];
  const sent: ChannelMessage[] = [];
  const deliveries: (readonly [number, string])[] = [];
  const way = { up: true, messages: true, acks: true };
  const inbox = new Inbox(async (n) => {
    await Promise.resolve();
    acks.push(n);
    if (way.up && way.acks) outbox.onAck(n);
    return way.up;
  });
  const outbox = new Outbox({
    deliver: async (message) => {
      await Promise.resolve();
      if (!way.up) return false;
      sent.push(message);
      if (!way.messages || message.type === 'ack' || !inbox.take(message)) return true;
      read.push(message.type === 'chat' ? message.text : `${message.type} ${JSON.stringify(message)}`);
      return true;
    },
    onDelivery: (...one) => void deliveries.push(one),
  });
  return { outbox, inbox, read, acks, sent, deliveries, way };
}

/** Lets everything run that waits for nothing but itself. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 500; turn++) await Promise.resolve();
};

describe('what is sent over channels that die', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('waits for a channel, and is read once and in order', async () => {
    const { outbox, read, way } = direction();
    way.up = false;
    await Promise.all([outbox.add(chat('a')), outbox.add(chat('b'))]);
    assert.deepEqual(read, []);
    way.up = true;
    await Promise.all([outbox.onOpen(), outbox.add(chat('c')), outbox.onOpen()]);
    assert.deepEqual(read, ['a', 'b', 'c']);
  });

  it('is two messages where it is written twice', async () => {
    const { outbox, read } = direction();
    await outbox.add(chat('ja'));
    await outbox.add(chat('ja'));
    assert.deepEqual(read, ['ja', 'ja']);
  });

  it('goes again over the next channel where it was lost with the one before', async () => {
    const { outbox, read, way, sent } = direction();
    await outbox.add(chat('arrived'));
    await settle();
    way.messages = false;
    await outbox.add(chat('lost'));
    await outbox.add(chat('lost as well'));
    way.messages = true;
    await outbox.onOpen();
    await settle();
    assert.deepEqual(read, ['arrived', 'lost', 'lost as well']);
    const before = sent.length;
    await outbox.onOpen();
    assert.equal(sent.length, before, 'everything is confirmed');
  });

  it('is not read again where only its confirmation was lost', async () => {
    const { outbox, read, way, acks, sent } = direction();
    way.acks = false;
    await outbox.add(chat('once'));
    await settle();
    way.acks = true;
    await outbox.onOpen();
    await settle();
    assert.deepEqual([read, acks.length], [['once'], 2]);
    const before = sent.length;
    await outbox.onOpen();
    assert.equal(sent.length, before);
  });

  it('goes again on the same channel, with more patience each time, where nothing confirms it', async () => {
    const { outbox, way, sent } = direction();
    way.messages = false;
    await outbox.add(chat('a'));
    const times: number[] = [];
    for (let second = 1; second <= 40; second++) {
      const before = sent.length;
      mock.timers.tick(1_000);
      await settle();
      if (sent.length > before) times.push(second);
    }
    assert.deepEqual(times, [5, 15, 35]);
  });

  it('is not read ahead of one that is missing', async () => {
    const { outbox, read, way } = direction();
    way.messages = false;
    await outbox.add(chat('first'));
    way.messages = true;
    await outbox.add(chat('second'));
    await settle();
    assert.deepEqual(read, []);
    mock.timers.tick(5_000);
    await settle();
    assert.deepEqual(read, ['first', 'second']);
  });

  it('is the newest only of a state, without a gap for the others', async () => {
    const { outbox, read, way } = direction();
    way.messages = false;
    await outbox.add(chat('a'));
    await outbox.add({ type: 'break', wanted: true });
    await outbox.add(chat('b'));
    await outbox.add({ type: 'break', wanted: false });
    way.messages = true;
    await outbox.onOpen();
    assert.deepEqual(
      read.map((text) => text.replace(/"n":\d+,"after":\d+/u, '')),
      ['a', 'b', 'break {"type":"break","wanted":false,}'],
    );
  });

  it('is the newest 64 messages where no channel comes, and says that the others are late', async () => {
    const { outbox, read, way, deliveries } = direction();
    way.up = false;
    for (let n = 0; n < 100; n++) await outbox.add(chat(String(n)), n);
    assert.deepEqual([deliveries.length, deliveries[0], deliveries.at(-1)], [36, [0, 'late'], [35, 'late']]);
    way.up = true;
    await outbox.onOpen();
    assert.deepEqual([read.length, read[0], read.at(-1)], [64, '36', '99']);
  });

  it('is late after five seconds, and confirmed when it is', async () => {
    const { outbox, way, deliveries } = direction();
    way.up = false;
    await outbox.add(chat('a'), 1);
    mock.timers.tick(4_999);
    assert.deepEqual(deliveries, []);
    mock.timers.tick(1);
    assert.deepEqual(deliveries, [[1, 'late']]);
    way.up = true;
    await outbox.onOpen();
    await settle();
    assert.deepEqual(deliveries.at(-1), [1, 'confirmed']);
    mock.timers.tick(60_000);
    assert.equal(deliveries.length, 2);
  });

  it('is late at once where its receiver leaves, and nothing is sent to them any more', async () => {
    const { outbox, way, deliveries, sent } = direction();
    way.acks = false;
    await outbox.add(chat('a'), 1);
    outbox.close();
    assert.deepEqual(deliveries, [[1, 'late']]);
    mock.timers.tick(60_000);
    await settle();
    assert.equal(sent.length, 1);
  });

  it('is not believed to have arrived where a receiver confirms what was never sent', async () => {
    const { outbox, way, deliveries, read } = direction();
    outbox.onAck(Number.MAX_SAFE_INTEGER);
    way.up = false;
    await outbox.add(chat('a'), 1);
    outbox.onAck(Number.MAX_SAFE_INTEGER);
    assert.deepEqual(deliveries, []);
    way.up = true;
    await outbox.onOpen();
    assert.deepEqual(read, ['a']);
  });

  it('is read from a new outbox to the same receiver, with numbers above the one before', async () => {
    const read: number[] = [];
    const inbox = new Inbox(async () => true);
    for (const above of [0, 2 ** 32]) {
      const deliver = async (message: ChannelMessage): Promise<boolean> => {
        if (message.type !== 'ack' && inbox.take(message)) read.push(message.n);
        return true;
      };
      const outbox = new Outbox({ deliver, onDelivery: () => undefined }, above);
      await outbox.add(chat('a'));
      outbox.close();
    }
    assert.deepEqual(read, [1, 2 ** 32 + 1]);
  });

  it('is read once and in order, whatever is lost', async () => {
    const step = fc.constantFrom('write', 'cut', 'open', 'lose messages', 'lose acks', 'keep all', 'wait');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { outbox, way, read } = direction();
        const written: string[] = [];
        for (const one of steps) {
          if (one === 'write') {
            written.push(String(written.length));
            void outbox.add(chat(String(written.length - 1)));
          } else if (one === 'cut') way.up = false;
          else if (one === 'open') {
            way.up = true;
            void outbox.onOpen();
          } else if (one === 'lose messages') way.messages = false;
          else if (one === 'lose acks') way.acks = false;
          else if (one === 'keep all') Object.assign(way, { messages: true, acks: true });
          else mock.timers.tick(5_000);
          for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        }
        Object.assign(way, { up: true, messages: true, acks: true });
        await outbox.onOpen();
        await settle();
        assert.deepEqual(read, written);
        outbox.close();
      }),
      { numRuns: 200 },
    );
  });
});
