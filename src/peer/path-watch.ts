/**
 * Watches the path of a connection, and whether the participants agreed to it (protocol.md §10). Media flows only
 * over a path that has been read: direct, from an address that the other side sent, or relayed by consent. Any other
 * path ends the connection.
 */
import { isWithoutNat, ownMapping, pathOf, statsOf, type Path, type Reading, type Stat } from './path.ts';
import type { RelayGate } from './relay-gate.ts';

export interface PathWatchOptions {
  readonly pc: RTCPeerConnection;
  readonly gate: RelayGate;
  onPath(path: Path): void;
  /** `open`: the path is known and agreed to; otherwise `held`. */
  onMedia(media: 'open' | 'held'): void;
  /** The other side sees us under an address that we have not sent yet. */
  onMapping(candidate: string): void;
  /**
   * The path leads over a relay without consent, or from an address that the other side never sent.
   *
   * @param why `unheard`: not one of its addresses has come, which is what a lost message looks like too
   */
  onForbidden(why: 'undeclared' | 'unheard'): void;
}

/**
 * Milliseconds between two readings while the path is unknown; an address arrives some 100 ms after it is first seen.
 */
const READ_AGAIN = 100;
/** Milliseconds that an honest other side may need to send its address: some round trips through signalling. */
const SENT_WITHIN = 8_000;
/**
 * Readings meanwhile, half of what that time has room for: a device that stands still for seconds has the address in its
 * queue, behind the timer that would refuse it.
 */
const READINGS = SENT_WITHIN / READ_AGAIN / 2;

export class PathWatch {
  readonly #o: PathWatchOptions;
  #path: Path = 'none';
  #media: 'open' | 'held' = 'held';
  #sentMapping = '';
  #untold: { readonly since: number; readings: number } | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  #transport: RTCIceTransport | undefined;
  #told = false;
  #asked = false;
  #reading = false;
  #closed = false;

  constructor(o: PathWatchOptions) {
    this.#o = o;
  }

  get path(): Path {
    return this.#path;
  }

  get media(): 'open' | 'held' {
    return this.#media;
  }

  /** Reads the path. One report at a time: whoever asks meanwhile gets one more, for all. */
  look(): void {
    if (this.#closed) return;
    this.#listen();
    this.#asked = true;
    if (!this.#reading) void this.#read();
  }

  /** The other side has sent addresses: only then is an unknown one told, and before a pair is selected there is none. */
  told(): void {
    this.#told = true;
    if (this.#path !== 'direct' && !/^(?:new|checking)$/u.test(this.#o.pc.iceConnectionState)) this.look();
  }

  judge(stats: readonly Stat[]): Reading {
    if (this.#closed) return 'none';
    const { gate } = this.#o;
    const read = pathOf(stats, (address) => gate.isRelayAddress(address));
    // A browser that hides its address behind an mDNS name cannot send it: refusing that would refuse every
    // participant without a camera. Such a name works only within the local network, where no NAT stands in between.
    const reading = read === 'untold' && gate.theyHide && isWithoutNat(stats) ? 'direct' : read;
    this.#reportMapping(stats);
    if (reading === 'relay' && !gate.isOpen) return this.#forbid(reading);
    if (reading === 'none' || (reading === 'untold' && !gate.isOpen)) return this.#hold(reading);
    this.#untold = null;
    // With consent an unknown address may be the relay's, so the path is not called direct.
    this.#report(reading === 'direct' ? 'direct' : 'relay');
    this.#setMedia('open');
    return reading;
  }

  /** The path is gone. */
  lost(): void {
    this.#untold = null;
    this.#setMedia('held');
    this.#report('none');
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#transport?.removeEventListener('selectedcandidatepairchange', this.#onChange);
  }

  async #read(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#asked && !this.#closed) {
        this.#asked = false;
        this.judge(statsOf(await this.#o.pc.getStats()));
      }
    } finally {
      this.#reading = false;
    }
  }

  #hold(reading: 'none' | 'untold'): Reading {
    if (reading === 'untold') {
      this.#setMedia('held');
      this.#untold ??= { since: performance.now(), readings: 0 };
      this.#untold.readings++;
      const late = performance.now() - this.#untold.since > SENT_WITHIN;
      if (late && this.#untold.readings > READINGS) return this.#forbid(reading);
    }
    clearTimeout(this.#again);
    if (this.#o.pc.connectionState === 'connected') this.#again = setTimeout(() => this.look(), READ_AGAIN);
    return reading;
  }

  #forbid(reading: Reading): Reading {
    this.#setMedia('held');
    this.close();
    this.#o.onForbidden(reading === 'relay' || this.#told ? 'undeclared' : 'unheard');
    return reading;
  }

  #setMedia(media: 'open' | 'held'): void {
    if (media === this.#media) return;
    this.#media = media;
    this.#o.onMedia(media);
  }

  #report(path: Path): void {
    if (path === this.#path) return;
    this.#path = path;
    this.#o.onPath(path);
  }

  #reportMapping(stats: readonly Stat[]): void {
    const mapping = ownMapping(stats);
    if (mapping === null || mapping === this.#sentMapping) return;
    this.#sentMapping = mapping;
    this.#o.onMapping(mapping);
  }

  /** Where the browser reports path changes, the next poll need not be awaited. */
  #listen(): void {
    if (this.#transport) return;
    this.#transport = this.#o.pc.sctp?.transport.iceTransport;
    this.#transport?.addEventListener?.('selectedcandidatepairchange', this.#onChange);
  }

  readonly #onChange = (): void => this.look();
}
