/** protocol.md §7, "Encode once": whose pictures wait for whose sound. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SoundFirst } from '../../../src/room/mesh/sound-first.ts';
import { Stage } from './studio-fakes.ts';

describe('the pictures of a new link', () => {
  let stage: Stage;
  let connecting = 0;
  let slow = false;
  let sound: SoundFirst;

  beforeEach(() => {
    stage = new Stage();
    [connecting, slow] = [2, false];
    sound = new SoundFirst({ connecting: () => connecting, isSlow: () => slow });
  });
  afterEach(() => stage.close());

  it('wait while others connect, and no longer', () => {
    assert.deepEqual([sound.holds('a', 0), sound.isOver], [true, false]);
    connecting = 0;
    assert.deepEqual([sound.isOver, sound.holds('a', 0), sound.isOver], [true, false, false]);
  });

  it('wait two seconds at most, and ten on a slow device', async () => {
    assert.equal(sound.holds('a', 0), true);
    await stage.pass(1.9);
    assert.equal(sound.isOver, false);
    await stage.pass(0.1);
    assert.equal(sound.isOver, true);
    slow = true;
    assert.equal(sound.isOver, false);
    await stage.pass(8);
    assert.deepEqual([sound.isOver, sound.holds('a', 0)], [true, false]);
  });

  it('wait each from its own beginning, and not after its link has ended', async () => {
    sound.holds('a', 0);
    await stage.pass(1.5);
    sound.holds('b', 1_500);
    sound.forget('a');
    await stage.pass(1);
    assert.equal(sound.isOver, false);
    await stage.pass(1);
    assert.equal(sound.isOver, true);
  });
});
