/**
 * The channel between windows of one browser and one origin, for previews and tests without a server. It behaves as
 * the WebSocket channel, without the host's proof: a script that can write here could also change the page.
 */
import * as v from 'valibot';
import { toBase64Url } from '../util/base64url.ts';
import type { ChannelOptions, ChannelPeer, SignalingChannel } from './channel.ts';
import { PresenceLocks } from './presence-locks.ts';

const Peer = v.strictObject({ id: v.string(), host: v.boolean() });
const Note = v.variant('type', [
  v.strictObject({ type: v.literal('joined'), peer: Peer }),
  v.strictObject({ type: v.literal('left'), peer: Peer }),
  v.strictObject({
    type: v.literal('message'),
    from: v.string(),
    to: v.string(),
    data: v.instance(Uint8Array<ArrayBuffer>),
  }),
]);
type Note = v.InferOutput<typeof Note>;

interface Presence {
  readonly self: ChannelPeer;
  readonly bus: BroadcastChannel;
  readonly locks: PresenceLocks;
  readonly peers: Map<string, ChannelPeer>;
  step: 'opening' | 'online';
}

export class BroadcastChannelChannel implements SignalingChannel {
  readonly #options: ChannelOptions;
  #presence: Presence | null = null;
  #attempt = 0;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  open(): void {
    if (this.#attempt === 0) void this.#open('ask');
  }

  takeOver(): void {
    this.close();
    void this.#open('steal');
  }

  send(to: string, data: Uint8Array): void {
    const presence = this.#presence;
    if (presence?.step === 'online')
      this.#post(presence, { type: 'message', from: presence.self.id, to, data: new Uint8Array(data) });
  }

  close(): void {
    const presence = this.#presence;
    this.#presence = null;
    this.#attempt = 0;
    if (!presence) return;
    if (presence.step === 'online') this.#post(presence, { type: 'left', peer: presence.self });
    presence.bus.close();
    presence.locks.end();
  }

  async #open(how: 'ask' | 'steal'): Promise<void> {
    const attempt = (attempts += 1);
    this.#attempt = attempt;
    const room = await nameOf(this.#options.roomId);
    if (this.#attempt !== attempt) return;
    const id = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
    const self: ChannelPeer = { id, host: this.#options.host !== undefined };
    const bus = new BroadcastChannel(room);
    const presence: Presence = { self, bus, locks: new PresenceLocks(room), peers: new Map(), step: 'opening' };
    this.#presence = presence;
    // First listen, then show ourselves, then query: a peer that comes meanwhile is seen one way or the other.
    bus.onmessage = (event: MessageEvent<unknown>) => this.#receive(presence, event.data);
    if (self.host && !(await presence.locks.takeSeat(how, () => this.#evicted(presence))))
      return this.#evicted(presence);
    await presence.locks.show(self);
    const others = await presence.locks.others();
    if (this.#presence !== presence) return;
    for (const peer of others) this.#add(presence, peer);
    presence.step = 'online';
    this.#options.onEvent({ type: 'online', self: id, peers: [...presence.peers.values()] });
    this.#post(presence, { type: 'joined', peer: self });
  }

  #receive(presence: Presence, data: unknown): void {
    const note = v.safeParse(Note, data);
    if (this.#presence !== presence || !note.success) return;
    const { output } = note;
    if (output.type === 'joined') this.#add(presence, output.peer);
    else if (output.type === 'left') this.#remove(presence, output.peer);
    else if (presence.step === 'online' && (output.to === 'everyone' || output.to === presence.self.id))
      this.#options.onEvent({ type: 'message', from: output.from, data: output.data });
  }

  #add(presence: Presence, peer: ChannelPeer): void {
    if (peer.id === presence.self.id || presence.peers.has(peer.id)) return;
    presence.peers.set(peer.id, peer);
    presence.locks.watch(peer, () => this.#remove(presence, peer));
    if (presence.step === 'online') this.#options.onEvent({ type: 'peer-joined', peer });
  }

  #remove(presence: Presence, peer: ChannelPeer): void {
    if (presence.peers.delete(peer.id) && presence.step === 'online')
      this.#options.onEvent({ type: 'peer-left', peer });
  }

  /** Another window has the host's seat. */
  #evicted(presence: Presence): void {
    if (this.#presence !== presence) return;
    this.close();
    if (presence.step === 'online') this.#options.onEvent({ type: 'offline' });
    this.#options.onEvent({ type: 'error', code: 'host-elsewhere' });
  }

  #post({ bus }: Presence, note: Note): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel never leaves its origin
    bus.postMessage(note);
  }
}

/** Numbers the attempts to open, so that an abandoned one stops. */
let attempts = 0;

/** Any script of the origin can listen on a channel: its name must not reveal the room's id. */
async function nameOf(roomId: Uint8Array): Promise<string> {
  const label = new TextEncoder().encode('consult-room v1 broadcast');
  const bytes = new Uint8Array([...label, ...roomId]);
  return `consult-room ${toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-384', bytes)))}`;
}
