/**
 * A holder of the guest link, in league with the signalling server, against real browsers: every attempt, and what
 * people see of it.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createCommit } from 'ts-mls/createCommit.js';
import { createProposal } from 'ts-mls/createMessage.js';
import { defaultLifetime } from 'ts-mls/lifetime.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { encodeKeyPackage, generateKeyPackage } from 'ts-mls/keyPackage.js';
import { getCiphersuiteFromName, getCiphersuiteImpl, type MLSMessage } from 'ts-mls';
import { fromBase64Url, toBase64Url } from '../../src/util/base64url.ts';
import { copyBytes, random, utf8 } from '../../src/e2ee/bytes.ts';
import { Group } from '../../src/e2ee/mls/group.ts';
import { generateHostKey } from '../../src/e2ee/admission/host-key.ts';
import { createHello } from '../../src/e2ee/admission/hello.ts';
import { createSuite } from '../../src/e2ee/mls/suite.ts';
import { until } from '../support/until.ts';
import { useBrowsers, useHostileServer, useServer } from './fixtures.ts';
import { acknowledgeOnce, takeOut } from './gather.ts';
import { Insider, unseal, type Heard, type Member } from './insider.ts';
import { acknowledge, meet } from './meet.ts';
import { reads, state, wordsOf } from './reading.ts';
import { makeRoom, openWindow, type Person } from './stage.ts';

/** In German, as the room shows it. */
const NOT_PROVEN = 'Jemand wollte sich als Beratungsstelle ausgeben und konnte es nicht beweisen.';
const DAMAGED = 'Eine Nachricht war nicht lesbar und wurde verworfen.';
const RULES_BROKEN = 'Eine Nachricht zum Verbindungsaufbau hielt die Regeln nicht ein und wurde abgelehnt.';
const PRIVATE = 'Noch sieht und hört Sie niemand.';

/** A session description with another certificate and other ICE credentials. */
function forged(sdp: string, kind: 'offer' | 'answer', byte: string) {
  const print = Array.from({ length: 32 }, () => byte).join(':');
  return {
    kind,
    sdp: sdp
      .replaceAll(/^a=fingerprint:[^\r\n]*/gmu, `a=fingerprint:sha-256 ${print}`)
      .replaceAll(/^a=setup:[^\r\n]*/gmu, `a=setup:${kind === 'offer' ? 'actpass' : 'active'}`)
      .replaceAll(/^a=ice-ufrag:[^\r\n]*/gmu, 'a=ice-ufrag:abcd')
      .replaceAll(/^a=ice-pwd:[^\r\n]*/gmu, 'a=ice-pwd:abcdefghijklmnopqrstuvwx')
      .replaceAll(/^a=(?:ssrc|msid)[^\r\n]*\r\n/gmu, ''),
  };
}

const isKnock = ({ message }: Heard): boolean => message.type === 'knock';
const participants = (person: Person) => state<readonly { readonly name: string }[]>(person, 'participants');
const namesOf = async (person: Person): Promise<readonly string[]> =>
  (await participants(person)).map(({ name }) => name).sort();

/** Remembers the current connection, so that a replacement can be recognised. */
const holdOn = (person: Person): Promise<void> =>
  person.page.evaluate(() => {
    const { seen } = window as unknown as { seen: { peers: RTCPeerConnection[] } };
    Object.assign(window, { held: seen.peers.filter(({ connectionState }) => connectionState === 'connected') });
  });

const framesHeld = (person: Person): Promise<number> =>
  person.page.evaluate(async () => {
    let frames = 0;
    for (const peer of (window as unknown as { held: RTCPeerConnection[] }).held)
      for (const report of (await peer.getStats()).values() as Iterable<RTCInboundRtpStreamStats>)
        if (report.type === 'inbound-rtp' && report.kind === 'video') frames += report.framesDecoded ?? 0;
    return frames;
  });

describe('an attacker with the guest link', () => {
  const server = useServer();
  const hostile = useHostileServer(server);
  const browsers = useBrowsers('chromium');
  let links: { readonly host: string; readonly guest: string };
  let host: Person;
  let guest: Person;
  let insider: Insider;

  beforeEach(async () => {
    hostile.seen.length = 0;
    hostile.tamper = (text) => [text];
    links = await makeRoom(hostile.address);
    [host, guest] = await Promise.all([
      openWindow(browsers.chromium, links.host),
      openWindow(browsers.chromium, links.guest),
    ]);
    insider = await Insider.arrive(links.guest);
  });

  afterEach(async () => {
    insider.leave();
    await guest.leave();
    await host.leave();
  });

  /** Every message that crossed the server, opened with the invite. */
  async function overheard(): Promise<readonly Heard[]> {
    const relayed = hostile.seen.map((text) => JSON.parse(text) as { type: string; data?: string });
    const envelopes = relayed.flatMap(({ data }) => (data === undefined ? [] : [fromBase64Url(data)]));
    const opened = await Promise.all(envelopes.map((envelope) => unseal(insider.keys, envelope)));
    return opened.filter((heard) => heard !== null);
  }

  /** Mallory knocks and the host admits her. */
  async function letIn(): Promise<Member> {
    const knocked = await insider.knock('Mallory');
    await reads(host, 'Mallory');
    await host.click('admit-button');
    const member = await insider.admitted(knocked);
    await until(
      () => namesOf(host),
      (names) => names.includes('Mallory'),
      'Mallory among the participants',
    );
    return member;
  }

  /** Sends the messages until the others report that they refused one: a connection may break on a busy machine. */
  async function insists(member: Member, messages: readonly MLSMessage[], people: readonly Person[]): Promise<void> {
    await until(
      async () => {
        for (const message of messages) await member.raw(copyBytes(encodeMlsMessage(message)));
        return Promise.all(people.map(wordsOf));
      },
      (all) => all.every((words) => words.includes(DAMAGED)),
      'the report of a refused message',
    );
  }

  it('[R4] opens every seal but reads no name, session description or chat', async () => {
    await meet(host, guest);
    const heard = await overheard();
    const kinds = new Set(heard.map(({ message }) => message.type));
    // What a seal hides from the server is open to the insider: kinds of messages, not their contents.
    for (const kind of ['present', 'hello', 'knock', 'welcome', 'group'] as const) assert.ok(kinds.has(kind), kind);
    const all = heard
      .map(({ message }) =>
        Object.values(message).map((field) => Buffer.from(String(field), 'base64url').toString('latin1')),
      )
      .join('\n');
    for (const secret of ['Sonnenschein', 'Berger', 'v=0\r\n', 'candidate:', 'fingerprint', 'Schwester'])
      assert.ok(!all.includes(secret), secret);
  });

  it('can only knock, under a name that the host sees, and holds no key', async () => {
    await meet(host, guest);
    const { own } = await insider.knock('Mallory');
    await reads(host, 'Mallory');
    await host.seeFrames(20);
    assert.deepEqual(await namesOf(host), ['Mia Sonnenschein']);
    assert.deepEqual(await namesOf(guest), ['Frau Berger']);
    assert.ok(!(await wordsOf(guest)).includes('Mallory'));
    assert.ok(!insider.heard.some(({ message }) => message.type === 'welcome'));
    assert.ok(own.ref.length > 0);
  });

  it('is rejected, visibly to the waiting guest, when it impersonates the host', async () => {
    const hello = await (async () => {
      const { privateKey, publicKey } = await generateHostKey();
      const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
      const group = await Group.found({ roomKeys: insider.keys, name: 'Beratung' });
      const made = await createHello({
        authority: { key: privateKey, root: spki, delegation: null },
        roomId: insider.keys.roomId,
        groupId: group.groupId,
        leafPublicKey: group.leafKey.publicKey,
        incarnation: Date.now(),
        since: 0,
      });
      return { type: 'hello', hello: toBase64Url(made.encoded), spki: toBase64Url(spki) } as const;
    })();
    await guest.arrive({ name: 'Mia Sonnenschein' });
    await insider.hears('present');
    await insider.say(hello);
    await reads(guest, NOT_PROVEN);
    await reads(guest, PRIVATE);
    assert.ok(!(await overheard()).some(({ message }) => message.type === 'knock'));
    // The true one is believed all the same.
    await host.arrive();
    await host.click('admit-button');
    await acknowledge(host, guest);
  });

  it('is ignored when it refuses a guest in the host’s name', async () => {
    await Promise.all([host.arrive(), guest.arrive({ name: 'Mia Sonnenschein' })]);
    await reads(host, 'Mia Sonnenschein');
    const knock = await until(overheard, (heard) => heard.some(isKnock), 'a knock').then((heard) =>
      heard.find(isKnock)!,
    );
    const signature = toBase64Url(random(96));
    await insider.say({ type: 'refused', ref: toBase64Url(random(48)), signature }, { to: knock.from });
    await reads(guest, NOT_PROVEN);
    await reads(guest, PRIVATE);
    await host.click('admit-button');
    await acknowledge(host, guest);
  });

  it('opens nothing when it replays an old Welcome to a returning guest', async () => {
    await meet(host, guest);
    const before = await overheard();
    const old = before.map(({ message }) => message).find((message) => message.type === 'welcome');
    assert.ok(old);
    // The two together: the insider reads which message is the new Welcome, the server holds it back.
    let order = Promise.resolve();
    hostile.tamper = (text, direction, say) => {
      const { type, data = '' } = JSON.parse(text) as { type: string; data?: string };
      if (direction === 'to-server' || type !== 'message') return [text];
      order = order.then(async () => {
        const heard = await unseal(insider.keys, fromBase64Url(data));
        if (heard?.message.type !== 'welcome' || heard.message.ref === old.ref) say(text);
      });
      return [];
    };
    await guest.page.reload();
    const knocks = (all: readonly Heard[]): number => new Set(all.filter(isKnock).map(({ from }) => from)).size;
    const heard = await until(overheard, (all) => knocks(all) > 1, 'a second knock');
    await insider.say(old, { to: heard.findLast(isKnock)!.from });
    await reads(guest, NOT_PROVEN);
    await reads(guest, PRIVATE);
    assert.deepEqual(await namesOf(guest), []);
    assert.equal((await guest.seen()).peers, 0);
    hostile.tamper = (text) => [text];
    await guest.page.reload();
    await host.click('admit-button');
    await acknowledge(host, guest);
  });

  it('changes no group, and both others see a refused message, when it is admitted and sends a commit', async () => {
    await meet(host, guest);
    const member = await letIn();
    const before = await until(
      () => namesOf(guest),
      (names) => names.length === 2,
      'all are there',
    );
    const suite = await createSuite();
    const host0 = { proposalType: 'remove' as const, remove: { removed: 0 } };
    const { commit } = await createCommit({ state: member.state, cipherSuite: suite }, { extraProposals: [host0] });
    await insists(member, [commit], [host, guest]);
    await Promise.all([host.seeFrames(20), guest.seeFrames(20)]);
    assert.deepEqual(await namesOf(guest), before);
    assert.deepEqual(await namesOf(host), ['Mallory', 'Mia Sonnenschein']);
  });

  it('adds no member to the host’s next commit when it is admitted and proposes a ghost', async () => {
    await meet(host, guest);
    const member = await letIn();
    const suite = await createSuite();
    const { publicPackage: keyPackage } = await Group.prepareGuest({ name: 'Geist' });
    const add = { proposalType: 'add' as const, add: { keyPackage } };
    const proposals = [true, false].map((publicly) => createProposal(member.state, publicly, add, suite));
    await insists(
      member,
      (await Promise.all(proposals)).map(({ message }) => message),
      [host],
    );
    // The host's next commit: it takes Mallory out.
    await takeOut(host, 'Mallory');
    await until(
      () => namesOf(host),
      (names) => names.length < 2,
      'the removal',
    );
    assert.ok(!(await wordsOf(host)).includes('Geist'));
    assert.ok(!(await namesOf(guest)).includes('Geist'));
  });

  it('gets no connection, visibly to the host, when it is admitted and replaces its fingerprint', async () => {
    await host.arrive();
    const member = await letIn();
    const { link, body } = await member.hears('description');
    await member.tell({ type: 'description', body: forged(body.sdp, 'answer', 'AA') }, { to: 0, link });
    await member.tell({ type: 'description', body: forged(body.sdp, 'offer', 'BB') }, { to: 0, link });
    await reads(host, RULES_BROKEN);
    assert.equal((await host.received()).frames, 0);
  });

  it('cannot end another participant’s link when it is admitted and uses the id of that link', async () => {
    await host.arrive({ name: 'Frau Berger' });
    const member = await letIn();
    await guest.arrive({ name: 'Mia Sonnenschein' });
    await host.click('admit-button');
    // The host's offer to Mia, as every member reads it.
    const { link, body } = await member.hears('description', ({ to }) => to === 2);
    await until(
      async () => {
        for (const person of [host, guest]) await acknowledgeOnce(person);
        return Promise.all([host.phase(), guest.phase()]);
      },
      (phases) => phases.every((phase) => phase === 'active'),
      'the two talk',
    );
    await guest.seeFrames();
    const { peers } = await guest.seen();
    await Promise.all([holdOn(host), holdOn(guest)]);
    await member.tell({ type: 'description', body: forged(body.sdp, 'offer', 'AA') }, { to: 2, link });
    // It has read that when it has read what was said after it.
    await member.tell({ type: 'goodbye', body: { endsRoom: false } }, { to: 'everyone' });
    await until(
      () => namesOf(guest),
      (names) => names.join() === 'Frau Berger',
      'Mallory is gone',
    );
    // A link that ended would be replaced: the very same connection must continue.
    assert.equal((await guest.seen()).peers, peers);
    for (const person of [host, guest]) {
      const before = await framesHeld(person);
      await until(
        () => framesHeld(person),
        (frames) => frames >= before + 30,
        'frames on the same connection',
      );
    }
  });

  it('is not shown to the host when it proposes weaker algorithms', async () => {
    await host.arrive();
    const weak = await getCiphersuiteImpl(getCiphersuiteFromName('MLS_256_DHKEMP384_AES256GCM_SHA384_P384'));
    const { own: strong } = await insider.knock('Sophie');
    await reads(host, 'Sophie');
    const { publicPackage, privatePackage } = await generateKeyPackage(
      { credentialType: 'basic', identity: utf8('Mallory') },
      {
        versions: ['mls10'],
        ciphersuites: ['MLS_256_DHKEMP384_AES256GCM_SHA384_P384'],
        extensions: [],
        proposals: [],
        credentials: ['basic'],
      },
      defaultLifetime,
      [],
      weak,
    );
    const own = { ...strong, publicPackage, privatePackage, encoded: copyBytes(encodeKeyPackage(publicPackage)) };
    await insider.knock('Mallory', { own });
    await reads(host, DAMAGED);
    assert.ok(!(await wordsOf(host)).includes('Mallory'));
  });

  it('fills at most sixteen places, which the host can clear, when it knocks a hundred times', async () => {
    await host.arrive();
    const { hello, hostSession } = await insider.hello();
    assert.ok(hello.spki.length > 0 && hostSession !== '');
    for (let index = 0; index < 24; index++) await insider.knock(`Mallory ${String(index)}`, { as: random(32) });
    await until(
      () => state<readonly unknown[]>(host, 'knocks'),
      (knocks) => knocks.length === 16,
      'sixteen knocks',
    );
    await guest.arrive({ name: 'Mia Sonnenschein' });
    await until(
      () => state(guest, 'knocking'),
      (knocking) => knocking === 'sent',
      'Mia knocks',
    );
    // Its last byte is that of a signature: when the host has read so far, it has read what came before.
    const own = await Group.prepareGuest({ name: 'Mallory' });
    const last = own.encoded.length - 1;
    await insider.knock('Mallory', { own: { ...own, encoded: own.encoded.with(last, own.encoded[last]! ^ 1) } });
    await reads(host, DAMAGED);
    await reads(host, '16 Personen warten');
    assert.ok(!(await wordsOf(host)).includes('Mia Sonnenschein'));
    await host.click('refuse-button');
    await reads(host, 'Mia Sonnenschein');
  });
});
