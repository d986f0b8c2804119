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

describe('[R7] a direct path beside a relay', () => {
  it('is in use when the browser switched to it, and no longer when it switched back', () => {
    const { way, told } = stage({ granted: true });
    for (const path of ['relay', 'direct', 'relay', 'direct', 'none'] as const) way.onPath('p1', path);
    assert.deepEqual(told, ['p1 unknown', 'p1 used', 'p1 unknown', 'p1 used', 'p1 unknown']);
  });

  it('is not offered without consent to a relay, or when a relay is required', () => {
    for (const { way, told } of [stage({ granted: false }), stage({ granted: true, mode: 'relay-only' })]) {
      way.onPath('p1', 'direct');
      assert.deepEqual(told, []);
    }
  });
});
