import { expect } from '@open-wc/testing';
import type { ChannelEvent } from '../../src/signaling/channel.ts';
import { WebSocketChannel } from '../../src/signaling/websocket-channel.ts';

/** A socket that does what the test says. */
class FakeSocket extends EventTarget {
  static made: FakeSocket[] = [];
  readyState: number = WebSocket.CONNECTING;
  readonly sent: { readonly type: string }[] = [];
  readonly url: string;
  onopen: (() => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.made.push(this);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as { readonly type: string });
  }

  close(): void {
    this.readyState = WebSocket.CLOSED;
  }

  opens(): void {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
  }

  says(message: unknown): void {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }
}

const SELF = 'AAAAAAAAAAAAAAAAAAAAAA';

describe('the WebSocket channel in a page', () => {
  let channel: WebSocketChannel;
  let events: ChannelEvent[];

  beforeEach(() => {
    FakeSocket.made = [];
    events = [];
    channel = new WebSocketChannel({
      url: 'https://signal.example/signal#consult=secret',
      roomId: new Uint8Array(48),
      onEvent: (event) => events.push(event),
      WebSocket: FakeSocket as unknown as new (url: string) => WebSocket,
      // So long that only a comeback can be the reason for another attempt.
      backoff: { base: 3_600_000, cap: 3_600_000, random: () => 1 },
    });
    channel.open();
  });
  afterEach(() => channel.close());

  const socket = (): FakeSocket => {
    const last = FakeSocket.made.at(-1);
    if (!last) throw new Error('no socket was made');
    return last;
  };
  const joined = (): void => {
    socket().opens();
    socket().says({ type: 'joined', you: SELF, peers: [] });
  };

  it('connects to the URL without its fragment, which may contain an invite', () => {
    expect(socket().url).to.equal('wss://signal.example/signal');
  });

  it('[R6] reconnects immediately when the network is back', () => {
    socket().onclose?.({ code: 1006 });
    expect(FakeSocket.made.length).to.equal(1);
    window.dispatchEvent(new Event('online'));
    expect(FakeSocket.made.length).to.equal(2);
  });

  it('[R6] reconnects immediately when the page becomes visible', () => {
    socket().onclose?.({ code: 1006 });
    document.dispatchEvent(new Event('visibilitychange'));
    expect(FakeSocket.made.length).to.equal(2);
  });

  it('sends a ping when the page wakes up, because the connection may be dead', () => {
    joined();
    window.dispatchEvent(new Event('online'));
    expect(socket().sent.map(({ type }) => type)).to.deep.equal(['join', 'ping']);
    expect(FakeSocket.made.length).to.equal(1);
  });

  it('drops invalid server messages and continues', () => {
    joined();
    for (const bad of [
      '',
      'null',
      '{"type":"message"}',
      { type: 'message', from: SELF, data: '!' },
      { type: 'message', from: SELF, data: 'A' },
      { type: 'join' },
    ])
      socket().says(bad);
    socket().onmessage?.({ data: new ArrayBuffer(4) });
    const codes = events.filter((event) => event.type === 'error').map(({ code }) => code);
    expect(codes).to.deep.equal(Array.from({ length: 7 }, () => 'message-invalid'));
    socket().says({ type: 'message', from: SELF, data: 'AQI' });
    expect(events.at(-1)).to.deep.equal({ type: 'message', from: SELF, data: new Uint8Array([1, 2]) });
  });

  it('sends no host proof as a guest when the server asks for one', () => {
    socket().opens();
    socket().says({ type: 'challenge', nonce: 'A'.repeat(43) });
    expect(socket().sent.map(({ type }) => type)).to.deep.equal(['join']);
    expect(events).to.deep.equal([{ type: 'error', code: 'signaling-rejected' }]);
  });

  it('receives nothing and does not reconnect after close()', () => {
    joined();
    const old = socket();
    channel.close();
    events = [];
    old.says({ type: 'message', from: SELF, data: 'AQI' });
    old.onclose?.({ code: 1006 });
    window.dispatchEvent(new Event('online'));
    expect(events).to.deep.equal([]);
    expect(FakeSocket.made.length).to.equal(1);
  });

  it('sends nothing while offline', () => {
    channel.send('everyone', new Uint8Array([1]));
    socket().opens();
    channel.send('everyone', new Uint8Array([1]));
    expect(socket().sent.map(({ type }) => type)).to.deep.equal(['join']);
  });
});
