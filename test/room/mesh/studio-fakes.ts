/** What a studio needs of a browser, in Node: connections that a test lets come up, a worker that answers at once, and time. */
import { mock } from 'node:test';

/** A connection that a test lets come up or fail; nothing of it leaves this process. */
export class FakeConnection extends EventTarget {
  static made: FakeConnection[] = [];
  static fails = false;
  static stats: ReadonlyMap<string, unknown> = new Map();
  connectionState = 'new';
  localDescription = { sdp: '' };
  remoteDescription = null;
  constructor() {
    super();
    FakeConnection.made.push(this);
  }
  addTransceiver() {
    if (FakeConnection.fails) throw new Error('no connection');
    const sender = { getParameters: () => ({ encodings: [{}] }), setParameters: async () => undefined };
    return { sender: { ...sender, replaceTrack: async () => undefined }, setCodecPreferences: () => undefined };
  }
  async setLocalDescription(): Promise<void> {}
  async setRemoteDescription(): Promise<void> {}
  getTransceivers = () => [];
  getStats = async () => FakeConnection.stats;
  close(): void {}
  connect(): void {
    this.connectionState = 'connected';
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}

export class FakeFrames extends EventTarget {
  readonly routes: unknown[] = [];
  /** The newest of each link. */
  readonly routeOf = new Map<string, unknown>();
  createStudioTransform = () => ({});
  closeStudio(): void {}
  setCarriers(): void {}
  route(linkId: string, route: unknown): void {
    this.routes.push(route);
    this.routeOf.set(linkId, route);
  }
  studioTotals = async () => ({
    high: { frames: 0, keyFrames: 0, bytes: 0, baseBytes: 0 },
    low: { frames: 0, keyFrames: 0, bytes: 0, baseBytes: 0 },
  });
}

const GLOBALS = {
  RTCPeerConnection: FakeConnection,
  RTCRtpReceiver: { getCapabilities: () => ({ codecs: [] }) },
  MediaStreamTrackGenerator: class {
    writable = {};
    stop(): void {}
  },
};

/** Time that only passes when a test says so, and the browser's part. */
export class Stage {
  #now = 0;

  constructor() {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    mock.method(performance, 'now', () => this.#now);
    Object.assign(globalThis, GLOBALS);
    FakeConnection.made = [];
    FakeConnection.fails = false;
    FakeConnection.stats = new Map();
  }

  /** Lets time pass, and what waits for it. */
  async pass(seconds: number): Promise<void> {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      this.#now += 100;
      mock.timers.tick(100);
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    }
  }

  close(): void {
    mock.reset();
    mock.timers.reset();
    for (const name of Object.keys(GLOBALS)) Reflect.deleteProperty(globalThis, name);
  }
}
