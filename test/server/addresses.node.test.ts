import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AddressCounter } from '../../src/server/address-counter.ts';
import { isLoopback, parseAddress } from '../../src/server/addresses.ts';

/** Addresses that a counter with a limit of one lets in. */
function letIn(addresses: readonly string[]): readonly string[] {
  const counter = new AddressCounter(1);
  return addresses.filter((address) => counter.enter(address) !== null);
}

describe('client addresses', () => {
  it('count once in every spelling that a proxy writes', () => {
    const spellings = [
      '203.0.113.9',
      '203.0.113.9:4001',
      '203.0.113.9:4002',
      ' 203.0.113.9 ',
      '"203.0.113.9:4003"',
      '::ffff:203.0.113.9',
      '[::ffff:203.0.113.9]:4004',
      '::ffff:cb00:7109',
      '64:ff9b::203.0.113.9',
    ];
    assert.deepEqual(letIn(spellings), ['203.0.113.9']);
    const ipv6 = ['2001:db8::1', '[2001:db8::1]', '[2001:db8::1]:5000', '"[2001:db8::2]:5001"', '2001:DB8:0:0:ffff::1'];
    assert.deepEqual(letIn(ipv6), ['2001:db8::1']);
  });

  it('count as one network when they are not addresses', () => {
    assert.deepEqual(
      letIn(['unknown', '_hidden', '', '203.0.113.999', '203.0.113', '0xcb.0.113.9', 'a:b', '1.2.3.4:x']),
      ['unknown'],
    );
  });

  it('of one /56 or /48 get two and four times the limit when the client rotates its networks', () => {
    const rotating = Array.from({ length: 64 }, (_, index) => `2001:db8:0:${index.toString(16)}::1`);
    assert.equal(letIn(rotating).length, 2);
    const wide = Array.from({ length: 64 }, (_, index) => `2001:db8:0:${(index * 256).toString(16)}::1`);
    assert.equal(letIn(wide).length, 4);
  });

  it('give back every place when the connection closes', () => {
    const counter = new AddressCounter(1);
    const places = ['2001:db8::1', '203.0.113.9:1'].map((address) => counter.enter(address));
    assert.ok(counter.size > 2);
    for (const place of places) place?.leave();
    assert.equal(counter.size, 0);
  });

  it('are loopback in every spelling, and nothing else is', () => {
    for (const address of ['127.0.0.1', '127.9.9.9:80', '::1', '[::1]:80', '::ffff:127.0.0.1'])
      assert.ok(isLoopback(address));
    for (const address of ['10.0.0.1', 'localhost', '', '::', '0.0.0.0', '2001:db8::7f00:1'])
      assert.ok(!isLoopback(address));
    assert.equal(parseAddress('0177.0.0.1'), null);
  });
});
