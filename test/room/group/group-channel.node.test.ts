/** The group's messages against members who use them otherwise than meant (protocol.md §5, §6, §9). */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { decodeMlsMessage, encodeMlsMessage } from 'ts-mls/message.js';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { copyBytes, random, type Bytes } from '../../../src/e2ee/bytes.ts';
import type { Group } from '../../../src/e2ee/mls/group.ts';
import { join } from '../../../src/e2ee/admission/join.ts';
import { GroupChannel } from '../../../src/room/group/group-channel.ts';
import { encodeGroup, type GroupContent, type GroupMessage } from '../../../src/room/messages/messages.ts';
import { joinOptions, knock, letIn, openRoom, sign, type Host } from '../../e2ee/people.ts';

const installed: GroupContent = { type: 'installed', body: { epoch: 1 } };
const beacon: GroupContent = {
  type: 'beacon',
  body: { incarnation: 1, epoch: 1, transcript: toBase64Url(random(48)), seq: 1, at: 2_000 },
};
const said = (content: GroupContent, seq: number): Uint8Array =>
  encodeGroup({ ...content, to: 'everyone', link: '', seq } as GroupMessage);

/** A conversation, and what it did in order. */
function converse(group: Group) {
  const log: string[] = [];
  const out: { readonly message: Uint8Array; readonly route: string }[] = [];
  const conversation = new GroupChannel(group, {
    broadcast: (message, route) => void out.push({ message, route }),
    onEpoch: async () => void log.push('epoch'),
    onMessage: (_leaf, message) => void log.push(`message ${String(message.seq)}`),
    onRemoved: () => void log.push('removed'),
    onProblem: (code) => void log.push(code),
    onError: (error) => void log.push(`error ${String(error)}`),
  });
  return { conversation, log, out };
}

let host: Host;
let mia: Group;
let tom: Group;
beforeEach(async () => {
  host = await openRoom();
  mia = await letIn(host, 'Mia');
  tom = await letIn(host, 'Tom', [mia]);
});

describe('the group', () => {
  const ahead = async (steps: number): Promise<Bytes> => {
    let message = await mia.protect(random(10));
    for (let step = 0; step < steps; step++) message = await mia.protect(random(10));
    return message;
  };

  it('follows a sender over a gap, but not over an expensive one', async () => {
    assert.equal((await host.group.receive(await ahead(400)))[0]?.kind, 'application');
    assert.equal((await host.group.receive(await ahead(1_100)))[0]?.kind, 'dropped');
  });

  it('spends nothing on the same damaged bytes twice and still accepts the intact ones', async () => {
    const message = await ahead(200);
    const damaged = message.with(message.length - 1, message.at(-1)! ^ 1);
    assert.equal((await host.group.receive(damaged))[0]?.kind, 'dropped');
    assert.equal((await host.group.receive(damaged))[0]?.kind, 'late');
    assert.equal((await host.group.receive(message))[0]?.kind, 'application');
  });

  it('reserves space for messages of the next epoch when later ones flood it', async () => {
    const decoded = decodeMlsMessage(await mia.protect(random(10)), 0)![0];
    assert.ok(decoded.wireformat === 'mls_private_message');
    for (let index = 0n; index < 64n; index++) {
      const privateMessage = { ...decoded.privateMessage, epoch: 1000n + index };
      await tom.receive(encodeMlsMessage({ ...decoded, privateMessage }));
    }
    const guest = await knock(host, 'Yara');
    const { commit } = await host.group.change({ add: [guest.opened.keyPackage], remove: [] });
    const early = await host.group.protect(random(10));
    assert.deepEqual(await tom.receive(early), [{ kind: 'pending' }]);
    const kinds = (await tom.receive(commit)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['epoch', 'application']);
  });
});

describe('a group channel', () => {
  it('removes a flooding member before it reads on', async () => {
    const flood: Bytes[] = [];
    for (let seq = 0; seq < 60; seq++) flood.push(await mia.protect(said(installed, seq)));
    const { conversation, log } = converse(host.group);
    const reading = flood.map((message) => conversation.receive(message));
    await conversation.commit(() => ({ add: [], remove: [mia.ownLeaf] }));
    assert.ok(log.indexOf('epoch') < 3, log.join());
    await Promise.all(reading);
    assert.equal(log.at(-1), 'epoch');
  });

  it('keeps the newest messages of a flood, and every commit', async () => {
    const flood: Bytes[] = [];
    for (let seq = 0; seq < 300; seq++) flood.push(await mia.protect(said(installed, seq)));
    const { commit } = await host.group.change({ add: [], remove: [mia.ownLeaf] });
    const { conversation, log } = converse(tom);
    const reading = [...flood.slice(0, 10), commit, ...flood.slice(10)].map((message) => conversation.receive(message));
    await Promise.all(reading);
    // The first was displaced by the last, and the commit, which stood before most of them, was not.
    assert.deepEqual(log, ['epoch']);
  });

  it('forwards the host’s beacon and no other member’s', async () => {
    const { conversation, log, out } = converse(tom);
    await conversation.receive(await mia.protect(said(beacon, 0)));
    assert.deepEqual(log, ['message 0']);
    assert.deepEqual(out, []);
    const true_ = await host.group.protect(said(beacon, 0));
    await conversation.receive(true_);
    assert.deepEqual(out, [{ message: true_, route: 'direct' }]);
  });

  it('lets no member without beacons fall too far behind', async () => {
    const { conversation, out } = converse(host.group);
    for (let index = 0; index < 400; index++) await conversation.send(beacon, { to: 'everyone', route: 'direct' });
    const { conversation: far, log } = converse(tom);
    for (const { message, route } of out) if (route === 'everywhere') await far.receive(message);
    await conversation.send(installed, { to: 'everyone' });
    await far.receive(copyBytes(out.at(-1)!.message));
    assert.ok(!log.includes('message-invalid'), log.join());
    assert.match(log.at(-1)!, /^message/u);
  });

  it('reports its epoch again when the host repeats a commit, but not for each copy of one', async (t) => {
    const { conversation, log, out } = converse(tom);
    let now = 1_000_000;
    t.mock.method(performance, 'now', () => now);
    const { commit } = await host.group.change({ add: [], remove: [mia.ownLeaf] });
    for (let copy = 0; copy < 3; copy++) await conversation.receive(copyBytes(commit));
    assert.deepEqual(log, ['epoch']);
    const reports = () => out.filter(({ route }) => route === 'everywhere');
    assert.equal(reports().length, 0);
    now += 2_000;
    for (let copy = 0; copy < 3; copy++) await conversation.receive(copyBytes(commit));
    assert.equal(reports().length, 1);
    const { conversation: heard, log: read } = converse(host.group);
    await heard.receive(copyBytes(reports()[0]!.message));
    assert.deepEqual(read, ['message 0']);
  });

  it('sends a leaf’s next owner nothing addressed to the previous one', async () => {
    const { conversation, out } = converse(host.group);
    await conversation.begin();
    await conversation.send(installed, { to: tom.ownLeaf });
    const guest = await knock(host, 'Yara');
    const change = { add: [guest.opened.keyPackage], remove: [tom.ownLeaf] };
    const commit = conversation.commit(
      () => change,
      async (made) => {
        const yara = await join(joinOptions(host, guest, await sign(host, guest, made)));
        assert.equal(yara.ownLeaf, tom.ownLeaf);
      },
    );
    // Asked for while Tom was there, sent when Yara is.
    const late = conversation.send(installed, { to: tom.ownLeaf });
    await Promise.all([commit, late]);
    assert.equal(out.length, 2);
    await conversation.send(installed, { to: tom.ownLeaf });
    assert.equal(out.length, 3);
  });
});
