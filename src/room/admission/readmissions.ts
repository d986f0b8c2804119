/**
 * People of the group before this one, after a repair or a reload of the host (protocol.md §9): they come in without a question, once
 * each, under their names. Another device that led the room meanwhile may have removed some, so that its hello ends the record.
 */
import { toBase64Url } from '../../util/base64url.ts';
import type { Waiting } from './waiting-list.ts';

/** Leaf keys, in base64url, of members of the group before this one, and whether they followed its epochs. */
export type Readmitted = ReadonlyMap<string, 'followed' | 'split'>;

export class Readmissions {
  readonly #open: Map<string, 'followed' | 'split'>;
  /** Of this record: the leaf keys of those who were interpreters. */
  readonly #interpreters: ReadonlySet<string>;
  /** Participant ids of members who did not follow the group before. */
  readonly #split = new Set<string>();
  /** Participant ids of those who came in by the record. */
  readonly #recorded = new Set<string>();

  constructor(readmitted: Readmitted = new Map(), interpreters: ReadonlySet<string> = new Set()) {
    this.#open = new Map(readmitted);
    this.#interpreters = interpreters;
  }

  /** Whether this person was a member of that group. Once each. */
  take({ id, knock: { info, proven } }: Waiting): 'none' | 'member' | 'interpreter' {
    if (!proven || proven.name !== info.name) return 'none';
    const key = toBase64Url(proven.leafKey);
    if (this.#open.get(key) === 'split') this.#split.add(id);
    if (!this.#open.delete(key)) return 'none';
    this.#recorded.add(id);
    return this.#interpreters.has(key) ? 'interpreter' : 'member';
  }

  /** The leaf keys of those who may still come in without a question, and who of them was interpreter. */
  get awaited(): readonly { readonly key: string; readonly interpreter: boolean }[] {
    return [...this.#open.keys()].map((key) => ({ key, interpreter: this.#interpreters.has(key) }));
  }

  /** Whether a member did not follow the group that this one repairs. */
  wasSplit(id: string): boolean {
    return this.#split.has(id);
  }

  /**
   * The record counts no more.
   *
   * @returns the ids, at their time, of those who came in by it
   */
  forget(): readonly string[] {
    const ids = [...this.#recorded];
    this.#open.clear();
    this.#recorded.clear();
    return ids;
  }
}
