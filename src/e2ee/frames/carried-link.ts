/**
 * One link that carries the frames of a studio (protocol.md §7, "Encode once"). Its own encoder makes tiny pictures on
 * demand, the carriers; each leaves with an encrypted frame of the studio in the place of its content. One carrier is
 * asked for per waiting frame, so that nothing is dropped or doubled.
 */
import type { EncodedFrame } from './encoded-frame.ts';
import type { Rung } from './rungs.ts';
import type { StreamCounters } from './worker-messages.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** An encrypted frame of the studio, the same for all links. */
export interface StudioFrame {
  readonly rung: Rung;
  readonly kind: 'key' | 'delta';
  /** Whether it belongs to the upper temporal layer, which no other frame builds on. */
  readonly layer: 'base' | 'upper';
  readonly bytes: Bytes;
}

export interface CarriedLinkOptions {
  readonly counters: StreamCounters;
  /** Milliseconds. */
  now(): number;
  /** Has the link's own encoder make one more frame. */
  askCarrier(): void;
  askKeyFrame(rung: Rung): void;
}

/** Frames that may wait for a carrier; beyond that those of the upper temporal layer are left out. */
const WAITING = 6;
/** Milliseconds that a frame may wait. Beyond that the link is too slow: all are dropped until a key frame. */
const WAITS = 700;
/** Carriers kept for frames to come. */
const SPARE = 2;
/** Milliseconds after which a carrier that was asked for counts as lost: encoders may drop pictures. */
const CARRIER_LOST = 120;
/**
 * Milliseconds between two looks at a link, and how many are made in between while none of its carriers has come: its
 * sender may just have got its track.
 */
const LOOK_EVERY = 200;
const TRIES = 40;
/** Milliseconds between two requests while the key frame that a link needs does not come. */
const ASK_AGAIN = 1_000;

export class CarriedLink {
  readonly #o: CarriedLinkOptions;
  #rung: Rung | 'off' = 'off';
  /** The rung to change to with its next key frame. */
  #next: Rung | null = null;
  #layers: 'all' | 'base' = 'all';
  #waiting: { readonly frame: StudioFrame; readonly since: number }[] = [];
  readonly #carriers: { readonly frame: EncodedFrame; readonly write: (frame: EncodedFrame) => void }[] = [];
  /** When the carriers were asked for that have not come yet. */
  #asked: number[] = [];
  #needsKeyFrame = true;
  #askedKeyFrameAt = -Infinity;
  #askedForNextAt = -Infinity;
  /** Whether carriers come: without them, nobody knows whether the link is up, and a key frame would be lost. */
  #alive = false;
  #lookedAt = -Infinity;
  /** Looks since it was alive. */
  #tries = 0;
  /** Carriers so far: the first is a key frame although no receiver asked. */
  #came = 0;

  constructor(o: CarriedLinkOptions) {
    this.#o = o;
  }

  /** Changes what the link carries: to another rung with its next key frame, to `off` immediately. */
  carry(rung: Rung | 'off', layers: 'all' | 'base'): void {
    this.#layers = layers;
    if (rung === (this.#next ?? this.#rung)) return;
    this.#next = null;
    if (rung === this.#rung) return;
    if (rung === 'off' || this.#rung === 'off') {
      this.#rung = rung;
      this.#tries = 0;
      this.#dropWaiting();
      if (rung !== 'off') this.#askCarrier();
      return;
    }
    this.#next = rung;
    this.#askForNext(rung);
  }

  /** A frame of this rung could not be encrypted: later ones build on it. */
  lose(rung: Rung): void {
    if (rung === this.#rung) this.#dropWaiting();
  }

  /** A frame of the studio, in the order of its encoder. */
  offer(frame: StudioFrame): void {
    if (frame.rung === this.#next && frame.kind === 'key') {
      this.#rung = frame.rung;
      this.#next = null;
      this.#dropWaiting();
    }
    if (frame.rung !== this.#rung) return;
    if (frame.kind === 'key') {
      if (!this.#alive) return;
      this.#waiting = [];
      this.#needsKeyFrame = false;
    } else if (this.#needsKeyFrame || (frame.layer === 'upper' && this.#layers === 'base')) return;
    const since = this.#o.now();
    this.#waiting.push({ frame, since });
    this.#match();
    if (this.#waiting.length > WAITING) this.#waiting = this.#waiting.filter((one) => one.frame.layer === 'base');
    if (since - (this.#waiting[0]?.since ?? since) > WAITS) {
      // The next carrier asks for a key frame.
      this.#dropWaiting();
      this.#alive = false;
    }
    this.#askCarriers();
  }

  /** A frame of the link's own encoder: it leaves with a frame of the studio, or not at all. */
  take(frame: EncodedFrame, write: (frame: EncodedFrame) => void): void {
    this.#asked.shift();
    this.#came++;
    [this.#alive, this.#tries] = [true, 0];
    // Its encoder makes a key frame only at its receiver's request.
    if ((frame.type === 'key' && this.#came > 1) || this.#needsKeyFrame) this.#askKeyFrame();
    this.#carriers.push({ frame, write });
    this.#match();
    while (this.#carriers.length > (this.#rung === 'off' ? 0 : SPARE)) {
      this.#carriers.shift();
      this.#o.counters.unused++;
    }
    this.#askCarriers();
  }

  /** Called some twenty times a second: asks again for what was lost, and tries whether a link that waits is up. */
  look(): void {
    const now = this.#o.now();
    const isTried = !this.#alive && this.#tries++ < TRIES;
    if (this.#rung === 'off' || (!isTried && now - this.#lookedAt < LOOK_EVERY)) return;
    this.#lookedAt = now;
    if (this.#next) this.#askForNext(this.#next);
    if (this.#needsKeyFrame) {
      this.#asked = [];
      this.#askCarrier();
    } else this.#askCarriers();
  }

  #match(): void {
    while (this.#waiting.length > 0 && this.#carriers.length > 0) {
      const [carrier, next] = [this.#carriers.shift(), this.#waiting.shift()];
      if (!carrier || !next) return;
      // A copy for each link: browsers detach the buffer of a frame that is written.
      carrier.frame.data = next.frame.bytes.slice().buffer;
      this.#o.counters.encrypted++;
      carrier.write(carrier.frame);
    }
  }

  #askCarriers(): void {
    const now = this.#o.now();
    this.#asked = this.#asked.filter((at) => now - at <= CARRIER_LOST);
    for (let missing = this.#waiting.length - this.#carriers.length - this.#asked.length; missing > 0; missing--)
      this.#askCarrier();
  }

  #askCarrier(): void {
    this.#asked.push(this.#o.now());
    this.#o.askCarrier();
  }

  #askForNext(rung: Rung): void {
    const now = this.#o.now();
    if (now - this.#askedForNextAt < ASK_AGAIN) return;
    this.#askedForNextAt = now;
    this.#o.askKeyFrame(rung);
  }

  #askKeyFrame(): void {
    if (this.#rung === 'off') return;
    const now = this.#o.now();
    if (this.#needsKeyFrame && now - this.#askedKeyFrameAt < ASK_AGAIN) return;
    this.#askedKeyFrameAt = now;
    this.#o.askKeyFrame(this.#rung);
  }

  /** Later frames build on those that are dropped. */
  #dropWaiting(): void {
    this.#waiting = [];
    this.#needsKeyFrame = true;
    this.#askedKeyFrameAt = -Infinity;
  }
}
