/** Which connections the listening port keeps when requests are opened and never finished. */
import assert from 'node:assert/strict';
import { Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { AcceptGuard } from '../../src/server/accept-guard.ts';
import type { LogEntry } from '../../src/server/log.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { Tally } from '../../src/server/tally.ts';

describe('the listening port', () => {
  it('lets the oldest request go when too many are open, and no WebSocket', () => {
    const server = new Server();
    const entries: LogEntry[] = [];
    const counts = { connections: () => 0, rooms: () => 0, backplane: (): 1 => 1 };
    const tally = new Tally((entry) => void entries.push(entry));
    const guard = new AcceptGuard({
      server,
      addresses: null,
      requests: 2,
      metrics: new Metrics(counts, tally),
      onAddressLimit: () => assert.fail('nobody is counted'),
    });
    const open = (): PassThrough => {
      const socket = new PassThrough();
      server.emit('connection', socket);
      return socket;
    };
    const [oldest, first, second] = [open(), open(), open()];
    assert.equal(oldest.destroyed, true);
    guard.upgraded(first);
    const third = open();
    assert.deepEqual([first.destroyed, second.destroyed, third.destroyed], [false, false, false]);
    const fourth = open();
    assert.deepEqual(
      [first, second, third, fourth].map(({ destroyed }) => destroyed),
      [false, true, false, false],
    );
    tally.end();
    const refused = { event: 'refused', code: 'request-displaced', count: 1 };
    assert.deepEqual(entries, [refused, refused]);
  });
});
