/** protocol.md §10: what is known of a direct way beside a relay, as the path changes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DirectPath } from '../../../src/room/relay/direct-path.ts';

function stage(o: { readonly granted: boolean; readonly mode?: 'relay-only' }): {
  readonly way: DirectPath;
  readonly told: readonly string[];
} {
  const told: string[] = [];
  const way = new DirectPath({
    iceServers: [],
    relayAddresses: [],
    mode: o.mode ?? 'direct-first',
    // The other side asks, so nothing is tried from here.
    member: () => null,
    ownLeaf: () => 1,
    isGranted: () => o.granted,
    send: () => undefined,
    onDirect: (id, found) => told.push(`${id} ${found}`),
    onProblem: (code) => told.push(code),
  });
  return { way, told };
}

describe('[R7] a direct way beside a relay', () => {
  it('is in use where the browser went there by itself, and no more when it came back', () => {
    const { way, told } = stage({ granted: true });
    for (const path of ['relay', 'direct', 'relay', 'direct', 'none'] as const) way.onPath('p1', path);
    assert.deepEqual(told, ['p1 unknown', 'p1 used', 'p1 unknown', 'p1 used', 'p1 unknown']);
  });

  it('is nothing to speak of where no relay was agreed to, or where a relay is wanted', () => {
    for (const { way, told } of [stage({ granted: false }), stage({ granted: true, mode: 'relay-only' })]) {
      way.onPath('p1', 'direct');
      assert.deepEqual(told, []);
    }
  });
});
