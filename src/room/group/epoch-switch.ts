/**
 * Switches frame encryption to a new epoch (protocol.md §7): receivers install the keys first; senders switch once everyone has, or
 * after 1.5 s; immediately when a member was removed.
 */
import type { EpochSecrets } from '../../e2ee/mls/group.ts';
import type { FrameWorkerClient } from '../../e2ee/frames/frame-worker-client.ts';

/** How long a sender waits for the slowest receiver, in milliseconds. */
const PATIENCE = 1_500;

export class EpochSwitch {
  readonly #frames: FrameWorkerClient;
  #current: { readonly epoch: bigint; readonly awaited: Set<number> } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Leaf → the epoch it reported, also before our own copy of the commit arrived. */
  readonly #reported = new Map<number, number>();

  constructor(frames: FrameWorkerClient) {
    this.#frames = frames;
  }

  /** @param urgency `now` where a member was removed: it must not be able to decrypt any further frame */
  async enter(secrets: EpochSecrets, urgency: 'now' | 'when-ready'): Promise<void> {
    const { epoch, ownLeaf, frameBaseKey: baseKey } = secrets;
    const leaves = secrets.members.map(({ leaf }) => leaf);
    await this.#frames.installEpoch({ epoch, ownLeaf, leaves, baseKey });
    const awaited = new Set(leaves.filter((leaf) => leaf !== ownLeaf && this.reported(leaf) < Number(epoch)));
    // In the first epoch there is no older key to send with meanwhile.
    const first = this.#current === null;
    this.#current = { epoch, awaited };
    clearTimeout(this.#timer);
    if (first || urgency === 'now' || awaited.size === 0) return this.#switch();
    this.#timer = setTimeout(() => this.#switchLater(), PATIENCE);
  }

  /** A member reports that it can decrypt an epoch. */
  installed(leaf: number, epoch: number): void {
    // A lower epoch can arrive late, or be claimed to have everything resent.
    this.#reported.set(leaf, Math.max(epoch, this.reported(leaf)));
    if (!this.#current || epoch < Number(this.#current.epoch)) return;
    this.#current.awaited.delete(leaf);
    if (this.#current.awaited.size === 0) this.#switchLater();
  }

  /** The highest epoch that a member reported; -1 for none. */
  reported(leaf: number): number {
    return this.#reported.get(leaf) ?? -1;
  }

  forget(leaf: number): void {
    this.#reported.delete(leaf);
  }

  /** The group is over; the next one counts its epochs from zero. */
  reset(): void {
    this.close();
    this.#reported.clear();
    this.#frames.reset();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#current = null;
  }

  /** With nobody to hear of an error: it means that the frame worker has ended, and then no frame leaves at all. */
  #switchLater(): void {
    this.#switch().catch(() => undefined);
  }

  async #switch(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#current) await this.#frames.switchSender(this.#current.epoch);
  }
}
