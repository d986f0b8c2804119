/**
 * The group of a room: MLS (RFC 9420) in which only the host commits (protocol.md §4, §5). The library's states are values, and using
 * one twice would repeat a generation: callers run all methods in one queue (`room/group/group-channel.ts`).
 */
import type { CiphersuiteImpl, ClientState, KeyPackage, PrivateMessage, Proposal, PskIndex } from 'ts-mls';
import { createGroup } from 'ts-mls/clientState.js';
import { createApplicationMessage } from 'ts-mls/createMessage.js';
import { mlsExporter } from 'ts-mls/keySchedule.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { zeroOutUint8Array, bytesToBase64 } from 'ts-mls/util/byteArray.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { ConsultError } from '../../errors.ts';
import { BoundedSet } from '../../util/bounded-map.ts';
import { part } from '../../util/part.ts';
import { concat, copyBytes, random, sha384, u64, type Bytes } from '../bytes.ts';
import type { followCommit } from './follow-commit.ts';
import { filterMessage, ROOM_PSK_ID, type Filtered } from './message-filter.ts';
import { CLIENT_CONFIG, GROUP_LIMIT, roomPsk } from './group-config.ts';
import type { RoomKeys } from '../admission/invite-token.ts';
import { createKeyPackage, readKeyPackage, type OwnKeyPackage } from './key-package.ts';
import { membersOf, type Member } from './group-members.ts';
import type { LeafKey } from './leaf-key.ts';
import { SAFETY_LABEL, safetyCode } from '../safety-digits.ts';
import { createSuite } from './suite.ts';

/**
 * What a host needs beside the group itself.
 *
 * @throws {ConsultError} `part-unavailable`
 */
export const loadHostCommit = part(() => import('./host-commit.ts'));

/**
 * What a member needs when the group changes around it.
 *
 * @throws {ConsultError} `part-unavailable`
 */
export const loadFollowCommit = part(() => import('./follow-commit.ts'));

type Follow = typeof followCommit;

/** What the rest of the session takes from an epoch. */
export interface EpochSecrets {
  readonly epoch: bigint;
  readonly ownLeaf: number;
  readonly members: readonly Member[];
  /** `MLS-Exporter("SFrame 1.0 Base Key", "", 32)` (RFC 9605 §5.2). */
  readonly frameBaseKey: Bytes;
  readonly safetyCode: readonly string[];
  /** The confirmed transcript hash, for the host's beacon (§9). */
  readonly transcript: Bytes;
}

export type Received =
  /** `leaf` is the verified sender. */
  | { readonly kind: 'application'; readonly leaf: number; readonly plaintext: Bytes }
  | { readonly kind: 'epoch'; readonly added: readonly Member[]; readonly removed: readonly Member[] }
  /** We are no longer a member. */
  | { readonly kind: 'removed' }
  /** Of a later epoch: kept until its commit arrives, within limits. */
  | { readonly kind: 'pending' }
  /** A repetition, or of an earlier epoch. */
  | { readonly kind: 'late' }
  /** Not authentic, or against the rules of the protocol. */
  | { readonly kind: 'dropped' };

/** What a member can show of its own key package later. */
export type AdmittedPackage = Pick<OwnKeyPackage, 'encoded' | 'ref' | 'leafKey'>;

export interface Change {
  /** A PrivateMessage of the epoch before. */
  readonly commit: Bytes;
  /** An MLS Welcome; empty where nobody was added. */
  readonly welcome: Bytes;
  readonly epoch: bigint;
  readonly removed: readonly number[];
}

/** Messages of later epochs kept until their commit arrives. */
const PENDING_KEPT = 64;
/** How far ahead such a message may be: a message of an epoch that never comes would occupy its place for good. */
const EPOCHS_AHEAD = 3n;
/** Damaged messages remembered, so that the same bytes are not processed twice. */
const DROPPED_KEPT = 256;
/** Message ids remembered, to tell a repeated message from a damaged one. */
const SEEN_KEPT = 1024;

export class Group {
  readonly #suite: CiphersuiteImpl;
  readonly #keys: RoomKeys;
  readonly #hostKey: Bytes;
  readonly #psk: PskIndex;
  readonly leafKey: LeafKey;
  /** The key package with which we came in. */
  readonly own: AdmittedPackage;
  #state: ClientState;
  /** Host: keys of all leaves that were ever in the group, also of former members. */
  readonly #usedKeys: Uint8Array[] = [];
  #pending: Bytes[] = [];
  readonly #seen = new BoundedSet<string>(SEEN_KEPT);
  /** Hashes of messages that were not authentic. Of the whole message: a damaged copy must not block the original. */
  readonly #dropped = new BoundedSet<string>(DROPPED_KEPT);

  /** For `found` and `join` only. */
  constructor(o: {
    readonly suite: CiphersuiteImpl;
    readonly keys: RoomKeys;
    readonly psk: PskIndex;
    readonly hostKey: Uint8Array;
    readonly own: AdmittedPackage;
    readonly state: ClientState;
  }) {
    this.#suite = o.suite;
    this.#keys = o.keys;
    this.#psk = o.psk;
    this.#hostKey = copyBytes(o.hostKey);
    const { encoded, ref, leafKey } = o.own;
    // Without the private part, which is used once.
    this.own = { encoded, ref, leafKey };
    this.leafKey = leafKey;
    this.#state = o.state;
    this.#usedKeys.push(this.#hostKey);
  }

  /** Creates the host's group with the host as its only member. */
  static async found(o: {
    readonly roomKeys: RoomKeys;
    readonly name: string;
    /** For tests of the group's logic with cheaper cryptography. */
    readonly suite?: CiphersuiteImpl;
  }): Promise<Group> {
    const suite = o.suite ?? (await createSuite());
    const own = await createKeyPackage(o.name, suite);
    const { publicPackage, privatePackage, leafKey } = own;
    const groupId = random(32);
    const state = await createGroup(groupId, publicPackage, privatePackage, [], suite, CLIENT_CONFIG);
    const psk = await roomPsk(o.roomKeys, groupId);
    return new Group({ suite, keys: o.roomKeys, psk, hostKey: leafKey.publicKey, own, state });
  }

  static async prepareGuest(o: { readonly name: string }): Promise<OwnKeyPackage> {
    return createKeyPackage(o.name, await createSuite());
  }

  get groupId(): Bytes {
    return copyBytes(this.#state.groupContext.groupId);
  }

  get epoch(): bigint {
    return this.#state.groupContext.epoch;
  }

  get ownLeaf(): number {
    return this.#state.privatePath.leafIndex;
  }

  get members(): readonly Member[] {
    return membersOf(this.#state, this.#hostKey);
  }

  async secrets(): Promise<EpochSecrets> {
    const { epoch, ownLeaf, members } = this;
    const frameBaseKey = await this.#export('SFrame 1.0 Base Key', new Uint8Array(0), 32);
    const context = concat(this.#keys.roomId, this.#state.keySchedule.epochAuthenticator);
    const code = safetyCode(await this.#export(SAFETY_LABEL, context, 16));
    const transcript = copyBytes(this.#state.groupContext.confirmedTranscriptHash);
    return { epoch, ownLeaf, members, frameBaseKey, safetyCode: code, transcript };
  }

  /** MLS-Exporter (RFC 9420 §8.5). */
  async #export(name: string, context: Uint8Array, length: number): Promise<Bytes> {
    return copyBytes(await mlsExporter(this.#state.keySchedule.exporterSecret, name, context, length, this.#suite));
  }

  /** @returns a PrivateMessage with an application message */
  async protect(plaintext: Uint8Array): Promise<Bytes> {
    const { newState, privateMessage, consumed } = await createApplicationMessage(this.#state, plaintext, this.#suite);
    this.#become(newState, consumed);
    // Members forward beacons, also back to their sender, who cannot decrypt its own message: that is no error.
    this.#seen.add(idOf(privateMessage));
    return copyBytes(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage }));
  }

  /**
   * Host: checks that a key package can be added: each of its keys is new to the group, and so is each of `batch` beside it. A signature
   * key is never accepted twice, also not from a former member: it would replace a device unseen.
   *
   * @throws {ConsultError} `admission-failed`
   */
  checkFresh(keyPackage: KeyPackage, batch: readonly KeyPackage[] = []): void {
    const used = new Set([...this.#usedKeys, ...batch.flatMap(keysOf)].map(bytesToBase64));
    for (const node of this.#state.ratchetTree) {
      if (node?.nodeType === 'leaf') used.add(bytesToBase64(node.leaf.hpkePublicKey));
      else if (node?.nodeType === 'parent') used.add(bytesToBase64(node.parent.hpkePublicKey));
    }
    for (const key of keysOf(keyPackage))
      if (used.has(bytesToBase64(key))) throw new ConsultError('admission-failed', { detail: 'a key in use' });
  }

  /**
   * Host: one commit that adds members with the room's pre-shared key and removes others. Nothing has changed where it throws.
   *
   * @throws {ConsultError} `message-invalid` for a bad key package, `admission-failed` for one that the group must not take,
   *   `room-full`, `argument-invalid` where we are not the host
   */
  async change(o: { readonly add: readonly Uint8Array[]; readonly remove: readonly number[] }): Promise<Change> {
    if (!this.members.some(({ isHost, leaf }) => isHost && leaf === this.ownLeaf))
      throw new ConsultError('argument-invalid', { detail: 'not the host' });
    if (this.members.length + o.add.length - o.remove.length > GROUP_LIMIT) throw new ConsultError('room-full');
    // The library would commit a stored proposal too. The message filter lets none in; this asserts it (§5).
    if (Object.keys(this.#state.unappliedProposals).length > 0)
      throw new ConsultError('message-invalid', { detail: 'pending proposal' });
    const { createHostCommit } = await loadHostCommit();
    const added: KeyPackage[] = [];
    for (const encoded of o.add) {
      const { keyPackage } = await readKeyPackage(encoded, this.#suite);
      this.checkFresh(keyPackage, added);
      added.push(keyPackage);
    }
    const { commit, welcome, state, consumed } = await createHostCommit({
      state: this.#state,
      suite: this.#suite,
      psk: this.#psk,
      proposals: [
        ...o.remove.map((removed): Proposal => ({ proposalType: 'remove', remove: { removed } })),
        ...added.map((keyPackage): Proposal => ({ proposalType: 'add', add: { keyPackage } })),
        ...(added.length > 0 ? [roomPskProposal(this.#suite)] : []),
      ],
    });
    this.#become(state, consumed);
    this.#usedKeys.push(...added.flatMap(keysOf));
    return { commit, welcome, epoch: this.epoch, removed: o.remove };
  }

  /**
   * Processes one message, and after a commit all that waited for it. Never throws for what the message contains.
   *
   * @param load how what follows a commit is loaded
   * @throws {ConsultError} `part-unavailable` for a commit where that cannot be loaded; the same commit is processed when it comes again
   */
  async receive(bytes: Uint8Array, load = loadFollowCommit): Promise<readonly Received[]> {
    const results: Received[] = [await this.#receive(copyBytes(bytes), load)];
    if (results[0]?.kind !== 'epoch') return results;
    for (
      let waiting = this.#takePending();
      waiting.length > 0;
      waiting = results.at(-1)?.kind === 'epoch' ? this.#takePending() : []
    )
      for (const message of waiting) results.push(await this.#receive(message, load));
    return results;
  }

  async #receive(bytes: Bytes, load: typeof loadFollowCommit): Promise<Received> {
    const filtered = filterMessage(bytes, this.#state);
    if (filtered.kind === 'refused') return { kind: 'dropped' };
    if (filtered.kind === 'earlier') return { kind: 'late' };
    if (filtered.kind === 'later') {
      if (filtered.epoch <= this.epoch + EPOCHS_AHEAD && this.#pending.length < PENDING_KEPT) this.#pending.push(bytes);
      return { kind: 'pending' };
    }
    const id = idOf(filtered.message);
    const hash = bytesToBase64(await sha384(bytes));
    if (this.#seen.has(id) || this.#dropped.has(hash)) return { kind: 'late' };
    const received = await this.#open(filtered, filtered.kind === 'commit' ? (await load()).followCommit : null);
    if (received.kind === 'dropped') this.#dropped.add(hash);
    else this.#seen.add(id);
    return received;
  }

  async #open({ message }: Extract<Filtered, { message: PrivateMessage }>, follow: Follow | null): Promise<Received> {
    try {
      return await (follow ? this.#commit(message, follow) : this.#application(message));
    } catch {
      // The state is unchanged. The library's reason would only help an attacker.
      return { kind: 'dropped' };
    }
  }

  async #application(message: PrivateMessage): Promise<Received> {
    const { keySchedule, secretTree, ratchetTree, groupContext, clientConfig } = this.#state;
    // Not `processPrivateMessage`: it returns the message without its sender.
    const { content, tree, consumed } = await unprotectPrivateMessage(
      keySchedule.senderDataSecret,
      message,
      secretTree,
      ratchetTree,
      groupContext,
      clientConfig.keyRetentionConfig,
      this.#suite,
    );
    const { sender } = content.content;
    if (content.content.contentType !== 'application' || sender.senderType !== 'member') return { kind: 'dropped' };
    this.#become({ ...this.#state, secretTree: tree }, consumed);
    return { kind: 'application', leaf: sender.leafIndex, plaintext: copyBytes(content.content.applicationData) };
  }

  async #commit(message: PrivateMessage, follow: Follow): Promise<Received> {
    const followed = await follow(message, {
      state: this.#state,
      suite: this.#suite,
      psk: this.#psk,
      hostKey: this.#hostKey,
    });
    if (followed.kind !== 'epoch') return followed;
    const { added, consumed, kind, removed, state } = followed;
    this.#become(state, consumed);
    return { kind, added, removed };
  }

  /** Drops data of earlier epochs, which would accept messages of removed members, and zeroes consumed secrets (RFC 9420 §9.2). */
  #become(state: ClientState, consumed: readonly Uint8Array[]): void {
    this.#state = { ...state, historicalReceiverData: new Map() };
    for (const secret of consumed) zeroOutUint8Array(secret);
  }

  #takePending(): readonly Bytes[] {
    const waiting = this.#pending;
    this.#pending = [];
    return waiting;
  }
}

const roomPskProposal = (suite: CiphersuiteImpl): Proposal => ({
  proposalType: 'psk',
  psk: { preSharedKeyId: { psktype: 'external', pskId: ROOM_PSK_ID, pskNonce: random(suite.kdf.size) } },
});

const keysOf = ({ initKey, leafNode }: KeyPackage): readonly Uint8Array[] => [
  initKey,
  leafNode.hpkePublicKey,
  leafNode.signaturePublicKey,
];

const idOf = ({ epoch, encryptedSenderData }: PrivateMessage): string =>
  bytesToBase64(concat(u64(epoch), encryptedSenderData));
