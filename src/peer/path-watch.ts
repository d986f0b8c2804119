/**
 * Watches which way a connection goes, and whether that way is one that people agreed to (protocol.md §10). Media flows only over a
 * path that has been read: direct with an address that was told, or relayed by consent. Anything else ends the connection.
 */
import { isWithoutNat, ownMapping, pathOf, statsOf, type Path, type Reading, type Stat } from './path.ts';
import type { RelayGate } from './relay-gate.ts';

export interface PathWatchOptions {
  readonly pc: RTCPeerConnection;
  readonly gate: RelayGate;
  onPath(path: Path): void;
  /** `open`: the path is known and agreed to. `held`: not, or not yet. */
  onMedia(media: 'open' | 'held'): void;
  /** The other side sees us under an address that we have not told yet. */
  onMapping(candidate: string): void;
  /** The path leads over a relay that nobody agreed to, or from an address that nobody told. */
  onForbidden(): void;
}

/** Milliseconds between two looks while the path is not known; an address is told some 100 ms after it is first seen. */
const LOOK_AGAIN = 100;
/** Milliseconds that an honest other side may need to tell its address: some round trips through signalling. */
const TELL_WITHIN = 8_000;

export class PathWatch {
  readonly #o: PathWatchOptions;
  #path: Path = 'none';
  #media: 'open' | 'held' = 'held';
  #told = '';
  #untoldSince: number | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  #transport: RTCIceTransport | undefined;
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

  async look(): Promise<Reading> {
    if (this.#closed) return 'none';
    this.#listen();
    return this.judge(statsOf(await this.#o.pc.getStats()));
  }

  judge(stats: readonly Stat[]): Reading {
    if (this.#closed) return 'none';
    const { gate } = this.#o;
    const read = pathOf(stats, (address) => gate.isRelayAddress(address));
    // Who hides their address behind a name cannot tell it: refusing them would refuse everyone without a camera. A name reaches no
    // further than the own network, and there no NAT stands in between.
    const reading = read === 'untold' && gate.theyHide && isWithoutNat(stats) ? 'direct' : read;
    this.#tellMapping(stats);
    if (reading === 'relay' && !gate.isOpen) return this.#forbid(reading);
    if (reading === 'none' || (reading === 'untold' && !gate.isOpen)) return this.#hold(reading);
    this.#untoldSince = null;
    // With both people's consent it may be the relay, and nothing is called direct that might not be.
    this.#tell(reading === 'direct' ? 'direct' : 'relay');
    this.#setMedia('open');
    return reading;
  }

  /** There is no path any more. */
  lost(): void {
    this.#untoldSince = null;
    this.#setMedia('held');
    this.#tell('none');
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#transport?.removeEventListener('selectedcandidatepairchange', this.#onChange);
  }

  #hold(reading: 'none' | 'untold'): Reading {
    if (reading === 'untold') {
      this.#setMedia('held');
      this.#untoldSince ??= performance.now();
      if (performance.now() - this.#untoldSince > TELL_WITHIN) return this.#forbid(reading);
    }
    clearTimeout(this.#again);
    if (this.#o.pc.connectionState === 'connected') this.#again = setTimeout(() => void this.look(), LOOK_AGAIN);
    return reading;
  }

  #forbid(reading: Reading): Reading {
    this.#setMedia('held');
    this.close();
    this.#o.onForbidden();
    return reading;
  }

  #setMedia(media: 'open' | 'held'): void {
    if (media === this.#media) return;
    this.#media = media;
    this.#o.onMedia(media);
  }

  #tell(path: Path): void {
    if (path === this.#path) return;
    this.#path = path;
    this.#o.onPath(path);
  }

  #tellMapping(stats: readonly Stat[]): void {
    const mapping = ownMapping(stats);
    if (mapping === null || mapping === this.#told) return;
    this.#told = mapping;
    this.#o.onMapping(mapping);
  }

  /** Where the browser says when the path changes, nobody has to wait for the next look. */
  #listen(): void {
    if (this.#transport) return;
    this.#transport = this.#o.pc.sctp?.transport.iceTransport;
    this.#transport?.addEventListener?.('selectedcandidatepairchange', this.#onChange);
  }

  readonly #onChange = (): void => void this.look();
}
