/** [R15] Which picture of our own camera may be sent. */
import { expect } from '@open-wc/testing';
import { LocalVideo } from '../../../src/room/media/local-video.ts';

interface BlurConstraints extends MediaTrackConstraints {
  readonly backgroundBlur?: boolean;
}

/** A camera track whose system offers a background blur, which it applies or refuses. */
function camera(o: { readonly system?: 'applies' | 'refuses' } = {}) {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d')?.fillRect(0, 0, 10, 10);
  const [track] = canvas.captureStream(1).getVideoTracks();
  const requested: (boolean | undefined)[] = [];
  let blurred = false;
  if (o.system)
    Object.assign(track!, {
      getCapabilities: () => ({ backgroundBlur: [false, true] }),
      getSettings: () => ({ width: 320, height: 240, backgroundBlur: blurred }),
      applyConstraints: async ({ backgroundBlur = false }: BlurConstraints) => {
        requested.push(backgroundBlur);
        if (o.system === 'refuses') throw new DOMException('', 'OverconstrainedError');
        blurred = backgroundBlur;
      },
    });
  return { track: track!, requested };
}

describe('[R15] the outgoing picture', () => {
  let video: LocalVideo;
  beforeEach(() => {
    video = new LocalVideo(() => undefined);
  });
  afterEach(() => video.close());

  it('is the camera itself when no blur is wanted', async () => {
    const { track } = camera();
    expect(await video.show(track, 'off')).to.equal(true);
    expect(video.track).to.equal(track);
  });

  it('[R15] is another track than the camera when the picture is blurred', async () => {
    const { track } = camera();
    expect(await video.show(track, 'picture')).to.equal(true);
    expect([video.track?.kind, video.track === track]).to.deep.equal(['video', false]);
  });

  it('[R15] is missing, and never the clear camera, while a blur is being applied', async () => {
    const { track } = camera({ system: 'applies' });
    await video.show(track, 'off');
    const applied = video.show(track, 'background');
    expect(video.track).to.equal(null);
    expect(await applied).to.equal(true);
    expect(video.track).to.equal(track);
  });

  it('[R15] stays missing when the system refuses the background blur', async () => {
    const { track } = camera({ system: 'refuses' });
    await video.show(track, 'off');
    expect(await video.show(track, 'background')).to.equal(false);
    expect(video.track).to.equal(null);
  });

  it('[R15] stays missing when the browser cannot draw a blurred picture', async () => {
    const { captureStream } = HTMLCanvasElement.prototype;
    const { track } = camera();
    HTMLCanvasElement.prototype.captureStream = () => {
      throw new Error('no canvas');
    };
    try {
      expect(await video.show(track, 'picture')).to.equal(false);
      expect(video.track).to.equal(null);
    } finally {
      HTMLCanvasElement.prototype.captureStream = captureStream;
    }
  });

  it('ends the blurred track and keeps the camera running when the blur is turned off', async () => {
    const { track } = camera();
    await video.show(track, 'picture');
    const blurred = video.track;
    await video.show(track, 'off');
    expect([blurred?.readyState, track.readyState, video.track === track]).to.deep.equal(['ended', 'live', true]);
  });

  it('turns the system blur off only when it was turned on here', async () => {
    const { track, requested } = camera({ system: 'applies' });
    await video.show(track, 'off');
    expect(requested).to.deep.equal([]);
    await video.show(track, 'background');
    await video.show(track, 'off');
    await video.show(track, 'picture');
    expect(requested).to.deep.equal([true, false]);
  });

  it('is the same track when nothing has changed', async () => {
    const { track } = camera();
    await video.show(track, 'picture');
    const { track: before } = video;
    await video.show(track, 'picture');
    expect(video.track).to.equal(before);
  });

  it('is missing when there is no camera, or after it is closed', async () => {
    expect(await video.show(null, 'picture')).to.equal(true);
    expect(video.track).to.equal(null);
    await video.show(camera().track, 'picture');
    const { track } = video;
    video.close();
    expect([video.track, track?.readyState]).to.deep.equal([null, 'ended']);
  });

  it('offers the background blur only when the system does', () => {
    expect(video.blursOf(null)).to.deep.equal(['off', 'picture']);
    expect(video.blursOf(camera().track)).to.deep.equal(['off', 'picture']);
    expect(video.blursOf(camera({ system: 'applies' }).track)).to.deep.equal(['off', 'background', 'picture']);
  });
});
