/** Actions of a room that fail, what keeps a room from opening, and the loudspeaker that a person chose. */
import { expect } from '@open-wc/testing';
import { createInvite } from '../../src/invite.ts';
import { ConsultError, Room, type RoomOptions } from '../../src/room/room.ts';
import { CONFIGURATION } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('an action that fails', () => {
  /** The problem that the room reports when the digest of an action rejects with this error. */
  const problemAfter = async (error: Error): Promise<string | undefined> => {
    const { guestLink } = await createInvite({ base: location.href });
    const room = new Room({ invite: new URL(guestLink).hash, config: CONFIGURATION, signaling: 'broadcast:' });
    await room.start();
    room.acceptNotice({ notice: { version: '1', hash: 'h', lang: 'de' }, at: Date.now() });
    await room.useDevices({ camera: { kind: 'none' }, microphone: { kind: 'none' } });
    const problems = (): readonly { readonly code: string }[] => ('problems' in room.state ? room.state.problems : []);
    await waitUntil(() => 'receipts' in room.state && room.state.receipts.length > 0);
    expect(problems()).to.deep.equal([]);
    const digest = Object.getOwnPropertyDescriptor(crypto.subtle, 'digest');
    const failing = async (): Promise<never> => {
      throw error;
    };
    Object.defineProperty(crypto.subtle, 'digest', { configurable: true, value: failing });
    try {
      room.declareOccupants([]);
      await waitUntil(() => problems().length > 0);
    } finally {
      if (digest) Object.defineProperty(crypto.subtle, 'digest', digest);
      else Reflect.deleteProperty(crypto.subtle, 'digest');
    }
    const code = problems().at(-1)?.code;
    room.leave();
    return code;
  };

  it('is not reported as an unreadable message', async () => {
    expect(await problemAfter(new TypeError('a browser has its own reasons'))).to.equal('action-failed');
  });

  it('keeps its own error code', async () => {
    expect(await problemAfter(new ConsultError('screen-denied'))).to.equal('screen-denied');
  });
});

describe('a problem that an interface adds', () => {
  it('is shown and told like the room’s own, and ends nothing', async () => {
    const { guestLink } = await createInvite({ base: location.href });
    const room = new Room({ invite: new URL(guestLink).hash, config: CONFIGURATION, signaling: 'broadcast:' });
    const told: string[] = [];
    room.addEventListener('error', ({ detail }) => told.push(detail.code));
    await room.start();
    expect(() => room.addProblem('another-invite'))
      .to.throw(ConsultError)
      .with.property('code', 'wrong-phase');
    room.acceptNotice({ notice: { version: '1', hash: 'h', lang: 'de' }, at: Date.now() });
    for (const code of ['room-full', 'toString', ''])
      expect(() => room.addProblem(code as never))
        .to.throw(ConsultError)
        .with.property('code', 'argument-invalid');
    room.addProblem('another-invite');
    const { state } = room;
    expect([state.phase, 'problems' in state && state.problems.map(({ code }) => code), told]).to.deep.equal([
      'devices',
      ['another-invite'],
      ['another-invite'],
    ]);
    room.leave();
  });
});

describe('a chosen loudspeaker', () => {
  const NONE = { camera: { kind: 'none' }, microphone: { kind: 'none' } } as const;
  const { enumerateDevices } = MediaDevices.prototype;
  let list: readonly Partial<MediaDeviceInfo>[];
  let room: Room;
  let sinks: string[];

  const output = (deviceId: string): Partial<MediaDeviceInfo> => ({ kind: 'audiooutput', deviceId, label: deviceId });
  const devices = () => ('devices' in room.state ? room.state.devices : null);
  const problems = () => ('problems' in room.state ? room.state.problems.map(({ code }) => code) : []);
  const listed = async (...ids: readonly string[]): Promise<void> => {
    list = ids.map(output);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await waitUntil(
      () =>
        devices()
          ?.loudspeakers.map(({ id }) => id)
          .join() === ids.join(),
      `lists ${ids.join()}`,
    );
  };

  beforeEach(async () => {
    list = ['default', 's1', 's2'].map(output);
    Object.assign(MediaDevices.prototype, { enumerateDevices: async () => list });
    const { guestLink } = await createInvite({ base: location.href });
    room = new Room({ invite: new URL(guestLink).hash, config: CONFIGURATION, signaling: 'broadcast:' });
    await room.start();
    room.acceptNotice({ notice: { version: '1', hash: 'h', lang: 'de' }, at: Date.now() });
    await room.useDevices(NONE);
    await listed('default', 's1', 's2');
    sinks = [];
    const video = Object.assign(document.createElement('video'), {
      setSinkId: async (id: string) => void sinks.push(id),
    });
    room.attach(video, 'self', 'camera');
  });
  afterEach(() => {
    room.leave();
    Object.assign(MediaDevices.prototype, { enumerateDevices });
  });

  it('is in the state once it plays, and stays while other devices come and go', async () => {
    expect(devices()?.loudspeaker).to.equal('');
    await room.switchDevice({ loudspeaker: 's1' });
    expect(devices()?.loudspeaker).to.equal('s1');
    await listed('default', 's1');
    await listed('default', 's1', 's3');
    expect([devices()?.loudspeaker, new Set(sinks), problems()]).to.deep.equal(['s1', new Set(['s1']), []]);
  });

  it('gives way to that of the system when it is gone, which is said until another one is chosen', async () => {
    await room.switchDevice({ loudspeaker: 's1' });
    await listed('default', 's2');
    expect([devices()?.loudspeaker, sinks.at(-1), problems()]).to.deep.equal(['', '', ['loudspeaker-lost']]);
    await room.switchDevice({ loudspeaker: 's2' });
    expect([devices()?.loudspeaker, sinks.at(-1), problems()]).to.deep.equal(['s2', 's2', []]);
  });
});

describe('a room that cannot open', () => {
  const opening = async (o: RoomOptions) => {
    const { guestLink } = await createInvite({ base: location.href });
    const room = new Room({ invite: new URL(guestLink).hash, config: CONFIGURATION, signaling: 'broadcast:', ...o });
    const errors: { readonly code: string; readonly message: string }[] = [];
    room.addEventListener('error', ({ detail }) => errors.push(detail));
    const lines: string[] = [];
    const { error } = console;
    console.error = (...all: unknown[]) => lines.push(String(all[0]));
    const done = (): void => {
      console.error = error;
      room.leave();
    };
    return { room, errors, lines, done };
  };
  const without = (name: string): (() => void) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value: false, configurable: true, writable: true });
    return () => void (before && Object.defineProperty(globalThis, name, before));
  };

  it('names the insecure page first, whatever else is wrong, and the other ways of contact', async () => {
    const { room, errors, lines, done } = await opening({
      invite: 'damaged',
      signaling: 'ftp://',
      workerUrl: '/no.js',
    });
    const restore = without('isSecureContext');
    try {
      await room.start();
    } finally {
      restore();
      done();
    }
    expect(room.state).to.include({ phase: 'failed', code: 'insecure-context' });
    expect(room.state.phase === 'failed' && room.state.configuration).to.deep.equal(CONFIGURATION);
    expect([errors.map(({ code }) => code), lines.length]).to.deep.equal([['insecure-context'], 1]);
  });

  for (const [what, options, code, words] of [
    ['a malformed signalling address', { signaling: 'localhost:8787' }, 'signaling-address-invalid', /localhost:/u],
    ['a missing worker', { workerUrl: '/no/such/worker.js' }, 'worker-blocked', /404/u],
    ['a bad configuration', { config: { operator: {} } }, 'configuration-invalid', /operator/u],
  ] as const)
    it(`finds ${what} before the notice, and tells the site once what it is`, async () => {
      const { room, errors, lines, done } = await opening(options);
      const phases: string[] = [];
      room.addEventListener('phase', ({ detail }) => phases.push(detail.phase));
      await room.start();
      done();
      expect(phases).to.deep.equal(['failed']);
      expect(errors.map((error) => error.code)).to.deep.equal([code]);
      expect(errors[0]?.message).to.match(words);
      expect(lines.length).to.equal(1);
      expect(lines[0]).to.contain(code).and.to.match(words);
    });

  it('stops when its page is refused twice, and tells the site once which flag helps', async () => {
    const { room, errors, lines, done } = await opening({ signaling: '/refusing' });
    const { fetch, WebSocket } = window;
    let asked = 0;
    // The test runner's own server would open a socket at any path.
    window.WebSocket = class extends EventTarget {
      onclose: ((event: { readonly code: number }) => void) | null = null;
      constructor() {
        super();
        queueMicrotask(() => this.onclose?.({ code: 1006 }));
      }
      close(): void {}
    } as unknown as typeof WebSocket;
    window.fetch = (url, init) => {
      if (!(url instanceof URL && url.pathname === '/refusing')) return fetch(url, init);
      asked += 1;
      const headers = { 'Consult-Room': 'signal' };
      return Promise.resolve(new Response('origin-refused', { status: 403, headers }));
    };
    try {
      await room.start();
      room.acceptNotice({ notice: { version: '1', hash: 'h', lang: 'de' }, at: Date.now() });
      await room.useDevices({ camera: { kind: 'none' }, microphone: { kind: 'none' } });
      room.acceptRules('de');
      room.declareOccupants([]);
      room.join();
      await waitUntil(() => room.state.phase === 'failed', 'the room to fail');
    } finally {
      Object.assign(window, { fetch, WebSocket });
      done();
    }
    expect(asked).to.equal(2);
    expect(room.state).to.include({ code: 'signaling-origin-refused' });
    expect(errors.map(({ code }) => code)).to.deep.equal(['signaling-origin-refused']);
    expect(errors[0]?.message).to.contain(`--page-origin ${location.origin}`);
    expect(lines.length).to.equal(1);
  });
});

describe('a room that is started twice, as by an effect that runs twice', () => {
  it('[R6] opens once, and turns camera and microphone off when it is left', async () => {
    const { guestLink } = await createInvite({ base: location.href });
    const room = new Room({ invite: new URL(guestLink).hash, config: CONFIGURATION, signaling: 'broadcast:' });
    const phases: string[] = [];
    room.addEventListener('phase', ({ detail }) => void phases.push(detail.phase));
    const tracks: MediaStreamTrack[] = [];
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    try {
      await Promise.all([room.start(), room.start()]);
      room.acceptNotice({ notice: { version: '1', hash: 'h', lang: 'de' }, at: Date.now() });
      await room.useDevices({ camera: { kind: 'default' }, microphone: { kind: 'default' } });
      await room.start();
      expect(room.state.phase).to.equal('occupants');
      expect(tracks.filter(({ readyState }) => readyState === 'live').length).to.be.greaterThan(0);
      room.leave();
      await waitUntil(() => tracks.every(({ readyState }) => readyState === 'ended'));
      await room.start();
      expect(room.state.phase).to.equal('ended');
      expect(phases).to.deep.equal(['notice', 'devices', 'occupants', 'ended']);
    } finally {
      Reflect.deleteProperty(mediaDevices, 'getUserMedia');
      room.leave();
    }
  });
});
