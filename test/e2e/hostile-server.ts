/**
 * A signalling server that is not on people's side: the site as it is, and between browsers and the real hub somebody who reads, changes,
 * repeats, holds back and makes up every message. It holds what such a server holds: no invite.
 */
import { createServer, request, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { WebSocket, WebSocketServer, type RawData } from 'ws';

/** What is done with one message: what goes on in its place, in order. */
export type Tamper = (
  message: string,
  direction: 'to-server' | 'to-browser',
  say: (message: string) => void,
) => readonly string[];

export interface HostileServer {
  readonly address: string;
  /** Honest by default. */
  tamper: Tamper;
  /** Everything that crossed, for an attacker who keeps it. */
  readonly seen: string[];
  /** Says something to every browser, unasked. */
  shout(message: string): void;
  /** Breaks every connection; browsers make new ones. */
  cut(): void;
  stop(): Promise<void>;
}

export async function startHostileServer(target: string): Promise<HostileServer> {
  const upstream = new URL(target);
  const http = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    const outgoing = request({ host: upstream.hostname, port: upstream.port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  });
  const sockets = new Set<WebSocket>();
  const hostile = control(http, sockets);
  const upgrades = new WebSocketServer({ noServer: true });
  http.on('upgrade', (incoming, socket, head) => {
    upgrades.handleUpgrade(incoming, socket, head, (browser) => {
      const { host = '', origin = '' } = incoming.headers;
      const hub = new WebSocket(`ws://${upstream.host}${incoming.url ?? '/'}`, { headers: { host, origin } });
      join(hostile, sockets, browser, hub);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return hostile;
}

function control(http: HttpServer, sockets: Set<WebSocket>): HostileServer {
  return {
    get address() {
      return `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/`;
    },
    tamper: (message) => [message],
    seen: [],
    shout: (message) => {
      for (const socket of sockets) socket.send(message);
    },
    cut: () => {
      for (const socket of sockets) socket.terminate();
    },
    stop: async () => {
      for (const socket of sockets) socket.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

function join(hostile: HostileServer, sockets: Set<WebSocket>, browser: WebSocket, hub: WebSocket): void {
  sockets.add(browser);
  const waiting: string[] = [];
  const toHub = (message: string): void =>
    void (hub.readyState === WebSocket.OPEN ? hub.send(message) : waiting.push(message));
  const toBrowser = (message: string): void => {
    if (browser.readyState === WebSocket.OPEN) browser.send(message);
  };
  hub.on('open', () => {
    for (const message of waiting.splice(0)) hub.send(message);
  });
  browser.on('message', (data) => {
    const message = textOf(data);
    hostile.seen.push(message);
    for (const instead of hostile.tamper(message, 'to-server', toHub)) toHub(instead);
  });
  hub.on('message', (data) => {
    const message = textOf(data);
    hostile.seen.push(message);
    for (const instead of hostile.tamper(message, 'to-browser', toBrowser)) toBrowser(instead);
  });
  browser.on('close', () => {
    sockets.delete(browser);
    hub.close();
  });
  hub.on('close', () => browser.close());
  hub.on('error', () => browser.close());
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8');
}
