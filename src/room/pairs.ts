/**
 * All links of a mesh: opened and closed with the roster, one per participant, the lower leaf offering (protocol.md §7).
 */
import type { FrameCipher, TransformName } from '../e2ee/frame-cipher.ts';
import { toBase64Url } from '../e2ee/bytes.ts';
import type { PeerSignal } from '../peer/connection.ts';
import { Pair, type OwnTracks, type PairEvents, type PairOptions } from './pair.ts';
import type { PairReport } from './room-interface.ts';
import type { DataMessage, GroupMessage } from './wire.ts';

export interface PairsOptions extends Pick<PairOptions, 'frames' | 'iceServers' | 'relayAddresses' | 'mode'> {
  readonly events: PairEvents;
  /** Own tracks for a participant, as far as they may go there now. */
  tracksTo(id: string): OwnTracks;
}

interface Entry {
  readonly id: string;
  readonly leaf: number;
  pair: Pair | null;
}

/** How often sent and encrypted frames are compared, in milliseconds. */
const AUDIT_EVERY = 2_000;

export class Pairs {
  readonly #o: PairsOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #frames: FrameCipher;
  readonly #audit: ReturnType<typeof setInterval>;
  #ownLeaf = -1;

  constructor(o: PairsOptions) {
    this.#o = o;
    this.#frames = o.frames;
    this.#frames.addEventListener('running', this.#onRunning);
    this.#frames.addEventListener('lost', this.#onLost);
    this.#audit = setInterval(() => {
      for (const { pair } of this.#entries.values()) void pair?.audit();
    }, AUDIT_EVERY);
  }

  /** Opens links to who is new. Who is gone is closed too, though {@link close} should have done it earlier. */
  sync(ownLeaf: number, members: readonly { readonly id: string; readonly leaf: number }[]): void {
    this.#ownLeaf = ownLeaf;
    this.close([...this.#entries.keys()].filter((id) => !members.some((member) => member.id === id)));
    for (const { id, leaf } of members) {
      if (this.#entries.has(id)) continue;
      const entry: Entry = { id, leaf, pair: null };
      this.#entries.set(id, entry);
      if (ownLeaf < leaf) this.#offer(entry);
    }
  }

  /** A message about a link from its verified owner. */
  receive(id: string, message: GroupMessage): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (message.type === 'link-lost') {
      if (this.#ownLeaf < entry.leaf && entry.pair?.linkId === message.link) this.#offer(entry);
      return;
    }
    const signal = signalOf(message);
    if (!signal) return;
    // The frame worker knows links by these names alone: one that takes another's would end that link.
    if ([...this.#entries.values()].some((other) => other !== entry && other.pair?.linkId === message.link)) return;
    const isOffer = signal.kind === 'description' && signal.description.kind === 'offer';
    // Only the offerer names a new link; whatever is about another one is late.
    if (isOffer && entry.pair?.linkId !== message.link && this.#ownLeaf > entry.leaf)
      this.#make(entry, message.link, 'answerer');
    if (entry.pair?.linkId === message.link) void entry.pair.receive(signal);
  }

  get(id: string): Pair | null {
    return this.#entries.get(id)?.pair ?? null;
  }

  refreshTracks(id: string): void {
    this.get(id)?.setTracks(this.#o.tracksTo(id));
  }

  /** Links that did not come up while signalling was away are begun again. */
  retry(isUp: (id: string) => boolean): void {
    for (const entry of this.#entries.values()) {
      if (isUp(entry.id)) continue;
      if (this.#ownLeaf < entry.leaf) this.#offer(entry);
    }
  }

  /** A raw group message to every direct neighbour. */
  broadcast(message: Uint8Array): void {
    for (const { pair } of this.#entries.values()) pair?.sendGroupMessage(message);
  }

  async sendData(message: DataMessage): Promise<void> {
    for (const { pair } of this.#entries.values()) await pair?.sendData(message);
  }

  reports(): Promise<readonly PairReport[]> {
    return Promise.all([...this.#entries.values()].flatMap(({ pair }) => (pair ? [pair.report()] : [])));
  }

  close(ids: readonly string[]): void {
    for (const id of ids) {
      this.#entries.get(id)?.pair?.close();
      this.#entries.delete(id);
    }
  }

  closeAll(): void {
    clearInterval(this.#audit);
    this.#frames.removeEventListener('running', this.#onRunning);
    this.#frames.removeEventListener('lost', this.#onLost);
    this.close([...this.#entries.keys()]);
  }

  #offer(entry: Entry): void {
    void this.#make(entry, toBase64Url(crypto.getRandomValues(new Uint8Array(16))), 'offerer').start();
  }

  #make(entry: Entry, linkId: string, role: 'offerer' | 'answerer'): Pair {
    entry.pair?.close();
    const { id, leaf } = entry;
    this.#o.events.report({ type: 'encrypted', id, encryption: 'pending' });
    this.#o.events.report({ type: 'connection', id, connection: 'connecting' });
    const { frames, iceServers, relayAddresses, mode, events } = this.#o;
    const pair = new Pair({ id, leaf, linkId, role, frames, iceServers, relayAddresses, mode, events });
    entry.pair = pair;
    pair.setTracks(this.#o.tracksTo(id));
    return pair;
  }

  readonly #onRunning = ({ detail }: CustomEvent<TransformName>): void => {
    const { linkId, stream, direction } = detail;
    for (const { pair } of this.#entries.values())
      if (pair?.linkId === linkId) pair.transformRunning(stream, direction);
  };

  /** The worker died: media has stopped by itself, and one transform per sender means new connections (§7). */
  readonly #onLost = (): void => {
    for (const entry of this.#entries.values()) {
      if (!entry.pair) continue;
      if (this.#ownLeaf < entry.leaf) this.#offer(entry);
      else {
        this.#o.events.send(entry.pair, { type: 'link-lost', body: {} });
        entry.pair.close();
      }
    }
  };
}

function signalOf(message: GroupMessage): PeerSignal | null {
  if (message.type === 'description') return { kind: 'description', description: message.body };
  if (message.type === 'candidates') return { kind: 'candidates', candidates: message.body.candidates };
  return null;
}
