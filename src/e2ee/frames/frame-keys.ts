/**
 * The keys that encrypt and decrypt frames (protocol.md §7), by epoch, generation and link. Independent of streams and workers; the
 * caller supplies the time.
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

/** How long an epoch still decrypts after a newer one was installed, in milliseconds. */
export const LINGER = 5_000;
/** Limit for the number of a sender's worker starts; no key is derived beyond it. */
const GENERATIONS = 4096;
/** Keys kept per link. A sender has a new one per epoch and worker start, which are few within {@link LINGER}. */
const KEYS_PER_LINK = 8;

interface Epoch {
  readonly epoch: bigint;
  readonly ownLeaf: number;
  /** The epoch modulo 256, as in KIDs, and as text: precomputed, since both are needed for each frame. */
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
  /** Whether a frame under this key was authentic: invented generations must not evict a key in use. */
  proven: boolean;
}

export interface FrameLink {
  readonly leaf: number;
  /** The epoch in which the link began: in an earlier one its leaf index may have belonged to another member. */
  readonly since: bigint;
  /** Set once: from then on no frame goes in or out, whatever the streams still hold. */
  closed: boolean;
  /** Until when what is of an epoch newer than `epoch` waits: one deadline for all of a purpose, or their waits would add up. */
  readonly patience: Map<Purpose, { readonly epoch: bigint; readonly until: number }>;
  readonly keys: Map<string, ReceivingKey>;
}

export type Lookup =
  | ReceivingKey
  /** Of an epoch newer than the newest: its commit may still arrive. */
  | { readonly kind: 'unknown-newer' }
  | { readonly kind: 'refused' };

export class FrameKeys {
  readonly #generation: number;
  readonly #epochs = new Map<bigint, Epoch>();
  #newest: Epoch | null = null;
  #sender: { readonly epoch: bigint; readonly counter: Counter } | null = null;
  #data: { readonly epoch: bigint; readonly counter: Promise<Counter> } | null = null;
  readonly #waiting = new Set<() => void>();

  /** @param generation rises with every worker start and never repeats within an epoch, so that nonces stay unique */
  constructor(generation: number) {
    this.#generation = generation;
  }

  install(o: {
    readonly epoch: bigint;
    readonly ownLeaf: number;
    readonly leaves: readonly number[];
    readonly baseKey: CryptoKey;
    readonly now: number;
  }): void {
    if (this.#newest && o.epoch <= this.#newest.epoch) return;
    if (this.#newest) this.#newest.replaced = o.now;
    const { epoch, ownLeaf, baseKey } = o;
    const [low, name] = [Number(epoch % 256n), String(epoch)];
    this.#newest = { epoch, ownLeaf, low, name, leaves: new Set(o.leaves), baseKey, replaced: null };
    this.#epochs.set(o.epoch, this.#newest);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Encrypts own frames in this epoch from now on. Never goes back to an earlier one, whose counters are used. */
  async switchSender(epoch: bigint): Promise<void> {
    const from = this.#epochs.get(epoch);
    if (!from || (this.#sender && epoch <= this.#sender.epoch)) return;
    const counter = await this.#counter(from, 'SFrame 1.0');
    // Checked again: another switch may have finished in the meantime.
    if (!this.#sender || epoch > this.#sender.epoch) this.#sender = { epoch, counter };
  }

  /** A key for a frame with an unused counter; null while there is no key. */
  takeMedia(): Taken | null {
    return this.#sender?.counter.take() ?? null;
  }

  /**
   * The same for a message of the data channel: always of the newest epoch, also before {@link switchSender}. A message is kept until it
   * is acknowledged, and of an epoch before its own a new member could read none.
   */
  async takeData(): Promise<Taken | null> {
    const newest = this.#newest;
    if (!newest) return null;
    // Set before anything is awaited: two counters under one key would use a nonce twice.
    if (this.#data?.epoch !== newest.epoch)
      this.#data = { epoch: newest.epoch, counter: this.#counter(newest, 'consult-room v1 data') };
    return (await this.#data.counter).take();
  }

  async #counter({ epoch, ownLeaf, baseKey }: Epoch, purpose: Purpose): Promise<Counter> {
    const kid = kidOf({ generation: this.#generation, leaf: ownLeaf, epoch });
    return new Counter(await deriveKey(baseKey, kid, purpose));
  }

  openLink(leaf: number): FrameLink {
    return { leaf, since: this.#newest?.epoch ?? 0n, keys: new Map(), closed: false, patience: new Map() };
  }

  /**
   * Finds the key for a KID received on a link: only of the link's leaf, only of an epoch that is still accepted. Synchronous where the
   * key is known, as for nearly every frame.
   */
  lookup(link: FrameLink, kid: number, purpose: Purpose, now: number): Lookup | Promise<Lookup> {
    const { generation, leaf, epoch: low } = splitKid(kid);
    if (leaf !== link.leaf) return { kind: 'refused' };
    this.#expire(now);
    const accepted = generation < GENERATIONS && this.#newest?.leaves.has(leaf);
    const epoch = accepted && this.#epochOf(link, low);
    if (!epoch) return { kind: this.#isNewer(low) ? 'unknown-newer' : 'refused' };
    const id = `${purpose} ${String(kid)} ${epoch.name}`;
    return link.keys.get(id) ?? this.#derive(link, { id, epoch, kid, purpose });
  }

  #epochOf(link: FrameLink, low: number): Epoch | null {
    for (const epoch of this.#epochs.values()) if (epoch.low === low && epoch.epoch >= link.since) return epoch;
    return null;
  }

  async #derive(
    link: FrameLink,
    o: { readonly id: string; readonly epoch: Epoch; readonly kid: number; readonly purpose: Purpose },
  ): Promise<ReceivingKey> {
    const key = await deriveKey(o.epoch.baseKey, o.kid, o.purpose);
    // Checked again: another frame may have derived the key in the meantime, and two replay windows would accept a frame twice.
    return (
      link.keys.get(o.id) ??
      this.#keep(link, o.id, { kind: 'key', epoch: o.epoch.epoch, key, replay: new ReplayWindow(), proven: false })
    );
  }

  /**
   * Waits until another epoch is installed, but no longer than `limit` milliseconds after the first of this purpose on the link began to
   * wait. Later ones share that deadline.
   *
   * @returns whether another epoch was installed
   */
  nextEpoch(link: FrameLink, o: { readonly purpose: Purpose; readonly limit: number; readonly now: number }) {
    const epoch = this.#newest?.epoch ?? -1n;
    const before = link.patience.get(o.purpose);
    const until = before?.epoch === epoch ? before.until : o.now + o.limit;
    link.patience.set(o.purpose, { epoch, until });
    if (until <= o.now) return Promise.resolve(false);
    return new Promise<boolean>((resolve) => {
      const installed = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(installed);
        resolve(false);
      }, until - o.now);
      this.#waiting.add(installed);
    });
  }

  #keep(link: FrameLink, id: string, key: ReceivingKey): ReceivingKey {
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

interface Taken {
  readonly key: SframeKey;
  readonly ctr: number;
}

class Counter {
  readonly #key: SframeKey;
  #next = 0;

  constructor(key: SframeKey) {
    this.#key = key;
  }

  take(): Taken {
    return { key: this.#key, ctr: this.#next++ };
  }
}
