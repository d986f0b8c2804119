/** The short way of parsing a `send` accepts nothing that the validators refuse, and reads the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../support/property.ts';
import { encode, encodeMessage } from '../../src/server/room-entry.ts';
import { parseSend } from '../../src/server/send-message.ts';
import { parseClientMessage } from '../../src/wire/wire.ts';
import { MESSAGE_LIMIT } from '../../src/wire/wire-parts.ts';

const id = 'AbCdEfGhIjKlMnOpQrSt_-';
const validated = (text: string) => {
  try {
    return parseClientMessage(text);
  } catch {
    return null;
  }
};

describe('a message from one client to another', () => {
  it('is parsed the short way as our client writes it', () => {
    for (const to of [id, 'everyone'])
      for (const data of ['A', 'ab_-09', 'z'.repeat(MESSAGE_LIMIT)])
        assert.deepEqual(parseSend(Buffer.from(JSON.stringify({ type: 'send', to, data }))), {
          type: 'send',
          to,
          data,
        });
  });

  it('is left to the validators when it is anything else', () => {
    const text = JSON.stringify({ type: 'send', to: id, data: 'abc' });
    const others = [
      text.replace('abc', ''),
      text.replace('abc', 'a"c'),
      text.replace('abc', String.raw`a\u0062c`),
      text.replace('abc', 'a+c'),
      text.replace('abc', 'aéc'),
      text.replace('abc', 'abc","data":"def'),
      text.replace('abc', 'abc","more":"def'),
      text.replace('abc', 'a'.repeat(MESSAGE_LIMIT + 1)),
      text.replace(id, id.slice(1)),
      text.replace(id, `${id}A`),
      text.replace(id, 'Everyone'),
      text.replace('send', 'sent'),
      ` ${text}`,
      `${text}\n`,
      `${text}{}`,
      JSON.stringify({ to: id, type: 'send', data: 'abc' }),
    ];
    assert.deepEqual(
      others.filter((other) => parseSend(Buffer.from(other)) !== null),
      [],
    );
  });

  it('is never parsed where the validators refuse it, whatever its bytes', () => {
    const text = Buffer.from(JSON.stringify({ type: 'send', to: id, data: 'abcdef' }));
    const damage = fc.array(fc.tuple(fc.nat(text.length - 1), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(damage, fc.nat(3), (changes, cut) => {
        const bytes = Buffer.from(text.subarray(0, text.length - cut));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        const send = parseSend(bytes);
        if (send) assert.deepEqual(validated(bytes.toString('utf8')), send);
      }),
      { numRuns: 500 },
    );
  });

  it('reaches the receiver as JSON would write it', () => {
    for (const data of ['A', 'ab_-09', 'z'.repeat(5_000)])
      assert.deepEqual(encodeMessage(id, data), encode({ type: 'message', from: id, data }));
  });
});
