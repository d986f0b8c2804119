import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameAudit, type Counts } from '../../../src/room/mesh/frame-audit.ts';

const camera = (frames: number): Counts => ({ audio: 0, camera: frames, screen: 0 });

describe('comparing sent with encrypted frames', () => {
  it('agrees while the worker keeps up, however long the call', () => {
    const audit = new FrameAudit();
    for (let frames = 0; frames < 10_000; frames += 60)
      assert.equal(audit.check(camera(frames + 10), camera(frames)), 'agree');
  });

  it('agrees with a worker that is seconds behind and catches up: nothing left in clear', () => {
    const audit = new FrameAudit();
    assert.equal(audit.check(camera(60), camera(0)), 'agree');
    assert.equal(audit.check(camera(120), camera(60)), 'agree');
    assert.equal(audit.check(camera(180), camera(180)), 'agree');
  });

  for (const stream of ['audio', 'camera', 'screen'] as const)
    it(`parts when frames of ${stream} leave past the worker`, () => {
      const audit = new FrameAudit();
      const nothing: Counts = { audio: 0, camera: 0, screen: 0 };
      const seen = [60, 120, 180, 240].map((frames) => audit.check({ ...nothing, [stream]: frames }, nothing));
      assert.deepEqual(seen, ['agree', 'agree', 'parted', 'parted']);
    });
});
