/**
 * The people who wait for the host's decision (protocol.md §3): a limited number, one knock per seal session, and each
 * key package only once.
 */
import type { OpenedKnock } from '../../e2ee/admission/knock.ts';
import { toBase64Url } from '../../util/base64url.ts';
import type { RoomInput } from '../state/actions.ts';

/** People who may wait at the same time; further knocks are dropped (§3). */
const LIMIT = 16;

export interface Waiting {
  /** Participant id that the person will have in the group. */
  readonly id: string;
  readonly session: string;
  readonly knock: OpenedKnock;
}

/** A press on a knock: which one, and {@link hashOf} what was shown of it. */
export interface Pressed {
  readonly id: string;
  readonly shown: string;
}

export interface WaitingListOptions {
  report(input: Extract<RoomInput, { type: 'knocked' | 'knock-gone' }>): void;
  /** The list was full, and now a person fits in again. */
  onCapacity(): void;
}

export class WaitingList {
  readonly #o: WaitingListOptions;
  readonly #waiting = new Map<string, Waiting>();
  /** References of the key packages that have knocked: one package, one attempt (§3). */
  readonly #seen = new Set<string>();

  constructor(o: WaitingListOptions) {
    this.#o = o;
  }

  get isFull(): boolean {
    return this.#waiting.size >= LIMIT;
  }

  get all(): readonly Waiting[] {
    return [...this.#waiting.values()];
  }

  hasSeen(knock: OpenedKnock): boolean {
    return this.#seen.has(refOf(knock));
  }

  markSeen(knock: OpenedKnock): void {
    this.#seen.add(refOf(knock));
  }

  /** @returns null where the person waits no longer, `changed` where another knock has the id by now */
  pressed({ id, shown }: Pressed): Waiting | 'changed' | null {
    const waiting = this.#waiting.get(id);
    if (!waiting) return null;
    return hashOf(waiting.knock) === shown ? waiting : 'changed';
  }

  /** Adds a person, and shows the knock to the host. */
  add(waiting: Waiting): void {
    const { id, knock } = waiting;
    const { info, proven } = knock;
    this.markSeen(knock);
    this.#waiting.set(id, waiting);
    const formerName = proven && proven.name !== info.name ? { formerName: proven.name } : {};
    const shown = {
      id,
      name: info.name,
      returning: proven !== null,
      ...formerName,
      since: Date.now(),
      hash: hashOf(knock),
    };
    this.#o.report({ type: 'knocked', knock: shown });
  }

  /** Takes people out for an admission. The host still sees them until they are in the group. */
  take(waiting: readonly Waiting[]): void {
    for (const { id } of waiting) this.#waiting.delete(id);
  }

  /** Puts a person back whose admission was not possible; the host still sees the knock. */
  restore(waiting: Waiting): void {
    this.#waiting.set(waiting.id, waiting);
  }

  /** @param how whether the same key package may knock again, as after a lost connection */
  remove(waiting: Waiting, how: 'may-return' | 'for-good'): void {
    const wasFull = this.isFull;
    if (how === 'may-return') this.#seen.delete(refOf(waiting.knock));
    this.#waiting.delete(waiting.id);
    this.#o.report({ type: 'knock-gone', id: waiting.id });
    if (wasFull) this.#o.onCapacity();
  }

  /** The seal session waits no longer: with any knock, or with the one of this key package (base64url reference). */
  removeSession(session: string, ref?: string): void {
    for (const waiting of this.#waiting.values())
      if (waiting.session === session && (ref === undefined || refOf(waiting.knock) === ref))
        this.remove(waiting, 'may-return');
  }
}

/**
 * Stands for what the host is shown: the reference is a hash of the key package, which contains the name, and the proven
 * leaf key decides who the person is said to be.
 */
const hashOf = (knock: OpenedKnock): string =>
  [refOf(knock), ...(knock.proven ? [toBase64Url(knock.proven.leafKey), knock.proven.name] : [])].join('.');

/** A press that means exactly this knock. */
export const pressOn = ({ id, knock }: Waiting): Pressed => ({ id, shown: hashOf(knock) });

const refOf = ({ info }: OpenedKnock): string => toBase64Url(info.ref);
