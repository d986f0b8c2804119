/** protocol.md §10: media flows over a path that has been read and agreed to, and over no other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PathWatch } from '../../src/peer/path-watch.ts';
import { RelayGate } from '../../src/peer/relay-gate.ts';
import { statsWith } from './stats.ts';

const RELAYS = [{ urls: ['turn:turn.example'], username: 'u', credential: 'c' }];
const UNKNOWN = { candidateType: 'prflx', address: '' };
const MAPPED = { candidateType: 'prflx', protocol: 'udp', address: '198.51.100.9', port: 40_000, priority: 5 };

const settled = () => new Promise((resolve) => setImmediate(resolve));

function watching(connection: Partial<RTCPeerConnection> = {}) {
  const gate = new RelayGate({ stun: [], relayAddresses: ['203.0.113.7'], mode: 'direct-first' });
  const events: string[] = [];
  const watch = new PathWatch({
    pc: { connectionState: 'new', iceConnectionState: 'new', ...connection } as RTCPeerConnection,
    gate,
    onPath: (path) => events.push(`path ${path}`),
    onMedia: (media) => events.push(`media ${media}`),
    onMapping: (candidate) => events.push(candidate.split(' ').slice(4, 6).join(':')),
    onForbidden: (why) => events.push(`forbidden ${why}`),
  });
  return { gate, events, watch };
}

describe('the path watch', () => {
  it('holds media before a path is known', () => {
    const { watch, events } = watching();
    assert.equal(watch.judge([]), 'none');
    assert.deepEqual([watch.media, watch.path, events], ['held', 'none', []]);
  });

  it('opens media once when the path stays direct', () => {
    const { watch, events } = watching();
    watch.judge(statsWith({}, {}));
    watch.judge(statsWith({}, {}));
    assert.deepEqual(events, ['path direct', 'media open']);
  });

  it('[R7] forbids a relayed path, holds media and reads nothing more, when there is no consent', () => {
    const { watch, events } = watching();
    watch.judge(statsWith({}, {}));
    watch.judge(statsWith({}, { address: '203.0.113.7' }));
    assert.deepEqual(events.splice(0), ['path direct', 'media open', 'media held', 'forbidden undeclared']);
    assert.equal(watch.judge(statsWith({}, {})), 'none');
    assert.deepEqual(events, []);
  });

  it('[R8] reports a relayed path when both consented', () => {
    const { gate, watch, events } = watching();
    gate.open(RELAYS);
    watch.judge(statsWith({ candidateType: 'relay' }, {}));
    assert.deepEqual(events, ['path relay', 'media open']);
  });

  it('calls a path from an unknown address relayed, not direct, when both consented to a relay', () => {
    const { gate, watch, events } = watching();
    gate.open(RELAYS);
    watch.judge(statsWith({}, UNKNOWN));
    assert.deepEqual(events, ['path relay', 'media open']);
  });

  it('forbids a path from an unknown address when the address is not sent within eight seconds', (t) => {
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    const { watch, events } = watching();
    watch.told();
    for (; now <= 8_000; now += 100) watch.judge(statsWith({}, UNKNOWN));
    assert.deepEqual([watch.media, events], ['held', []]);
    watch.judge(statsWith({}, UNKNOWN));
    assert.deepEqual(events, ['forbidden undeclared']);
  });

  it('ends such a path without naming a relay when not one address of the other side has come', (t) => {
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    const { watch, events } = watching();
    for (; now <= 8_100; now += 100) watch.judge(statsWith({}, UNKNOWN));
    assert.deepEqual([watch.media, events], ['held', ['forbidden unheard']]);
  });

  it('waits for the address longer when the device stood still for most of the eight seconds', (t) => {
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    const { watch, events } = watching();
    watch.judge(statsWith({}, UNKNOWN));
    now = 20_000;
    for (let reading = 2; reading <= 40; reading++) watch.judge(statsWith({}, UNKNOWN));
    assert.deepEqual([watch.media, events], ['held', []]);
    watch.judge(statsWith({}, UNKNOWN));
    assert.deepEqual(events, ['forbidden unheard']);
  });

  it('starts the eight seconds over when the address was known in between', (t) => {
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    const { watch, events } = watching();
    const read = (remote: Parameters<typeof statsWith>[1]): void => {
      now += 100;
      watch.judge(statsWith({}, remote));
    };
    for (let readings = 0; readings < 60; readings++) read(UNKNOWN);
    read({});
    for (let readings = 0; readings < 60; readings++) read(UNKNOWN);
    assert.deepEqual(events, ['path direct', 'media open', 'media held']);
  });

  it('reports each address of a NAT once', () => {
    const { watch, events } = watching();
    for (const port of [40_000, 40_000, 40_001]) watch.judge(statsWith({ ...MAPPED, port }, {}));
    assert.deepEqual(
      events.filter((event) => event.startsWith('198.')),
      ['198.51.100.9:40000', '198.51.100.9:40001'],
    );
  });

  it('reads one report at a time, and one more for all who asked meanwhile', async () => {
    const reports: ((stats: RTCStatsReport) => void)[] = [];
    const { watch, events } = watching({ getStats: () => new Promise((resolve) => reports.push(resolve)) });
    for (let asked = 0; asked < 5; asked++) watch.look();
    assert.equal(reports.length, 1);
    reports[0]?.(new Map());
    await settled();
    assert.equal(reports.length, 2);
    reports[1]?.(new Map(statsWith({}, {}).map((stat) => [stat.id, stat])));
    await settled();
    assert.deepEqual([reports.length, events], [2, ['path direct', 'media open']]);
    watch.look();
    assert.equal(reports.length, 3);
  });

  for (const [when, connection, reads] of [
    ['no pair can be selected yet', { iceConnectionState: 'checking' }, 0],
    ['there may be a path that it does not know', { iceConnectionState: 'connected' }, 1],
  ] as const)
    it(`reads ${String(reads)} reports for candidates of the other side when ${when}`, () => {
      let reports = 0;
      const getStats = () => new Promise<RTCStatsReport>(() => reports++);
      const { watch } = watching({ ...connection, getStats });
      watch.told();
      assert.equal(reports, reads);
    });

  it('reads none for candidates of the other side when the path is direct', () => {
    let reports = 0;
    const getStats = () => new Promise<RTCStatsReport>(() => reports++);
    const { watch } = watching({ iceConnectionState: 'connected', getStats });
    watch.judge(statsWith({}, {}));
    watch.told();
    assert.equal(reports, 0);
  });

  it('holds media and reports no path when the connection is lost', () => {
    const { watch, events } = watching();
    watch.judge(statsWith({}, {}));
    watch.lost();
    assert.deepEqual(events.slice(2), ['media held', 'path none']);
  });
});
