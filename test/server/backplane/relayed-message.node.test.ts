import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../support/property.ts';
import { Broadcast, parse } from '../../../src/server/backplane/process-messages.ts';
import { encodeRelayed, parseRelayed, type RelayedMessage } from '../../../src/server/backplane/relayed-message.ts';
import { MESSAGE_LIMIT } from '../../../src/wire/wire-parts.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('');
const text = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(...letters), { minLength, maxLength }).map((list) => list.join(''));
const id = text(22, 22);
const whole = fc.nat({ max: 2 ** 31 });
const bytes = (value: string): Uint8Array => Buffer.from(value);
const P = 'p'.repeat(22);
const F = 'f'.repeat(22);
const event: RelayedMessage = { kind: 'message', from: F, to: 'everyone', data: 'AAAA' };
const written = encodeRelayed(P, { entry: 1, number: 2 }, event);

describe('a text between processes', () => {
  it('is written as JSON.stringify writes it, and read as the schema reads it', () => {
    fc.assert(
      fc.property(id, whole, whole, id, fc.oneof(id, fc.constant('everyone')), text(1, 300), (...parts) => {
        const [process, entry, number, from, to, data] = parts;
        const at = { entry, number };
        const one: RelayedMessage = { kind: 'message', from, to, data };
        const encoded = encodeRelayed(process, at, one);
        assert.equal(encoded, JSON.stringify({ type: 'event', process, at, event: one }));
        const read = parseRelayed(bytes(encoded));
        assert.deepEqual(read, { type: 'event', process, at, event: one });
        assert.deepEqual(read, parse(Broadcast, bytes(encoded)));
      }),
    );
  });

  it('is read in this way only where the schema reads the same, however it is damaged', () => {
    const damage = fc.array(fc.tuple(fc.nat(written.length), fc.string({ maxLength: 3 }), fc.nat(3)), { maxLength: 3 });
    fc.assert(
      fc.property(damage, (cuts) => {
        const damaged = cuts.reduce((all, [at, put, drop]) => all.slice(0, at) + put + all.slice(at + drop), written);
        const read = parseRelayed(bytes(damaged));
        if (read) assert.deepEqual(read, parse(Broadcast, bytes(damaged)));
      }),
      { numRuns: 2_000 },
    );
  });

  const refused: Readonly<Record<string, string>> = {
    nothing: '',
    'another event': JSON.stringify({
      type: 'event',
      process: P,
      at: { entry: 1, number: 2 },
      event: { kind: 'left', id: F },
    }),
    'another message': JSON.stringify({ type: 'bye', process: P, entry: 1 }),
    'a text that is too long': encodeRelayed(
      P,
      { entry: 1, number: 2 },
      { ...event, data: 'A'.repeat(MESSAGE_LIMIT + 1) },
    ),
    'an empty text': encodeRelayed(P, { entry: 1, number: 2 }, { ...event, data: '' }),
    'a number that no double holds': written.replace('"number":2', `"number":${'9'.repeat(16)}`),
    'a number of another spelling': written.replace('"number":2', '"number":02'),
    'more after it': `${written}{}`,
    'a line after it': `${written}\n`,
    'letters that are none': written.replace('AAAA', 'AÄAA'),
  };
  for (const [name, value] of Object.entries(refused))
    it(`leaves ${name} to the schema`, () => {
      assert.equal(parseRelayed(bytes(value)), null);
    });

  it('is read from the middle of what NATS has delivered', () => {
    const chunk = Buffer.from(`MSG ${written}\r\n`);
    assert.deepEqual(parseRelayed(chunk.subarray(4, 4 + written.length))?.event, event);
  });
});
