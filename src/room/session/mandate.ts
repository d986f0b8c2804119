/** What this page may lead its room with (protocol.md §13): kept for a reload, used to lead, and given up. */
import type { HostAuthority } from '../../e2ee/admission/delegation.ts';
import { admitSelf, type RejoinCredentials } from '../../e2ee/admission/admit-signature.ts';
import { signHost, verifyHost } from '../../e2ee/admission/host-key.ts';
import { u64, type Bytes } from '../../e2ee/bytes.ts';
import { ConsultError } from '../../errors.ts';
import { toBase64Url } from '../../util/base64url.ts';
import type { Held, Lead } from '../setup/reload-record.ts';
import type { Authority } from '../state/state.ts';
import type { LeadershipOptions } from './leadership-options.ts';

/** How old what the host key signed may be when it arrives, and how far clocks may differ, in milliseconds. */
export const FRESH_FOR = 5 * 60 * 1000;

export class Mandate {
  readonly #o: LeadershipOptions;
  readonly #onOver: () => void;
  #authority: HostAuthority | null;
  #held: Held | null;
  /** As in {@link Lead}. */
  #signed: number;
  /** As in {@link Lead}. */
  readonly named: Set<string>;
  #isOver = false;
  /** Whether anyone else was ever in our group: then they know us by it. */
  #hadOthers = false;

  /** @param onOver this session ends: another one begins in another role, or with another rank */
  constructor(o: LeadershipOptions, onOver: () => void) {
    this.#o = o;
    this.#onOver = onOver;
    this.#authority = o.authority;
    this.#held = o.held;
    this.#signed = o.signed;
    this.named = new Set(o.named);
  }

  get authority(): HostAuthority | null {
    return this.#authority;
  }

  /** For the snapshot. */
  get kind(): Authority {
    if (!this.#authority) return 'none';
    const { delegation } = this.#authority;
    if (!delegation) return 'host-key';
    // A stand-in that leads is a delegate like any other.
    return delegation.kind === 'stand-in' && this.#o.role === 'guest' ? 'stand-in' : 'delegation';
  }

  /** Whether this page holds the host key. */
  get isRoot(): boolean {
    return this.#authority !== null && this.#authority.delegation === null;
  }

  get isLeadingRoot(): boolean {
    return this.#o.role === 'host' && this.isRoot;
  }

  /** When we, or the host that we follow, began to lead. */
  get since(): number {
    return this.#o.rank()?.since ?? 0;
  }

  /** The time of the newest delegation that the host key has signed, as far as we know. */
  get signed(): number {
    return this.#signed;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * The host key has signed a delegation from that time on.
   *
   * @param leafKey of whom it names; null for another page of the host key
   */
  noteSigned(since: number, leafKey: Bytes | null): void {
    this.#signed = Math.max(this.#signed, since);
    if (leafKey) this.named.add(toBase64Url(leafKey));
  }

  /** Takes a delegation that was made for us. */
  take(authority: HostAuthority, held: Held): void {
    this.#authority = authority;
    this.#held = held;
  }

  /** Our delegation is void. */
  drop(): void {
    if (this.#o.role === 'host') return;
    this.#authority = null;
    this.#held = null;
    this.keep({ role: 'guest', since: this.since, held: null, signed: 0 });
    this.#o.report({ type: 'authority', authority: 'none' });
  }

  onRoster(): void {
    this.#hadOthers ||= this.#o.members.others.length > 0;
  }

  /** For a reload. */
  keep(lead: Omit<Lead, 'named'>): void {
    // The next session has a record of its own.
    if (this.#isOver) return;
    this.#o.onLead({ lead: { ...lead, named: [...this.named] }, admitted: null, room: null, how: 'keep' });
  }

  /** The present time, or the next one where a clock is behind. */
  after(since: number): number {
    return Math.max(this.#o.now(), since + 1);
  }

  /** The present time, above all that the host key has signed. */
  afterAll(): number {
    return this.after(Math.max(this.since, this.#signed));
  }

  /** Leads the room in a new session. Everyone whom the group knows comes in without a question. */
  lead(since: number): void {
    if (this.#isOver) return;
    const room = this.#o.roomRecord();
    this.#onOver();
    // Of a delegate that we followed we know who was in its room.
    const signed = this.#o.role === 'host' ? this.#signed : this.since;
    // All that the host key has named are below.
    const lead: Lead = { role: 'host', since, held: this.#held, signed, named: [] };
    this.#o.onLead({ lead, admitted: null, room, how: 'restart' });
    // After it: a change of the role ends what was said before of who leads.
    if (this.#o.role === 'guest') this.#o.onProblem('you-lead');
  }

  /** We lead no longer: a new session as a guest, with the proof of who we were. */
  async stepDown(): Promise<void> {
    const { roomId } = this.#o;
    const [authority, group, rank] = [this.#authority, this.#o.group(), this.#o.rank()];
    if (!authority || !rank || this.#isOver) return;
    this.#onOver();
    let credentials: RejoinCredentials | null = null;
    // Nobody knows us by a group that nobody else was in; those who followed another host before us have left it.
    if (group && this.#hadOthers)
      credentials = await admitSelf({ authority, roomId, groupId: group.groupId, own: group.own });
    // Where the host key leads again, it has to be above all that it has signed.
    const signed = this.isRoot ? this.#signed : 0;
    const lead: Lead = { role: 'guest', since: rank.since, held: this.#held, signed, named: [] };
    this.#o.onLead({
      lead,
      admitted: credentials && { credentials, rank, followed: null },
      room: null,
      how: 'restart',
    });
  }

  /** @returns base64url: the holder of the host key leads since then */
  async signTakeBack(since: number): Promise<string> {
    const { key } = this.#authority ?? {};
    if (!key) throw new ConsultError('host-not-proven', { detail: 'take back' });
    return toBase64Url(await signHost(key, 'take back', [this.#o.roomId, u64(BigInt(since))]));
  }

  /** @throws {ConsultError} `host-not-proven` where the host key has not signed it, or for a time that is not near */
  async checkTakeBack(since: number, signature: Bytes): Promise<void> {
    const root = this.#o.root();
    const isNear = since - this.#o.now() <= FRESH_FOR;
    if (!root || !isNear || !(await verifyHost(root, 'take back', [this.#o.roomId, u64(BigInt(since))], signature)))
      throw new ConsultError('host-not-proven', { detail: 'take back' });
  }

  close(): void {
    this.#isOver = true;
  }
}
