/** Camera and microphone, independent of each other. The browser's own errors simulate failures: no test can unplug a camera. */
import { expect } from '@open-wc/testing';
import { Capture } from '../../src/media/capture.ts';
import { MicrophoneLevel } from '../../src/media/level.ts';
import { scriptTrack, type ScriptedTrack } from '../support/track-events.ts';
import { waitUntil } from '../support/wait-until.ts';

const DEFAULT = { camera: { kind: 'default' }, microphone: { kind: 'default' } } as const;
const NONE = { camera: { kind: 'none' }, microphone: { kind: 'none' } } as const;

const resizes = !navigator.userAgent.includes('Firefox');

describe('local devices', () => {
  const { getUserMedia, enumerateDevices } = MediaDevices.prototype;
  let capture: Capture;

  /** Refuses one kind with the error that browsers give. */
  function refuse(kind: 'audio' | 'video', name: string): void {
    MediaDevices.prototype.getUserMedia = function (this: MediaDevices, constraints?: MediaStreamConstraints) {
      return constraints?.[kind] ? Promise.reject(new DOMException('', name)) : getUserMedia.call(this, constraints);
    };
  }

  beforeEach(() => {
    capture = new Capture({ onChange: () => undefined, onUnavailable: () => undefined });
  });

  afterEach(() => {
    Object.assign(MediaDevices.prototype, { getUserMedia, enumerateDevices });
    capture.close();
  });

  it('are both opened when both are present', async () => {
    const { problems } = await capture.open(DEFAULT);
    expect(problems).to.deep.equal([]);
    expect([capture.camera?.kind, capture.microphone?.kind]).to.deep.equal(['video', 'audio']);
  });

  it('are not touched when none is wanted', async () => {
    refuse('audio', 'NotAllowedError');
    expect((await capture.open(NONE)).problems).to.deep.equal([]);
    expect([capture.camera, capture.microphone]).to.deep.equal([null, null]);
  });

  for (const [name, reason] of [
    ['NotFoundError', 'missing'],
    ['NotAllowedError', 'denied'],
    ['NotReadableError', 'in-use'],
    ['OverconstrainedError', 'missing'],
  ] as const)
    it(`the microphone works and the reason is reported when the camera fails with ${name}`, async () => {
      refuse('video', name);
      expect((await capture.open(DEFAULT)).problems).to.deep.equal([`camera-${reason}`]);
      expect([capture.camera, capture.microphone?.readyState]).to.deep.equal([null, 'live']);
    });

  it('are opened when the browser has no list of devices', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = ({ reason }: PromiseRejectionEvent): void => void unhandled.push(reason);
    window.addEventListener('unhandledrejection', onUnhandled);
    try {
      for (const broken of [undefined, () => Promise.reject(new DOMException('', 'NotAllowedError'))]) {
        Object.assign(MediaDevices.prototype, { enumerateDevices: broken });
        const result = await capture.open(DEFAULT);
        expect([result.camera, result.microphone, result.cameras]).to.deep.equal([true, true, []]);
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
        // Browsers report a rejection that nobody handles at the end of its task (HTML §8.1.7.3).
        await new Promise((resolve) => setTimeout(resolve));
        await new Promise((resolve) => setTimeout(resolve));
        expect(unhandled).to.deep.equal([]);
        await capture.open(NONE);
      }
    } finally {
      window.removeEventListener('unhandledrejection', onUnhandled);
      Object.assign(MediaDevices.prototype, { enumerateDevices });
    }
  });

  it('give a large picture, and a small one while a small one is wanted', async () => {
    const size = (): readonly unknown[] => {
      const { width, height } = capture.camera!.getSettings();
      return [width, height];
    };
    const wanted = (): readonly unknown[] => {
      const { width, height } = capture.camera!.getConstraints();
      return [width, height].map((value) => (typeof value === 'object' ? value.ideal : value));
    };
    await capture.open(DEFAULT);
    expect(size()).to.deep.equal([1280, 720]);
    const { camera } = capture;
    await capture.resize('small');
    expect([capture.camera, wanted()]).to.deep.equal([camera, [640, 480]]);
    // Firefox's made-up camera keeps its size until it opens again.
    if (resizes) await waitUntil(() => String(size()) === '640,480', 'small');
    await capture.use({ camera: 'off', microphone: 'on' });
    await capture.use({ camera: 'on', microphone: 'on' });
    expect(size()).to.deep.equal([640, 480]);
    await capture.resize('large');
    expect(wanted()).to.deep.equal([1280, 720]);
    if (resizes) await waitUntil(() => String(size()) === '1280,720', 'large');
  });

  it('keep what else is set on the camera when its picture changes its size', async () => {
    await capture.open(DEFAULT);
    const applied: (MediaTrackConstraints | undefined)[] = [];
    Object.assign(capture.camera!, {
      getConstraints: () => ({ backgroundBlur: true, width: { ideal: 1280 } }),
      applyConstraints: (constraints?: MediaTrackConstraints) => Promise.resolve(void applied.push(constraints)),
    });
    await capture.resize('small');
    expect(applied).to.deep.equal([{ backgroundBlur: true, width: { ideal: 640 }, height: { ideal: 480 } }]);
    await capture.resize('small');
    expect(applied.length).to.equal(1);
  });

  it('stay open when a camera refuses to change the size of its picture', async () => {
    await capture.open(DEFAULT);
    Object.assign(capture.camera!, {
      applyConstraints: () => Promise.reject(new DOMException('', 'OverconstrainedError')),
    });
    await capture.resize('small');
    expect(capture.camera?.readyState).to.equal('live');
  });

  it('are off when closed, also when they open too late', async () => {
    await capture.open(DEFAULT);
    const { camera, microphone } = capture;
    capture.close();
    expect([camera?.readyState, microphone?.readyState]).to.deep.equal(['ended', 'ended']);
    const opening = capture.open(DEFAULT);
    capture.close();
    await opening;
    expect([capture.camera, capture.microphone]).to.deep.equal([null, null]);
  });

  it('[R15] the camera stops when turned off, and the same one returns', async () => {
    await capture.open(DEFAULT);
    const { camera, microphone } = capture;
    const before = camera!.getSettings().deviceId;
    const off = await capture.use({ camera: 'off', microphone: 'on' });
    expect([camera?.readyState, capture.camera]).to.deep.equal(['ended', null]);
    expect(capture.microphone).to.equal(microphone);
    // There to be turned on again: its button stays.
    expect([off.camera, off.problems]).to.deep.equal([true, []]);
    const on = await capture.use({ camera: 'on', microphone: 'on' });
    expect(capture.camera?.readyState).to.equal('live');
    expect(capture.camera?.getSettings().deviceId).to.equal(before);
    expect(on.problems).to.deep.equal([]);
  });

  it('[R15] both stop in a pause, and a choice made meanwhile opens nothing', async () => {
    await capture.open(DEFAULT);
    const { camera, microphone } = capture;
    await capture.use({ camera: 'off', microphone: 'off' });
    expect([camera?.readyState, microphone?.readyState]).to.deep.equal(['ended', 'ended']);
    refuse('video', 'NotAllowedError');
    expect((await capture.open(DEFAULT)).problems).to.deep.equal([]);
    expect([capture.camera, capture.microphone]).to.deep.equal([null, null]);
  });

  for (const [name, reason] of [
    ['NotReadableError', 'in-use'],
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
  ] as const)
    it(`[R15] the problem is reported and can be retried when the camera fails to return with ${name}`, async () => {
      await capture.open(DEFAULT);
      await capture.use({ camera: 'off', microphone: 'on' });
      refuse('video', name);
      const gone = await capture.use({ camera: 'on', microphone: 'on' });
      expect([gone.problems, gone.camera, capture.camera]).to.deep.equal([[`camera-${reason}`], true, null]);
      MediaDevices.prototype.getUserMedia = getUserMedia;
      await capture.use({ camera: 'off', microphone: 'on' });
      const back = await capture.use({ camera: 'on', microphone: 'on' });
      expect([back.problems, capture.camera?.readyState]).to.deep.equal([[], 'live']);
    });

  it('[R15] the camera stays off when turned off while it opens', async () => {
    await capture.open(DEFAULT);
    await capture.use({ camera: 'off', microphone: 'on' });
    const on = capture.use({ camera: 'on', microphone: 'on' });
    await Promise.all([on, capture.use({ camera: 'off', microphone: 'on' })]);
    expect(capture.camera).to.equal(null);
  });

  it('[R15] the same camera returns when it was turned off again while it opened', async () => {
    await capture.open(DEFAULT);
    const id = capture.camera!.getSettings().deviceId;
    const asked: unknown[] = [];
    MediaDevices.prototype.getUserMedia = function (this: MediaDevices, constraints?: MediaStreamConstraints) {
      asked.push((constraints?.video as MediaTrackConstraints | undefined)?.deviceId);
      return getUserMedia.call(this, constraints);
    };
    await capture.use({ camera: 'off', microphone: 'on' });
    const on = capture.use({ camera: 'on', microphone: 'on' });
    const [, off] = await Promise.all([on, capture.use({ camera: 'off', microphone: 'on' })]);
    expect([off.camera, off.problems]).to.deep.equal([true, []]);
    await capture.use({ camera: 'on', microphone: 'on' });
    expect(capture.camera?.readyState).to.equal('live');
    expect(asked).to.deep.equal([{ exact: id }, { exact: id }]);
  });

  /** A microphone whose track can be ended, and a list of devices that a test writes. */
  function scripted(
    list: () => readonly { readonly kind: string; readonly deviceId: string; readonly groupId: string }[],
  ) {
    const events: ScriptedTrack[] = [];
    MediaDevices.prototype.getUserMedia = async function (this: MediaDevices, constraints) {
      const stream = await getUserMedia.call(this, constraints);
      for (const track of stream.getAudioTracks()) {
        events.push(scriptTrack(track));
        Object.assign(track, { getSettings: () => ({ deviceId: 'headset', groupId: 'headset' }) });
      }
      return stream;
    };
    Object.assign(MediaDevices.prototype, { enumerateDevices: async () => list() });
    return events;
  }
  const input = (name: string) => ({ kind: 'audioinput', deviceId: name, groupId: name, label: name });
  const listChanges = () => navigator.mediaDevices.dispatchEvent(new Event('devicechange'));

  it('a lost microphone is replaced when the list had changed before its track ended', async () => {
    let list = [input('headset'), input('built in')];
    const events = scripted(() => list);
    await capture.open(DEFAULT);
    list = [input('built in')];
    listChanges();
    await waitUntil(() => capture.result().microphones.length === 1, 'the new list');
    capture.microphone?.stop();
    events[0]?.fire('ended');
    expect(capture.result().problems).to.deep.equal(['microphone-lost']);
    await waitUntil(() => capture.microphone?.readyState === 'live', 'the other one');
    expect([capture.result().problems, events.length]).to.deep.equal([[], 2]);
  });

  it('[R15] a lost microphone is not replaced in a pause, but after it', async () => {
    let list = [input('headset')];
    const events = scripted(() => list);
    await capture.open(DEFAULT);
    await waitUntil(() => capture.result().microphones.length === 1, 'the list');
    capture.microphone?.stop();
    events[0]?.fire('ended');
    await capture.use({ camera: 'on', microphone: 'off' });
    list = [input('headset'), input('built in')];
    listChanges();
    await waitUntil(() => capture.result().microphones.length === 2, 'the new list');
    expect([capture.microphone, events.length]).to.deep.equal([null, 1]);
    await capture.use({ camera: 'on', microphone: 'on' });
    await waitUntil(() => capture.microphone?.readyState === 'live', 'the other one');
  });

  it('a list of devices that comes late does not replace a newer one', async () => {
    const answers: ((list: unknown[]) => void)[] = [];
    Object.assign(MediaDevices.prototype, { enumerateDevices: () => new Promise((done) => answers.push(done)) });
    await capture.open(NONE);
    listChanges();
    expect(answers.length).to.equal(2);
    answers[1]?.([input('new')]);
    await waitUntil(() => capture.result().microphones.length > 0, 'the list');
    answers[0]?.([]);
    // Behind the steps of the late one.
    await new Promise((resolve) => setTimeout(resolve));
    expect(capture.result().microphones.map(({ id }) => id)).to.deep.equal(['new']);
  });

  it('[R6] the level is measured without connecting to an output', async () => {
    const { connect } = AudioNode.prototype;
    const targets: unknown[] = [];
    AudioNode.prototype.connect = function (this: AudioNode, ...to: never[]) {
      targets.push(to[0]);
      return (connect as (...parameters: unknown[]) => unknown).apply(this, to);
    } as typeof connect;
    const level = new MicrophoneLevel();
    try {
      await capture.open(DEFAULT);
      level.listenTo(capture.microphone);
      expect(level.read()).to.be.within(0, 1);
      expect(targets.length).to.be.greaterThan(0);
      expect(targets.some((target) => target instanceof AudioDestinationNode)).to.equal(false);
    } finally {
      AudioNode.prototype.connect = connect;
      level.close();
    }
  });

  it('the level stays empty when the audio context refuses the microphone', async () => {
    const { createMediaStreamSource } = AudioContext.prototype;
    AudioContext.prototype.createMediaStreamSource = () => {
      throw new DOMException('another sample rate', 'NotSupportedError');
    };
    const level = new MicrophoneLevel();
    try {
      await capture.open(DEFAULT);
      level.listenTo(capture.microphone);
      expect(level.read()).to.equal(0);
    } finally {
      AudioContext.prototype.createMediaStreamSource = createMediaStreamSource;
      level.close();
    }
  });

  it('resolve at once when another choice replaces one that nobody answers', async () => {
    MediaDevices.prototype.getUserMedia = () => new Promise(() => undefined);
    const opening = capture.open(DEFAULT);
    expect(capture.result().access).to.equal('asking');
    expect((await capture.open(NONE)).access).to.equal('answered');
    await opening;
  });
});
