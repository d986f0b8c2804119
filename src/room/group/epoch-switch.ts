/**
 * The change of epochs (protocol.md §7): receivers install first; senders switch when everyone has, or after 1.5 s; at once
 * when somebody was removed.
 */
import type { EpochSecrets } from '../../e2ee/mls/group.ts';
import type { FrameWorkerClient } from '../../e2ee/frames/frame-worker-client.ts';

/** How long a sender waits for the slowest receiver, in milliseconds. */
const PATIENCE = 1_500;

export class EpochSwitch {
  readonly #frames: FrameWorkerClient;
  #current: { readonly epoch: bigint; readonly awaited: Set<number> } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Leaves and the epoch they reported, for one that reports before our own commit came. */
  readonly #reported = new Map<number, number>();

  constructor(frames: FrameWorkerClient) {
    this.#frames = frames;
  }

  /** @param urgency `now` where a member was removed or there is nobody to wait for */
  async enter(secrets: EpochSecrets, urgency: 'now' | 'when-ready'): Promise<void> {
    const { epoch, ownLeaf, frameBaseKey: baseKey } = secrets;
    const leaves = secrets.members.map(({ leaf }) => leaf);
    await this.#frames.installEpoch({ epoch, ownLeaf, leaves, baseKey });
    const awaited = new Set(leaves.filter((leaf) => leaf !== ownLeaf && this.reported(leaf) < Number(epoch)));
    // Who sends nothing yet has no older key to go on with while waiting.
    const first = this.#current === null;
    this.#current = { epoch, awaited };
    clearTimeout(this.#timer);
    if (first || urgency === 'now' || awaited.size === 0) return this.#switch();
    this.#timer = setTimeout(() => void this.#switch(), PATIENCE);
  }

  /** A member says that it can decrypt an epoch. */
  installed(leaf: number, epoch: number): void {
    // An earlier one can come late, or be said to be sent everything again.
    this.#reported.set(leaf, Math.max(epoch, this.reported(leaf)));
    if (!this.#current || epoch < Number(this.#current.epoch)) return;
    this.#current.awaited.delete(leaf);
    if (this.#current.awaited.size === 0) void this.#switch();
  }

  /** The epoch that a member reported last; -1 for none. */
  reported(leaf: number): number {
    return this.#reported.get(leaf) ?? -1;
  }

  forget(leaf: number): void {
    this.#reported.delete(leaf);
  }

  /** The group is over; another one counts its epochs from the beginning. */
  reset(): void {
    this.close();
    this.#reported.clear();
    this.#frames.reset();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#current = null;
  }

  async #switch(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#current) await this.#frames.switchSender(this.#current.epoch);
  }
}
