/** Our own camera, microphone and screen, as the room opens and closes them. */
import { expect } from '@open-wc/testing';
import { scriptTrack, type ScriptedTrack } from '../../support/track-events.ts';
import { LocalMedia } from '../../../src/room/media/local-media.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import { waitUntil } from '../../support/wait-until.ts';

const DEFAULT = { camera: { kind: 'default' }, microphone: { kind: 'default' } } as const;

describe('local media', () => {
  const { getUserMedia, getDisplayMedia } = MediaDevices.prototype;
  let reports: RoomInput[];
  let media: LocalMedia;

  const problems = (): readonly string[] => reports.flatMap((input) => (input.type === 'problem' ? [input.code] : []));
  const shown = (): readonly unknown[] => reports.flatMap((input) => (input.type === 'media' ? [input.media] : []));
  const refuse = (kind: 'audio' | 'video'): void => {
    MediaDevices.prototype.getUserMedia = function (this: MediaDevices, constraints?: MediaStreamConstraints) {
      return constraints?.[kind]
        ? Promise.reject(new DOMException('', 'NotReadableError'))
        : getUserMedia.call(this, constraints);
    };
  };
  const shareCanvas = (): MediaStream => {
    const canvas = document.createElement('canvas');
    canvas.getContext('2d');
    const stream = canvas.captureStream(1);
    MediaDevices.prototype.getDisplayMedia = () => Promise.resolve(stream);
    return stream;
  };

  beforeEach(() => {
    reports = [];
    media = new LocalMedia({ report: (input) => reports.push(input), onUnavailable: () => undefined });
  });
  afterEach(() => {
    media.close();
    Object.assign(MediaDevices.prototype, { getUserMedia, getDisplayMedia });
  });

  it('are sent with sound, and shown in our own tile without', async () => {
    await media.open(DEFAULT);
    const { audio, camera } = media.tracks;
    expect([audio?.kind, camera?.kind]).to.deep.equal(['audio', 'video']);
    expect(media.stream('camera')?.getTracks()).to.deep.equal([camera]);
    expect(media.stream('screen')).to.equal(null);
  });

  it('send a smaller picture at once, and a larger one after a while in which none smaller was wanted', async () => {
    const waiting = new Map<number, () => void>();
    const { setTimeout, clearTimeout } = window;
    Object.assign(window, {
      setTimeout: (act: () => void, after?: number) => {
        if (after !== 20_000) return setTimeout(act, after);
        waiting.set(-waiting.size - 1, act);
        return -waiting.size;
      },
      clearTimeout: (id?: number) => (waiting.delete(id ?? 0) ? undefined : clearTimeout(id)),
    });
    try {
      await media.open(DEFAULT);
      const wanted = (): unknown => {
        const { width } = media.tracks.camera!.getConstraints();
        return typeof width === 'object' ? width.ideal : width;
      };
      expect(wanted()).to.equal(1280);
      media.resize('small');
      await waitUntil(() => wanted() === 640, 'small');
      media.resize('large');
      media.resize('small');
      expect(waiting.size).to.equal(0);
      media.resize('large');
      expect(wanted()).to.equal(640);
      for (const act of waiting.values()) act();
      await waitUntil(() => wanted() === 1280, 'large');
    } finally {
      Object.assign(window, { setTimeout, clearTimeout });
    }
  });

  it('report their devices when the choice was opened', async () => {
    void media.open(DEFAULT);
    await media.settled;
    const answer = reports.findLast((input) => input.type === 'devices-answered');
    expect(answer?.devices).to.include({ camera: true, microphone: true });
    expect(answer?.devices.problems).to.deep.equal([]);
    expect(answer?.devices.blurs).to.include('picture');
  });

  it('[R15] never send the clear camera when a blur was chosen before it opens', async () => {
    const blurred = media.blur('picture');
    await media.open(DEFAULT);
    await blurred;
    const { camera } = media.tracks;
    expect(camera).to.not.equal(null);
    expect(camera?.getSettings().deviceId ?? '').to.not.equal('default');
    // A canvas has no capture device behind it.
    expect(media.stream('camera')?.getTracks()).to.deep.equal([camera]);
    await media.blur('off');
    expect(media.tracks.camera).to.not.equal(camera);
    expect(camera?.readyState).to.equal('ended');
  });

  it('report a blur that is not available, and show the camera as off', async () => {
    await media.open(DEFAULT);
    const { captureStream } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.captureStream = () => {
      throw new Error('no canvas');
    };
    try {
      await media.blur('picture');
    } finally {
      HTMLCanvasElement.prototype.captureStream = captureStream;
    }
    expect([problems(), shown(), media.tracks.camera]).to.deep.equal([['blur-unavailable'], [{ camera: false }], null]);
  });

  for (const [kind, constraint] of [
    ['camera', 'video'],
    ['microphone', 'audio'],
  ] as const)
    it(`report a ${kind} that does not start again, and show it as off`, async () => {
      await media.open(DEFAULT);
      await media.use({ camera: 'on', microphone: 'on', [kind]: 'off' });
      expect([problems(), shown()]).to.deep.equal([[], []]);
      refuse(constraint);
      await media.use({ camera: 'on', microphone: 'on' });
      expect([problems(), shown()]).to.deep.equal([[`${kind}-in-use`], [{ [kind]: false }]]);
    });

  it('report no device as off when a pause began while it opened, and open it after the pause', async () => {
    await media.open(DEFAULT);
    const use = (both: 'on' | 'off') => media.use({ camera: both, microphone: both });
    await use('off');
    const [, , last] = [use('on'), use('off'), use('on')];
    await last;
    expect([problems(), shown()]).to.deep.equal([[], []]);
    expect([media.tracks.camera?.readyState, media.tracks.audio?.readyState]).to.deep.equal(['live', 'live']);
    await Promise.all([use('off'), use('on'), use('off')]);
    expect([problems(), shown(), media.tracks.camera]).to.deep.equal([[], [], null]);
    await use('on');
    expect([media.tracks.camera?.readyState, media.tracks.audio?.readyState]).to.deep.equal(['live', 'live']);
  });

  it('leave nothing behind when closed while a blur is set', async () => {
    await media.open(DEFAULT);
    // The system takes a moment to blur the background.
    let set: (() => void) | undefined;
    Object.assign(media.tracks.camera!, {
      applyConstraints: () => new Promise<void>((resolve) => (set = resolve)),
      getSettings: () => ({ backgroundBlur: true }),
    });
    const setting = media.blur('background');
    await waitUntil(() => set !== undefined, 'being set');
    media.close();
    set?.();
    await setting;
    await waitUntil(() => media.tracks.camera === null, 'closed');
    // Nor is it in the next answer: a stopped track would be sent and shown.
    expect([media.tracks.camera, media.stream('camera')]).to.deep.equal([null, null]);
  });

  it('show the screen when it is shared, and stop it when it is not', async () => {
    const [track] = shareCanvas().getVideoTracks();
    let guarded = 0;
    await media.startScreen((start) => {
      guarded += 1;
      return start();
    });
    expect([guarded, media.tracks.screen, media.stream('screen')?.getTracks()]).to.deep.equal([1, track, [track]]);
    media.stopScreen();
    expect([track?.readyState, media.tracks.screen, media.stream('screen')]).to.deep.equal(['ended', null, null]);
  });

  it('stop a screen at once when the picker answers after it is no longer wanted', async () => {
    const [track] = shareCanvas().getVideoTracks();
    expect(
      await media.startScreen(
        (start) => start(),
        () => false,
      ),
    ).to.equal('unwanted');
    expect([track?.readyState, media.tracks.screen, media.stream('screen')]).to.deep.equal(['ended', null, null]);
  });

  it('show no screen when what was chosen is closed before it arrives', async () => {
    for (const track of shareCanvas().getTracks()) track.stop();
    let code = '';
    await media
      .startScreen((start) => start())
      .catch((error: unknown) => {
        ({ code } = error as { code: string });
      });
    expect([code, media.tracks.screen, media.stream('screen')]).to.deep.equal(['screen-denied', null, null]);
  });

  it('report a lost camera, and the one that replaces it', async () => {
    const events: ScriptedTrack[] = [];
    MediaDevices.prototype.getUserMedia = async function (this: MediaDevices, constraints) {
      const stream = await getUserMedia.call(this, constraints);
      for (const track of stream.getVideoTracks()) events.push(scriptTrack(track));
      return stream;
    };
    const last = () => reports.findLast((input) => input.type === 'devices-answered')?.devices;
    await media.open(DEFAULT);
    // A list of devices that comes after the loss would bring the camera back at once.
    await waitUntil(() => (last()?.cameras.length ?? 0) > 0, 'listed');
    media.tracks.camera?.stop();
    events[0]?.fire('ended');
    await waitUntil(() => last()?.camera === false, 'reported');
    expect([last()?.problems, media.tracks.camera]).to.deep.equal([['camera-lost'], null]);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await waitUntil(() => last()?.camera === true, 'another one');
    expect([last()?.problems, media.tracks.camera?.readyState]).to.deep.equal([[], 'live']);
  });

  it('report that the screen is off when the browser ended the sharing', async () => {
    const [track] = shareCanvas().getVideoTracks();
    // Firefox delivers no scripted events on tracks.
    const onEnded: (() => void)[] = [];
    Object.assign(track!, {
      addEventListener: (type: string, listener: () => void) => void (type === 'ended' && onEnded.push(listener)),
    });
    await media.startScreen((start) => start());
    for (const listener of onEnded) listener();
    expect(shown()).to.deep.equal([{ screen: false }]);
  });

  it('are all off when closed, also a device that was still opening', async () => {
    await media.open(DEFAULT);
    const { audio, camera } = media.tracks;
    shareCanvas();
    await media.startScreen((start) => start());
    const { screen } = media.tracks;
    const opening = media.open(DEFAULT);
    media.close();
    await opening;
    // Behind the step that closes the late device.
    await media.blur('off');
    expect([audio, camera, screen].map((track) => track?.readyState)).to.deep.equal(['ended', 'ended', 'ended']);
    expect(media.tracks).to.deep.equal({ audio: null, camera: null, screen: null });
    expect([media.stream('camera'), media.stream('screen')]).to.deep.equal([null, null]);
  });
});
