/** One kind of device: lost, silent, refused, or never answered. The browser's own interfaces stand in for the hardware. */
import { expect } from '@open-wc/testing';
import { DeviceSlot, type Unavailable } from '../../src/media/device-slot.ts';
import { scriptTrack, type ScriptedTrack } from '../support/track-events.ts';
import { waitUntil } from '../support/wait-until.ts';

const ANY = { kind: 'default' } as const;
const NONE = { kind: 'none' } as const;
/** A device that is there. */
const OTHER = { deviceId: 'other', groupId: 'other hardware' };

describe('a device', () => {
  const { getUserMedia } = MediaDevices.prototype;
  let slot: DeviceSlot;
  let changes: number;
  let losses: number;
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
    [changes, losses, unavailable, asked] = [0, 0, [], []];
    slot = new DeviceSlot({
      kind: 'camera',
      onChange: () => changes++,
      onLost: () => losses++,
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
    expect([slot.trouble, slot.track, slot.available, losses]).to.deep.equal(['lost', null, false, 1]);
    await slot.recover([], 'list');
    expect(slot.trouble).to.equal('lost');
    await slot.recover([OTHER], 'list');
    expect([slot.trouble, slot.track?.readyState]).to.deep.equal([null, 'live']);
    expect(slot.track).to.not.equal(first);
  });

  it('is not opened again by itself when the person refused it', async () => {
    answer(() => Promise.reject(new DOMException('', 'NotAllowedError')));
    await slot.open(ANY, 'on');
    expect(slot.trouble).to.equal('denied');
    await slot.recover([OTHER], 'list');
    expect(asked.length).to.equal(1);
  });

  const GONE = { deviceId: 'ours', groupId: 'our hardware' };
  /** Opens one whose track can be ended by {@link ScriptedTrack.fire}. */
  async function openOurs(settings: MediaTrackSettings = GONE): Promise<ScriptedTrack> {
    const stream = picture();
    const [track] = stream.getVideoTracks();
    const events = scriptTrack(track!);
    Object.assign(track!, { getSettings: () => settings });
    answer(() => Promise.resolve(stream));
    await slot.open(ANY, 'on');
    return events;
  }

  for (const [what, settings, listed, opens] of [
    ['unplugged', GONE, [OTHER], true],
    ['there, as after the permission was taken back', GONE, [OTHER, GONE], false],
    ['perhaps there: without the permission no ids are listed', GONE, [{ deviceId: '', groupId: '' }], false],
    [
      'unplugged, and another one is the default now',
      { ...GONE, deviceId: 'default' },
      [{ ...OTHER, deviceId: 'default' }],
      true,
    ],
    ['the default, and there', { ...GONE, deviceId: 'default' }, [OTHER, GONE], false],
  ] as const)
    it(`is ${opens ? '' : 'not '}opened again at once when it is lost and ${what}`, async () => {
      const events = await openOurs(settings);
      events.fire('ended');
      answer(() => Promise.resolve(picture()));
      await slot.recover(listed, 'loss');
      expect([asked.length, slot.available]).to.deep.equal(opens ? [2, true] : [1, false]);
    });

  it('is tried again when one that came could not be opened yet', async () => {
    const events = await openOurs();
    events.fire('ended');
    answer(() => Promise.reject(new DOMException('', 'NotReadableError')));
    await slot.recover([OTHER], 'list');
    expect([slot.trouble, slot.available]).to.deep.equal(['lost', false]);
    // The list changes while the next attempt runs, and again it fails.
    let refuse: (() => void) | undefined;
    answer(() => new Promise((_resolve, reject) => (refuse = () => reject(new DOMException('', 'NotReadableError')))));
    const recovering = slot.recover([OTHER], 'list');
    await slot.recover([OTHER], 'list');
    expect(asked.length).to.equal(3);
    answer(() => Promise.resolve(picture()));
    refuse?.();
    await recovering;
    expect([asked.length, slot.trouble, slot.track?.readyState]).to.deep.equal([4, null, 'live']);
  });

  for (const [how, again] of [
    ['turned off', () => slot.rest()],
    ['turned off and on', async () => (slot.rest(), slot.wake())],
    ['closed', () => slot.close()],
  ] as const)
    it(`is left as it is when it is ${how} while it is recovered`, async () => {
      const events = await openOurs();
      events.fire('ended');
      const [late, next] = [picture(), picture()];
      let give: (() => void) | undefined;
      answer(() => new Promise((resolve) => (give = () => resolve(late))));
      const recovering = slot.recover([OTHER], 'list');
      answer(() => Promise.resolve(next));
      await again();
      const after = [slot.track, slot.available, slot.trouble];
      give?.();
      await recovering;
      await waitUntil(() => late.getVideoTracks()[0]?.readyState === 'ended', 'closed');
      expect([slot.track, slot.available, slot.trouble]).to.deep.equal(after);
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
