/**
 * An attacker who has the guest link, alone or together with the signalling server: speaks the protocol with the
 * library's own modules and breaks its rules. It has what such a guest has: the invite, and once admitted its own leaf.
 */
import { once } from 'node:events';
import type { ClientState } from 'ts-mls';
import { joinGroup } from 'ts-mls/clientState.js';
import { decodeMlsMessage } from 'ts-mls/message.js';
import { WebSocket } from 'ws';
import { fromBase64Url, toBase64Url } from '../../src/util/base64url.ts';
import { concat, copyBytes, hkdfExpand, label, lp, random, utf8, type Bytes } from '../../src/e2ee/bytes.ts';
import { Group } from '../../src/e2ee/mls/group.ts';
import { CLIENT_CONFIG, roomPsk } from '../../src/e2ee/mls/group-config.ts';
import { deriveRoom, parseInvite, type Invite, type RoomKeys } from '../../src/e2ee/admission/invite-token.ts';
import type { OwnKeyPackage } from '../../src/e2ee/mls/key-package.ts';
import { sealKnock } from '../../src/e2ee/admission/knock.ts';
import { verifyHello, type VerifiedHello } from '../../src/e2ee/admission/hello.ts';
import { createSuite } from '../../src/e2ee/mls/suite.ts';
import {
  encodeGroup,
  parseGroup,
  parseSealed,
  SEALED,
  type GroupContent,
  type GroupMessage,
  type SealedMessage,
} from '../../src/room/messages/messages.ts';

export interface Heard {
  /** The seal session that it came from, and the one that it was for (null: everyone). */
  readonly from: string;
  readonly to: string | null;
  readonly message: SealedMessage;
}

type Of<T extends SealedMessage['type']> = Heard & { readonly message: Extract<SealedMessage, { type: T }> };

export interface Knocked {
  readonly own: OwnKeyPackage;
  readonly hello: VerifiedHello;
  readonly hostSession: string;
}

/** Seals and opens by hand: with the invite, any session and any counter can be used (protocol.md §8). */
const HEADER = 78;
const CLASSES = [256, 1024, 4096, 16_384, 49_152];

async function cipher(keys: RoomKeys, session: Uint8Array, header: Uint8Array) {
  const raw = await hkdfExpand(keys.sealRoot, concat(label('seal'), session), 32);
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const additionalData = concat(label('seal'), lp(keys.roomId), header);
  return { key, algorithm: { name: 'AES-GCM', iv: copyBytes(header.subarray(66, HEADER)), additionalData } };
}

export async function unseal(keys: RoomKeys, envelope: Uint8Array): Promise<Heard | null> {
  const header = envelope.slice(0, HEADER);
  const session = header.slice(2, 34);
  const { key, algorithm } = await cipher(keys, session, header);
  try {
    const padded = new Uint8Array(await crypto.subtle.decrypt(algorithm, key, envelope.slice(HEADER)));
    const to = header.subarray(34, 66);
    return {
      from: toBase64Url(session),
      to: to.every((byte) => byte === 0) ? null : toBase64Url(to),
      message: parseSealed(header[1] ?? 0, padded.slice(0, padded.lastIndexOf(0x80))),
    };
  } catch {
    return null;
  }
}

export class Insider {
  readonly invite: Invite;
  readonly keys: RoomKeys;
  readonly heard: Heard[] = [];
  readonly #socket: WebSocket;
  readonly #session = random(32);
  #counter = 1n;
  #reading: Promise<unknown> = Promise.resolve();

  private constructor(invite: Invite, keys: RoomKeys, socket: WebSocket) {
    this.invite = invite;
    this.keys = keys;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const { type, data: envelope } = JSON.parse(data.toString('utf8')) as { type: string; data?: string };
      if (type !== 'message' || envelope === undefined) return;
      this.#reading = this.#reading.then(async () => {
        const heard = await unseal(keys, fromBase64Url(envelope));
        if (heard) this.heard.push(heard);
      });
    });
  }

  static async arrive(link: string): Promise<Insider> {
    const { origin, host, hash } = new URL(link);
    const invite = await parseInvite(hash, { origin });
    const keys = await deriveRoom(invite);
    const socket = new WebSocket(`ws://${host}/signal`, { headers: { origin } });
    await once(socket, 'open');
    // It listens before anyone can speak to it.
    const insider = new Insider(invite, keys, socket);
    const joined = once(socket, 'message');
    socket.send(JSON.stringify({ type: 'join', version: 1, role: 'guest', room: toBase64Url(keys.roomId) }));
    await joined;
    return insider;
  }

  /** Waits for a message of a kind, among those that came already or will. */
  async hears<T extends SealedMessage['type']>(type: T, fits: (heard: Of<T>) => boolean = () => true): Promise<Of<T>> {
    for (let waited = 0; waited < 60_000; waited += 50) {
      const found = this.heard.find((one): one is Of<T> => one.message.type === type && fits(one as Of<T>));
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`heard no ${type}`);
  }

  /** As itself, or in the name of any session of the room. */
  async say(
    message: SealedMessage,
    o: { readonly to?: string; readonly as?: Uint8Array; readonly counter?: bigint } = {},
  ): Promise<void> {
    const plaintext = utf8(JSON.stringify(message));
    const padded = new Uint8Array(CLASSES.find((size) => size > plaintext.length) ?? 0);
    padded.set(plaintext);
    padded[plaintext.length] = 0x80;
    const counter = new Uint8Array(12);
    new DataView(counter.buffer).setBigUint64(4, o.counter ?? this.#counter++);
    const session = o.as ?? this.#session;
    const to = o.to === undefined ? new Uint8Array(32) : fromBase64Url(o.to);
    const header = concat(Uint8Array.of(2, SEALED[message.type]), session, to, counter);
    const { key, algorithm } = await cipher(this.keys, session, header);
    const sealed = concat(header, new Uint8Array(await crypto.subtle.encrypt(algorithm, key, padded)));
    this.#socket.send(JSON.stringify({ type: 'send', to: 'everyone', data: toBase64Url(sealed) }));
  }

  /** The proven host's hello. */
  async hello(): Promise<{ readonly hello: VerifiedHello; readonly hostSession: string }> {
    await this.say({ type: 'present' });
    const { from, message } = await this.hears('hello');
    const hello = await verifyHello({
      encoded: fromBase64Url(message.hello),
      spki: fromBase64Url(message.spki),
      delegation: message.delegation === undefined ? null : fromBase64Url(message.delegation),
      thumb: this.invite.thumb,
      roomId: this.keys.roomId,
    });
    return { hello, hostSession: from };
  }

  /** Knocks as anybody would; `own` may be a key package of another making. */
  async knock(name: string, o: { readonly own?: OwnKeyPackage; readonly as?: Uint8Array } = {}): Promise<Knocked> {
    const { hello, hostSession } = await this.hello();
    const own = o.own ?? (await Group.prepareGuest({ name }));
    const guestNonce = random(32);
    const { roomId } = this.keys;
    const sealed = await sealKnock({ hello, roomId, guestNonce, own, credentials: null });
    const message = { type: 'knock', nonce: toBase64Url(guestNonce), sealed: toBase64Url(sealed) } as const;
    await this.say(message, { to: hostSession, ...(o.as ? { as: o.as } : {}) });
    return { own, hello, hostSession };
  }

  /** Takes the Welcome and holds the library's own state, without any of our rules. */
  async admitted({ own, hello }: Knocked): Promise<Member> {
    const { message } = await this.hears('welcome', (one) => one.message.ref === toBase64Url(own.ref));
    const decoded = decodeMlsMessage(fromBase64Url(message.welcome), 0);
    if (decoded?.[0].wireformat !== 'mls_welcome') throw new Error('no Welcome');
    const psk = await roomPsk(this.keys, hello.groupId);
    const suite = await createSuite();
    const { publicPackage, privatePackage } = own;
    const { welcome } = decoded[0];
    const take = () =>
      joinGroup(welcome, publicPackage, privatePackage, psk, suite, undefined, undefined, CLIENT_CONFIG);
    const hostKey = hello.leafPublicKey;
    const group = new Group({ suite, keys: this.keys, psk, hostKey, own, state: await take() });
    return new Member(this, group, await take());
  }

  leave(): void {
    this.#socket.terminate();
  }
}

/** An admitted member: its group as the library keeps it, and beside it a state of its own to break rules with. */
export class Member {
  readonly group: Group;
  readonly state: ClientState;
  readonly #insider: Insider;
  readonly #told: { readonly leaf: number; readonly message: GroupMessage }[] = [];
  #read = 0;
  #seq = 0;

  constructor(insider: Insider, group: Group, state: ClientState) {
    this.#insider = insider;
    this.group = group;
    this.state = state;
  }

  /** A message of the room from this member's own leaf. */
  async tell(content: GroupContent, o: { readonly to: number | 'everyone'; readonly link?: string }): Promise<void> {
    const { to, link = '' } = o;
    await this.raw(await this.group.protect(encodeGroup({ ...content, to, link, seq: this.#seq++ })));
  }

  /** Any bytes as a message to the group. */
  raw(message: Bytes): Promise<void> {
    return this.#insider.say({ type: 'group', message: toBase64Url(message) });
  }

  /** Waits for what the others say. */
  async hears<T extends GroupMessage['type']>(
    type: T,
    fits: (message: GroupMessage) => boolean = () => true,
  ): Promise<Extract<GroupMessage, { type: T }>> {
    for (let waited = 0; waited < 60_000; waited += 50) {
      for (; this.#read < this.#insider.heard.length; this.#read++) await this.#take(this.#insider.heard[this.#read]);
      const found = this.#told.find(({ message }) => message.type === type && fits(message));
      if (found) return found.message as Extract<GroupMessage, { type: T }>;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the group said no ${type}`);
  }

  async #take(heard: Heard | undefined): Promise<void> {
    if (heard?.message.type !== 'group') return;
    for (const received of await this.group.receive(fromBase64Url(heard.message.message)))
      if (received.kind === 'application')
        this.#told.push({ leaf: received.leaf, message: parseGroup(received.plaintext) });
  }
}
