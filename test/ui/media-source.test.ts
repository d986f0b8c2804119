import { expect, waitUntil } from '@open-wc/testing';
import { html, nothing, render } from 'lit';
import { mediaSource } from '../../src/ui/media-source.ts';
import { pictureStream } from '../support/room-fixture.ts';

describe('a media source', () => {
  let box: HTMLElement;
  beforeEach(() => {
    box = document.body.appendChild(document.createElement('div'));
  });
  afterEach(() => {
    render(nothing, box);
    box.remove();
  });

  /** Renders the stream. @returns the video */
  function show(stream: MediaStream | null, onBlocked?: () => void): HTMLVideoElement {
    render(html`<video muted ${mediaSource(stream, onBlocked)}></video>`, box);
    return box.querySelector('video')!;
  }

  it('plays its stream', async () => {
    const stream = pictureStream();
    const video = show(stream);
    expect(video.srcObject).to.equal(stream);
    await waitUntil(() => !video.paused);
  });

  it('sets the stream once when it is rendered again', () => {
    const stream = pictureStream();
    const video = show(stream);
    let sets = 0;
    Object.defineProperty(video, 'srcObject', {
      configurable: true,
      set: () => {
        sets++;
      },
    });
    show(stream);
    expect(sets).to.equal(0);
    show(null);
    expect(sets).to.equal(1);
  });

  it('plays again when its element was moved', async () => {
    const stream = pictureStream();
    const video = show(stream);
    await waitUntil(() => !video.paused);
    video.pause();
    show(stream);
    await waitUntil(() => !video.paused);
  });

  it('reports that the browser requires a gesture', async () => {
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    try {
      await new Promise<void>((resolve) => show(pictureStream(), resolve));
    } finally {
      HTMLMediaElement.prototype.play = play;
    }
  });

  it('is an error on anything but an element', () => {
    expect(() => render(html`<video muted src=${mediaSource(null)}></video>`, box)).to.throw(TypeError);
  });
});
