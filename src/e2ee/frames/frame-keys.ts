/**
 * Which keys encrypt and decrypt frames now (protocol.md §7): epochs, generations, links. Knows nothing of streams or
 * workers; everything about time comes in by `now`.
 */
import { deriveKey, type Purpose, type SframeKey } from './sframe.ts';
import { ReplayWindow } from './replay-window.ts';

/** KID = generation ‖ leafIndex (4 bits) ‖ epoch mod 256 (8 bits) (RFC 9605 §5.2). */
export function kidOf(o: { readonly generation: number; readonly leaf: number; readonly epoch: bigint }): number {
  return (o.generation * 16 + o.leaf) * 256 + Number(o.epoch % 256n);
}

export function splitKid(kid: number): { readonly generation: number; readonly leaf: number; readonly epoch: number } {
  return { generation: Math.floor(kid / 4096), leaf: Math.floor(kid / 256) % 16, epoch: kid % 256 };
}

/** Old epochs decrypt for this long after a newer one was installed, in milliseconds. */
export const LINGER = 5_000;
/** Worker starts that a sender can have had; beyond it is nonsense, and nothing is derived for nonsense. */
const GENERATIONS = 4096;
/** Keys kept per link. A sender changes its own with epochs and worker starts, which are few within {@link LINGER}. */
const KEYS_PER_LINK = 8;

interface Epoch {
  readonly epoch: bigint;
  /** The epoch modulo 256, as KIDs carry it, and in words: nothing is worked out for each frame anew. */
  readonly low: number;
  readonly name: string;
  readonly leaves: ReadonlySet<number>;
  readonly baseKey: CryptoKey;
  /** When a newer epoch was installed; null for the newest. */
  replaced: number | null;
}

interface ReceivingKey {
  readonly kind: 'key';
  readonly epoch: bigint;
  readonly key: SframeKey;
  readonly replay: ReplayWindow;
  /** Whether a frame under it was authentic: made-up generations must displace no key that is in use. */
  proven: boolean;
}

export interface Link {
  readonly leaf: number;
  /** The epoch that the link began in: a leaf index may have belonged to somebody else before. */
  readonly since: bigint;
  /** Set once: nothing goes in or out any more, whatever the streams still hold. */
  closed: boolean;
  /** Until when frames of a newer epoch than `epoch` wait; one wait for all of them, or they would queue up. */
  patience: { readonly epoch: bigint; readonly until: number } | null;
  readonly keys: Map<string, ReceivingKey>;
}

export type Lookup =
  | ReceivingKey
  /** A newer epoch than the newest: its commit may be under way. */
  | { readonly kind: 'unknown-newer' }
  | { readonly kind: 'refused' };

export class FrameKeys {
  readonly #generation: number;
  readonly #epochs = new Map<bigint, Epoch>();
  #newest: Epoch | null = null;
  #sender: { readonly epoch: bigint; readonly media: Counter; readonly data: Counter } | null = null;
  #waiting = new Set<() => void>();

  /** @param generation rises with every worker start and never repeats within an epoch: that keeps nonces unique */
  constructor(generation: number) {
    this.#generation = generation;
  }

  install(o: {
    readonly epoch: bigint;
    readonly leaves: readonly number[];
    readonly baseKey: CryptoKey;
    readonly now: number;
  }): void {
    if (this.#newest && o.epoch <= this.#newest.epoch) return;
    if (this.#newest) this.#newest.replaced = o.now;
    const { epoch, baseKey } = o;
    const [low, name] = [Number(epoch % 256n), String(epoch)];
    this.#newest = { epoch, low, name, leaves: new Set(o.leaves), baseKey, replaced: null };
    this.#epochs.set(o.epoch, this.#newest);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** From now on own frames are encrypted in this epoch. Going back is refused: its counters may have been used. */
  async switchSender(epoch: bigint, ownLeaf: number): Promise<void> {
    const from = this.#epochs.get(epoch);
    if (!from || (this.#sender && epoch <= this.#sender.epoch)) return;
    const kid = kidOf({ generation: this.#generation, leaf: ownLeaf, epoch });
    const [media, data] = await Promise.all([
      deriveKey(from.baseKey, kid),
      deriveKey(from.baseKey, kid, 'consult-room v1 data'),
    ]);
    // Again, because another switch may have finished meanwhile.
    if (!this.#sender || epoch > this.#sender.epoch)
      this.#sender = { epoch, media: new Counter(media), data: new Counter(data) };
  }

  /** A key and a counter that was never used with it; null while there is none. */
  take(purpose: Purpose): { readonly key: SframeKey; readonly ctr: number } | null {
    return (purpose === 'SFrame 1.0' ? this.#sender?.media : this.#sender?.data)?.take() ?? null;
  }

  openLink(leaf: number): Link {
    return { leaf, since: this.#newest?.epoch ?? 0n, keys: new Map(), closed: false, patience: null };
  }

  /**
   * The key for a received KID on a link: of the link's leaf alone, of an epoch that still counts. At once where it is known already,
   * as for nearly every frame.
   */
  lookup(link: Link, kid: number, purpose: Purpose, now: number): Lookup | Promise<Lookup> {
    const { generation, leaf, epoch: low } = splitKid(kid);
    if (leaf !== link.leaf || generation >= GENERATIONS || !this.#newest?.leaves.has(leaf)) {
      return this.#isNewer(low) && leaf === link.leaf ? { kind: 'unknown-newer' } : { kind: 'refused' };
    }
    this.#expire(now);
    const epoch = this.#epochOf(link, low);
    if (!epoch) return this.#isNewer(low) ? { kind: 'unknown-newer' } : { kind: 'refused' };
    const id = `${purpose} ${String(kid)} ${epoch.name}`;
    return link.keys.get(id) ?? this.#derive(link, { id, epoch, kid, purpose });
  }

  #epochOf(link: Link, low: number): Epoch | null {
    for (const epoch of this.#epochs.values()) if (epoch.low === low && epoch.epoch >= link.since) return epoch;
    return null;
  }

  async #derive(
    link: Link,
    o: { readonly id: string; readonly epoch: Epoch; readonly kid: number; readonly purpose: Purpose },
  ): Promise<ReceivingKey> {
    const key = await deriveKey(o.epoch.baseKey, o.kid, o.purpose);
    // Another frame of the same key may have come in meanwhile; two windows for one key would let a frame in twice.
    return (
      link.keys.get(o.id) ??
      this.#keep(link, o.id, { kind: 'key', epoch: o.epoch.epoch, key, replay: new ReplayWindow(), proven: false })
    );
  }

  /**
   * Resolves when another epoch is installed, or `limit` milliseconds after the first frame on the link began to wait for
   * one: what comes later does not wait anew.
   */
  nextEpoch(link: Link, limit: number, now: number): Promise<void> {
    const epoch = this.#newest?.epoch ?? -1n;
    if (link.patience?.epoch !== epoch) link.patience = { epoch, until: now + limit };
    const left = link.patience.until - now;
    if (left <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, left);
      this.#waiting.add(done);
    });
  }

  #keep(link: Link, id: string, key: ReceivingKey): ReceivingKey {
    link.keys.set(id, key);
    if (link.keys.size <= KEYS_PER_LINK) return key;
    for (const [other, { epoch }] of link.keys) if (!this.#epochs.has(epoch)) link.keys.delete(other);
    if (link.keys.size <= KEYS_PER_LINK) return key;
    const [unproven] = [...link.keys].find(([other, { proven }]) => !proven && other !== id) ?? [];
    link.keys.delete(unproven ?? link.keys.keys().next().value ?? id);
    return key;
  }

  #isNewer(low: number): boolean {
    if (!this.#newest) return true;
    const ahead = (low - Number(this.#newest.epoch % 256n) + 256) % 256;
    return ahead > 0 && ahead < 128;
  }

  #expire(now: number): void {
    for (const { epoch, replaced } of this.#epochs.values())
      if (replaced !== null && now - replaced > LINGER) this.#epochs.delete(epoch);
  }
}

class Counter {
  readonly #key: SframeKey;
  #next = 0;

  constructor(key: SframeKey) {
    this.#key = key;
  }

  take(): { readonly key: SframeKey; readonly ctr: number } {
    return { key: this.#key, ctr: this.#next++ };
  }
}
