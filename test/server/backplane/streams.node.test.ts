import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../support/property.ts';
import type { Position, RoomEvent } from '../../../src/server/backplane/process-messages.ts';
import { IncomingStream, OutgoingStream } from '../../../src/server/backplane/streams.ts';
import { EMPTY_ROOM as STATE } from './empty-room.ts';

const event = (text: string): RoomEvent => ({ kind: 'message', from: 'f'.repeat(22), to: 'everyone', data: text });

/** A receiver that records what it is given and what it asks for. */
function receiver() {
  const log: string[] = [];
  const asked: Position[] = [];
  const stream = new IncomingStream({
    deliver: (one) => log.push(one.kind === 'message' ? one.data : one.kind),
    apply: () => log.push('state'),
    again: (at) => asked.push(at),
    ask: () => undefined,
  });
  return { stream, log, asked };
}

describe('the events of a process in a room', () => {
  it('arrive once and in order, whatever NATS loses, doubles or delays', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.tuple(fc.nat(29), fc.boolean()), { maxLength: 120 }),
        (count, deliveries) => {
          const outgoing = new OutgoingStream(1);
          const sent = Array.from({ length: count }, (_, index) => {
            const one = event(`e${String(index)}`);
            return { at: outgoing.add(one, 0), event: one };
          });
          const { stream, log, asked } = receiver();
          const repeat = (): void => {
            for (const at of asked.splice(0))
              for (const one of outgoing.since(at) ?? []) stream.event(one.at, one.event);
          };
          stream.event({ entry: 1, number: 1 }, event('e0'));
          for (const [index, repeats] of deliveries) {
            const one = sent[index];
            if (one) stream.event(one.at, one.event);
            if (repeats) repeat();
          }
          stream.state(outgoing.at, STATE);
          repeat();
          assert.deepEqual(
            log.filter((text) => text !== 'state'),
            sent.map(({ event: one }) => (one.kind === 'message' ? one.data : '')),
          );
          assert.equal(log.at(-1), 'state');
          assert.equal(stream.condition, 'open');
        },
      ),
    );
  });

  it('are kept up to a number, a size and an age, the last ones, and are asked for from any of these', () => {
    const outgoing = new OutgoingStream(1);
    for (let number = 1; number <= 2_000; number++) outgoing.add(event('x'), 0);
    const from = (number: number): number | null => outgoing.since({ entry: 1, number })?.length ?? null;
    assert.deepEqual([from(1_488), from(1_489), from(2_000), from(2_001)], [null, 512, 1, 0]);
    outgoing.add(event('y'.repeat(1024 * 1024)), 0);
    assert.deepEqual([from(2_000), from(2_001)], [null, 1]);
    outgoing.trim(19_000);
    assert.equal(from(2_001), 1);
    outgoing.trim(20_000);
    assert.deepEqual([from(2_001), from(2_002)], [null, 0]);
    outgoing.add(event('z'), 20_000);
    assert.deepEqual([from(2_001), from(2_002)], [null, 1]);
  });

  it('are dropped when they come after the process has left', () => {
    const { stream, log } = receiver();
    stream.event({ entry: 3, number: 1 }, event('here'));
    stream.end(3);
    stream.event({ entry: 3, number: 2 }, event('late'));
    stream.event({ entry: 3, number: 1 }, event('here'));
    stream.state({ entry: 3, number: 2 }, STATE);
    assert.deepEqual(log, ['here']);
    stream.event({ entry: 4, number: 1 }, event('back'));
    assert.deepEqual(log, ['here', 'back']);
  });

  it('stay unconfirmed until the process has answered with its state', () => {
    const { stream } = receiver();
    stream.event({ entry: 1, number: 1 }, event('a doubled message of a process that is gone'));
    assert.equal(stream.condition, 'unconfirmed');
    stream.state({ entry: 1, number: 1 }, STATE);
    assert.equal(stream.condition, 'open');
  });

  it('are reported as lost when they are asked for after they were dropped', () => {
    const outgoing = new OutgoingStream(1);
    for (let index = 0; index < 600; index++) outgoing.add(event('x'), 0);
    assert.equal(outgoing.since({ entry: 1, number: 1 }), null);
    assert.equal(outgoing.since({ entry: 1, number: 600 })?.length, 1);
    assert.deepEqual(outgoing.since({ entry: 1, number: 601 }), []);
    assert.equal(outgoing.since({ entry: 2, number: 600 }), null);
    outgoing.trim(60_000);
    assert.equal(outgoing.since({ entry: 1, number: 600 }), null);
  });
});
