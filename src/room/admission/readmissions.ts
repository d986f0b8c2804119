/**
 * People of the group before this one, after a repair or a reload of the host (protocol.md §9): they come in without a question, once
 * each, under their names. Another device that led the room meanwhile may have removed some, so that its hello ends the record.
 */
import { toBase64Url } from '../../util/base64url.ts';
import type { Waiting } from './waiting-list.ts';

export interface Awaited {
  /** The leaf keys (base64url) by which the person is known: the present one, and the one before it where that is needed. */
  readonly keys: readonly string[];
  readonly interpreter: boolean;
}

export interface Readmitted extends Awaited {
  /** Whether this member followed the epochs of that group. */
  readonly followed: boolean;
}

export class Readmissions {
  readonly #awaited: Set<Readmitted>;
  /** Those on their way in, by the participant id that they will have: where this page is gone first, the next one awaits them. */
  readonly #coming = new Map<string, Awaited>();
  /** Participant ids of members who did not follow the group before. */
  readonly #split = new Set<string>();
  /** Participant ids of those who came in by the record. */
  readonly #recorded = new Set<string>();

  constructor(readmitted: readonly Readmitted[] = []) {
    this.#awaited = new Set(readmitted);
  }

  /** @returns who this person was in that group, once each, under whichever key; null for anyone else */
  take({ id, knock: { info, proven } }: Waiting): Readmitted | null {
    if (!proven || proven.name !== info.name) return null;
    const key = toBase64Url(proven.leafKey);
    const member = [...this.#awaited].find(({ keys }) => keys.includes(key));
    if (!member) return null;
    this.#awaited.delete(member);
    this.#coming.set(id, member);
    if (!member.followed) this.#split.add(id);
    this.#recorded.add(id);
    return member;
  }

  /** A person, of that group or not, is about to get a Welcome, and has these keys from then on. */
  comes(id: string, keys: Awaited['keys']): void {
    this.#coming.set(id, { keys, interpreter: this.#coming.get(id)?.interpreter ?? false });
  }

  /** The person is in the group, or asked about. */
  settle(id: string): void {
    this.#coming.delete(id);
  }

  /** Those of that group who have not come yet. */
  get awaited(): readonly Awaited[] {
    return [...this.#awaited].map(awaitedOf);
  }

  /** Those on their way in, of that group or not. */
  get coming(): readonly Awaited[] {
    return [...this.#coming.values()].map(awaitedOf);
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
    for (const all of [this.#awaited, this.#coming, this.#recorded]) all.clear();
    return ids;
  }
}

const awaitedOf = ({ keys, interpreter }: Awaited): Awaited => ({ keys, interpreter });
