import { expect } from '@open-wc/testing';
import { html, nothing, render } from 'lit';
import { mediaSource } from '../../src/ui/media-source.ts';
import { FakeRoom, drawnCamera } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a media source', () => {
  let box: HTMLElement;
  let room: FakeRoom;
  beforeEach(() => {
    box = document.body.appendChild(document.createElement('div'));
    room = new FakeRoom();
    room.streams.set('p1 camera', drawnCamera());
  });
  afterEach(() => {
    render(nothing, box);
    box.remove();
  });

  /** Renders a participant's video. @returns the video */
  function show(id = 'p1', onBlocked?: () => void): HTMLVideoElement {
    const source = { room, id, kind: 'camera', ...(onBlocked ? { onBlocked } : {}) } as const;
    render(html`<video muted ${mediaSource(source)}></video>`, box);
    return box.querySelector('video')!;
  }

  it('plays the stream of its participant, also when it comes later', async () => {
    const stream = room.streams.get('p1 camera');
    room.streams.clear();
    const video = show();
    expect(video.srcObject).to.equal(null);
    room.streams.set('p1 camera', stream!);
    room.set(room.state);
    show();
    expect(video.srcObject).to.equal(stream);
    await waitUntil(() => !video.paused);
  });

  it('sets the stream once when it is rendered again, and another for another participant', () => {
    const other = drawnCamera();
    room.streams.set('p2 camera', other);
    const video = show();
    let emptied = 0;
    video.addEventListener('emptied', () => emptied++);
    show();
    expect(emptied).to.equal(0);
    show('p2');
    expect(video.srcObject).to.equal(other);
  });

  it('plays again when its element was moved', async () => {
    const video = show();
    await waitUntil(() => !video.paused);
    video.pause();
    show();
    await waitUntil(() => !video.paused);
  });

  it('detaches its video when it is removed', () => {
    const video = show();
    render(nothing, box);
    expect(video.srcObject).to.equal(null);
    room.set(room.state);
    expect(video.srcObject).to.equal(null);
  });

  it('reports that the browser requires a gesture', async () => {
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    try {
      await new Promise<void>((resolve) => show('p1', resolve));
    } finally {
      HTMLMediaElement.prototype.play = play;
    }
  });

  it('is an error on anything but an element', () => {
    const source = { room, id: 'p1', kind: 'camera' } as const;
    expect(() => render(html`<video muted src=${mediaSource(source)}></video>`, box)).to.throw(TypeError);
  });
});
