/** What strangers can make the server write into its log. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { Advisor } from '../../src/server/advice.ts';
import type { LogEntry } from '../../src/server/log.ts';
import { createServer } from '../../src/server/server.ts';
import { Tally } from '../../src/server/tally.ts';
import { Client, CONFIGURATION, eventually } from './harness.ts';

describe('refusals in the log', () => {
  it('are told at once, and then once a minute with their number', (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const entries: LogEntry[] = [];
    const tally = new Tally((entry) => void entries.push(entry));
    const taken = (): LogEntry[] => entries.splice(0);
    const origin = { event: 'refused', code: 'origin' } as const;
    for (let count = 0; count < 1_000; count++) tally.note(origin);
    tally.note({ event: 'refused', code: 'room-full' });
    tally.note({ event: 'fault', where: 'http' });
    assert.deepEqual(taken(), [
      { ...origin, count: 1 },
      { event: 'refused', code: 'room-full', count: 1 },
      { event: 'fault', where: 'http', count: 1 },
    ]);
    t.mock.timers.tick(59_999);
    assert.deepEqual(taken(), []);
    t.mock.timers.tick(1);
    assert.deepEqual(taken(), [{ ...origin, count: 999 }]);
    tally.note(origin);
    assert.deepEqual(taken(), []);
    t.mock.timers.tick(60_000);
    assert.deepEqual(taken(), [{ ...origin, count: 1 }]);
    // After a minute without any, the next one is told at once.
    t.mock.timers.tick(60_000);
    tally.note(origin);
    assert.deepEqual(taken(), [{ ...origin, count: 1 }]);
    tally.note(origin);
    tally.end();
    assert.deepEqual(taken(), [{ ...origin, count: 1 }]);
    t.mock.timers.tick(60_000);
    assert.deepEqual(taken(), []);
  });

  it('are few however many connections are refused, and none is lost', async () => {
    const entries: LogEntry[] = [];
    const log = (entry: LogEntry): void => void entries.push(entry);
    const server = createServer({ configuration: CONFIGURATION, relayCheck: 'off', log });
    const { url } = await server.listen({ port: 0 });
    for (let count = 0; count < 20; count++) await new Client(url, { Origin: 'https://other.example' }).gone();
    await server.close();
    const counts = entries.flatMap((entry) => (entry.event === 'refused' ? [entry.count] : []));
    assert.deepEqual(counts, [1, 19]);
  });
});

describe('a request that breaks off', () => {
  it('is no fault of the server', async () => {
    const entries: LogEntry[] = [];
    const log = (entry: LogEntry): void => void entries.push(entry);
    const server = createServer({ configuration: CONFIGURATION, relayCheck: 'off', log });
    const { host, port, url } = await server.listen({ port: 0 });
    const client = connect(port, host);
    // The server asks for the body once it reads it.
    client.write('POST /transparency HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n');
    await once(client, 'data');
    client.end('{"room":');
    await once(client.resume(), 'close');
    await eventually(async () => assert.equal((await fetch(`${url}healthz`)).status, 200));
    await server.close();
    assert.deepEqual(
      entries.map(({ event }) => event),
      ['start', 'stop'],
    );
  });
});

describe('advice', () => {
  it('on what the operator did is given, whatever strangers invent', () => {
    const entries: LogEntry[] = [];
    const advisor = new Advisor((entry) => void entries.push(entry));
    for (let count = 0; count < 100; count++) {
      advisor.give('origin-refused', `refused a page of https://a${String(count)}.example`);
      advisor.give('host-unknown', `a name a${String(count)}.example`);
    }
    assert.equal(entries.length, 8);
    const others = [
      'upgrade-dropped',
      'proxy-addresses',
      'relay-unreachable',
      'relay-refuses',
      'relay-open',
      'relay-address',
      'webhook-failed',
    ] as const;
    for (const code of others) for (const words of ['one', 'another', 'one']) advisor.give(code, words);
    assert.deepEqual(
      entries.slice(8),
      others.flatMap((code) => ['one', 'another'].map((words) => ({ event: 'advice', code, words }))),
    );
  });
});
