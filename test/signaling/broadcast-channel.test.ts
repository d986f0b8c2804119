import { expect } from '@open-wc/testing';
import { BroadcastChannelChannel } from '../../src/signaling/broadcast-channel.ts';
import type { ChannelEvent, HostProof } from '../../src/signaling/channel.ts';

class Witness {
  readonly events: ChannelEvent[] = [];
  #wake: () => void = () => undefined;

  readonly onEvent = (event: ChannelEvent): void => {
    this.events.push(event);
    this.#wake();
  };

  async take<T extends ChannelEvent['type']>(type: T): Promise<Extract<ChannelEvent, { type: T }>> {
    for (;;) {
      const index = this.events.findIndex((event) => event.type === type);
      if (index >= 0) return this.events.splice(index, 1)[0] as Extract<ChannelEvent, { type: T }>;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

const proof: HostProof = {
  spki: new Uint8Array(0),
  roomTag: new Uint8Array(32),
  expires: 0,
  since: 0,
  sign: () => Promise.resolve(new Uint8Array(96)),
};

describe('the broadcast channel', () => {
  let open: BroadcastChannelChannel[] = [];
  afterEach(() => {
    for (const channel of open) channel.close();
    open = [];
  });

  function member(roomId: Uint8Array, host?: HostProof) {
    const witness = new Witness();
    const channel = new BroadcastChannelChannel({ roomId, onEvent: witness.onEvent, ...(host ? { host } : {}) });
    open.push(channel);
    channel.open();
    return { channel, witness };
  }

  const room = (): Uint8Array => crypto.getRandomValues(new Uint8Array(48));

  it('carries bytes to everyone and to one', async () => {
    const id = room();
    const host = member(id, proof);
    const { self: hostId } = await host.witness.take('online');
    const guest = member(id);
    const { self: guestId, peers } = await guest.witness.take('online');
    expect(peers).to.deep.equal([{ id: hostId, host: true }]);
    expect((await host.witness.take('peer-joined')).peer).to.deep.equal({ id: guestId, host: false });
    guest.channel.send('everyone', new Uint8Array([1, 2]));
    expect(await host.witness.take('message')).to.deep.equal({
      type: 'message',
      from: guestId,
      data: new Uint8Array([1, 2]),
    });
    const third = member(id);
    await third.witness.take('online');
    host.channel.send(guestId, new Uint8Array([3]));
    host.channel.send('everyone', new Uint8Array([4]));
    expect((await third.witness.take('message')).data).to.deep.equal(new Uint8Array([4]));
    expect((await guest.witness.take('message')).data).to.deep.equal(new Uint8Array([3]));
  });

  it('sends only the view when bytes are a view of a larger buffer', async () => {
    const id = room();
    const [a, b] = [member(id), member(id)];
    await Promise.all([a.witness.take('online'), b.witness.take('online')]);
    a.channel.send('everyone', new Uint8Array([9, 1, 2, 9]).subarray(1, 3));
    const { data } = await b.witness.take('message');
    expect(data.buffer.byteLength).to.equal(2);
  });

  it('connects two windows that open at the same moment', async () => {
    const id = room();
    const [a, b] = [member(id), member(id)];
    const [first, second] = await Promise.all([a.witness.take('online'), b.witness.take('online')]);
    if (first.peers.length === 0) await a.witness.take('peer-joined');
    if (second.peers.length === 0) await b.witness.take('peer-joined');
    expect([...a.witness.events, ...b.witness.events]).to.deep.equal([]);
  });

  it('reports a leaving participant after its last message', async () => {
    const id = room();
    const a = member(id);
    await a.witness.take('online');
    const b = member(id);
    const { self } = await b.witness.take('online');
    await a.witness.take('peer-joined');
    b.channel.send('everyone', new Uint8Array([7]));
    b.channel.close();
    expect((await a.witness.take('peer-left')).peer.id).to.equal(self);
    expect(a.witness.events.map(({ type }) => type)).to.deep.equal(['message']);
    expect(b.witness.events.map(({ type }) => type)).to.deep.equal([]);
  });

  it('reports a window that died without a goodbye', async () => {
    const id = room();
    const a = member(id);
    await a.witness.take('online');
    const frame = document.createElement('iframe');
    frame.src = new URL('./broadcast-peer.html', import.meta.url).href;
    frame.src += `#${Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    document.body.append(frame);
    const { peer } = await a.witness.take('peer-joined');
    frame.remove();
    expect((await a.witness.take('peer-left')).peer).to.deep.equal(peer);
  });

  it('keeps rooms apart', async () => {
    const [a, b] = [member(room()), member(room())];
    await Promise.all([a.witness.take('online'), b.witness.take('online')]);
    a.channel.send('everyone', new Uint8Array([1]));
    const c = member(room());
    expect((await c.witness.take('online')).peers).to.deep.equal([]);
    expect(b.witness.events).to.deep.equal([]);
  });

  it('refuses a second host, which can take over', async () => {
    const id = room();
    const first = member(id, proof);
    await first.witness.take('online');
    const second = member(id, proof);
    expect((await second.witness.take('error')).code).to.equal('host-elsewhere');
    second.channel.takeOver();
    await second.witness.take('online');
    await first.witness.take('offline');
    expect((await first.witness.take('error')).code).to.equal('host-elsewhere');
  });

  it('frees the host’s place when the host leaves', async () => {
    const id = room();
    const first = member(id, proof);
    await first.witness.take('online');
    first.channel.close();
    const second = member(id, proof);
    await second.witness.take('online');
    expect(second.witness.events.filter(({ type }) => type === 'error')).to.deep.equal([]);
  });

  it('receives nothing after close(), not even while it was opening', async () => {
    const id = room();
    const a = member(id);
    a.channel.close();
    const b = member(id);
    expect((await b.witness.take('online')).peers).to.deep.equal([]);
    expect(a.witness.events).to.deep.equal([]);
  });
});
