/** protocol.md §10: the state of a direct path beside a relay, as the path changes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DirectPath } from '../../../src/room/relay/direct-path.ts';

function stage(o: { readonly granted: boolean; readonly mode?: 'relay-only' }): {
  readonly path: DirectPath;
  readonly reported: readonly string[];
} {
  const reported: string[] = [];
  const path = new DirectPath({
    iceServers: [],
    relayAddresses: [],
    mode: o.mode ?? 'direct-first',
    // The other side offers, so this side probes nothing.
    member: () => null,
    ownLeaf: () => 1,
    isGranted: () => o.granted,
    send: () => undefined,
    onDirect: (id, direct) => reported.push(`${id} ${direct}`),
    onProblem: (code) => reported.push(code),
  });
  return { path, reported };
}

describe('[R7] a direct path beside a relay', () => {
  it('[R7] is used when the browser switches to it by itself, and unknown when it switches back', () => {
    const { path, reported } = stage({ granted: true });
    for (const kind of ['relay', 'direct', 'relay', 'direct', 'none'] as const) path.onPath('p1', kind);
    assert.deepEqual(reported, ['p1 unknown', 'p1 used', 'p1 unknown', 'p1 used', 'p1 unknown']);
  });

  it('[R7] is not reported without a consented relay, or when the policy requires a relay', () => {
    for (const { path, reported } of [stage({ granted: false }), stage({ granted: true, mode: 'relay-only' })]) {
      path.onPath('p1', 'direct');
      assert.deepEqual(reported, []);
    }
  });
});
