/** The site's time: whatever the device's clock says, and however long it slept. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { RoomClock } from '../../../src/room/setup/room-clock.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 28, 10);

/** A device and a site, with clocks of their own. */
class Device {
  wall = START;
  steadily = 0;
  /** What the site's clock shows; null where it does not answer. */
  site: number | null = START;
  asked = 0;
  readonly clock = new RoomClock({
    now: () => this.wall,
    steady: () => this.steadily,
    ask: async () => {
      this.asked++;
      return this.site === null ? null : answer(this.site);
    },
  });

  /** Time goes by on all clocks. */
  async pass(milliseconds: number, { asleep = false } = {}): Promise<void> {
    this.wall += milliseconds;
    if (this.site !== null) this.site += milliseconds;
    if (asleep) return;
    this.steadily += milliseconds;
    mock.timers.tick(milliseconds);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

const answer = (time: number, headers: Record<string, string> = {}): Response =>
  new Response(null, { headers: { date: new Date(time).toUTCString(), ...headers } });

describe('the clock of a room', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('shows the time of the site when the clock of the device is hours off', () => {
    for (const off of [-26 * HOUR, -3 * HOUR, 3 * HOUR, 400 * 24 * HOUR]) {
      const device = new Device();
      device.wall = START + off;
      device.clock.read(answer(START));
      assert.equal(device.clock.now(), START);
      assert.equal(device.clock.isWrong, true);
    }
  });

  it('shows the time of the device when both agree, when there is no date, and when it cannot be read', () => {
    const device = new Device();
    for (const response of [answer(START - 20_000), new Response(null), answer(Number.NaN)]) {
      device.clock.read(response);
      assert.equal(device.clock.now(), START);
      assert.equal(device.clock.isWrong, false);
    }
  });

  it('counts the age of an answer from a cache', () => {
    const device = new Device();
    device.clock.read(answer(START - HOUR, { age: '3600' }));
    assert.equal(device.clock.now(), START);
  });

  it('calls at the time of the site, however far away that is', async () => {
    const device = new Device();
    device.wall = START + 3 * HOUR;
    device.clock.read(answer(START));
    const calls: number[] = [];
    device.clock.at(START + 2 * HOUR, () => calls.push(1));
    for (let minute = 0; minute < 119; minute++) await device.pass(60_000 / 3);
    for (let minute = 0; minute < 3 * 79; minute++) await device.pass(60_000 / 3);
    assert.equal(calls.length, 0);
    for (let step = 0; step < 30 && calls.length === 0; step++) await device.pass(20_000);
    assert.equal(calls.length, 1);
    assert.ok(device.clock.now() - (START + 2 * HOUR) < 60_000);
  });

  it('calls at once when the time is past, and never when it is cancelled', async () => {
    const device = new Device();
    const calls: number[] = [];
    device.clock.at(START - 5, () => calls.push(1));
    await device.pass(0);
    assert.equal(calls.length, 1);
    const cancel = device.clock.at(START + 1_000, () => calls.push(1));
    cancel();
    await device.pass(HOUR);
    assert.equal(calls.length, 1);
  });

  it('calls within a minute of waking when the device slept past the time', async () => {
    for (const site of ['answers', 'silent'] as const) {
      const device = new Device();
      if (site === 'silent') device.site = null;
      const calls: number[] = [];
      device.clock.at(START + HOUR, () => calls.push(1));
      await device.pass(3 * HOUR, { asleep: true });
      for (let second = 0; second < 60 && calls.length === 0; second += 10) await device.pass(10_000);
      assert.equal(calls.length, 1, site);
    }
  });

  it('does not call when the clock of the device is set forward, and calls in time when it is set back', async () => {
    const device = new Device();
    const calls: number[] = [];
    device.clock.at(START + HOUR, () => calls.push(1));
    device.wall += 5 * HOUR;
    for (let second = 0; second < 120; second += 10) await device.pass(10_000);
    assert.equal(calls.length, 0);
    assert.ok(device.asked > 0);
    device.wall -= 30 * HOUR;
    for (let minute = 0; minute < 60 && calls.length === 0; minute++)
      for (let third = 0; third < 3; third++) await device.pass(20_000);
    assert.equal(calls.length, 1);
    assert.ok(Math.abs((device.site ?? 0) - (START + HOUR)) < 60_000);
  });

  it('asks the site for nothing while time goes by as it should', async () => {
    const device = new Device();
    device.clock.at(START + HOUR, () => undefined);
    for (let step = 0; step < 100; step++) await device.pass(20_000);
    assert.equal(device.asked, 0);
  });
});
