/** A real server on a free port, and clients that speak the wire by hand: what a browser would never send can be sent. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { toBase64Url } from '../../src/util/base64url.ts';
import { copyBytes, random, u64, utf8, type Bytes } from '../../src/e2ee/bytes.ts';
import { generateHostKey, signHost } from '../../src/e2ee/admission/host-key.ts';
import { roomIdOf } from '../../src/e2ee/admission/invite-token.ts';
import type { ServerConfigurationInput } from '../../src/configuration.ts';
import type { ClientMessage, ServerMessage } from '../../src/wire/wire.ts';
import { createServer, type Address, type ServerOptions } from '../../src/server/server.ts';

export const CONFIGURATION = {
  operator: { name: 'Beratungsstelle am Markt', country: 'DE' },
  servers: [{ role: 'signaling', operator: 'Beratungsstelle am Markt', country: 'DE' }],
} as const satisfies ServerConfigurationInput;

export async function start(
  t: TestContext,
  options: Partial<ServerOptions> = {},
  hostname = '127.0.0.1',
): Promise<Address> {
  const server = createServer({ configuration: CONFIGURATION, relayCheck: 'off', ...options });
  const address = await server.listen({ port: 0, host: hostname });
  t.after(() => server.close());
  return address;
}

export type Answer<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

/** Milliseconds without a message after which a client waits in vain. */
const PATIENCE = 60_000;

/** `ca`: the certificate to trust, where the address has TLS. */
export type Place = Address & { readonly ca?: string };

export class Client {
  readonly socket: WebSocket;
  readonly inbox: ServerMessage[] = [];
  closed: number | null = null;
  #wake: () => void = () => undefined;
  #changed = this.#next();

  constructor(url: string, headers: Readonly<Record<string, string>> = {}, ca?: string) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}signal`, { headers, ...(ca !== undefined && { ca }) });
    this.socket.on('message', (data) => {
      this.inbox.push(JSON.parse((data as Buffer).toString()) as ServerMessage);
      this.#wake();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code) => {
      this.closed = code;
      this.#wake();
    });
  }

  #next(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  async until<T>(what: () => T | undefined | false | null, promise: string): Promise<T> {
    for (;;) {
      const found = what();
      if (found !== undefined && found !== false && found !== null) return found;
      if (this.closed !== null)
        throw new Error(`closed (${String(this.closed)}) before ${promise}: ${JSON.stringify(this.inbox)}`);
      await this.#change(promise);
    }
  }

  /** The next message, or the end. Where none comes, the error names what was waited for: the end of the whole file would not. */
  async #change(promise: string): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const never = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`timed out waiting for ${promise}: ${JSON.stringify(this.inbox).slice(0, 2_000)}`));
      }, PATIENCE);
    });
    await Promise.race([this.#changed, never]).finally(() => clearTimeout(timer));
    this.#changed = this.#next();
  }

  /** Takes the oldest message of a type out of the inbox, waiting for it if need be. */
  take<T extends ServerMessage['type']>(type: T): Promise<Answer<T>> {
    return this.until(() => {
      const index = this.inbox.findIndex((message) => message.type === type);
      return index < 0 ? undefined : (this.inbox.splice(index, 1)[0] as Answer<T>);
    }, type);
  }

  async open(): Promise<this> {
    // Rejects with the 'error' of a refused upgrade.
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open');
    return this;
  }

  async gone(): Promise<number> {
    while (this.closed === null) await this.#change('the end of the connection');
    return this.closed;
  }

  say(message: ClientMessage): void {
    this.raw(JSON.stringify(message));
  }

  raw(data: string | Uint8Array): void {
    this.socket.send(data);
  }
}

/** A room with its host's key, as an invite makes it. */
export class Identity {
  readonly key: CryptoKey;
  readonly spki: Bytes;
  readonly roomTag: Bytes;
  readonly expires: number;
  readonly room: Bytes;

  private constructor(key: CryptoKey, spki: Bytes, roomTag: Bytes, expires: number, room: Bytes) {
    this.key = key;
    this.spki = spki;
    this.roomTag = roomTag;
    this.expires = expires;
    this.room = room;
  }

  static async make(expires = Math.floor(Date.now() / 1000) + 3600): Promise<Identity> {
    const { privateKey, publicKey } = await generateHostKey();
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
    const roomTag = random(32);
    return new Identity(privateKey, spki, roomTag, expires, await roomIdOf(spki, roomTag, expires));
  }

  get roomId(): string {
    return toBase64Url(this.room);
  }

  get asGuest(): ClientMessage {
    return { type: 'join', version: 1, role: 'guest', room: this.roomId };
  }

  get asHost(): Extract<ClientMessage, { role: 'host' }> {
    const { roomId, expires } = this;
    const [spki, roomTag] = [toBase64Url(this.spki), toBase64Url(this.roomTag)];
    return { type: 'join', version: 1, role: 'host', room: roomId, spki, roomTag, expires, since: 0 };
  }

  /** What somebody with an invite of the room asks `/transparency` with. */
  get question(): Readonly<Record<'room' | 'roomTag' | 'thumb', string>> & { readonly expires: number } {
    const { roomId: room, expires } = this;
    const thumb = createHash('sha384').update(this.spki).digest('base64url');
    return { room, roomTag: toBase64Url(this.roomTag), thumb, expires };
  }

  sign(name: string, serverNonce: Uint8Array, clientNonce: Uint8Array): Promise<Bytes> {
    return signHost(this.key, 'server auth', [utf8(name), this.room, serverNonce, clientNonce, u64(0n)]);
  }

  /** Answers the challenge in the inbox. */
  async prove(client: Client, name: string): Promise<Extract<ClientMessage, { type: 'prove' }>> {
    const { nonce } = await client.take('challenge');
    const own = random(32);
    const signature = await this.sign(name, new Uint8Array(Buffer.from(nonce, 'base64url')), own);
    const message = { type: 'prove', nonce: toBase64Url(own), signature: toBase64Url(signature) } as const;
    client.say(message);
    return message;
  }
}

export async function guest(
  address: Place,
  identity: Identity,
  headers?: Readonly<Record<string, string>>,
): Promise<Client> {
  const client = await new Client(address.url, headers, address.ca).open();
  client.say(identity.asGuest);
  return client;
}

export async function host(
  address: Place,
  identity: Identity,
  takeover: { readonly takeover?: true } = {},
): Promise<Client> {
  const client = await new Client(address.url, {}, address.ca).open();
  client.say({ ...identity.asHost, ...takeover });
  await identity.prove(client, `${address.host}:${String(address.port)}`);
  return client;
}

/** A room with its host and one guest, both seated. */
export async function pair(address: Place, identity: Identity) {
  const first = await host(address, identity);
  const you = await first.take('joined');
  const second = await guest(address, identity);
  const me = await second.take('joined');
  await first.take('peer');
  return { host: first, guest: second, hostId: you.you, guestId: me.you };
}

export const base64url = (text: string): string => toBase64Url(copyBytes(utf8(text)));

/** Repeats an attempt until it succeeds: the server learns of a closed socket a moment after its client. */
export async function eventually<T>(attempt: () => Promise<T>, milliseconds = 30_000): Promise<T> {
  const patience = Date.now() + milliseconds;
  for (;;) {
    try {
      return await attempt();
    } catch (error: unknown) {
      if (Date.now() > patience) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
