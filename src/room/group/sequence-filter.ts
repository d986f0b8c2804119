/**
 * What is news. A message can come twice (it is said again in a new epoch) and late: the direct link is quicker than signalling, and a
 * server may reorder. Of one kind only what is newer than the last counts, and kinds do not wait for each other: addresses that came
 * behind a quicker message would be lost, and with them the connection.
 */
import type { GroupMessage } from '../messages/messages.ts';

export class SequenceFilter {
  /** Leaf → kind → highest `seq`. */
  readonly #highest = new Map<number, Map<string, number>>();

  /** Whether this is news of the leaf; from then on it is none. */
  accepts(leaf: number, { type, seq }: Pick<GroupMessage, 'type' | 'seq'>): boolean {
    // Each batch is another part of the same, and one that is told twice does no harm.
    if (type === 'candidates') return true;
    // About a relay all is one exchange: no answer counts that was given before it was taken back.
    const kind = type.startsWith('relay-') ? 'relay' : type;
    const highest = this.#highest.get(leaf) ?? new Map<string, number>();
    if (seq <= (highest.get(kind) ?? -1)) return false;
    this.#highest.set(leaf, highest.set(kind, seq));
    return true;
  }

  /** The leaf is somebody else's now. */
  forget(leaf: number): void {
    this.#highest.delete(leaf);
  }
}
