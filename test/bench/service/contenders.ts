/**
 * The servers of this bench and how their clients speak. Each carries a text from one client to one other, both of
 * which are known to it by ids: what a signalling server does. Ours, the bare one and PeerJS speak JSON over `ws`.
 */
import { createHash } from 'node:crypto';
import { WebSocket } from 'ws';
import { startServer, type Running } from './processes.ts';

export type Name = 'own' | 'ws' | 'peerjs' | 'socket.io';

export interface Client {
  /** Sends a text to the other of its pair. */
  send(text: string): void;
  close(): void;
}

export interface Place {
  readonly url: string;
  /** Pairs are numbered; a run has names of its own, so that ids are never taken. */
  readonly pair: string;
  readonly side: 0 | 1;
  readonly onText: (text: string) => void;
}

export interface Contender {
  /** @param node options of Node itself */
  start(node?: readonly string[]): Promise<Running>;
  /** Resolves when the client can be reached; `pair` resolves when both can. */
  connect(place: Place): Promise<Client>;
}

const script = (name: string): readonly string[] => [
  '--import',
  './test/support/typescript.mjs',
  `test/bench/service/${name}.ts`,
];

/** @param listener added before the socket opens: PeerJS's server speaks in the same packet */
async function open(url: string, listener: (message: Record<string, unknown>) => void): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('message', (data) => listener(JSON.parse((data as Buffer).toString()) as Record<string, unknown>));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => socket.terminate());
  return socket;
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const idOf = (pair: string, side: 0 | 1): string => `${pair}-${String(side)}`;
const other = (side: 0 | 1): 0 | 1 => (side === 0 ? 1 : 0);

/**
 * What our command does by itself, for the others: what stays of each new connection makes V8 widen the space for new objects, to three times
 * 16 MB, which would then be most of an idle connection.
 */
export const BOUNDED = ['--max-semi-space-size=4'] as const;

/** Flags that only raise what a trial may hold. */
export const OWN_FLAGS = ['--port', '0', '--connections', '30000', '--rooms', '15000', '--relay-check', 'off'] as const;

const own: Contender = {
  start: (node = []) => startServer([...node, 'dist/server/cli.js', ...OWN_FLAGS]),
  async connect({ url, pair, onText }) {
    let peer = '';
    /** Said before the other was announced. */
    let early: string | null = null;
    const joined = gate();
    const say = (data: string): void => socket.send(JSON.stringify({ type: 'send', to: peer, data }));
    const socket = await open(`${url}/signal`, (message) => {
      if (message['type'] === 'message') onText(message['data'] as string);
      if (message['type'] === 'peer') {
        peer = message['id'] as string;
        if (early !== null) say(early);
        early = null;
      }
      if (message['type'] !== 'joined') return;
      peer = (message['peers'] as readonly { readonly id: string }[])[0]?.id ?? '';
      joined.open();
    });
    const room = createHash('sha384').update(pair).digest('base64url');
    socket.send(JSON.stringify({ type: 'join', version: 1, role: 'guest', room }));
    await joined.opened;
    return {
      send: (data) => (peer === '' ? void (early = data) : say(data)),
      close: () => socket.close(),
    };
  },
};

const bare: Contender = {
  start: (node = BOUNDED) => startServer([...node, ...script('bare-server')]),
  async connect({ url, pair, side, onText }) {
    const socket = await open(`${url}/?id=${idOf(pair, side)}`, (message) => onText(message['data'] as string));
    const to = idOf(pair, other(side));
    return { send: (data) => socket.send(JSON.stringify({ to, data })), close: () => socket.close() };
  },
};

const peerjs: Contender = {
  start: (node = BOUNDED) => startServer([...node, ...script('peerjs-server')]),
  async connect({ url, pair, side, onText }) {
    const id = idOf(pair, side);
    const heard = gate();
    const socket = await open(`${url}/peerjs?key=peerjs&token=${id}&id=${id}`, (message) => {
      if (message['type'] === 'OPEN') heard.open();
      if (message['type'] === 'OFFER') onText(message['payload'] as string);
    });
    await heard.opened;
    const dst = idOf(pair, other(side));
    return {
      send: (payload) => socket.send(JSON.stringify({ type: 'OFFER', dst, payload })),
      close: () => socket.close(),
    };
  },
};

const socketIo: Contender = {
  start: (node = BOUNDED) => startServer([...node, ...script('socket-io-server')]),
  async connect({ url, pair, side, onText }) {
    const { io } = await import('socket.io-client');
    const socket = io(url.replace('ws:', 'http:'), {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      query: { id: idOf(pair, side) },
    });
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', resolve);
      socket.on('connect_error', reject);
    });
    socket.on('data', onText);
    const to = idOf(pair, other(side));
    return { send: (data) => socket.emit('send', to, data), close: () => socket.disconnect() };
  },
};

export const contenders: Readonly<Record<Name, Contender>> = { own, ws: bare, peerjs, 'socket.io': socketIo };
