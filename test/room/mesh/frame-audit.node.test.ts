import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameAudit, type Counts } from '../../../src/room/mesh/frame-audit.ts';

const camera = (frames: number): Counts => ({ audio: 0, camera: frames, screen: 0 });

describe('the frame audit', () => {
  it('finds a match while the worker keeps up, in a call of any length', () => {
    const audit = new FrameAudit();
    for (let frames = 0; frames < 10_000; frames += 60)
      assert.equal(audit.check(camera(frames + 10), camera(frames)), 'match');
  });

  it('finds a match when the worker is seconds late and catches up, since nothing left unencrypted', () => {
    const audit = new FrameAudit();
    assert.equal(audit.check(camera(60), camera(0)), 'match');
    assert.equal(audit.check(camera(120), camera(60)), 'match');
    assert.equal(audit.check(camera(180), camera(180)), 'match');
  });

  for (const stream of ['audio', 'camera', 'screen'] as const)
    it(`finds a mismatch when ${stream} frames leave without the worker`, () => {
      const audit = new FrameAudit();
      const nothing: Counts = { audio: 0, camera: 0, screen: 0 };
      const seen = [60, 120, 180, 240].map((frames) => audit.check({ ...nothing, [stream]: frames }, nothing));
      assert.deepEqual(seen, ['match', 'match', 'mismatch', 'mismatch']);
    });
});
