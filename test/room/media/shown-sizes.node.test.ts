/** protocol.md §12, `view`: whose size is measured, and that moving a video says nothing. In a page of stand-ins, without a layout. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Attachments } from '../../../src/room/media/attachments.ts';
import { ShownSizes } from '../../../src/room/media/shown-sizes.ts';

const page = Object.assign(new EventTarget(), {
  hidden: false,
  defaultView: Object.assign(new EventTarget(), { innerWidth: 1_280, innerHeight: 800 }),
});

let layOut: () => void;

/** Calls back at the next layout for all, as a browser does for those it begins to observe (Resize Observer §3.1). */
class Observer {
  constructor(callback: () => void) {
    layOut = callback;
  }
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

const video = (width: number, height: number): HTMLVideoElement =>
  ({
    ownerDocument: page,
    clientWidth: width,
    clientHeight: height,
    [Symbol.toStringTag]: 'HTMLVideoElement',
  }) as unknown as HTMLVideoElement;

describe('the sizes of attached videos', () => {
  let told: string[];
  let sizes: ShownSizes;
  let attachments: Attachments;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    Object.assign(globalThis, { ResizeObserver: Observer });
    page.hidden = false;
    told = [];
    sizes = new ShownSizes((id) => told.push(`${id} ${String(sizes.of(id))}`));
    attachments = new Attachments({ sizes, stream: () => null, show: () => 'shown' });
  });

  afterEach(() => {
    sizes.close();
    Reflect.deleteProperty(globalThis, 'ResizeObserver');
    mock.timers.reset();
  });

  it('are those of the cameras of others, and neither of a screen nor of oneself', () => {
    attachments.attach(video(160, 90), 'mia', 'camera');
    attachments.attach(video(1_280, 720), 'mia', 'screen');
    attachments.attach(video(1_280, 720), 'self', 'camera');
    layOut();
    assert.deepEqual(told, ['mia small']);
    assert.equal(sizes.of('self'), null);
  });

  it('are unknown of those whom the page never showed', () => {
    attachments.attach(video(1_280, 720), 'mia', 'camera');
    layOut();
    assert.equal(sizes.of('tom'), null);
  });

  it('fall to none once a camera is shown nowhere', () => {
    const detach = attachments.attach(video(1_280, 720), 'mia', 'camera');
    layOut();
    detach();
    mock.timers.tick(0);
    assert.deepEqual(told, ['mia large', 'mia none']);
  });

  it('stay while a page exchanges its videos', () => {
    const [first, second] = [video(1_280, 720), video(1_280, 720)];
    const detach = attachments.attach(first, 'mia', 'camera');
    layOut();
    detach();
    attachments.attach(second, 'mia', 'camera');
    mock.timers.tick(0);
    layOut();
    assert.deepEqual(told, ['mia large']);
    // Two people change places.
    attachments.attach(first, 'tom', 'camera');
    layOut();
    attachments.attach(first, 'mia', 'camera');
    attachments.attach(second, 'tom', 'camera');
    mock.timers.tick(0);
    layOut();
    assert.deepEqual(told, ['mia large', 'tom large']);
  });

  it('are small in a page that nobody sees, until it is seen again', () => {
    attachments.attach(video(1_280, 720), 'mia', 'camera');
    layOut();
    for (const hidden of [true, false]) {
      page.hidden = hidden;
      page.dispatchEvent(new Event('visibilitychange'));
    }
    assert.deepEqual(told, ['mia large', 'mia small', 'mia large']);
  });
});
