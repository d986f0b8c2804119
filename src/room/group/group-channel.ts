/**
 * A group's message channel: typed messages between verified members, in order, and its epochs (protocol.md §5, §6). One step
 * runs at a time, so that no two sends start from the same state and no message is read while the group changes.
 */
import { equal, type Bytes } from '../../e2ee/bytes.ts';
import { claimedKind } from '../../e2ee/mls/message-filter.ts';
import type { Change, EpochSecrets, Group, Received } from '../../e2ee/mls/group.ts';
import { ConsultError, type ErrorCode } from '../../errors.ts';
import { PriorityQueue } from './priority-queue.ts';
import { SequenceFilter } from './sequence-filter.ts';
import { encodeGroup, parseGroup, type GroupContent, type GroupMessage } from '../messages/messages.ts';

export interface GroupChannelEvents {
  /** Sends a raw group message to everyone: over signalling, and over direct links that are up. */
  broadcast(message: Uint8Array, route: 'everywhere' | 'direct'): void;
  /** A new epoch: keys and roster. Awaited, so that nothing of the new epoch is handled before its keys are installed. */
  onEpoch(secrets: EpochSecrets): Promise<void>;
  /** `leaf` is verified by the group, never taken from the message. */
  onMessage(leaf: number, message: GroupMessage): void;
  /** We were removed from the group. */
  onRemoved(): void;
  /** A message was invalid and dropped. */
  onProblem(code: ErrorCode): void;
  /** A handler of a valid message threw. */
  onError(error: unknown): void;
}

/** Commits that the host keeps for members who were away; they are ciphertext. */
const COMMITS_KEPT = 64;

/**
 * Milliseconds between two reports that we are in this epoch: every commit comes on several ways, and a server can
 * repeat an old one endlessly.
 */
const CONFIRM_EVERY = 2_000;

/** Own messages kept for resending in a new epoch: their age in milliseconds, and their number, at most. */
const RESEND_WITHIN = 10_000;
const OUTBOX_KEPT = 64;

/**
 * Direct messages after which one is sent everywhere: a member without a direct link must not fall further behind than its ratchet can
 * follow (`group.ts`).
 */
const DIRECT_AT_MOST = 64;

interface Sent {
  readonly at: number;
  readonly message: GroupMessage;
  /** Key of the leaf that it is for; null for everyone. */
  readonly owner: Bytes | null;
}

export interface SendOptions {
  readonly to: number | 'everyone';
  /** The peer connection that it is about. */
  readonly link?: string;
  /** Beacons use direct links only (protocol.md §9). */
  readonly route?: 'everywhere' | 'direct';
}

export class GroupChannel {
  readonly #group: Group;
  readonly #events: GroupChannelEvents;
  readonly #queue = new PriorityQueue();
  readonly #sequence = new SequenceFilter();
  /** Recent own messages, resent in a new epoch: receivers there drop those of the old epoch (protocol.md §5). */
  #outbox: Sent[] = [];
  readonly #commits: { readonly epoch: bigint; readonly message: Uint8Array }[] = [];
  #seq = 0;
  /** Direct messages since the last one that was sent everywhere. */
  #direct = 0;
  /** When we last reported our epoch, in milliseconds of `performance.now()`. */
  #confirmedAt = -Infinity;
  #closed = false;

  constructor(group: Group, events: GroupChannelEvents) {
    this.#group = group;
    this.#events = events;
  }

  get group(): Group {
    return this.#group;
  }

  /** Announces the epoch that the group was founded or joined in. */
  begin(): Promise<void> {
    return this.#queue.run(() => this.#newEpoch());
  }

  send(content: GroupContent, { to, link = '', route = 'everywhere' }: SendOptions): Promise<void> {
    const owner = to === 'everyone' ? null : this.#ownerOf(to);
    return this.#queue.run(async () => {
      if (this.#closed) return;
      if (route === 'direct' && ++this.#direct > DIRECT_AT_MOST) await this.#confirm();
      await this.#say(content, { to, link, route, owner });
    });
  }

  async #say(
    content: GroupContent,
    { to, owner, link = '', route = 'everywhere' }: SendOptions & Pick<Sent, 'owner'>,
  ): Promise<void> {
    // The leaf may belong to another member by now.
    if (to !== 'everyone' && !this.#isStill(to, owner)) return;
    const message = { ...content, to, link, seq: this.#seq++ };
    if (route === 'everywhere') {
      this.#direct = 0;
      this.#outbox = [...this.#outbox, { at: performance.now(), message, owner }].slice(-OUTBOX_KEPT);
    }
    this.#events.broadcast(await this.#group.protect(encodeGroup(message)), route);
  }

  /**
   * Host: adds and removes members in one commit; `before` runs first in the new epoch and sends the Welcome.
   *
   * @param decide called in the queue, since leaf indices are reused: one that was looked up earlier may belong to another member;
   *   null changes nothing
   * @throws {ConsultError} as `Group.change`
   */
  commit(decide: () => Parameters<Group['change']>[0] | null, before?: (made: Change) => Promise<void>): Promise<void> {
    return this.#queue.run(async () => {
      const change = this.#closed ? null : decide();
      if (!change) return;
      const epoch = this.#group.epoch;
      const made = await this.#group.change(change);
      this.#commits.push({ epoch, message: made.commit });
      if (this.#commits.length > COMMITS_KEPT) this.#commits.shift();
      this.#events.broadcast(made.commit, 'everywhere');
      for (const leaf of made.removed) this.#sequence.forget(leaf);
      await before?.(made);
      await this.#newEpoch();
    });
  }

  /** Host: the commits that a member in `epoch` has missed. */
  commitsSince(epoch: number): readonly Uint8Array[] {
    return this.#commits.filter((commit) => commit.epoch >= BigInt(epoch)).map(({ message }) => message);
  }

  receive(message: Uint8Array): Promise<void> {
    return this.#queue.take(claimedKind(message), async () => {
      if (this.#closed) return;
      try {
        for (const received of await this.#group.receive(message)) await this.#handle(received, message);
      } catch (error: unknown) {
        this.#events.onError(error);
      }
    });
  }

  close(): void {
    this.#closed = true;
  }

  async #handle(received: Received, raw: Uint8Array): Promise<void> {
    switch (received.kind) {
      case 'application':
        return this.#onApplication(received.leaf, received.plaintext, raw);
      case 'epoch':
        // Forwarded unchanged over direct links: a server that withholds a removal must withhold it from all (protocol.md §9).
        this.#events.broadcast(raw, 'direct');
        for (const { leaf } of received.added) this.#sequence.forget(leaf);
        return this.#newEpoch();
      case 'removed':
        this.#closed = true;
        return this.#events.onRemoved();
      case 'pending':
        return;
      case 'late':
        return claimedKind(raw) === 'commit' ? this.#confirmAgain() : undefined;
      case 'dropped':
        return this.#events.onProblem('message-invalid');
    }
  }

  /** The host sends a commit again where it does not know that we followed it: what told it so was lost. */
  async #confirmAgain(): Promise<void> {
    if (performance.now() - this.#confirmedAt >= CONFIRM_EVERY) await this.#confirm();
  }

  #confirm(): Promise<void> {
    this.#confirmedAt = performance.now();
    const epoch = Number(this.#group.epoch);
    return this.#say({ type: 'installed', body: { epoch } }, { to: 'everyone', owner: null });
  }

  #onApplication(leaf: number, plaintext: Uint8Array, raw: Uint8Array): void {
    let message: GroupMessage;
    try {
      message = parseGroup(plaintext);
    } catch (error: unknown) {
      if (!(error instanceof ConsultError)) throw error;
      return this.#events.onProblem(error.code);
    }
    if (!this.#sequence.accepts(leaf, message)) return;
    // Only the host's beacons are forwarded: no other member can make up one.
    if (message.type === 'beacon' && this.#group.members.some((member) => member.leaf === leaf && member.isHost))
      this.#events.broadcast(raw, 'direct');
    if (message.to === 'everyone' || message.to === this.#group.ownLeaf) this.#events.onMessage(leaf, message);
  }

  async #newEpoch(): Promise<void> {
    await this.#events.onEpoch(await this.#group.secrets());
    const now = performance.now();
    // Whoever enters an epoch reports it.
    this.#confirmedAt = now;
    this.#outbox = this.#outbox.filter(({ at }) => now - at < RESEND_WITHIN);
    // A message for one leaf is for no other; one for everyone may reach new members too: they have the group's keys.
    this.#outbox = this.#outbox.filter(({ message: { to }, owner }) => to === 'everyone' || this.#isStill(to, owner));
    for (const { message } of this.#outbox)
      this.#events.broadcast(await this.#group.protect(encodeGroup(message)), 'everywhere');
  }

  #ownerOf(leaf: number): Bytes | null {
    return this.#group.members.find((member) => member.leaf === leaf)?.signatureKey ?? null;
  }

  #isStill(leaf: number, owner: Bytes | null): boolean {
    const now = this.#ownerOf(leaf);
    return now !== null && owner !== null && equal(now, owner);
  }
}
