/** protocol.md §5 and RFC 9420: what a server, an outsider, a member and a removed member can do to a group. */
import { expect } from '@open-wc/testing';
import type { LeafIndex } from 'ts-mls';
import { createCommit, createGroupInfoWithExternalPub } from 'ts-mls/createCommit.js';
import { createGroup } from 'ts-mls/clientState.js';
import { createApplicationMessage, createProposal } from 'ts-mls/createMessage.js';
import { proposeAddExternal } from 'ts-mls/externalProposal.js';
import { generateKeyPackageWithKey } from 'ts-mls/keyPackage.js';
import { defaultLifetime } from 'ts-mls/lifetime.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { concat, copyBytes, utf8 } from '../../../src/e2ee/bytes.ts';
import { commitRules } from '../../../src/e2ee/mls/follow-commit.ts';
import { filterMessage, ROOM_PSK_ID } from '../../../src/e2ee/mls/message-filter.ts';
import type { Group } from '../../../src/e2ee/mls/group.ts';
import { GROUP_LIMIT } from '../../../src/e2ee/mls/group-config.ts';
import { generateLeafKey } from '../../../src/e2ee/mls/leaf-key.ts';
import { createSuite, SUITE } from '../../../src/e2ee/mls/suite.ts';
import { codeOf, knock, letIn, openRoom } from '../people.ts';

const text = (received: readonly { readonly kind: string }[]) => received.map(({ kind }) => kind);

describe('a group of the room', () => {
  it('has one safety code and one frame key on every side with nine members', async () => {
    const host = await openRoom();
    const guests: Group[] = [];
    for (let index = 1; index < GROUP_LIMIT; index++) guests.push(await letIn(host, `Gast ${String(index)}`, guests));
    const all = await Promise.all([host.group, ...guests].map((group) => group.secrets()));
    expect(new Set(all.map(({ safetyCode }) => safetyCode.join(' '))).size).to.equal(1);
    expect(new Set(all.map(({ frameBaseKey }) => frameBaseKey.join())).size).to.equal(1);
    expect(all[0]!.safetyCode.every((group) => /^\d{5}$/u.test(group))).to.equal(true);
    const tenth = await knock(host, 'Zehnte');
    expect(await codeOf(host.group.change({ add: [tenth.opened.keyPackage], remove: [] }))).to.equal('room-full');
  });

  it('changes its safety code with the roster', async () => {
    const host = await openRoom();
    await letIn(host, 'Mia');
    const before = (await host.group.secrets()).safetyCode;
    await letIn(host, 'Tom');
    expect((await host.group.secrets()).safetyCode).to.not.deep.equal(before);
  });

  it('names the verified sender of each message', async () => {
    const host = await openRoom();
    const mia = await letIn(host, 'Mia');
    const tom = await letIn(host, 'Tom', [mia]);
    const [received] = await tom.receive(await mia.protect(utf8('hallo')));
    expect(received).to.deep.equal({ kind: 'application', leaf: mia.ownLeaf, plaintext: utf8('hallo') });
  });

  it('accepts a replayed message once', async () => {
    const host = await openRoom();
    const mia = await letIn(host, 'Mia');
    const message = await mia.protect(utf8('hallo'));
    expect(text(await host.group.receive(message))).to.deep.equal(['application']);
    expect(text(await host.group.receive(message))).to.deep.equal(['late']);
  });

  it('drops a message with any changed bit and reads the next one', async () => {
    const host = await openRoom();
    const mia = await letIn(host, 'Mia');
    const message = await mia.protect(utf8('hallo'));
    for (let index = 0; index < message.length; index += 11) {
      const damaged = copyBytes(message);
      damaged[index] = (damaged[index] ?? 0) ^ 0x10;
      expect(text(await host.group.receive(damaged))[0]).to.be.oneOf(['dropped', 'late', 'pending']);
    }
    expect(text(await host.group.receive(message))).to.deep.equal(['application']);
  });

  it('treats its own reflected message as late, not as damaged', async () => {
    const host = await openRoom();
    const mia = await letIn(host, 'Mia');
    const beacon = await host.group.protect(utf8('beacon'));
    expect(text(await mia.receive(beacon))).to.deep.equal(['application']);
    expect(text(await host.group.receive(beacon))).to.deep.equal(['late']);
  });

  it('holds messages that arrive before their commit, in order', async () => {
    const host = await openRoom();
    const mia = await letIn(host, 'Mia');
    const guest = await knock(host, 'Tom');
    const { commit } = await host.group.change({ add: [guest.opened.keyPackage], remove: [] });
    const early = [await host.group.protect(utf8('eins')), await host.group.protect(utf8('zwei'))];
    for (const message of early) expect(text(await mia.receive(message))).to.deep.equal(['pending']);
    expect(text(await mia.receive(commit))).to.deep.equal(['epoch', 'application', 'application']);
  });

  it('informs a removed member, which can neither read nor send any more', async () => {
    const host = await openRoom();
    const mia = await letIn(host, 'Mia');
    const mallory = await letIn(host, 'Mallory', [mia]);
    const last = await mallory.protect(utf8('vorher'));
    const { commit } = await host.group.change({ add: [], remove: [mallory.ownLeaf] });
    expect(text(await mia.receive(commit))).to.deep.equal(['epoch']);
    expect(text(await mallory.receive(commit))).to.deep.equal(['removed']);
    expect(text(await mallory.receive(await host.group.protect(utf8('geheim'))))[0]).to.be.oneOf([
      'pending',
      'dropped',
    ]);
    // What it said in the old epoch and a server held back is not heard either.
    expect(text(await mia.receive(last))).to.deep.equal(['late']);
    expect(text(await mia.receive(await mallory.protect(utf8('nachher'))))).to.deep.equal(['late']);
  });

  it('lets no member but the host change the group', async () => {
    const host = await openRoom();
    const mia = await letIn(host, 'Mia');
    expect(await codeOf(mia.change({ add: [], remove: [0] }))).to.equal('argument-invalid');
  });
});

describe('the message filter before the MLS library', () => {
  /** The library alone, as an attacker uses it: a group of two without any of our rules. */
  async function library() {
    const suite = await createSuite();
    const member = async (name: string) => {
      const key = await generateLeafKey();
      const capabilities = {
        versions: ['mls10' as const],
        ciphersuites: [SUITE],
        extensions: [],
        proposals: [],
        credentials: ['basic' as const],
      };
      const credential = { credentialType: 'basic' as const, identity: utf8(name) };
      return generateKeyPackageWithKey(
        credential,
        capabilities,
        defaultLifetime,
        [],
        { signKey: key.pkcs8, publicKey: key.publicKey },
        suite,
      );
    };
    const host = await member('Beratung');
    const state = await createGroup(utf8('group'), host.publicPackage, host.privatePackage, [], suite);
    return { suite, member, state };
  }

  it('drops a PublicMessage, an outsider’s proposal and a member’s proposal', async () => {
    const { suite, member, state } = await library();
    const ghost = await member('Geist');
    const groupInfo = await createGroupInfoWithExternalPub(state, [], suite);
    const external = await proposeAddExternal(groupInfo, ghost.publicPackage, ghost.privatePackage, suite);
    expect(filterMessage(copyBytes(encodeMlsMessage(external)), state)).to.deep.equal({
      kind: 'refused',
      reason: 'mls_public_message',
    });
    const proposal = { proposalType: 'add' as const, add: { keyPackage: ghost.publicPackage } };
    for (const publicly of [true, false]) {
      const { message } = await createProposal(state, publicly, proposal, suite);
      expect(filterMessage(copyBytes(encodeMlsMessage(message)), state).kind).to.equal('refused');
    }
  });

  it('drops a GroupInfo, a Welcome, a key package and other bytes', async () => {
    const { suite, member, state } = await library();
    const groupInfo = await createGroupInfoWithExternalPub(state, [], suite);
    const guest = await member('Mia');
    const add = { proposalType: 'add' as const, add: { keyPackage: guest.publicPackage } };
    const { welcome } = await createCommit(
      { state, cipherSuite: suite },
      { extraProposals: [add], ratchetTreeExtension: true },
    );
    for (const message of [
      encodeMlsMessage({ version: 'mls10', wireformat: 'mls_group_info', groupInfo }),
      encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: welcome! }),
      new Uint8Array(0),
      utf8('kein MLS'),
    ])
      expect(filterMessage(copyBytes(message), state).kind).to.equal('refused');
  });

  it('drops messages of another group, late ones and ones with trailing bytes', async () => {
    const { suite, state } = await library();
    const other = { ...state, groupContext: { ...state.groupContext, groupId: utf8('other') } };
    const { privateMessage } = await createApplicationMessage(state, utf8('hallo'), suite);
    const bytes = copyBytes(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage }));
    expect(filterMessage(bytes, state).kind).to.equal('application');
    expect(filterMessage(bytes, other)).to.deep.equal({ kind: 'earlier' });
    expect(filterMessage(concat(bytes, utf8('x')), state)).to.deep.equal({ kind: 'refused', reason: 'encoding' });
  });

  it('accepts commits from the host alone, of Add, Remove and one room PSK with each Add', async () => {
    const { member } = await library();
    const { publicPackage: keyPackage } = await member('Mia');
    const rules = commitRules({ hostLeaf: 0, ownLeaf: 2 }).callback;
    const psk = (pskId: Uint8Array) => ({
      proposalType: 'psk' as const,
      psk: { preSharedKeyId: { psktype: 'external' as const, pskId, pskNonce: utf8('n') } },
    });
    const add = { proposalType: 'add' as const, add: { keyPackage } };
    const remove = { proposalType: 'remove' as const, remove: { removed: 1 } };
    const extensions = {
      proposalType: 'group_context_extensions' as const,
      groupContextExtensions: { extensions: [] },
    };
    const commit = (
      senderLeafIndex: number | undefined,
      ...proposals: readonly (typeof add | typeof remove | typeof extensions | ReturnType<typeof psk>)[]
    ) =>
      rules({
        kind: 'commit',
        senderLeafIndex: senderLeafIndex as LeafIndex | undefined,
        proposals: proposals.map((proposal) => ({ proposal, senderLeafIndex: 0 })),
      });
    expect(commit(0, add, psk(ROOM_PSK_ID))).to.equal('accept');
    expect(commit(0, remove)).to.equal('accept');
    expect(commit(0, remove, add, psk(ROOM_PSK_ID))).to.equal('accept');
    expect(commit(1, remove)).to.equal('reject');
    expect(commit(undefined, remove)).to.equal('reject');
    expect(commit(0, add)).to.equal('reject');
    expect(commit(0, add, psk(utf8('another')))).to.equal('reject');
    expect(commit(0, add, psk(ROOM_PSK_ID), psk(ROOM_PSK_ID))).to.equal('reject');
    expect(commit(0, remove, psk(ROOM_PSK_ID))).to.equal('reject');
    expect(commit(0, extensions)).to.equal('reject');
    expect(commit(0)).to.equal('reject');
    expect(rules({ kind: 'proposal', proposal: { proposal: remove, senderLeafIndex: 0 } })).to.equal('reject');
    // A commit that removes us, also where it fills the leaf again: not applied, but known.
    const ours = commitRules({ hostLeaf: 0, ownLeaf: 1 });
    const proposals = [remove, add, psk(ROOM_PSK_ID)].map((proposal) => ({ proposal, senderLeafIndex: 0 }));
    const from = (leaf: number) => ({ kind: 'commit' as const, senderLeafIndex: leaf as LeafIndex, proposals });
    expect(ours.callback(from(1))).to.equal('reject');
    expect(ours.removesUs()).to.equal(false);
    expect(ours.callback(from(0))).to.equal('reject');
    expect(ours.removesUs()).to.equal(true);
  });
});
