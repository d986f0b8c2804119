/**
 * Encode once, send to many (protocol.md §7, "Encode once"): takes the frames of a studio, encrypts each once and hands
 * it to every link that carries its rung. It knows no streams and no workers, so that it can be tested alone.
 */
import { CarriedLink, type StudioFrame } from './carried-link.ts';
import { KeyFrameThrottle, PAGE_CLOCK, type Clock } from './key-frame-throttle.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import type { CameraRoute, Rung, StudioTotals } from './rungs.ts';
import type { StreamCounters } from './worker-messages.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface CameraHubOptions {
  /** Has the encoder of a rung make a key frame. */
  requestKeyFrame(rung: Rung): void;
  /** Has the encoder of a link make one more frame. */
  requestCarrier(linkId: string): void;
  readonly clock?: Clock;
}

interface Link {
  readonly carried: CarriedLink;
  route: CameraRoute;
  /** After carriers, its own encoder's pictures leave only from a key frame of the camera on. */
  own: 'open' | 'needs-key-frame';
}

type Totals = { -readonly [K in keyof StudioTotals[Rung]]: StudioTotals[Rung][K] };

const none = (): Totals => ({ frames: 0, keyFrames: 0, bytes: 0, baseBytes: 0 });
const OWN: CameraRoute = { kind: 'own' };
/** Carriers are 16×16: no camera is as small. */
const CARRIER_WIDTH = 16;

export class CameraHub {
  readonly #o: CameraHubOptions;
  readonly #clock: Clock;
  readonly #links = new Map<string, Link>();
  readonly #keyFrames: KeyFrameThrottle;
  readonly #totals: Record<Rung, Totals> = { high: none(), low: none() };

  constructor(o: CameraHubOptions) {
    this.#o = o;
    this.#clock = o.clock ?? PAGE_CLOCK;
    this.#keyFrames = new KeyFrameThrottle((rung) => o.requestKeyFrame(rung), this.#clock);
  }

  get totals(): StudioTotals {
    return { high: { ...this.#totals.high }, low: { ...this.#totals.low } };
  }

  open(linkId: string, counters: StreamCounters): void {
    const carried = new CarriedLink({
      counters,
      now: () => this.#clock.now(),
      askCarrier: () => this.#o.requestCarrier(linkId),
      askKeyFrame: (rung) => this.#keyFrames.ask(rung, linkId),
    });
    this.#links.set(linkId, { carried, route: OWN, own: 'open' });
  }

  close(linkId: string): void {
    this.#links.delete(linkId);
    this.#keyFrames.forget(linkId);
  }

  closeAll(): void {
    this.#links.clear();
    this.#keyFrames.close();
  }

  /** Chooses what a link's camera sender sends from now on. */
  route(linkId: string, route: CameraRoute): void {
    const link = this.#links.get(linkId);
    if (!link) return;
    if (link.route.kind === 'studio' && route.kind === 'own') link.own = 'needs-key-frame';
    link.route = route;
    if (route.kind === 'studio') link.carried.carry(route.rung, route.layers);
    else link.carried.carry('off', 'all');
  }

  /** A frame of the studio, encrypted, in the order of its encoder; null where it could not be encrypted. */
  publish(frame: Omit<StudioFrame, 'bytes'> & { readonly bytes: Bytes | null }): void {
    const { rung, kind, layer, bytes } = frame;
    if (!bytes) {
      for (const { carried } of this.#links.values()) carried.lose(rung);
      return;
    }
    const totals = this.#totals[rung];
    totals.frames++;
    totals.bytes += bytes.length;
    if (layer === 'base') totals.baseBytes += bytes.length;
    if (kind === 'key') totals.keyFrames++;
    for (const { carried, route } of this.#links.values())
      if (route.kind === 'studio') carried.offer({ rung, kind, layer, bytes });
  }

  /**
   * A frame of a link's own encoder.
   *
   * @returns `own` where it is a picture of the camera to be encrypted and sent as it is; otherwise it is dealt with
   */
  take(linkId: string, frame: EncodedFrame, write: (frame: EncodedFrame) => void): 'own' | 'taken' {
    const link = this.#links.get(linkId);
    if (!link) return 'taken';
    if (link.route.kind === 'studio') {
      link.carried.take(frame, write);
      return 'taken';
    }
    if (link.own === 'needs-key-frame' && frame.type === 'key' && widthOf(frame.data) > CARRIER_WIDTH)
      link.own = 'open';
    return link.own === 'open' ? 'own' : 'taken';
  }

  /** To be called some twenty times a second. */
  look(): void {
    for (const { carried, route } of this.#links.values()) if (route.kind === 'studio') carried.look();
  }

  /** Whether any link carries anything: otherwise {@link look} has nothing to do. */
  get isBusy(): boolean {
    return [...this.#links.values()].some(({ route }) => route.kind === 'studio');
  }
}

/** The width in a VP8 key frame of our own encoder, still in clear (RFC 6386 §9.1). */
function widthOf(data: ArrayBuffer): number {
  if (data.byteLength < 10) return 0;
  return new DataView(data).getUint16(6, true) & 0x3fff;
}
