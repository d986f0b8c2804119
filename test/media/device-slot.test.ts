/** One kind of device: lost, silent, refused, or never answered. The browser's own interfaces stand in for the hardware. */
import { expect } from '@open-wc/testing';
import { DeviceSlot, type Unavailable } from '../../src/media/device-slot.ts';
import { scriptTrack } from '../support/track-events.ts';
import { waitUntil } from '../support/wait-until.ts';

const ANY = { kind: 'default' } as const;
const NONE = { kind: 'none' } as const;

describe('a device', () => {
  const { getUserMedia } = MediaDevices.prototype;
  let slot: DeviceSlot;
  let changes: number;
  let unavailable: Unavailable[];
  /** What was asked for, in order. */
  let asked: MediaTrackConstraints[];

  /** Replaces the browser's prompt. */
  function answer(with_: (constraints: MediaTrackConstraints) => Promise<MediaStream>): void {
    MediaDevices.prototype.getUserMedia = (o) => {
      const constraints = o?.video as MediaTrackConstraints;
      asked.push(constraints);
      return with_(constraints);
    };
  }
  function picture(): MediaStream {
    const canvas = document.createElement('canvas');
    canvas.getContext('2d')?.fillRect(0, 0, 8, 8);
    return canvas.captureStream(5);
  }

  beforeEach(() => {
    [changes, unavailable, asked] = [0, [], []];
    slot = new DeviceSlot({
      kind: 'camera',
      onChange: () => changes++,
      onUnavailable: (why) => unavailable.push(why),
    });
  });
  afterEach(() => {
    slot.close();
    MediaDevices.prototype.getUserMedia = getUserMedia;
  });

  it('is lost when its track ends, and opens again when a device comes', async () => {
    const stream = picture();
    const events = scriptTrack(stream.getVideoTracks()[0]!);
    const streams = [stream, picture()];
    answer(() => Promise.resolve(streams.shift()!));
    await slot.open(ANY, 'on');
    const first = slot.track;
    events.fire('ended');
    expect([slot.trouble, slot.track, slot.available]).to.deep.equal(['lost', null, false]);
    await slot.recover('none');
    expect(slot.trouble).to.equal('lost');
    await slot.recover('some');
    expect([slot.trouble, slot.track?.readyState]).to.deep.equal([null, 'live']);
    expect(slot.track).to.not.equal(first);
  });

  it('is not opened again by itself when the person refused it', async () => {
    answer(() => Promise.reject(new DOMException('', 'NotAllowedError')));
    await slot.open(ANY, 'on');
    expect(slot.trouble).to.equal('denied');
    await slot.recover('some');
    expect(asked.length).to.equal(1);
  });

  it('is silent while the system mutes its track', async () => {
    const stream = picture();
    const events = scriptTrack(stream.getVideoTracks()[0]!);
    answer(() => Promise.resolve(stream));
    await slot.open(ANY, 'on');
    const before = changes;
    events.fire('mute');
    expect([slot.trouble, slot.available]).to.deep.equal(['silent', true]);
    events.fire('unmute');
    expect([slot.trouble, changes - before]).to.deep.equal([null, 2]);
  });

  it('is silent when its track is muted before it arrives', async () => {
    const stream = picture();
    Object.defineProperty(stream.getVideoTracks()[0]!, 'muted', { configurable: true, value: true });
    answer(() => Promise.resolve(stream));
    await slot.open(ANY, 'on');
    expect([slot.trouble, slot.available]).to.deep.equal(['silent', true]);
  });

  it('is asked for again with wishes only when the browser cannot meet a demand', async () => {
    answer((constraints) =>
      constraints.frameRate === undefined
        ? Promise.resolve(picture())
        : Promise.reject(new DOMException('', 'OverconstrainedError')),
    );
    await slot.open({ kind: 'device', id: 'c1' }, 'on');
    expect([slot.trouble, slot.track?.readyState]).to.deep.equal([null, 'live']);
    expect(asked[1]).to.deep.equal({ deviceId: { exact: 'c1' } });
  });

  for (const [name, trouble] of [
    ['PermissionDeniedError', 'denied'],
    ['PermissionDismissedError', 'denied'],
    ['DevicesNotFoundError', 'missing'],
    ['ConstraintNotSatisfiedError', 'missing'],
    ['AbortError', 'in-use'],
    ['TrackStartError', 'in-use'],
    ['SourceUnavailableError', 'in-use'],
    ['InvalidStateError', 'in-use'],
    ['UnknownError', 'in-use'],
    // A name that every object inherits.
    ['constructor', 'in-use'],
  ] as const)
    it(`is ${trouble} when the browser answers ${name}, and never missing where it is only not known why`, async () => {
      answer(() => Promise.reject(Object.assign(new Error('x'), { name })));
      await slot.open(ANY, 'on');
      expect(slot.trouble).to.equal(trouble);
    });

  it('is in use when what is thrown is no error, and when the method throws at once', async () => {
    for (const fail of [
      // eslint-disable-next-line prefer-promise-reject-errors
      () => Promise.reject('x'),
      () => {
        throw new TypeError('x');
      },
    ]) {
      answer(fail);
      await slot.open(NONE, 'on');
      await slot.open(ANY, 'on');
      expect(slot.trouble).to.equal('in-use');
    }
  });

  it('is lost when its track has ended before it arrives', async () => {
    const stream = picture();
    for (const track of stream.getTracks()) track.stop();
    answer(() => Promise.resolve(stream));
    await slot.open(ANY, 'on');
    expect([slot.trouble, slot.track, slot.asking]).to.deep.equal(['lost', null, false]);
  });

  it('holds nothing up when a permission prompt is never answered, and closes what comes after all', async () => {
    let arrive: (stream: MediaStream) => void = () => undefined;
    answer(() => new Promise((resolve) => (arrive = resolve)));
    const opening = slot.open(ANY, 'on');
    await waitUntil(() => asked.length === 1, 'asked');
    expect(slot.asking).to.equal(true);
    await slot.open(NONE, 'on');
    await opening;
    expect([slot.asking, slot.available, slot.trouble]).to.deep.equal([false, false, null]);
    const late = picture();
    arrive(late);
    const [track] = late.getTracks();
    await waitUntil(() => track?.readyState === 'ended', 'closed');
    expect(slot.track).to.equal(null);
  });

  it('keeps running when the same choice is made again', async () => {
    answer(() => Promise.resolve(picture()));
    await slot.open(ANY, 'on');
    const { track } = slot;
    await slot.open(ANY, 'on');
    expect([slot.track, asked.length]).to.deep.equal([track, 1]);
  });

  it('tells the site, and not the person, when the browser has no interface for devices', async () => {
    const original = Object.getOwnPropertyDescriptor(Navigator.prototype, 'mediaDevices');
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
    try {
      await slot.open(ANY, 'on');
      expect([unavailable, slot.trouble, slot.asking]).to.deep.equal([['no-api'], null, false]);
    } finally {
      Reflect.deleteProperty(navigator, 'mediaDevices');
      expect(Object.getOwnPropertyDescriptor(Navigator.prototype, 'mediaDevices')).to.deep.equal(original);
    }
  });

  it('tells the site when the frame lacks the permission', async () => {
    const policy = { allowsFeature: () => false };
    Object.defineProperty(document, 'permissionsPolicy', { configurable: true, value: policy });
    try {
      answer(() => Promise.reject(new DOMException('', 'NotAllowedError')));
      await slot.open(ANY, 'on');
      expect([unavailable, slot.trouble]).to.deep.equal([['frame'], null]);
    } finally {
      Reflect.deleteProperty(document, 'permissionsPolicy');
    }
  });
});
