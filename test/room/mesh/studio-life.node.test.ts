/** When the one encoder of a group is late, when it is broken, and when it is tried again. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import { StudioLife } from '../../../src/room/mesh/studio-life.ts';
import { FakeConnection, FakeFrames, Stage } from './studio-fakes.ts';

describe('the life of a studio', () => {
  let stage: Stage;
  let slow = false;
  let changes = 0;
  let ends = 0;
  let life: StudioLife;

  beforeEach(() => {
    stage = new Stage();
    [slow, changes, ends] = [false, 0, 0];
    life = new StudioLife({
      frames: new FakeFrames() as unknown as FrameWorkerClient,
      isSlow: () => slow,
      onEnd: () => ends++,
      onChange: () => changes++,
    });
  });
  afterEach(() => {
    life.close();
    stage.close();
  });

  const connect = (): void => FakeConnection.made.at(-2)?.connect();

  it('is late after three seconds, and on when it is up after all', async () => {
    life.start();
    await stage.pass(2.9);
    assert.equal(life.state, 'starting');
    await stage.pass(0.2);
    assert.deepEqual([life.state, changes], ['late', 1]);
    connect();
    assert.deepEqual([life.state, changes], ['on', 2]);
  });

  it('is late after fifteen seconds on a slow device', async () => {
    slow = true;
    life.start();
    await stage.pass(14.9);
    assert.equal(life.state, 'starting');
    await stage.pass(0.2);
    assert.equal(life.state, 'late');
  });

  it('takes every carrier back when it ends, and tells nobody who has other tracks already', async () => {
    life.start();
    connect();
    life.stop('off');
    assert.deepEqual([life.state, life.studio, changes, ends], ['off', null, 2, 1]);
    life.start();
    await stage.pass(4);
    assert.deepEqual([life.state, changes], ['late', 3]);
    life.stop('broken');
    assert.deepEqual([life.state, changes, ends], ['broken', 3, 2]);
  });

  /** Lets it break each time it may be tried, for so long. @returns the seconds at which it was tried */
  async function tries(seconds: number): Promise<number[]> {
    const at: number[] = [];
    for (let second = 0; second < seconds; second++) {
      life.forgive();
      if (life.state === 'off') {
        at.push(second);
        life.start();
      }
      await stage.pass(1);
    }
    return at;
  }

  it('is tried again after longer waits, and not for ever', async () => {
    FakeConnection.fails = true;
    const at = await tries(1_000);
    assert.deepEqual(
      at.map((second, index) => second - (at[index - 1] ?? 0)),
      [0, 21, 41, 81, 161],
    );
  });

  it('forgets its failures where it ran well for a minute', async () => {
    FakeConnection.fails = true;
    await tries(200);
    FakeConnection.fails = false;
    while (life.state === 'broken') await tries(1);
    connect();
    await stage.pass(61);
    life.stop('broken');
    await stage.pass(19);
    life.forgive();
    assert.equal(life.state, 'broken');
    await stage.pass(1);
    life.forgive();
    assert.equal(life.state, 'off');
  });

  describe('that gives no frame', () => {
    let filmed: number | null;
    let frames: number;

    /** Looks once a second. @returns the seconds that it was on */
    async function look(seconds: number, expected: 'frames' | 'nothing' = 'frames', perSecond = 15): Promise<number> {
      for (let second = 1; second <= seconds; second++) {
        await stage.pass(1);
        filmed = filmed === null ? null : filmed + perSecond;
        life.watch({ frames, expected, report: { strain: 'none', filmed } });
        if (life.state !== 'on') return second;
      }
      return Infinity;
    }

    beforeEach(() => {
      [filmed, frames] = [100, 7];
      life.start();
      connect();
    });

    it('is broken after five seconds where its camera gives pictures, or nobody knows', async () => {
      await look(1);
      assert.deepEqual([await look(10), life.state], [5, 'broken']);
      life.forgive();
      await stage.pass(21);
      life.forgive();
      life.start();
      connect();
      filmed = null;
      await look(1);
      assert.equal(await look(10), 5);
    });

    it('is not broken where its camera gives none either, and is when it does again', async () => {
      await look(1);
      assert.equal(await look(60, 'frames', 0), Infinity);
      // As another camera, which counts from the beginning.
      filmed = 0;
      assert.ok((await look(10, 'frames', 5)) <= 3);
    });

    it('is not broken where nothing is expected', async () => {
      assert.equal(await look(60, 'nothing'), Infinity);
    });

    it('is not broken on a slow device, until thirty seconds have passed', async () => {
      slow = true;
      await look(1);
      assert.equal(await look(29), Infinity);
      frames++;
      await look(1);
      assert.equal(await look(29), Infinity);
      assert.deepEqual([await look(3), life.state], [1, 'broken']);
    });
  });
});
