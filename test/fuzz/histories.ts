/** A host and its group through random histories, among them a hostile member and a network that loses and repeats commits. */
import assert from 'node:assert/strict';
import { signKeyPackage, encodeKeyPackage } from 'ts-mls/keyPackage.js';
import { signLeafNodeKeyPackage } from 'ts-mls/leafNode.js';
import type { KeyPackage } from 'ts-mls';
import { join } from '../../src/e2ee/admission/join.ts';
import { signHost } from '../../src/e2ee/admission/host-key.ts';
import { admitFields } from '../../src/e2ee/admission/admit-signature.ts';
import type { VerifiedHello } from '../../src/e2ee/admission/hello.ts';
import { copyBytes, random, sha384, utf8, type Bytes } from '../../src/e2ee/bytes.ts';
import { Group, type Change } from '../../src/e2ee/mls/group.ts';
import { GROUP_LIMIT } from '../../src/e2ee/mls/group-config.ts';
import { createKeyPackage, type OwnKeyPackage } from '../../src/e2ee/mls/key-package.ts';
import { ConsultError } from '../../src/errors.ts';
import { cheapSuite as suite } from './cheap-suite.ts';
import { openRoom, type Host } from '../e2ee/people.ts';

export const STEPS = [
  'join',
  'join-two',
  'leave',
  'return',
  'remove',
  'lose',
  'deliver',
  'repeat',
  'talk',
  'copy-leaf-key',
  'copy-init-key',
  'same-signature-key',
  'same-package',
  'same-key-twice',
  'hostile-noise',
] as const;

export interface Step {
  readonly kind: (typeof STEPS)[number];
  readonly who: number;
  readonly other: number;
}

interface Person {
  readonly name: string;
  readonly group: Group;
  readonly own: OwnKeyPackage;
  /** Commits that the network has not delivered yet. */
  readonly late: Bytes[];
  isLossy: boolean;
}

type Counters = Record<'steps' | 'joins' | 'removals' | 'refused' | 'epochs' | 'largest', number>;
/** Totals of all histories; `largest` is the most people that one group ever had. */
export const counters: Counters = { steps: 0, joins: 0, removals: 0, refused: 0, epochs: 0, largest: 0 };

/** Made once: what a room is made of does not take part. */
let room: Host | undefined;

export class History {
  readonly #room: Host;
  readonly #hello: VerifiedHello;
  readonly #host: Group;
  readonly #members: Person[] = [];
  readonly #gone: Person[] = [];
  readonly #commits: Bytes[] = [];
  #names = 0;

  private constructor(from: Host, host: Group) {
    this.#room = from;
    this.#host = host;
    this.#hello = {
      hostSession: from.hello.hostSession,
      incarnation: from.hello.incarnation,
      groupId: host.groupId,
      leafPublicKey: host.leafKey.publicKey,
      hpkePublicKey: from.hello.hpkePublicKey,
      since: 0,
      spki: copyBytes(from.invite.hostSpki!),
      root: copyBytes(from.invite.hostSpki!),
      delegation: null,
    };
  }

  static async begin(): Promise<History> {
    room ??= await openRoom();
    return new History(room, await Group.found({ roomKeys: room.keys, name: 'Beratung', suite }));
  }

  async step({ kind, who, other }: Step): Promise<void> {
    counters.steps++;
    const person = this.#members[who % Math.max(1, this.#members.length)];
    const next = this.#members[other % Math.max(1, this.#members.length)];
    const free = GROUP_LIMIT - 1 - this.#members.length;
    switch (kind) {
      case 'join':
        return free > 0 ? this.#admit([await this.#package()], []) : undefined;
      case 'join-two':
        return free > 1 ? this.#admit([await this.#package(), await this.#package()], []) : undefined;
      case 'leave':
      case 'remove':
        return person && this.#admit([], [person]);
      case 'return':
        return person && this.#admit([await this.#package(person.name)], [person]);
      case 'lose':
        if (person) person.isLossy = true;
        return;
      case 'deliver':
        return person && this.#deliver(person);
      case 'repeat':
        return person && this.#repeat(person);
      case 'talk':
        return person && next && this.#talk(person, next);
      case 'hostile-noise':
        return person && this.#noise(person);
      default:
        return person && next && this.#hostile(kind, person, next);
    }
  }

  /** Every honest member in one epoch with one secret; every admitted person is in, every removed one out. */
  async check(): Promise<void> {
    for (const member of this.#members) await this.#deliver(member);
    const secrets = await this.#host.secrets();
    const names = secrets.members.map(({ name }) => name).sort();
    assert.deepEqual(names, ['Beratung', ...this.#members.map(({ name }) => name)].sort());
    for (const { name, group } of this.#members) {
      const theirs = await group.secrets();
      assert.equal(theirs.epoch, secrets.epoch, `${name}: epoch`);
      assert.deepEqual(theirs.frameBaseKey, secrets.frameBaseKey, `${name}: exporter secret`);
      assert.deepEqual(theirs.safetyCode, secrets.safetyCode, `${name}: safety code`);
      assert.deepEqual(theirs.members, secrets.members, `${name}: roster`);
    }
    for (const { name, group } of this.#gone)
      assert.notDeepEqual((await group.secrets()).frameBaseKey, secrets.frameBaseKey, `${name} is out`);
  }

  async #package(name = `Gast ${String(this.#names++)}`): Promise<OwnKeyPackage> {
    return createKeyPackage(name, suite);
  }

  async #admit(packages: readonly OwnKeyPackage[], leaving: readonly Person[]): Promise<void> {
    const remove = leaving.map(({ group }) => group.ownLeaf);
    const change = await this.#host.change({ add: packages.map(({ encoded }) => encoded), remove });
    this.#commits.push(change.commit);
    counters.epochs++;
    for (const person of leaving) await this.#isRemoved(person, change.commit);
    for (const member of this.#members) await this.#send(member, change.commit);
    for (const own of packages) await this.#join(own, change);
  }

  async #isRemoved(person: Person, commit: Bytes): Promise<void> {
    this.#members.splice(this.#members.indexOf(person), 1);
    this.#gone.push(person);
    counters.removals++;
    await this.#deliver(person);
    const received = await person.group.receive(commit);
    assert.deepEqual(
      received.map(({ kind }) => kind),
      ['removed'],
      `${person.name} learns of the removal`,
    );
  }

  async #join(own: OwnKeyPackage, { welcome, epoch }: Change): Promise<void> {
    const { hostSession } = this.#room.hello;
    const guestNonce = random(32);
    const fields = admitFields({
      roomId: this.#room.keys.roomId,
      hostSession,
      groupId: this.#host.groupId,
      epoch,
      ref: own.ref,
      guestNonce,
      welcomeHash: await sha384(welcome),
    });
    const signature = await signHost(this.#room.invite.hostKey!, 'admit', fields);
    const admission = { welcome, epoch, ref: own.ref, signature };
    const group = await join({ own, admission, hello: this.#hello, guestNonce, roomKeys: this.#room.keys, suite });
    const [{ name } = { name: '' }] = group.members.filter(({ leaf }) => leaf === group.ownLeaf);
    this.#members.push({ name, group, own, late: [], isLossy: false });
    counters.joins++;
    counters.largest = Math.max(counters.largest, this.#members.length + 1);
  }

  async #send(member: Person, commit: Bytes): Promise<void> {
    if (member.isLossy) member.late.push(commit);
    else await this.#take(member, commit);
  }

  async #take({ name, group }: Person, commit: Bytes): Promise<void> {
    const received = await group.receive(commit);
    assert.equal(received[0]?.kind, 'epoch', `${name} follows the commit`);
  }

  /** What the host sends again to a member that was away, in order (§9). */
  async #deliver(member: Person): Promise<void> {
    member.isLossy = false;
    for (const commit of member.late.splice(0)) await this.#take(member, commit);
  }

  async #repeat({ name, group, late }: Person): Promise<void> {
    const old = this.#commits.at(-1);
    if (!old || late.includes(old)) return;
    const [received] = await group.receive(old);
    assert.equal(received?.kind, 'late', `${name} takes a repeated commit once`);
  }

  async #talk(from: Person, to: Person): Promise<void> {
    await this.#deliver(from);
    const message = await from.group.protect(utf8('hallo'));
    if (from !== to) {
      await this.#deliver(to);
      const [received] = await to.group.receive(message);
      assert.equal(received?.kind, 'application');
    }
    for (const { group } of this.#gone)
      for (const { kind } of await group.receive(message)) assert.notEqual(kind, 'application');
    for (const { group } of this.#gone)
      for (const { kind } of await this.#host.receive(await group.protect(utf8('noch da'))))
        assert.notEqual(kind, 'application', 'a removed member is not heard');
  }

  /** A member sends commits of others, damaged ones and its own old messages. */
  async #noise(from: Person): Promise<void> {
    const { epoch } = this.#host;
    const damaged = copyBytes(this.#commits.at(-1) ?? (await from.group.protect(utf8('x'))));
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
    for (const member of this.#members) await member.group.receive(damaged);
    for (const old of this.#commits.slice(-3)) await this.#host.receive(old);
    assert.equal(this.#host.epoch, epoch);
  }

  /** A member returns, or brings a friend, with a key package that would split the group. */
  async #hostile(kind: Step['kind'], hostile: Person, victim: Person): Promise<void> {
    const evil = await this.#evilPackage(kind, hostile, victim);
    if (!evil) return;
    const before = this.#host.epoch;
    // It brings a friend where there is place, and returns otherwise.
    const hasPlace = this.#members.length + evil.length < GROUP_LIMIT;
    const remove = hostile === victim && hasPlace ? [] : [hostile.group.ownLeaf];
    await assert.rejects(
      this.#host.change({ add: evil, remove }),
      (error: unknown) => error instanceof ConsultError && error.code === 'admission-failed',
      kind,
    );
    counters.refused++;
    assert.equal(this.#host.epoch, before, 'nothing has changed');
  }

  async #evilPackage(kind: Step['kind'], hostile: Person, victim: Person): Promise<readonly Uint8Array[] | null> {
    const { leafNode, initKey } = victim.own.publicPackage;
    const own = await this.#package(hostile.name);
    switch (kind) {
      case 'copy-leaf-key':
        return [await this.#signed(own, { hpkePublicKey: leafNode.hpkePublicKey })];
      case 'copy-init-key':
        return [await this.#signed(own, { initKey: hostile === victim ? initKey : leafNode.hpkePublicKey })];
      case 'same-signature-key':
        return [await this.#signed({ ...own, leafKey: hostile.own.leafKey }, {})];
      case 'same-package':
        return [(this.#gone.at(-1) ?? victim).own.encoded];
      case 'same-key-twice':
        return this.#members.length < GROUP_LIMIT - 1
          ? [own.encoded, await this.#signed(await this.#package(), { initKey: own.publicPackage.initKey })]
          : null;
      default:
        return null;
    }
  }

  /** A key package with other keys, correctly signed. */
  async #signed(
    { publicPackage, leafKey }: OwnKeyPackage,
    keys: { readonly hpkePublicKey?: Uint8Array; readonly initKey?: Uint8Array },
  ): Promise<Uint8Array> {
    const { signature: _leaf, ...leaf } = publicPackage.leafNode;
    const { signature: _package, ...rest } = publicPackage;
    const signaturePublicKey = leafKey.publicKey;
    const leafNode = await signLeafNodeKeyPackage(
      { ...leaf, signaturePublicKey, hpkePublicKey: keys.hpkePublicKey ?? leaf.hpkePublicKey },
      leafKey.pkcs8,
      suite.signature,
    );
    const signed: KeyPackage = await signKeyPackage(
      { ...rest, leafNode, initKey: keys.initKey ?? rest.initKey },
      leafKey.pkcs8,
      suite.signature,
    );
    return encodeKeyPackage(signed);
  }
}
