/**
 * Drops duplicate and reordered messages, per sender and kind. A message can arrive twice (it is resent in a new epoch) and late (a
 * direct link is faster than signalling, and a server may reorder). Kinds do not wait for each other: candidates that arrive
 * after a faster message of another kind would be lost, and the connection with them.
 */
import type { GroupMessage } from '../messages/messages.ts';

export class SequenceFilter {
  /** Leaf → kind → highest `seq`. */
  readonly #highest = new Map<number, Map<string, number>>();

  /** Whether this message is newer than all earlier ones of its sender and kind; remembers it. */
  accepts(leaf: number, { type, seq }: Pick<GroupMessage, 'type' | 'seq'>): boolean {
    // Each batch holds other candidates, and a duplicate does no harm.
    if (type === 'candidates') return true;
    // All relay messages are one exchange: an answer does not count after its withdrawal.
    const kind = type.startsWith('relay-') ? 'relay' : type;
    const highest = this.#highest.get(leaf) ?? new Map<string, number>();
    if (seq <= (highest.get(kind) ?? -1)) return false;
    this.#highest.set(leaf, highest.set(kind, seq));
    return true;
  }

  /** The leaf belongs to another member now. */
  forget(leaf: number): void {
    this.#highest.delete(leaf);
  }
}
