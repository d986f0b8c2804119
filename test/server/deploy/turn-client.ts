/** Asks a TURN server over TCP what `stun-message.ts` has no use for: other transports and families, and permissions (RFC 8656 §7, §9). */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { stunLength } from '../../../src/server/stun-message.ts';

const COOKIE = Buffer.from([0x21, 0x12, 0xa4, 0x42]);
const METHOD = { allocate: 0x0003, permission: 0x0008 } as const;
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  peer: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  family: 0x0017,
  transport: 0x0019,
} as const;
/** RFC 8656 §18.7, RFC 6062 §6.1 */
const PROTOCOL = { udp: 17, tcp: 6 } as const;

interface Account {
  readonly username: string;
  readonly credential: string;
}

interface Challenge {
  readonly realm: Buffer;
  readonly nonce: Buffer;
}

type Answer = ReadonlyMap<number, Buffer>;

export class TurnClient {
  readonly #socket: Socket;
  readonly #account: Account;
  #challenge: Challenge | null = null;

  private constructor(socket: Socket, account: Account) {
    socket.on('error', () => undefined);
    this.#socket = socket;
    this.#account = account;
  }

  /** Resolves once the server has asked for credentials. */
  static async open(port: number, account: Account): Promise<TurnClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const client = new TurnClient(socket, account);
    const first = await client.#ask('allocate', [transport('udp')]);
    client.#challenge = { realm: need(first, ATTRIBUTE.realm), nonce: need(first, ATTRIBUTE.nonce) };
    return client;
  }

  close(): void {
    this.#socket.destroy();
  }

  /** @returns the error's code (RFC 8489 §14.8), or null for a success */
  async allocate(protocol: keyof typeof PROTOCOL, family: 4 | 6): Promise<number | null> {
    const attributes = [transport(protocol)];
    if (family === 6) attributes.push(attribute(ATTRIBUTE.family, Buffer.from([2, 0, 0, 0])));
    return codeOf(await this.#ask('allocate', attributes));
  }

  /** @returns as {@link allocate} */
  async permit(address: string): Promise<number | null> {
    return codeOf(await this.#ask('permission', [], address));
  }

  async #ask(method: keyof typeof METHOD, attributes: readonly Buffer[], peer?: string): Promise<Answer> {
    const mask = Buffer.concat([COOKIE, randomBytes(12)]);
    let body = Buffer.concat([...attributes, ...(peer === undefined ? [] : [peerAddress(peer, mask)])]);
    if (this.#challenge) {
      const { username, credential } = this.#account;
      const { realm, nonce } = this.#challenge;
      body = Buffer.concat([
        body,
        attribute(ATTRIBUTE.username, Buffer.from(username)),
        attribute(ATTRIBUTE.realm, realm),
        attribute(ATTRIBUTE.nonce, nonce),
      ]);
      const key = createHash('md5').update(`${username}:${realm.toString()}:${credential}`).digest();
      const signed = Buffer.concat([header(METHOD[method], body.length + 24, mask), body]);
      body = Buffer.concat([body, attribute(ATTRIBUTE.integrity, createHmac('sha1', key).update(signed).digest())]);
    }
    this.#socket.write(Buffer.concat([header(METHOD[method], body.length, mask), body]));
    let received: Buffer = Buffer.alloc(0);
    while (stunLength(received) === null) {
      const [part] = (await once(this.#socket, 'data')) as [Buffer];
      received = Buffer.concat([received, part]);
    }
    return attributesOf(received);
  }
}

function header(type: number, length: number, mask: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(length, 2);
  return Buffer.concat([bytes, mask]);
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

const transport = (protocol: keyof typeof PROTOCOL): Buffer =>
  attribute(ATTRIBUTE.transport, Buffer.from([PROTOCOL[protocol], 0, 0, 0]));

/** XOR-PEER-ADDRESS of port 80 (RFC 8489 §14.2). */
function peerAddress(address: string, mask: Buffer): Buffer {
  const bytes = ipaddr.parse(address).toByteArray();
  const port = Buffer.alloc(2);
  port.writeUInt16BE(80 ^ mask.readUInt16BE(0));
  const hidden = Buffer.from(bytes.map((byte, index) => byte ^ (mask[index] ?? 0)));
  return attribute(ATTRIBUTE.peer, Buffer.concat([Buffer.from([0, bytes.length === 4 ? 1 : 2]), port, hidden]));
}

function attributesOf(bytes: Buffer): Answer {
  const found = new Map<number, Buffer>();
  for (let at = 20; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16BE(at + 2);
    found.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  return found;
}

function codeOf(answer: Answer): number | null {
  const error = answer.get(ATTRIBUTE.error);
  return error ? (error.readUInt8(2) & 7) * 100 + error.readUInt8(3) : null;
}

function need(answer: Answer, type: number): Buffer {
  const value = answer.get(type);
  if (!value) throw new Error(`no attribute ${String(type)}`);
  return value;
}
